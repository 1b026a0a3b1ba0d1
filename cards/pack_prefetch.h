// Which prefetch keys the logic needs, and the queries behind them. Private to cards/pack_compiler.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cards/pack.h"
#include "cards/pack_expressions.h"
#include "cards/pack_program.h"
#include "cards/pack_source.h"
#include "fhir/cql/requirements.h"

namespace osteon::cards {

class PrefetchPlanner {
 public:
  // `program` has its library, terminology, expressions and rules.
  PrefetchPlanner(const PackSource& source, PackFindings& findings, const PackExpressions& expressions,
                  PackProgram& program);

  // Fills keys, retrieve_keys and subject_keys of the program. Findings: retrieves of the rules that no key
  // answers, codes that no key brings, queries that cannot be derived.
  void Plan();
  // The keys that the rules of a hook need, in the order of the pack; `is_enabled` by rule.
  std::vector<PrefetchTemplate> TemplatesOf(std::string_view hook, const std::vector<bool>& is_enabled) const;

 private:
  struct Key {
    const PrefetchSource* source = nullptr;
    bool brings_all = true;                  // of its first type
    std::vector<terminology::CodeId> codes;  // ascending; of its value sets
    std::string_view query;
    std::vector<std::string_view> types;
  };
  void PlanKey(const PrefetchSource& source);
  std::optional<std::string> DerivedQuery(const PrefetchSource& source);
  std::string CodesParameter(const PrefetchSource& source);
  std::string UrlOf(std::string_view value_set) const;
  std::vector<terminology::CodeId> CodesOf(const cql::CodeFilter& filter) const;
  cql::Gaps KeysOf(const cql::RetrieveIr& retrieve) const;
  void CheckReached();
  void CheckRetrieve(const cql::RetrieveIr& retrieve, const Place& place);
  // RetrieveIr::index of all that the table's expressions may evaluate.
  const std::set<std::uint32_t>& RetrievesOf(const TablePlan& table) const;

  const PackSource& source_;
  PackFindings& findings_;
  const PackExpressions& expressions_;
  PackProgram& program_;
  std::vector<Key> keys_;
  mutable std::map<const TablePlan*, std::set<std::uint32_t>> retrieves_;
};

}  // namespace osteon::cards
