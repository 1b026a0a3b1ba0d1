// Codes made of codes: products, quotients, and names to read.
#include <algorithm>
#include <string>
#include <vector>

#include "fhir/model/ucum_expression.h"
#include "fhir/model/ucum_unit.h"

namespace osteon::model::ucum {
namespace {

using internal::Expression;
using internal::Factor;

constexpr std::size_t kMaxCodeLength = 256;

std::string CodeOf(const internal::Symbol& symbol) {
  std::string code;
  if (symbol.prefix >= 0) code = internal::Prefixes()[static_cast<std::size_t>(symbol.prefix)].code;
  return code.append(internal::Units()[symbol.unit].code);
}

bool SameBase(const Factor& a, const Factor& b) {
  return a.is_number == b.is_number && (a.is_number ? a.number == b.number : a.symbol == b.symbol);
}

bool IsUnity(const Factor& factor) {
  return factor.exponent == 0 || (factor.is_number && factor.number == 1);
}

// False for invalid codes and special units.
bool Append(std::string_view code, int sign, std::vector<Factor>& product) {
  const Expression expression = code.empty() ? Expression{} : internal::ParseExpression(code);
  if (!expression.error.empty()) return false;
  for (Factor factor : expression.factors) {
    if (!factor.is_number && !internal::Units()[factor.symbol.unit].function.empty()) return false;
    factor.exponent *= sign;
    const auto same = std::find_if(product.begin(), product.end(),
                                   [&](const Factor& known) { return SameBase(known, factor); });
    if (same != product.end()) {
      same->exponent += factor.exponent;
    } else {
      product.push_back(factor);
    }
  }
  return true;
}

// One factor without its sign; a number's power is written out, since the grammar has none.
void Write(const Factor& factor, std::string& code) {
  const int exponent = std::abs(factor.exponent);
  if (!factor.is_number) {
    code += CodeOf(factor.symbol);
    if (exponent != 1) code += std::to_string(exponent);
    return;
  }
  for (int i = 0; i < exponent; ++i) {
    if (i != 0) code += factor.exponent < 0 ? "/" : ".";
    code += std::to_string(factor.number);
  }
}

std::optional<std::string> CodeOf(const std::vector<Factor>& product) {
  std::string code;
  for (const Factor& factor : product) {
    if (IsUnity(factor) || factor.exponent < 0) continue;
    if (!code.empty()) code += '.';
    Write(factor, code);
  }
  for (const Factor& factor : product) {
    if (IsUnity(factor) || factor.exponent > 0) continue;
    code += code.empty() ? "1/" : "/";
    Write(factor, code);
  }
  if (code.empty()) code = "1";
  return code.size() <= kMaxCodeLength ? std::optional(code) : std::nullopt;
}

std::optional<std::string> Combine(std::string_view a, std::string_view b, int sign) {
  std::vector<Factor> product;
  return Append(a, 1, product) && Append(b, sign, product) ? CodeOf(product) : std::nullopt;
}

std::string NameOf(const Factor& factor) {
  if (factor.is_number) return std::to_string(factor.number);
  std::string name = "(";
  if (factor.symbol.prefix >= 0)
    name += internal::Prefixes()[static_cast<std::size_t>(factor.symbol.prefix)].name;
  name += internal::Units()[factor.symbol.unit].name;
  const int exponent = factor.divided ? -factor.exponent : factor.exponent;
  if (exponent != 1) name += " ^ " + std::to_string(exponent);
  return name + ")";
}

}  // namespace

std::optional<std::string> MultiplyCodes(std::string_view a, std::string_view b) {
  return Combine(a, b, 1);
}
std::optional<std::string> DivideCodes(std::string_view a, std::string_view b) {
  return Combine(a, b, -1);
}

std::string DisplayName(std::string_view code) {
  const Expression expression = code.empty() ? Expression{} : internal::ParseExpression(code);
  if (!expression.error.empty()) return {};
  std::string name;
  for (const Factor& factor : expression.factors) {
    if (name.empty() && factor.divided) name = "1";
    if (!name.empty()) name += factor.divided ? " / " : " * ";
    name += NameOf(factor);
  }
  return name.empty() ? "(unity)" : name;
}

}  // namespace osteon::model::ucum
