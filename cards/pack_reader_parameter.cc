#include "cards/pack_reader_parameter.h"

#include <algorithm>
#include <optional>

#include "fhir/base/decimal.h"

namespace osteon::cards {
namespace {

using base::Decimal;

std::optional<Decimal> Number(const ParameterSource& parameter, const Text& text) {
  if (parameter.type.text == "Integer" && text.text.find_first_of(".eE") != std::string::npos)
    return std::nullopt;
  const auto number = Decimal::Parse(text.text);
  // CQL 1.5 Integer: 32 bits.
  if (number && parameter.type.text == "Integer" &&
      (*number > Decimal(2'147'483'647) || *number < Decimal(-2'147'483'648LL)))
    return std::nullopt;
  return number;
}

std::optional<Decimal> Required(const ParameterSource& parameter, const Text& text, PackFiller& filler) {
  const auto number = Number(parameter, text);
  if (!number) {
    const bool whole = parameter.type.text == "Integer";
    filler.Report(text.place, '"' + text.text + "\" is not " + (whole ? "a whole number" : "a number"));
  }
  return number;
}

void CheckNumber(const ParameterSource& parameter, PackFiller& filler) {
  const auto value = Required(parameter, parameter.default_value, filler);
  if (!parameter.low || !parameter.high) return;
  const auto low = Required(parameter, *parameter.low, filler);
  const auto high = Required(parameter, *parameter.high, filler);
  if (!low || !high) return;
  if (*low > *high) {
    filler.Report(parameter.low->place, "the range ends below its beginning: " + parameter.low->text +
                                            " to " + parameter.high->text);
  } else if (value && (*value < *low || *value > *high)) {
    filler.Report(parameter.default_value.place, "the default " + parameter.default_value.text +
                                                     " is not in the range " + parameter.low->text + " to " +
                                                     parameter.high->text);
  }
}

}  // namespace

void CheckParameter(const ParameterSource& parameter, PackFiller& filler) {
  const std::string& type = parameter.type.text;
  const bool is_number = type == "Integer" || type == "Decimal";
  if (parameter.low && !is_number)
    filler.Report(parameter.low->place, "only Integer and Decimal have a range");
  if (!parameter.choices.empty() && type != "String")
    filler.Report(parameter.choices.front().place, "only String has choices");
  if (!parameter.unit.empty() && !is_number)
    filler.Report(parameter.unit.place, "only Integer and Decimal have a unit");
  const Text& value = parameter.default_value;
  if (is_number) {
    CheckNumber(parameter, filler);
  } else if (type == "Boolean") {
    if (value.text != "true" && value.text != "false")
      filler.Report(value.place, '"' + value.text + "\" is not a Boolean", "true or false");
  } else if (!parameter.choices.empty() &&
             std::none_of(parameter.choices.begin(), parameter.choices.end(),
                          [&](const Text& choice) { return choice.text == value.text; })) {
    filler.Report(value.place, "the default \"" + value.text + "\" is none of the choices");
  }
}

}  // namespace osteon::cards
