// The value of an expression as JSON.
#include "fhir/model/value_text.h"
#include "server/cli/eval_language.h"

namespace osteon::server {
namespace {

using model::Kind;
using model::Val;

std::string_view SystemName(Kind kind) {
  switch (kind) {
    case Kind::kBoolean:
      return "System.Boolean";
    case Kind::kInteger:
      return "System.Integer";
    case Kind::kLong:
      return "System.Long";
    case Kind::kDecimal:
      return "System.Decimal";
    case Kind::kString:
      return "System.String";
    case Kind::kDate:
      return "System.Date";
    case Kind::kDateTime:
      return "System.DateTime";
    case Kind::kTime:
      return "System.Time";
    case Kind::kQuantity:
      return "System.Quantity";
    case Kind::kRatio:
      return "System.Ratio";
    case Kind::kCode:
      return "System.Code";
    case Kind::kConcept:
      return "System.Concept";
    case Kind::kVocabulary:
      return "System.Vocabulary";
    case Kind::kTuple:
      return "Tuple";
    case Kind::kList:
      return "List";
    case Kind::kUncertainty:
      return "Interval<System.Integer>";
    default:
      return "System.Any";
  }
}

std::string FhirName(const Val& value) {
  const std::string_view name = model::TypeName(value.fhir_type());
  if (name.starts_with("System.")) return std::string(name);
  return "FHIR." + std::string(name.empty() ? "Element" : name);
}

// Compact, since the data may be written over several lines.
void WriteJson(json::Value value, json::Writer& out) {
  if (value.is_object()) {
    out.StartObject();
    for (const json::Value member : value) {
      out.Key(member.name());
      WriteJson(member, out);
    }
    out.EndObject();
  } else if (value.is_array()) {
    out.StartArray();
    for (const json::Value item : value) WriteJson(item, out);
    out.EndArray();
  } else if (value.is_string()) {
    out.String(value.string());
  } else {
    out.Raw(value.exists() ? value.raw() : std::string_view("null"));
  }
}

void WriteItem(const Val& value, json::Writer& out);

void WriteArray(const Val& value, json::Writer& out) {
  out.StartArray();
  for (const Val& item : model::Items(value)) WriteItem(item, out);
  out.EndArray();
}

void WriteMember(json::Writer& out, std::string_view name, std::string_view text) {
  if (!text.empty()) out.Member(name, text);
}

void WriteCode(const model::CodeValue& code, json::Writer& out) {
  out.StartObject();
  WriteMember(out, "code", code.code);
  WriteMember(out, "system", code.system);
  WriteMember(out, "version", code.version);
  WriteMember(out, "display", code.display);
  out.EndObject();
}

void WriteConcept(const model::ConceptValue& value, json::Writer& out) {
  out.StartObject().Key("codes").StartArray();
  for (const model::CodeValue& code : value.codes) WriteCode(code, out);
  out.EndArray();
  WriteMember(out, "display", value.display);
  out.EndObject();
}

void WriteVocabulary(const model::VocabularyValue& value, json::Writer& out) {
  out.StartObject();
  WriteMember(out, "id", value.id);
  WriteMember(out, "version", value.version);
  WriteMember(out, "name", value.name);
  out.EndObject();
}

void WriteTuple(const model::TupleValue& tuple, json::Writer& out) {
  out.StartObject();
  for (std::size_t i = 0; i < tuple.names.size(); ++i) {
    out.Key(tuple.names[i]);
    WriteItem(tuple.values[i], out);
  }
  out.EndObject();
}

void WriteValue(const Val& value, json::Writer& out) {
  switch (value.kind()) {
    case Kind::kNull:
      out.Null();
      return;
    case Kind::kNode:
      WriteJson(value.node(), out);
      return;
    case Kind::kBoolean:
      out.Bool(value.boolean());
      return;
    case Kind::kInteger:
      out.Integer(value.integer());
      return;
    case Kind::kCode:
      WriteCode(value.code(), out);
      return;
    case Kind::kConcept:
      WriteConcept(value.concept_value(), out);
      return;
    case Kind::kVocabulary:
      WriteVocabulary(value.vocabulary(), out);
      return;
    case Kind::kTuple:
      WriteTuple(value.tuple(), out);
      return;
    case Kind::kList:
      WriteArray(value, out);
      return;
    default:
      out.String(model::ToText(value).value_or(model::ToLiteral(value)));
  }
}

void WriteItem(const Val& value, json::Writer& out) {
  out.StartObject().Member("type", TypeText(value)).Key("value");
  WriteValue(value, out);
  if (value.is(Kind::kNode) && value.node_extension().exists()) {
    out.Key("extension");
    WriteJson(value.node_extension(), out);
  }
  out.EndObject();
}

}  // namespace

std::string TypeText(const Val& value) {
  if (value.is(Kind::kNode)) return FhirName(value);
  if (value.is(Kind::kTuple) && value.fhir_type() != model::TypeId::kNone) return FhirName(value);
  if (value.is(Kind::kInterval)) {
    const model::IntervalValue& interval = value.interval();
    return "Interval<" + TypeText(interval.low.is_null() ? interval.high : interval.low) + ">";
  }
  return std::string(SystemName(value.kind()));
}

void WriteItems(const Val& value, json::Writer& out) {
  WriteArray(value, out);
}

std::string DisplayText(ExpressionLanguage language, const Val& value) {
  if (language == ExpressionLanguage::kCql) return model::ToLiteral(value) + '\n';
  if (value.is_null()) return "{ }\n";
  std::string out;
  for (const Val& item : model::Items(value)) (out += model::ToLiteral(item)) += '\n';
  return out;
}

}  // namespace osteon::server
