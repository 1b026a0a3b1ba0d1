// What R4 adds to FHIRPath. Source: R4 fhirpath.html "Additional functions"
// (http://hl7.org/fhir/R4/fhirpath.html).
#include "fhir/model/r4_model.h"
#include "fhir/model/reference.h"
#include "fhir/model/value_node.h"
#include "fhir/path/function_table.h"
#include "fhir/path/node.h"

namespace osteon::path {
namespace {

using json::operator""_key;
using model::Kind;
using model::Truth;
using model::Val;
using model::operator""_type;

using Arguments = std::span<const Val>;

bool Extension(Evaluation& run, const CallNode& call, const Sink& sink) {
  const Val url = SingleString(run, call.argument(0).Eval(run), call.argument(0).span());
  if (!url.is(Kind::kString)) return !run.failed();
  auto look = [&](const Val& item) {
    const Val extensions = model::Member(item, "extension"_key, run.arena);
    for (const Val& extension : model::Items(extensions)) {
      if (!run.Spend(call.span())) return false;
      if (extension.is(Kind::kNode) && extension.node()["url"_key].string() == url.string() &&
          !sink(extension)) {
        return false;
      }
    }
    return true;
  };
  return call.input().Each(run, Sink(look));
}

// The value of a primitive element or a System value; null when the item has none.
Val PrimitiveValue(Evaluation& run, const Val& item) {
  if (!item.is(Kind::kNode)) return item.is(Kind::kTuple) ? Val() : item;
  const Val value = model::ToSystem(item, run.values);
  return value.is(Kind::kNode) || value.is(Kind::kQuantity) ? Val() : value;
}
Val HasValue(Evaluation& run, const CallNode&, const Val& input, Arguments) {
  const auto items = model::Items(input);
  return Val::Boolean(items.size() == 1 && !PrimitiveValue(run, items[0]).is_null());
}
Val GetValue(Evaluation& run, const CallNode&, const Val& input, Arguments) {
  const auto items = model::Items(input);
  return items.size() == 1 ? PrimitiveValue(run, items[0]) : Val();
}

// --- references

const Val& ResourceOf(const Input& input) {
  return input.resource.is_null() ? input.context : input.resource;
}
const Val& RootOf(const Input& input) {
  return input.root_resource.is_null() ? ResourceOf(input) : input.root_resource;
}

Val FindContained(Evaluation& run, Span span, const Val& resource, std::string_view id) {
  if (!resource.is(Kind::kNode)) return {};
  for (const json::Value contained : resource.node()["contained"_key]) {
    if (!run.Spend(span)) return {};
    if (contained["id"_key].string() == id) return model::ResourceNode(contained);
  }
  return {};
}

bool IsNamed(json::Value entry, std::string_view reference, const model::ReferenceParts& parts) {
  const json::Value resource = entry["resource"_key];
  if (entry["fullUrl"_key].string() == reference) return true;
  return !parts.type.empty() && resource["resourceType"_key].string() == parts.type &&
         resource["id"_key].string() == parts.id;
}

Val FindInBundle(Evaluation& run, Span span, const Val& root, std::string_view reference) {
  if (!root.is(Kind::kNode) || root.fhir_type() != "Bundle"_type) return {};
  const model::ReferenceParts parts = model::SplitReference(reference);
  for (const json::Value entry : root.node()["entry"_key]) {
    if (!run.Spend(span)) return {};
    if (IsNamed(entry, reference, parts)) return model::ResourceNode(entry["resource"_key]);
  }
  return {};
}

Val FindOutside(Evaluation& run, Span span, std::string_view reference) {
  if (run.input.resources == nullptr) return FindInBundle(run, span, RootOf(run.input), reference);
  const Val& holder = ResourceOf(run.input);
  const json::Value from = holder.is(Kind::kNode) ? holder.node() : json::Value();
  return model::ResourceNode(run.input.resources->Resolve(reference, from));
}

// Text of a Reference, or of a uri, canonical or String.
std::string_view ReferenceText(Evaluation& run, const Val& item) {
  if (item.is(Kind::kNode) && item.fhir_type() == "Reference"_type) {
    return item.node()["reference"_key].string();
  }
  const Val value = model::ToSystem(item, run.values);
  return value.is(Kind::kString) ? value.string() : std::string_view();
}

bool Resolve(Evaluation& run, const CallNode& call, const Sink& sink) {
  const Span span = call.span();
  auto follow = [&](const Val& item) {
    const std::string_view reference = ReferenceText(run, item);
    Val found;
    if (reference.starts_with('#')) {
      found = FindContained(run, span, ResourceOf(run.input), reference.substr(1));
      if (found.is_null()) found = FindContained(run, span, RootOf(run.input), reference.substr(1));
    } else if (!reference.empty()) {
      found = FindOutside(run, span, reference);
    }
    if (!run.Spend(span)) return false;
    return found.is_null() || sink(found);
  };
  return call.input().Each(run, Sink(follow));
}

// --- profiles and terminology

Val ConformsTo(Evaluation& run, const CallNode& call, const Val& input, Arguments arguments) {
  constexpr std::string_view kBase = "http://hl7.org/fhir/StructureDefinition/";
  const Val item = SingleItem(run, input, call.span());
  const Val url = SingleString(run, arguments[0], call.argument(0).span());
  if (item.is_null() || url.is_null()) return {};
  std::string_view name = url.string();
  if (name.starts_with(kBase)) name.remove_prefix(kBase.size());
  const model::TypeId type = model::FindType(name);
  const model::TypeKind kind = model::KindOf(type);
  const bool is_base_type = kind == model::TypeKind::kResource || kind == model::TypeKind::kComplex ||
                            kind == model::TypeKind::kPrimitive;
  if (!is_base_type || name.size() == url.string().size()) {
    return run.Fail(call.argument(0).span(), "conformsTo() knows the base types of R4 only");
  }
  return Val::Boolean(item.is(Kind::kNode) && model::IsA(item.fhir_type(), type));
}

// The codings of a Coding or CodeableConcept; nullopt for other values.
std::optional<json::Value> CodingsOf(const Val& item, bool& is_single) {
  if (!item.is(Kind::kNode)) return std::nullopt;
  is_single = item.fhir_type() == "Coding"_type;
  if (is_single) return item.node();
  if (item.fhir_type() == "CodeableConcept"_type) return item.node()["coding"_key];
  return std::nullopt;
}

template <typename Function>
bool AnyCoding(json::Value codings, bool is_single, Function function) {
  if (is_single) return function(codings);
  for (const json::Value coding : codings) {
    if (function(coding)) return true;
  }
  return false;
}

Val MemberOf(Evaluation& run, const CallNode& call, const Val& input, Arguments arguments) {
  const Val item = SingleItem(run, input, call.span());
  const Val url = SingleString(run, arguments[0], call.argument(0).span());
  if (run.failed() || item.is_null() || url.is_null()) return {};
  const terminology::Index* index = run.input.terminology;
  const terminology::ValueSet* value_set = index != nullptr ? index->FindValueSet(url.string()) : nullptr;
  if (value_set == nullptr) return run.Fail(call.argument(0).span(), "the value set is not loaded");
  bool is_single = false;
  if (const auto codings = CodingsOf(item, is_single)) {
    return Val::Boolean(AnyCoding(*codings, is_single, [&](json::Value coding) {
      return run.Spend(call.span()) &&
             index->Contains(*value_set, coding["system"_key].string(), coding["code"_key].string());
    }));
  }
  // A bare code says nothing about its system.
  const Val code = SingleString(run, item, call.span());
  if (code.is_null()) return {};
  return Val::Boolean(index->ContainsInAnySystem(*value_set, code.string()));
}

// Whether coding `a` is `b` or above it; kUnknown for other systems and unknown codes.
Truth Subsumes(const terminology::Index& index, json::Value a, json::Value b) {
  const std::string_view system = a["system"_key].string();
  if (system != b["system"_key].string()) return Truth::kUnknown;
  if (a["code"_key].string() == b["code"_key].string()) return Truth::kTrue;
  const terminology::CodeSystem* code_system = index.FindCodeSystem(system);
  const auto left = index.Find(system, a["code"_key].string());
  const auto right = index.Find(system, b["code"_key].string());
  if (code_system == nullptr || !left || !right) return Truth::kUnknown;
  const auto result = code_system->Subsumes(*left, *right);
  return result ? model::TruthOf(*result) : Truth::kUnknown;
}

// true when any pair is so, false when any pair is known not to be and none is, empty otherwise.
Val AnySubsumes(Evaluation& run, const CallNode& call, const Val& above, const Val& below) {
  const Val a = SingleItem(run, above, call.span());
  const Val b = SingleItem(run, below, call.span());
  if (run.failed() || a.is_null() || b.is_null()) return {};
  if (run.input.terminology == nullptr) return run.Fail(call.span(), "no code system is loaded");
  bool a_is_single = false;
  bool b_is_single = false;
  const auto a_codings = CodingsOf(a, a_is_single);
  const auto b_codings = CodingsOf(b, b_is_single);
  if (!a_codings || !b_codings)
    return run.Fail(call.span(), "only Coding and CodeableConcept subsume each other");
  Truth result = Truth::kUnknown;
  AnyCoding(*a_codings, a_is_single, [&](json::Value left) {
    return AnyCoding(*b_codings, b_is_single, [&](json::Value right) {
      const Truth truth =
          run.Spend(call.span()) ? Subsumes(*run.input.terminology, left, right) : Truth::kTrue;
      if (truth != Truth::kUnknown) result = truth;
      return truth == Truth::kTrue;
    });
  });
  return run.failed() ? Val() : model::ToVal(result);
}
Val SubsumesFunction(Evaluation& run, const CallNode& call, const Val& input, Arguments arguments) {
  return AnySubsumes(run, call, input, arguments[0]);
}
Val SubsumedByFunction(Evaluation& run, const CallNode& call, const Val& input, Arguments arguments) {
  return AnySubsumes(run, call, arguments[0], input);
}

constexpr std::string_view kNeedsProfiles = "no profiles are loaded here";

constexpr FunctionRow kRows[] = {
    {"extension",
     1,
     1,
     Subject::kAny,
     {Argument::kString},
     Yields::kExtension,
     Count::kMany,
     "R4#extension",
     nullptr,
     nullptr,
     Extension},
    {"hasValue", 0, 0, Subject::kAny, {}, Yields::kBoolean, Count::kOne, "R4#hasvalue", HasValue},
    {"getValue", 0, 0, Subject::kAny, {}, Yields::kAny, Count::kOne, "R4#getvalue", GetValue},
    {"resolve", 0, 0, Subject::kAny, {}, Yields::kAny, Count::kMany, "R4#resolve", nullptr, nullptr, Resolve},
    {"conformsTo",
     1,
     1,
     Subject::kAny,
     {Argument::kString},
     Yields::kBoolean,
     Count::kOne,
     "R4#conformsto",
     ConformsTo},
    {"memberOf",
     1,
     1,
     Subject::kAny,
     {Argument::kString},
     Yields::kBoolean,
     Count::kOne,
     "R4#memberof",
     MemberOf},
    {"elementDefinition",
     0,
     0,
     Subject::kAny,
     {},
     Yields::kAny,
     Count::kMany,
     "R4#elementdefinition",
     nullptr,
     nullptr,
     nullptr,
     kNeedsProfiles},
    {"slice",
     2,
     2,
     Subject::kAny,
     {Argument::kString, Argument::kString},
     Yields::kInput,
     Count::kAsInput,
     "R4#slice",
     nullptr,
     nullptr,
     nullptr,
     kNeedsProfiles},
    {"checkModifiers",
     0,
     kManyArguments,
     Subject::kAny,
     {Argument::kString, Argument::kString, Argument::kString},
     Yields::kInput,
     Count::kAsInput,
     "R4#checkmodifiers",
     nullptr,
     nullptr,
     nullptr,
     "look for modifierExtension instead"},
    {"subsumes",
     1,
     1,
     Subject::kAny,
     {Argument::kAny},
     Yields::kBoolean,
     Count::kOne,
     "R4#subsumes",
     SubsumesFunction},
    {"subsumedBy",
     1,
     1,
     Subject::kAny,
     {Argument::kAny},
     Yields::kBoolean,
     Count::kOne,
     "R4#subsumedby",
     SubsumedByFunction},
    {"htmlChecks",
     0,
     0,
     Subject::kAny,
     {},
     Yields::kBoolean,
     Count::kOne,
     "R4#htmlchecks",
     nullptr,
     nullptr,
     nullptr,
     "narratives are not validated here"},
};

}  // namespace

std::span<const FunctionRow> FhirFunctions() {
  return kRows;
}

}  // namespace osteon::path
