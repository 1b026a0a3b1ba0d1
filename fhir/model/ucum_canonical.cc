#include "fhir/model/ucum_canonical.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "fhir/model/ucum_expression.h"
#include "fhir/model/ucum_rational.h"
#include "fhir/model/ucum_table.h"

namespace osteon::model::ucum::internal {
namespace {

struct NamedScale {
  std::string_view function;
  Scale scale;
};
constexpr NamedScale kScales[] = {
    {"Cel", Scale::kCelsius},    {"degF", Scale::kFahrenheit},
    {"degRe", Scale::kReaumur},  {"sqrt", Scale::kSquareRoot},
    {"pH", Scale::kPh},          {"ln", Scale::kNaturalLog},
    {"lg", Scale::kDecimalLog},  {"lgTimes2", Scale::kDecimalLogTwice},
    {"ld", Scale::kBinaryLog},   {"tanTimes100", Scale::kTangent},
    {"100tan", Scale::kTangent}, {"hpX", Scale::kPotencyX},
    {"hpC", Scale::kPotencyC},   {"hpM", Scale::kPotencyM},
    {"hpQ", Scale::kPotencyQ},
};

Scale ScaleOf(std::string_view function) {
  const auto found = std::find_if(std::begin(kScales), std::end(kScales),
                                  [&](const NamedScale& named) { return named.function == function; });
  return found == std::end(kScales) ? Scale::kRatio : found->scale;
}

constexpr std::string_view kTooLarge = "the unit's factor or exponents are too large";

// The units of the table refer to each other at most this deep.
constexpr int kMaxDefinitionDepth = 24;

// Multiplies the factors of expressions into one product, down to base and arbitrary units.
class Product {
 public:
  std::string error;
  Rational factor;
  std::array<std::int32_t, 7> dimensions{};
  std::vector<Unit::Arbitrary> arbitrary;

  bool MultiplyExpression(std::string_view text, std::int32_t exponent, int depth) {
    const Expression expression = ParseExpression(text);
    if (!expression.error.empty()) return Fail(expression.error);
    return MultiplyFactors(expression, exponent, depth);
  }

  bool MultiplyFactors(const Expression& expression, std::int32_t exponent, int depth) {
    for (const Factor& next : expression.factors) {
      const std::int32_t power = next.exponent * exponent;
      const bool done = next.is_number ? MultiplyNumber(std::to_string(next.number), power)
                                       : MultiplySymbol(next.symbol, power, depth);
      if (!done) return false;
    }
    return true;
  }

  bool MultiplyNumber(std::string_view number, std::int32_t exponent) {
    const auto product = Times(factor, ParseRational(number), exponent);
    if (!product) return Fail(kTooLarge);
    factor = *product;
    return true;
  }

  bool MultiplySymbol(const Symbol& symbol, std::int32_t exponent, int depth) {
    const UnitRow& row = Units()[symbol.unit];
    if (!row.function.empty()) {
      return Fail("'" + std::string(row.code) +
                  "' is on no ratio scale and takes part in no product (UCUM section 21)");
    }
    if (symbol.prefix >= 0 &&
        !MultiplyNumber(Prefixes()[static_cast<std::size_t>(symbol.prefix)].value, exponent)) {
      return false;
    }
    if (const int base_unit = BaseUnitIndex(row); base_unit >= 0) {
      dimensions[static_cast<std::size_t>(base_unit)] += exponent;
      return true;
    }
    if (row.arbitrary && row.unit == "1") return MultiplyArbitrary(symbol.unit, exponent);
    return MultiplyDefinition(row, exponent, depth);
  }

  bool MultiplyDefinition(const UnitRow& row, std::int32_t exponent, int depth) {
    if (depth >= kMaxDefinitionDepth) return Fail("the unit's definition is circular");
    return MultiplyNumber(row.value, exponent) && MultiplyExpression(row.unit, exponent, depth + 1);
  }

 private:
  bool Fail(std::string_view why) {
    if (error.empty()) error = why;
    return false;
  }

  bool MultiplyArbitrary(std::uint16_t row, std::int32_t exponent) {
    auto found = std::find_if(arbitrary.begin(), arbitrary.end(),
                              [&](const Unit::Arbitrary& entry) { return entry.row == row; });
    if (found == arbitrary.end()) found = arbitrary.insert(arbitrary.end(), {row, 0});
    found->exponent = static_cast<std::int16_t>(found->exponent + exponent);
    return true;
  }
};

bool FillUnit(Product& product, Unit& unit, std::string& error) {
  std::erase_if(product.arbitrary, [](const Unit::Arbitrary& entry) { return entry.exponent == 0; });
  std::sort(product.arbitrary.begin(), product.arbitrary.end(),
            [](const Unit::Arbitrary& a, const Unit::Arbitrary& b) { return a.row < b.row; });
  if (product.arbitrary.size() > unit.arbitrary.size()) {
    error = "the unit holds more than four different arbitrary units";
    return false;
  }
  std::copy(product.arbitrary.begin(), product.arbitrary.end(), unit.arbitrary.begin());
  for (std::size_t i = 0; i < unit.dimensions.size(); ++i) {
    if (std::abs(product.dimensions[i]) > 10'000) {
      error = kTooLarge;
      return false;
    }
    unit.dimensions[i] = static_cast<std::int16_t>(product.dimensions[i]);
  }
  unit.numerator = product.factor.numerator;
  unit.denominator = product.factor.denominator;
  unit.power_of_ten = static_cast<std::int16_t>(product.factor.power_of_ten);
  unit.factor = AsShortDecimal(product.factor);
  return true;
}

// A special unit stands alone, with a prefix perhaps. Null when the expression is none.
const Factor* SpecialFactor(const Expression& expression) {
  if (expression.factors.size() != 1) return nullptr;
  const Factor& only = expression.factors.front();
  if (only.is_number || only.exponent != 1 || Units()[only.symbol.unit].function.empty()) return nullptr;
  return &only;
}

}  // namespace

CanonicalResult Canonical(std::string_view text) {
  Unit unit{};
  Product product;
  CanonicalResult result;
  bool done = true;
  const Expression expression = text.empty() ? Expression{} : ParseExpression(text);
  if (!expression.error.empty()) return {std::nullopt, expression.error};
  if (const Factor* special = SpecialFactor(expression)) {
    const UnitRow& row = Units()[special->symbol.unit];
    unit.scale = ScaleOf(row.function);
    if (special->symbol.prefix >= 0) {
      const Rational prefix =
          ParseRational(Prefixes()[static_cast<std::size_t>(special->symbol.prefix)].value);
      if (prefix.numerator != Words{1}) return {std::nullopt, "a binary prefix on a special unit"};
      unit.special_prefix_power = static_cast<std::int16_t>(prefix.power_of_ten);
    }
    // A tangent's angle is in radian, whatever unit its definition names: the function computes it so.
    done = unit.scale == Scale::kTangent ? product.MultiplyExpression("rad", 1, 0)
                                         : product.MultiplyDefinition(row, 1, 0);
  } else {
    done = product.MultiplyFactors(expression, 1, 0);
  }
  if (done && FillUnit(product, unit, result.error)) {
    result.unit = unit;
  } else if (result.error.empty()) {
    result.error = product.error;
  }
  return result;
}

}  // namespace osteon::model::ucum::internal
