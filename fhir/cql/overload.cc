#include "fhir/cql/overload.h"

#include <algorithm>

namespace osteon::cql {
namespace {

// T becomes Any only when no operand tells more; then every operand's type is known already.
constexpr int kUnknownType = 2;
// More than any conversion: T becomes a choice only when nothing else fits.
constexpr int kLastResort = 100;

const Type* Instantiated(const Type& pattern, const Type* variable, TypePool& pool) {
  if (!HasVariable(pattern)) return &pattern;
  if (pattern.kind == TypeKind::kVariable) return variable;
  const Type* const inner = Instantiated(*pattern.element, variable, pool);
  return pattern.kind == TypeKind::kList ? pool.List(inner) : pool.Interval(inner);
}

// The types that T may stand for so that `operand` fits `pattern`.
void Candidates(const Type& pattern, const Type& operand, std::vector<const Type*>& found) {
  if (!HasVariable(pattern)) return;
  if (operand.kind == TypeKind::kChoice && pattern.kind != TypeKind::kVariable) {
    for (const Type* const choice : operand.choices) Candidates(pattern, *choice, found);
    return;
  }
  if (pattern.kind == TypeKind::kVariable) {
    found.push_back(&operand);
    if (operand.kind == TypeKind::kChoice) {
      for (const Type* const choice : operand.choices) Candidates(pattern, *choice, found);
    }
    if (const Type* const converted = ModelConversion(operand)) found.push_back(converted);
    return;
  }
  if (operand.kind == pattern.kind) return Candidates(*pattern.element, *operand.element, found);
  if (operand.kind == TypeKind::kAny) return;
  if (const Type* const converted = ModelConversion(operand); converted && converted->kind == pattern.kind) {
    return Candidates(*pattern.element, *converted->element, found);
  }
  if (operand.Is(SystemType::kValueSet) && pattern.kind == TypeKind::kList) {
    found.push_back(TypeOf(SystemType::kCode));
    return;
  }
  Candidates(*pattern.element, operand, found);  // promotion
}

class Resolver {
 public:
  Resolver(const std::vector<const Type*>& operands, TypePool& pool) : operands_(operands), pool_(pool) {}

  void Consider(const Signature& signature, std::size_t index, TypingRule typing) {
    if (signature.operands.size() != operands_.size()) return;
    const bool generic = std::any_of(signature.operands.begin(), signature.operands.end(),
                                     [](const Type* operand) { return HasVariable(*operand); });
    if (!generic) return Score(signature, index, nullptr, 0);
    std::vector<const Type*> candidates;
    for (std::size_t i = 0; i < operands_.size(); ++i) {
      Candidates(*signature.operands[i], *operands_[i], candidates);
    }
    for (const Type* const candidate : candidates) {
      Score(signature, index, candidate, candidate->kind == TypeKind::kAny ? kUnknownType : 0);
    }
    if (candidates.empty()) Score(signature, index, AnyType(), 0);
    if (typing == TypingRule::kMixedLists && signature.operands.front()->kind == TypeKind::kList &&
        candidates.size() > 1) {
      Score(signature, index, pool_.Choice(candidates), kLastResort);
    }
  }

  std::optional<Overload> best;

 private:
  void Score(const Signature& signature, std::size_t index, const Type* variable, int base) {
    int cost = base;
    std::vector<const Type*> wanted;
    for (std::size_t i = 0; i < operands_.size(); ++i) {
      const Type* const operand = Instantiated(*signature.operands[i], variable, pool_);
      const auto conversion = ConversionCost(*operands_[i], *operand, Promotion::kAllowed);
      if (!conversion) return;
      cost += *conversion;
      if (best && cost >= best->cost) return;
      wanted.push_back(operand);
    }
    best = Overload{index, std::move(wanted), Instantiated(*signature.result, variable, pool_), cost};
  }

  const std::vector<const Type*>& operands_;
  TypePool& pool_;
};

}  // namespace

std::optional<Overload> ResolveOverload(const std::vector<Signature>& signatures, TypingRule typing,
                                        const std::vector<const Type*>& operands, TypePool& pool) {
  Resolver resolver(operands, pool);
  for (std::size_t i = 0; i < signatures.size(); ++i) resolver.Consider(signatures[i], i, typing);
  return std::move(resolver.best);
}

std::string NamesOf(const std::vector<const Type*>& types) {
  std::string out = "(";
  for (const Type* const type : types) out += (out.size() > 1 ? ", " : "") + ShortNameOf(*type);
  return out + ")";
}

}  // namespace osteon::cql
