// CQL 1.5.3, Appendix B: Type Operators. What cannot be converted is null; ConvertsTo... asks whether it is.
#include <algorithm>

#include "fhir/base/text.h"
#include "fhir/cql/run.h"
#include "fhir/model/value_compare.h"
#include "fhir/model/value_node.h"
#include "fhir/model/value_text.h"
#include "fhir/path/operators_math.h"

namespace osteon::cql {
namespace {

using base::Decimal;
using Operands = std::span<const Val>;

Val ToBoolean(Run& /*run*/, const Step& /*step*/, Operands operands) {
  const Val& value = operands[0];
  if (value.is(ValueKind::kBoolean)) return value;
  if (value.is_number()) {
    const Decimal number = path::ToDecimal(value);
    if (number == Decimal(1)) return Val::Boolean(true);
    return number.is_zero() ? Val::Boolean(false) : Val();
  }
  if (!value.is(ValueKind::kString)) return {};
  constexpr std::string_view kTrue[] = {"true", "t", "yes", "y", "1"};
  constexpr std::string_view kFalse[] = {"false", "f", "no", "n", "0"};
  const std::string text = base::AsciiLower(value.string());
  if (std::find(std::begin(kTrue), std::end(kTrue), text) != std::end(kTrue)) return Val::Boolean(true);
  if (std::find(std::begin(kFalse), std::end(kFalse), text) != std::end(kFalse)) return Val::Boolean(false);
  return {};
}

// (+|-)?digits
std::optional<std::int64_t> WholeNumber(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  const bool plain = !digits.empty() &&
                     std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!plain) return std::nullopt;
  const auto value = model::ParseDecimalText(text);
  return value ? value->ToInteger() : std::nullopt;
}

std::optional<std::int64_t> WholeOf(const Val& value) {
  switch (value.kind()) {
    case ValueKind::kBoolean:
      return value.boolean() ? 1 : 0;
    case ValueKind::kInteger:
      return value.integer();
    case ValueKind::kLong:
      return value.long_integer();
    case ValueKind::kString:
      return WholeNumber(value.string());
    default:
      return std::nullopt;
  }
}

Val ToInteger(Run& /*run*/, const Step& /*step*/, Operands operands) {
  if (operands[0].is(ValueKind::kUncertainty)) return operands[0];
  const auto whole = WholeOf(operands[0]);
  return whole ? path::IntegerOrNull(*whole) : Val();
}

Val ToLong(Run& /*run*/, const Step& /*step*/, Operands operands) {
  const auto whole = WholeOf(operands[0]);
  return whole ? Val::Long(*whole) : Val();
}

Val ToDecimal(Run& run, const Step& /*step*/, Operands operands) {
  const Val& value = operands[0];
  if (value.is_number()) return run.Decimal(path::ToDecimal(value));
  if (value.is(ValueKind::kBoolean))
    return run.Decimal(value.boolean() ? Decimal::Of("1.0") : Decimal::Of("0.0"));
  if (!value.is(ValueKind::kString)) return {};
  const auto number = model::ParseDecimalText(value.string());
  return number && number->scale() <= 8 ? run.Decimal(*number) : Val();
}

Val ToQuantity(Run& run, const Step& /*step*/, Operands operands) {
  const Val& value = operands[0];
  if (value.is(ValueKind::kString)) {
    const auto quantity = model::ParseQuantityText(value.string(), run.arena);
    return quantity ? Val::Quantity(*quantity, run.arena) : Val();
  }
  if (value.is(ValueKind::kRatio)) {
    const Val numerator = Val::Quantity(value.ratio().numerator, run.arena);
    const Val denominator = Val::Quantity(value.ratio().denominator, run.arena);
    return path::Divide(numerator, denominator, run.values).value;
  }
  return CoerceValue(run, value, *TypeOf(SystemType::kQuantity));
}

// quantity:quantity; the colon is not in a unit, since units are quoted.
Val ToRatio(Run& run, const Step& /*step*/, Operands operands) {
  const Val& value = operands[0];
  if (value.is(ValueKind::kRatio)) return value;
  const std::string_view text = value.string();
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\'') quoted = !quoted;
    if (text[i] != ':' || quoted) continue;
    const auto numerator = model::ParseQuantityText(base::Trim(text.substr(0, i)), run.arena);
    const auto denominator = model::ParseQuantityText(base::Trim(text.substr(i + 1)), run.arena);
    return numerator && denominator ? Val::Ratio({*numerator, *denominator}, run.arena) : Val();
  }
  return {};
}

Val ToText(Run& run, const Step& /*step*/, Operands operands) {
  auto text = model::ToText(operands[0]);
  if (!text) return {};
  // B.6 "ToString": a DateTime ends in (+|-)hh:mm.
  if (operands[0].is(ValueKind::kDateTime) && text->ends_with('Z'))
    text->replace(text->size() - 1, 1, "+00:00");
  return run.Text(*text);
}

Val ToDate(Run& /*run*/, const Step& /*step*/, Operands operands) {
  const Val& value = operands[0];
  if (value.is(ValueKind::kDate)) return value;
  if (value.is(ValueKind::kDateTime)) return Val::Of(model::ToDate(value.temporal()));
  const auto date = model::ParseDateText(value.string());
  if (date) return Val::Of(*date);
  const auto moment = model::ParseDateTimeText(value.string());
  return moment ? Val::Of(model::ToDate(*moment)) : Val();
}

