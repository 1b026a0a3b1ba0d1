#include "fhir/cql/operator_table.h"

#include <algorithm>

namespace osteon::cql {
namespace {

constexpr auto kNull = NullRule::kGivesNull;
constexpr auto kOwn = NullRule::kOwn;
constexpr auto kPlain = TypingRule::kSignature;
constexpr auto kMixed = TypingRule::kMixedLists;

constexpr OperatorRow kRows[] = {
#define OSTEON_CQL_OPERATOR(name, anchor, null_rule, typing, signatures) \
  {name, anchor, null_rule, typing, signatures},
#include "fhir/cql/operator_table.inc"
#undef OSTEON_CQL_OPERATOR
};

// Reads the signatures of a row. The table is part of the program, so it is well-formed (tests prove it).
class SignatureReader {
 public:
  SignatureReader(std::string_view text, TypePool& pool) : text_(text), pool_(pool) {}

  std::vector<Signature> Run() {
    std::vector<Signature> signatures;
    while (!text_.empty()) {
      Signature& signature = signatures.emplace_back();
      while (!Accept("->")) {
        signature.operands.push_back(ReadType());
        Accept(",");
      }
      signature.result = ReadType();
      Accept(";");
    }
    return signatures;
  }

 private:
  bool Accept(std::string_view symbol) {
    if (!text_.starts_with(symbol)) return false;
    text_.remove_prefix(symbol.size());
    return true;
  }

  const Type* ReadType() {
    if (Accept("List<")) return Wrapped(&TypePool::List);
    if (Accept("Interval<")) return Wrapped(&TypePool::Interval);
    const std::size_t end = std::min(text_.find_first_of(",->;<"), text_.size());
    const std::string_view name = text_.substr(0, end);
    text_.remove_prefix(end);
    if (name == "T") return pool_.Variable();
    const auto system = FindSystemType(name);
    if (!system && !name.empty()) return AnyType();
    if (!system) text_ = {};
    return system ? TypeOf(*system) : AnyType();
  }

  const Type* Wrapped(const Type* (TypePool::*wrap)(const Type*)) {
    const Type* const inner = ReadType();
    Accept(">");
    return (pool_.*wrap)(inner);
  }

  std::string_view text_;
  TypePool& pool_;
};

struct Table {
  TypePool pool;
  std::vector<Operator> operators;
};

Table MakeTable() {
  Table table;
  for (const OperatorRow& row : kRows) {
    table.operators.push_back({&row, 0, SignatureReader(row.signature_text, table.pool).Run()});
  }
  std::sort(table.operators.begin(), table.operators.end(),
            [](const Operator& a, const Operator& b) { return a.row->name < b.row->name; });
  for (std::size_t i = 0; i < table.operators.size(); ++i) {
    table.operators[i].index = static_cast<std::uint16_t>(i);
  }
  return table;
}

}  // namespace

std::span<const Operator> Operators() {
  static const Table table = MakeTable();
  return table.operators;
}

const Operator* FindOperator(std::string_view name) {
  const auto all = Operators();
  const auto found = std::lower_bound(
      all.begin(), all.end(), name,
      [](const Operator& candidate, std::string_view wanted) { return candidate.row->name < wanted; });
  return found != all.end() && found->row->name == name ? &*found : nullptr;
}

}  // namespace osteon::cql
