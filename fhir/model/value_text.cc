#include "fhir/model/value_text.h"

#include <algorithm>

#include "fhir/base/text.h"
#include "fhir/model/r4_model.h"

namespace osteon::model {
namespace {

constexpr int kMaxScale = 28;

void AppendQuoted(std::string& out, std::string_view text) {
  out += '\'';
  for (const char c : text) {
    switch (c) {
      case '\'':
        out += "\\'";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      case '\f':
        out += "\\f";
        break;
      default:
        out += c;
    }
  }
  out += '\'';
}

void AppendLiteral(std::string& out, const Val& value);

void AppendMember(std::string& out, std::string_view name, std::string_view text) {
  if (text.empty()) return;
  out += out.ends_with("{ ") ? "" : ", ";
  out.append(name) += ": ";
  AppendQuoted(out, text);
}

void AppendCode(std::string& out, const CodeValue& code) {
  out += "Code { ";
  AppendMember(out, "code", code.code);
  AppendMember(out, "system", code.system);
  AppendMember(out, "version", code.version);
  AppendMember(out, "display", code.display);
  out += " }";
}

void AppendConcept(std::string& out, const ConceptValue& value) {
  out += "Concept { codes: { ";
  for (std::size_t i = 0; i < value.codes.size(); ++i) {
    if (i != 0) out += ", ";
    AppendCode(out, value.codes[i]);
  }
  out += " }";
  AppendMember(out, "display", value.display);
  out += " }";
}

void AppendTuple(std::string& out, const Val& value) {
  const TupleValue& tuple = value.tuple();
  out.append(value.fhir_type() == TypeId::kNone ? "Tuple" : TypeName(value.fhir_type())) += " { ";
  for (std::size_t i = 0; i < tuple.names.size(); ++i) {
    if (i != 0) out += ", ";
    out.append(tuple.names[i]) += ": ";
    AppendLiteral(out, tuple.values[i]);
  }
  out += " }";
}

void AppendList(std::string& out, std::span<const Val> items) {
  if (items.empty()) {
    out += "{ }";
    return;
  }
  out += "{ ";
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i != 0) out += ", ";
    AppendLiteral(out, items[i]);
  }
  out += " }";
}

void AppendInterval(std::string& out, const IntervalValue& interval) {
  out += interval.low_closed ? "Interval[" : "Interval(";
  AppendLiteral(out, interval.low);
  out += ", ";
  AppendLiteral(out, interval.high);
  out += interval.high_closed ? ']' : ')';
}

// A DateTime without a time shows by its "T" that it is none of the Dates.
void AppendTemporal(std::string& out, const Temporal& value) {
  out += value.kind == TemporalKind::kTime ? "@T" : "@";
  out += ToText(value);
  if (value.kind == TemporalKind::kDateTime && value.precision < Precision::kHour) out += 'T';
}

void AppendNode(std::string& out, const Val& value) {
  const json::Value node = value.node();
  if (node.is_string()) {
    AppendQuoted(out, node.string());
  } else {
    out += node.exists() ? node.raw() : value.node_extension().raw();
  }
}

void AppendLiteral(std::string& out, const Val& value) {
  switch (value.kind()) {
    case Kind::kNull:
      out += "null";
      return;
    case Kind::kNode:
      AppendNode(out, value);
      return;
    case Kind::kString:
      AppendQuoted(out, value.string());
      return;
    case Kind::kLong:
      (out += std::to_string(value.long_integer())) += 'L';
      return;
    case Kind::kDate:
    case Kind::kDateTime:
    case Kind::kTime:
      AppendTemporal(out, value.temporal());
      return;
    case Kind::kCode:
      AppendCode(out, value.code());
      return;
    case Kind::kConcept:
      AppendConcept(out, value.concept_value());
      return;
    case Kind::kVocabulary:
      AppendQuoted(out, value.vocabulary().id);
      return;
    case Kind::kInterval:
      AppendInterval(out, value.interval());
      return;
    case Kind::kTuple:
      AppendTuple(out, value);
      return;
    case Kind::kList:
      AppendList(out, value.list());
      return;
    case Kind::kUncertainty:
      out += "Interval[" + std::to_string(value.uncertainty().low) + ", " +
             std::to_string(value.uncertainty().high) + "]";
      return;
    default:
      out += ToText(value).value_or("");
  }
}

base::Decimal Unit(int scale) {
  return *base::Decimal::Parse("1e-" + std::to_string(scale));
}

