// FHIRPath 2.0.0 section 5.5 "Conversion". Each toX() is empty exactly when convertsToX() is false.
#include <algorithm>
#include <charconv>

#include "fhir/base/text.h"
#include "fhir/model/value_compare.h"
#include "fhir/model/value_text.h"
#include "fhir/path/function_table.h"
#include "fhir/path/node.h"
#include "fhir/path/operators_math.h"

namespace osteon::path {
namespace {

using base::Decimal;
using model::Kind;
using model::Truth;
using model::Val;

// The branches see the input item as $this, when iif is called on one.
Val Iif(Evaluation& run, const CallNode& call) {
  const Val input = call.input().Eval(run);
  const Val item = SingleItem(run, input, call.span());
  if (run.failed()) return {};
  const ItemScope scope(run, item.is_null() ? run.item : item, run.index);
  const Val criterion = SingleValue(run, call.argument(0).Eval(run), call.argument(0).span());
  if (run.failed()) return {};
  if (!criterion.is_null() && !criterion.is(Kind::kBoolean)) {
    return run.Fail(call.argument(0).span(),
                    ArenaText(run, {"the criterion of iif() must be Boolean, not ", KindName(criterion)}));
  }
  if (!criterion.is_null() && criterion.boolean()) return call.argument(1).Eval(run);
  return call.argument_count() > 2 ? call.argument(2).Eval(run) : Val();
}

template <typename Number>
std::optional<Number> ParseWhole(std::string_view text) {
  if (text.starts_with('+') && text.size() > 1 && text[1] != '-') text.remove_prefix(1);
  Number number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [text](std::string_view word) { return base::AsciiEqualsIgnoreCase(text, word); });
}

using Converter = Val (*)(Evaluation& run, const Val& value);

Val AsBoolean(Evaluation&, const Val& value) {
  if (value.is(Kind::kBoolean)) return value;
  if (value.is_number()) {
    const Decimal number = ToDecimal(value);
    if (number == Decimal(1)) return Val::Boolean(true);
    return number.is_zero() ? Val::Boolean(false) : Val();
  }
  if (!value.is(Kind::kString)) return {};
  if (IsOneOf(value.string(), {"true", "t", "yes", "y", "1", "1.0"})) return Val::Boolean(true);
  if (IsOneOf(value.string(), {"false", "f", "no", "n", "0", "0.0"})) return Val::Boolean(false);
  return {};
}

Val AsInteger(Evaluation&, const Val& value) {
  if (value.is(Kind::kInteger)) return value;
  if (value.is(Kind::kLong)) return IntegerOrNull(value.long_integer());
  if (value.is(Kind::kBoolean)) return Val::Integer(value.boolean() ? 1 : 0);
  if (!value.is(Kind::kString)) return {};
  const auto number = ParseWhole<std::int32_t>(value.string());
  return number ? Val::Integer(*number) : Val();
}

Val AsLong(Evaluation&, const Val& value) {
  if (value.is(Kind::kLong)) return value;
  if (value.is(Kind::kInteger)) return Val::Long(value.integer());
  if (value.is(Kind::kBoolean)) return Val::Long(value.boolean() ? 1 : 0);
  if (!value.is(Kind::kString)) return {};
  const auto number = ParseWhole<std::int64_t>(value.string());
  return number ? Val::Long(*number) : Val();
}

Val AsDecimal(Evaluation& run, const Val& value) {
  if (value.is(Kind::kDecimal)) return value;
  if (value.is_number()) return Val::Decimal(ToDecimal(value), run.arena);
  if (value.is(Kind::kBoolean)) return Val::Decimal(Decimal::Of(value.boolean() ? "1.0" : "0.0"), run.arena);
  if (!value.is(Kind::kString)) return {};
  const auto number = model::ParseDecimalText(value.string());
  return number ? Val::Decimal(*number, run.arena) : Val();
}

Val TemporalOrNull(const std::optional<model::Temporal>& value) {
  return value ? Val::Of(*value) : Val();
}
Val AsDate(Evaluation&, const Val& value) {
  if (value.is(Kind::kDate)) return value;
  if (value.is(Kind::kDateTime)) return Val::Of(model::ToDate(value.temporal()));
  return value.is(Kind::kString) ? TemporalOrNull(model::ParseDateText(value.string())) : Val();
}
Val AsDateTime(Evaluation&, const Val& value) {
  if (value.is(Kind::kDateTime)) return value;
  if (value.is(Kind::kDate)) return Val::Of(model::ToDateTime(value.temporal(), model::kNoOffset));
  return value.is(Kind::kString) ? TemporalOrNull(model::ParseDateTimeText(value.string())) : Val();
}
Val AsTime(Evaluation&, const Val& value) {
  if (value.is(Kind::kTime)) return value;
  return value.is(Kind::kString) ? TemporalOrNull(model::ParseTimeText(value.string())) : Val();
}

Val AsQuantity(Evaluation& run, const Val& value) {
  if (value.is(Kind::kQuantity)) return value;
  if (value.is_number()) return Val::Quantity({ToDecimal(value), "1", false}, run.arena);
  if (value.is(Kind::kBoolean)) {
    return Val::Quantity({Decimal::Of(value.boolean() ? "1.0" : "0.0"), "1", false}, run.arena);
  }
  if (!value.is(Kind::kString)) return {};
  const auto quantity = model::ParseQuantityText(value.string(), run.arena);
  return quantity ? Val::Quantity(*quantity, run.arena) : Val();
}

Val AsString(Evaluation& run, const Val& value) {
  if (value.is(Kind::kString)) return value;
  const auto text = model::ToText(value);
  return text ? Val::String(run.arena.Copy(*text)) : Val();
}

template <Converter kConvert>
Val To(Evaluation& run, const CallNode& call, const Val& input, std::span<const Val>) {
  const Val value = SingleValue(run, input, call.span());
  return value.is_null() ? Val() : kConvert(run, value);
}
template <Converter kConvert>
Val ConvertsTo(Evaluation& run, const CallNode& call, const Val& input, std::span<const Val>) {
  const Val value = SingleValue(run, input, call.span());
  return value.is_null() ? Val() : Val::Boolean(!kConvert(run, value).is_null());
}

// In the unit asked for, or null.
Val InUnit(Evaluation& run, const CallNode& call, const Val& input, std::span<const Val> arguments) {
  const Val quantity = To<AsQuantity>(run, call, input, arguments);
  if (arguments.empty() || quantity.is_null()) return quantity;
  const Val unit = SingleString(run, arguments[0], call.argument(0).span());
  if (unit.is_null()) return {};
  const auto value = model::ConvertQuantity(quantity.quantity(), unit.string(), run.values);
  return value ? Val::Quantity({*value, unit.string(), false}, run.arena) : Val();
}
Val ConvertsToUnit(Evaluation& run, const CallNode& call, const Val& input, std::span<const Val> arguments) {
  if (model::Items(input).empty()) return {};
  return Val::Boolean(!InUnit(run, call, input, arguments).is_null());
}

#define OSTEON_CONVERSION(type, yields, anchor)                                                            \
  {"to" #type, 0, 0, Subject::kAny, {}, Yields::yields, Count::kOne, "2.0.0#to" anchor, To<As##type>}, {   \
    "convertsTo" #type, 0, 0, Subject::kAny, {}, Yields::kBoolean, Count::kOne, "2.0.0#convertsto" anchor, \
        ConvertsTo<As##type>                                                                               \
  }

constexpr FunctionRow kRows[] = {
    {"iif",
     2,
     3,
     Subject::kAny,
     {Argument::kBranch, Argument::kBranch, Argument::kBranch},
     Yields::kLaterArguments,
     Count::kMany,
     "2.0.0#iif",
     nullptr,
     Iif},
    OSTEON_CONVERSION(Boolean, kBoolean, "boolean"),
    OSTEON_CONVERSION(Integer, kInteger, "integer"),
    OSTEON_CONVERSION(Long, kLong, "long"),
    OSTEON_CONVERSION(Decimal, kDecimal, "decimal"),
    OSTEON_CONVERSION(String, kString, "string"),
    OSTEON_CONVERSION(Date, kDate, "date"),
    OSTEON_CONVERSION(DateTime, kDateTime, "datetime"),
    OSTEON_CONVERSION(Time, kTime, "time"),
    {"toQuantity",
     0,
     1,
     Subject::kAny,
     {Argument::kString},
     Yields::kQuantity,
     Count::kOne,
     "2.0.0#toquantity",
     InUnit},
    {"convertsToQuantity",
     0,
     1,
     Subject::kAny,
     {Argument::kString},
     Yields::kBoolean,
     Count::kOne,
     "2.0.0#convertstoquantity",
     ConvertsToUnit},
};
#undef OSTEON_CONVERSION

}  // namespace

std::span<const FunctionRow> ConversionFunctions() {
  return kRows;
}

}  // namespace osteon::path
