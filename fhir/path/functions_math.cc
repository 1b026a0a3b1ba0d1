// FHIRPath 2.0.0 section 5.7 "Math". Everything is exact except exp, ln, log, sqrt and non-integer powers:
// those are computed with 64 bits of mantissa and rounded to 8 digits, the fraction a Decimal has.
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>

#include "fhir/model/value_text.h"
#include "fhir/path/function_table.h"
#include "fhir/path/node.h"
#include "fhir/path/operators_math.h"

namespace osteon::path {
namespace {

using base::Decimal;
using model::Kind;
using model::Val;

constexpr int kDecimalDigits = 8;

using Arguments = std::span<const Val>;

// The input when it is a number (or, if `quantities` says so, a quantity); null and an error otherwise.
enum class Quantities { kRefused, kAccepted };
Val Number(Evaluation& run, const Val& value, Span span, Quantities quantities = Quantities::kRefused) {
  const Val item = SingleValue(run, value, span);
  const bool is_wanted =
      item.is_null() || item.is_number() || (item.is(Kind::kQuantity) && quantities == Quantities::kAccepted);
  if (is_wanted) return item;
  return run.Fail(span, ArenaText(run, {"expected a number, but this is ", KindName(item)}));
}

// Applies a function on decimals to the number or to the quantity's value. Null results stay null.
template <typename Function>
Val OnValue(Evaluation& run, const Val& value, Function function) {
  if (value.is_null()) return {};
  if (value.is(Kind::kQuantity)) {
    model::QuantityValue quantity = value.quantity();
    const std::optional<Decimal> result = function(quantity.value);
    if (!result) return {};
    quantity.value = *result;
    return Val::Quantity(quantity, run.arena);
  }
  const std::optional<Decimal> result = function(ToDecimal(value));
  return result ? Val::Decimal(*result, run.arena) : Val();
}

Val Abs(Evaluation& run, const CallNode& call, const Val& input, Arguments) {
  const Val value = Number(run, input, call.span(), Quantities::kAccepted);
  if (value.is(Kind::kInteger)) {
    const std::int64_t number = value.integer();
    return IntegerOrNull(number < 0 ? -number : number);
  }
  if (value.is(Kind::kLong)) {
    const std::int64_t number = value.long_integer();
    if (number == std::numeric_limits<std::int64_t>::min()) return {};
    return Val::Long(number < 0 ? -number : number);
  }
  return OnValue(run, value, [](const Decimal& d) { return d.negative() ? Decimal(0).Minus(d) : d; });
}

// Towards zero, then one further when the value lies beyond that.
Val ToWhole(Evaluation& run, const CallNode& call, const Val& input, bool rounds_up, bool rounds_down) {
  const Val value = Number(run, input, call.span(), Quantities::kAccepted);
  if (value.is_null() || value.is(Kind::kInteger) || value.is(Kind::kLong)) return value;
  const auto whole = [&](const Decimal& d) -> std::optional<Decimal> {
    auto integer = d.ToInteger();
    if (!integer) return std::nullopt;
    if (rounds_up && d > Decimal(*integer)) ++*integer;
    if (rounds_down && d < Decimal(*integer)) --*integer;
    return Decimal(*integer);
  };
  if (value.is(Kind::kQuantity)) return OnValue(run, value, whole);
  const auto result = whole(value.decimal());
  return result ? IntegerOrNull(*result->ToInteger()) : Val();
}
Val Ceiling(Evaluation& run, const CallNode& call, const Val& input, Arguments) {
  return ToWhole(run, call, input, true, false);
}
Val Floor(Evaluation& run, const CallNode& call, const Val& input, Arguments) {
  return ToWhole(run, call, input, false, true);
}
Val Truncate(Evaluation& run, const CallNode& call, const Val& input, Arguments) {
  return ToWhole(run, call, input, false, false);
}

Val Round(Evaluation& run, const CallNode& call, const Val& input, Arguments arguments) {
  const Val value = Number(run, input, call.span(), Quantities::kAccepted);
  std::optional<std::int64_t> digits = 0;
  if (!arguments.empty()) {
    digits = SingleInteger(run, arguments[0], call.argument(0).span());
    if (!digits) return {};
    if (*digits < 0) return run.Fail(call.argument(0).span(), "round() needs a precision of at least 0");
  }
  constexpr std::int64_t kMaxDigits = 28;
  const int scale = static_cast<int>(std::min(*digits, kMaxDigits));
  return OnValue(run, value, [scale](const Decimal& d) { return std::optional(d.Rounded(scale)); });
}

// --- transcendental functions

long double ToReal(const Decimal& value) {
  const std::string text = value.ToString();
  long double real = 0;
  std::from_chars(text.data(), text.data() + text.size(), real);
  return real;
}

Val FromReal(Evaluation& run, long double real) {
  constexpr long double kGreatest = 1e27L;
  if (!std::isfinite(real) || std::fabs(real) > kGreatest) return {};
  char text[64];
  const auto [end, error] =
      std::to_chars(text, text + sizeof text, real, std::chars_format::fixed, kDecimalDigits);
  if (error != std::errc()) return {};
  const auto decimal = Decimal::Parse({text, static_cast<std::size_t>(end - text)});
  if (!decimal) return {};
  const Decimal shown = decimal->Normalized();
  // "4.0", not "4": the type is Decimal.
  return Val::Decimal(shown.scale() == 0 ? model::WithScale(shown, 1).value_or(shown) : shown, run.arena);
}

template <long double (*kFunction)(long double)>
Val Real(Evaluation& run, const CallNode& call, const Val& input, Arguments) {
  const Val value = Number(run, input, call.span());
  return value.is_null() ? Val() : FromReal(run, kFunction(ToReal(ToDecimal(value))));
}
long double RealExp(long double x) {
  return std::exp(x);
}
// NaN and infinity become empty.
long double RealLn(long double x) {
  return std::log(x);
}
long double RealSqrt(long double x) {
  return std::sqrt(x);
}

Val Log(Evaluation& run, const CallNode& call, const Val& input, Arguments arguments) {
  const Val value = Number(run, input, call.span());
  const Val base = Number(run, arguments[0], call.argument(0).span());
  if (value.is_null() || base.is_null()) return {};
  return FromReal(run, std::log(ToReal(ToDecimal(value))) / std::log(ToReal(ToDecimal(base))));
}

// Exact by repeated squaring; nullopt on overflow.
std::optional<Decimal> IntegerPower(Decimal base, std::int64_t exponent) {
  std::optional<Decimal> result = Decimal(1);
  for (; exponent > 0; exponent /= 2) {
    if (exponent % 2 != 0) {
      result = result->Times(base);
      if (!result) return std::nullopt;
    }
    if (exponent == 1) break;
    const auto square = base.Times(base);
    if (!square) return std::nullopt;
    base = *square;
  }
  return result;
}

Val Power(Evaluation& run, const CallNode& call, const Val& input, Arguments arguments) {
  const Val base = Number(run, input, call.span());
  const Val exponent = Number(run, arguments[0], call.argument(0).span());
  if (base.is_null() || exponent.is_null()) return {};
  const Decimal decimal_exponent = ToDecimal(exponent);
  const auto whole = decimal_exponent.ToInteger();
  const bool is_whole = whole && Decimal(*whole) == decimal_exponent;
  if (is_whole && *whole >= 0) {
    const auto exact = IntegerPower(ToDecimal(base), *whole);
    const bool both_integers = base.is(Kind::kInteger) && exponent.is(Kind::kInteger);
    if (exact && both_integers) return exact->ToInteger() ? IntegerOrNull(*exact->ToInteger()) : Val();
    if (exact) return Val::Decimal(*exact, run.arena);
    if (both_integers) return {};
  }
  return FromReal(run, std::pow(ToReal(ToDecimal(base)), ToReal(decimal_exponent)));
}

constexpr FunctionRow kRows[] = {
    {"abs", 0, 0, Subject::kNumberOrQuantity, {}, Yields::kInput, Count::kOne, "2.0.0#abs", Abs},
    {"ceiling",
     0,
     0,
     Subject::kNumberOrQuantity,
     {},
     Yields::kInteger,
     Count::kOne,
     "2.0.0#ceiling",
     Ceiling},
    {"exp", 0, 0, Subject::kNumber, {}, Yields::kDecimal, Count::kOne, "2.0.0#exp", Real<RealExp>},
    {"floor", 0, 0, Subject::kNumberOrQuantity, {}, Yields::kInteger, Count::kOne, "2.0.0#floor", Floor},
    {"ln", 0, 0, Subject::kNumber, {}, Yields::kDecimal, Count::kOne, "2.0.0#ln", Real<RealLn>},
    {"log", 1, 1, Subject::kNumber, {Argument::kNumber}, Yields::kDecimal, Count::kOne, "2.0.0#log", Log},
    {"power", 1, 1, Subject::kNumber, {Argument::kNumber}, Yields::kAny, Count::kOne, "2.0.0#power", Power},
    {"round",
     0,
     1,
     Subject::kNumberOrQuantity,
     {Argument::kInteger},
     Yields::kDecimal,
     Count::kOne,
     "2.0.0#round",
     Round},
    {"sqrt", 0, 0, Subject::kNumber, {}, Yields::kDecimal, Count::kOne, "2.0.0#sqrt", Real<RealSqrt>},
    {"truncate",
     0,
     0,
     Subject::kNumberOrQuantity,
     {},
     Yields::kInteger,
     Count::kOne,
     "2.0.0#truncate",
     Truncate},
};

}  // namespace

std::span<const FunctionRow> MathFunctions() {
  return kRows;
}

}  // namespace osteon::path
