// Why an expression has its value.
#include <algorithm>

#include "fhir/model/r4_model.h"
#include "fhir/model/value_text.h"
#include "server/cli/eval_language.h"

namespace osteon::server {
namespace {

using cql::TracedStep;
using json::operator""_key;

constexpr std::size_t kMostShown = 12;  // resources of one definition, in the text

std::string ReferenceOf(json::Value resource) {
  std::string reference(resource["resourceType"_key].string());
  if (const std::string_view id = resource["id"_key].string(); !id.empty()) (reference += '/') += id;
  return reference;
}

// Resources by their references: their text is in the data.
std::string ValueText(const model::Val& value) {
  if (value.is(model::Kind::kNode) && model::KindOf(value.fhir_type()) == model::TypeKind::kResource) {
    return ReferenceOf(value.node());
  }
  if (!value.is(model::Kind::kList)) return model::ToLiteral(value);
  std::string out = "{";
  for (const model::Val& item : value.list()) out += (out.size() == 1 ? " " : ", ") + ValueText(item);
  return out + " }";
}

// The last to finish was asked for.
std::vector<const TracedStep*> MostUsefulFirst(const cql::Trace& trace) {
  std::vector<const TracedStep*> steps;
  for (const TracedStep& step : trace.steps()) steps.push_back(&step);
  std::reverse(steps.begin(), steps.end());
  return steps;
}

std::string NameText(std::string_view library, std::string_view name) {
  const std::string quoted = "\"" + std::string(name) + "\"";
  return library.empty() ? quoted : std::string(library) + "." + quoted;
}

void WriteName(std::string_view library, std::string_view name, json::Writer& out) {
  out.Member("library", library).Member("name", name);
}

void WriteStep(const TracedStep& step, json::Value data, json::Writer& out) {
  out.StartObject();
  WriteName(step.library(), step.name(), out);
  if (step.error) {
    out.Member("error", step.error->message);
  } else {
    out.Key("value");
    WriteItems(step.value, out);
  }
  out.Key("resources").StartArray();
  for (const json::Value resource : step.resources) {
    out.StartObject()
        .Member("path", cql::PlaceOf(data, resource))
        .Member("reference", ReferenceOf(resource))
        .EndObject();
  }
  out.EndArray().Key("uses").StartArray();
  for (const cql::DefineIr* const used : step.uses) {
    out.StartObject();
    WriteName(used->library->name, used->name, out);
    out.EndObject();
  }
  out.EndArray().EndObject();
}

std::string ResourcesText(const TracedStep& step, json::Value data) {
  std::string out;
  const std::size_t shown = std::min(step.resources.size(), kMostShown);
  for (std::size_t i = 0; i < shown; ++i) {
    const std::string place = cql::PlaceOf(data, step.resources[i]);
    out += i == 0 ? "  reads " : ", ";
    out += ReferenceOf(step.resources[i]);
    if (!place.empty()) out += " (" + place + ")";
  }
  if (step.resources.size() > shown) out += " and " + std::to_string(step.resources.size() - shown) + " more";
  return out.empty() ? out : out + "\n";
}

}  // namespace

void WriteExplained(const ExpressionRequest& request, const ExpressionOutcome& outcome, json::Writer& out) {
  out.StartObject().Key("value");
  WriteItems(outcome.value, out);
  if (outcome.trace != nullptr) {
    out.Key("definitions").StartArray();
    for (const TracedStep* const step : MostUsefulFirst(*outcome.trace)) WriteStep(*step, request.data, out);
    out.EndArray();
  }
  out.EndObject();
}

std::string ExplanationText(const ExpressionRequest& request, const ExpressionOutcome& outcome) {
  std::string out;
  if (outcome.trace == nullptr) return out;
  for (const TracedStep* const step : MostUsefulFirst(*outcome.trace)) {
    out += "\n" + NameText(step->library(), step->name()) + ": " +
           (step->error ? "error: " + step->error->message : ValueText(step->value)) + "\n";
    out += ResourcesText(*step, request.data);
    for (std::size_t i = 0; i < step->uses.size(); ++i) {
      const cql::DefineIr& used = *step->uses[i];
      out += (i == 0 ? "  uses " : ", ") + NameText(used.library->name, used.name);
    }
    if (!step->uses.empty()) out += "\n";
  }
  return out;
}

}  // namespace osteon::server