// The value rounded towards negative infinity (or positive, for `up`) at `digits`.
std::optional<base::Decimal> RoundOutwards(const base::Decimal& value, int digits, bool up) {
  auto cut = WithScale(value, digits);
  if (!cut || *cut == value || (*cut < value) != up) return cut;
  const auto moved = up ? cut->Plus(Unit(digits)) : cut->Minus(Unit(digits));
  return moved ? WithScale(*moved, digits) : std::nullopt;
}

std::optional<base::Decimal> Boundary(const base::Decimal& value, int digits, bool up) {
  if (digits < 0 || digits > kMaxScale) return std::nullopt;
  if (value.scale() >= kMaxScale) return RoundOutwards(value, digits, up);
  const base::Decimal half = *base::Decimal::Parse("5e-" + std::to_string(value.scale() + 1));
  const auto bound = up ? value.Plus(half) : value.Minus(half);
  return bound ? RoundOutwards(*bound, digits, up) : std::nullopt;
}

}  // namespace

std::string ToText(const QuantityValue& value) {
  std::string out = value.value.ToString();
  out += ' ';
  if (value.is_calendar) return out.append(value.unit);
  AppendQuoted(out, value.unit);
  return out;
}

std::optional<std::string> ToText(const Val& value) {
  switch (value.kind()) {
    case Kind::kBoolean:
      return value.boolean() ? "true" : "false";
    case Kind::kInteger:
      return std::to_string(value.integer());
    case Kind::kLong:
      return std::to_string(value.long_integer());
    case Kind::kDecimal:
      return value.decimal().ToString();
    case Kind::kString:
      return std::string(value.string());
    case Kind::kDate:
    case Kind::kDateTime:
    case Kind::kTime:
      return ToText(value.temporal());
    case Kind::kQuantity:
      return ToText(value.quantity());
    case Kind::kRatio:
      return ToText(value.ratio().numerator) + ":" + ToText(value.ratio().denominator);
    default:
      return std::nullopt;
  }
}

std::string ToLiteral(const Val& value) {
  std::string out;
  AppendLiteral(out, value);
  return out;
}

std::optional<base::Decimal> ParseDecimalText(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  if (text.find_first_of("eE") != std::string_view::npos) return std::nullopt;
  // JSON forbids leading zeros; the languages do not.
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  while (text.size() > 1 && text[0] == '0' && text[1] >= '0' && text[1] <= '9') text.remove_prefix(1);
  return base::Decimal::Parse(negative ? "-" + std::string(text) : std::string(text));
}

std::optional<QuantityValue> ParseQuantityText(std::string_view text, base::Arena& copy) {
  text = base::Trim(text);
  const std::size_t end = std::min(text.find_first_of(" \t\r\n'"), text.size());
  const auto value = ParseDecimalText(text.substr(0, end));
  if (!value) return std::nullopt;
  const std::string_view unit = base::Trim(text.substr(end));
  if (unit.empty()) return QuantityValue{*value, "1", false};
  if (unit.front() == '\'') {
    if (unit.size() < 3 || unit.back() != '\'') return std::nullopt;
    const std::string_view code = unit.substr(1, unit.size() - 2);
    if (code.find('\'') != std::string_view::npos) return std::nullopt;
    return QuantityValue{*value, copy.Copy(code), false};
  }
  const auto word = FindDurationUnit(unit);
  if (!word || !word->is_calendar || end == text.size()) return std::nullopt;
  return QuantityValue{*value, copy.Copy(unit), true};
}

int FractionDigits(const base::Decimal& value) {
  return value.scale();
}

std::optional<base::Decimal> WithScale(const base::Decimal& value, int scale) {
  if (scale < 0 || scale > kMaxScale) return std::nullopt;
  std::string text = value.ToString();
  const std::size_t point = text.find('.');
  if (value.scale() > scale) {
    text.resize(scale == 0 ? point : point + 1 + static_cast<std::size_t>(scale));
  } else {
    if (value.scale() == 0 && scale > 0) text += '.';
    text.append(static_cast<std::size_t>(scale - value.scale()), '0');
  }
  const auto result = base::Decimal::Parse(text);
  return result && result->scale() == scale ? result : std::nullopt;
}

std::optional<base::Decimal> LowBoundary(const base::Decimal& value, int digits) {
  return Boundary(value, digits, false);
}
std::optional<base::Decimal> HighBoundary(const base::Decimal& value, int digits) {
  return Boundary(value, digits, true);
}

}  // namespace osteon::model