Val ToDateTime(Run& /*run*/, const Step& /*step*/, Operands operands) {
  const Val& value = operands[0];
  if (value.is(ValueKind::kDateTime)) return value;
  if (value.is(ValueKind::kDate)) return Val::Of(model::ToDateTime(value.temporal(), model::kNoOffset));
  auto moment = model::ParseDateTimeText(value.string());
  if (!moment) return {};
  moment->kind = model::TemporalKind::kDateTime;
  return Val::Of(*moment);
}

// An offset says nothing about a time of day.
Val ToTime(Run& /*run*/, const Step& /*step*/, Operands operands) {
  const Val& value = operands[0];
  if (value.is(ValueKind::kTime)) return value;
  if (value.is(ValueKind::kDateTime)) {
    const auto time = model::ToTime(value.temporal());
    return time ? Val::Of(*time) : Val();
  }
  std::string_view text = value.string();
  const std::size_t offset = text.find_first_of("Z+-", 1);
  if (offset != std::string_view::npos) {
    const std::string_view zone = text.substr(offset);
    if (zone != "Z" && (zone.size() != 6 || zone[3] != ':')) return {};
    text = text.substr(0, offset);
  }
  const auto time = model::ParseTimeText(text);
  return time ? Val::Of(*time) : Val();
}

Val ToConcept(Run& run, const Step& /*step*/, Operands operands) {
  if (operands[0].is(ValueKind::kCode)) return CoerceValue(run, operands[0], *TypeOf(SystemType::kConcept));
  const auto items = model::Items(operands[0]);
  auto* const codes = run.arena.AllocateArray<model::CodeValue>(items.size());
  std::size_t count = 0;
  for (const Val& item : items) {
    if (item.is(ValueKind::kCode)) codes[count++] = item.code();
  }
  if (count == 0) return {};
  return Val::Concept({.codes = {codes, count}, .display = codes[0].display}, run.arena);
}

Val ToList(Run& run, const Step& /*step*/, Operands operands) {
  // The operands do not outlive the call.
  model::ListBuilder list(run.arena);
  if (!operands[0].is_null()) list.Add(operands[0]);
  return list.Finish();
}

Val ConvertQuantity(Run& run, const Step& /*step*/, Operands operands) {
  const std::string_view unit = operands[1].string();
  const auto value = model::ConvertQuantity(operands[0].quantity(), unit, run.values);
  if (!value) return {};
  const bool calendar = unit.size() > 3 && model::FindDurationUnit(unit).has_value();
  return Val::Quantity({.value = value->Rounded(8), .unit = unit, .is_calendar = calendar}, run.arena);
}

template <Implementation kConversion>
Val Converts(Run& run, const Step& step, Operands operands) {
  return Val::Boolean(!kConversion(run, step, operands).is_null());
}

// The elements of a value: of FHIR data, tuples, and the items of lists.
void AddChildren(Run& run, const Val& value, model::ListBuilder& children) {
  if (value.is(ValueKind::kNode)) return model::AddChildren(value, children, run.arena);
  const std::span<const Val> parts = value.is(ValueKind::kTuple)  ? value.tuple().values
                                     : value.is(ValueKind::kList) ? value.list()
                                                                  : std::span<const Val>();
  for (const Val& part : parts) children.Add(part);
}

Val Children(Run& run, const Step& /*step*/, Operands operands) {
  model::ListBuilder children(run.arena);
  AddChildren(run, operands[0], children);
  return children.Finish();
}

// Level by level.
Val Descendents(Run& run, const Step& step, Operands operands) {
  model::ListBuilder found(run.arena);
  AddChildren(run, operands[0], found);
  for (std::size_t next = 0; next < found.size() && run.Spend(*step.node); ++next) {
    const Val value = found.items()[next];
    AddChildren(run, value, found);
  }
  return found.Finish();
}

constexpr ImplementationRow kRows[] = {
    {"Children", Children},
    {"Descendents", Descendents},
    {"ToBoolean", ToBoolean},
    {"ToInteger", ToInteger},
    {"ToLong", ToLong},
    {"ToDecimal", ToDecimal},
    {"ToQuantity", ToQuantity},
    {"ToRatio", ToRatio},
    {"ToString", ToText},
    {"ToDate", ToDate},
    {"ToDateTime", ToDateTime},
    {"ToTime", ToTime},
    {"ToConcept", ToConcept},
    {"ToList", ToList},
    {"ConvertQuantity", ConvertQuantity},
    {"ConvertsToBoolean", Converts<ToBoolean>},
    {"ConvertsToInteger", Converts<ToInteger>},
    {"ConvertsToLong", Converts<ToLong>},
    {"ConvertsToDecimal", Converts<ToDecimal>},
    {"ConvertsToQuantity", Converts<ToQuantity>},
    {"ConvertsToRatio", Converts<ToRatio>},
    {"ConvertsToString", Converts<ToText>},
    {"ConvertsToDate", Converts<ToDate>},
    {"ConvertsToDateTime", Converts<ToDateTime>},
    {"ConvertsToTime", Converts<ToTime>},
    {"CanConvertQuantity", Converts<ConvertQuantity>},
};

}  // namespace

std::span<const ImplementationRow> TypeOperators() {
  return kRows;
}

}  // namespace osteon::cql
