#include "cds_hooks/request.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "fhir/base/text.h"
#include "fhir/base/uuid.h"
#include "fhir/model/reference.h"

namespace osteon::cds_hooks {

using json::operator""_key;

namespace {

// Rules judge each draft by itself and cards are compared in pairs. No session of a clinician's holds this
// many.
constexpr std::size_t kMostDrafts = 1'000;

base::Error Missing(std::string path) {
  std::string text = path + " is required";
  return base::Error{base::ErrorCode::kMissingField, std::move(text), {}, std::move(path)};
}

base::Error Invalid(std::string path, std::string_view what) {
  std::string text = path + " " + std::string(what);
  return base::Error{base::ErrorCode::kInvalidRequest, std::move(text), {}, std::move(path)};
}

base::Error TooMany(std::string path) {
  std::string text = path + " holds more than " + std::to_string(kMostDrafts);
  return base::Error{base::ErrorCode::kBodyTooLarge, std::move(text), {}, std::move(path)};
}

bool IsAbsent(json::Value value) {
  return !value || value.is_null();
}

base::Result<std::string_view> RequiredText(json::Value value, std::string_view path) {
  if (IsAbsent(value)) return Missing(std::string(path));
  if (!value.is_string()) return Invalid(std::string(path), "is not a string");
  if (base::IsBlank(value.string())) return Missing(std::string(path));
  return value.string();
}

std::string ContextPath(std::string_view field) {
  return "context." + std::string(field);
}

void Warn(Prepared& prepared, std::string_view code) {
  if (std::find(prepared.warnings.begin(), prepared.warnings.end(), code) == prepared.warnings.end()) {
    prepared.warnings.emplace_back(code);
  }
}

// One context field while it is read.
struct FieldReader {
  json::Value context;
  base::Arena& arena;
  Prepared& prepared;
};

bool HasType(std::string_view types, std::string_view type) {
  while (true) {
    const std::size_t bar = types.find('|');
    if (types.substr(0, bar) == type) return true;
    if (bar == std::string_view::npos) return false;
    types.remove_prefix(bar + 1);
  }
}

base::Status ReadUser(const FieldReader& reader, const ContextField& field, json::Value value) {
  OSTEON_ASSIGN_OR_RETURN(reader.prepared.user_id, RequiredText(value, ContextPath(field.name)));
  const model::ReferenceParts user = model::SplitReference(reader.prepared.user_id);
  // No rule depends on who the user is: real clients' bare ids are no reason to withhold guidance.
  if (!HasType(field.types, user.type)) Warn(reader.prepared, "user_id_unexpected");
  return base::Ok{};
}

struct IdWarnings {
  std::string_view field;
  std::string_view type;
  std::string_view prefixed;
  std::string_view unusual;
};
constexpr IdWarnings kPatientId{"patientId", "Patient", "patient_id_prefixed", "patient_id_not_fhir_id"};
constexpr IdWarnings kEncounterId{"encounterId", "Encounter", "encounter_id_prefixed",
                                  "encounter_id_not_fhir_id"};

base::Status ReadId(const FieldReader& reader, const ContextField& field, json::Value value) {
  OSTEON_ASSIGN_OR_RETURN(std::string_view id, RequiredText(value, ContextPath(field.name)));
  const IdWarnings& names = field.name == kPatientId.field ? kPatientId : kEncounterId;
  if (!model::IsFhirId(id)) {
    const model::ReferenceParts parts = model::SplitReference(id);
    if (!parts.type.empty() && parts.type != names.type) {
      return Invalid(ContextPath(field.name), "refers to another type of resource");
    }
    if (!parts.type.empty()) {
      id = parts.id;
      Warn(reader.prepared, names.prefixed);
    } else {
      Warn(reader.prepared, names.unusual);
    }
  }
  (field.name == kPatientId.field ? reader.prepared.patient_id : reader.prepared.encounter_id) = id;
  return base::Ok{};
}

// "Type/id" of a draft; its fullUrl when it has no id.
std::string_view DraftReference(model::Resource resource, json::Value entry, base::Arena& arena) {
  const std::string_view type = resource.type();
  const std::string_view id = resource.id();
  if (id.empty()) return entry["fullUrl"_key].string();
  const std::size_t length = type.size() + 1 + id.size();
  char* text = arena.AllocateArray<char>(length);
  std::memcpy(text, type.data(), type.size());
  text[type.size()] = '/';
  std::memcpy(text + type.size() + 1, id.data(), id.size());
  return {text, length};
}

// An order that names somebody else as its subject is not about the patient whose chart this is.
bool IsForOther(model::Resource draft, std::string_view patient_id) {
  const model::ReferenceParts subject = model::SplitReference(draft.patient_reference());
  return subject.type == "Patient" && subject.id != patient_id;
}

// The entries of a Bundle; absent or null when it has none.
base::Result<json::Value> ReadEntries(json::Value value, const std::string& path) {
  if (IsAbsent(value)) return Missing(path);
  if (!value.is_object()) return Invalid(path, "is not an object");
  const model::Bundle bundle{model::Resource{value}};
  if (bundle.type() != "Bundle") return Invalid(path, "is not a Bundle");
  const json::Value entries = bundle.entries();
  if (!IsAbsent(entries) && !entries.is_array()) return Invalid(path + ".entry", "is not an array");
  return entries;
}

base::Status ReadFacts(const FieldReader& reader, const ContextField& field, json::Value value) {
  OSTEON_ASSIGN_OR_RETURN(const json::Value entries, ReadEntries(value, ContextPath(field.name)));
  for (const json::Value entry : entries) {
    const model::Resource resource{entry["resource"_key]};
    if (!HasType(field.types, resource.type())) {
      Warn(reader.prepared, "fact_of_other_type");
    } else if (IsForOther(resource, reader.prepared.patient_id)) {
      Warn(reader.prepared, "fact_of_other_patient");
    } else if (reader.prepared.facts.size() == kMostDrafts) {
      return TooMany(ContextPath(field.name) + ".entry");
    } else {
      reader.prepared.facts.push_back(resource);
    }
  }
  return base::Ok{};
}

base::Status ReadDrafts(const FieldReader& reader, const ContextField& field, json::Value value) {
  const std::string path = ContextPath(field.name);
  OSTEON_ASSIGN_OR_RETURN(const json::Value entries, ReadEntries(value, path));
  reader.prepared.draft_entries = entries;
  reader.prepared.drafts.reserve(std::min(entries.size(), kMostDrafts));
  for (const json::Value entry : entries) {
    const model::Resource resource{entry["resource"_key]};
    if (resource.type().empty()) {
      Warn(reader.prepared, "draft_not_a_resource");
    } else if (cards::Chart::IsSupporting(resource)) {
      continue;
    } else if (IsForOther(resource, reader.prepared.patient_id)) {
      Warn(reader.prepared, "draft_of_other_patient");
    } else if (reader.prepared.drafts.size() == kMostDrafts) {
      return TooMany(path + ".entry");
    } else {
      reader.prepared.drafts.push_back(cards::Draft{resource, DraftReference(resource, entry, reader.arena)});
    }
  }
  return base::Ok{};
}

bool Selects(std::string_view selection, const cards::Draft& draft) {
  if (selection == draft.reference) return true;
  const model::ReferenceParts parts = model::SplitReference(selection);
  return !parts.type.empty() && parts.type == draft.resource.type() && parts.id == draft.resource.id();
}

// After the drafts: only what is selected may raise cards (order-select, "focus on selections").
base::Status ReadSelections(const FieldReader& reader, const ContextField& field, json::Value value) {
  const std::string path = ContextPath(field.name);
  if (IsAbsent(value)) return Missing(path);
  if (!value.is_array()) return Invalid(path, "is not an array");
  if (value.size() > kMostDrafts) return TooMany(path);
  for (cards::Draft& draft : reader.prepared.drafts) draft.may_raise_cards = false;
  for (const json::Value selection : value) {
    if (!selection.is_string()) return Invalid(path, "holds something that is not a string");
    bool found = false;
    for (cards::Draft& draft : reader.prepared.drafts) {
      if (!Selects(selection.string(), draft)) continue;
      draft.may_raise_cards = true;
      found = true;
    }
    if (!found) Warn(reader.prepared, "selection_not_in_drafts");
  }
  if (value.empty()) Warn(reader.prepared, "selections_empty");
  return base::Ok{};
}

bool IsLeftOut(const ContextField& field, json::Value value, Prepared& prepared) {
  if (field.presence == Presence::kRequired) return false;
  if (IsAbsent(value)) return true;
  if (!value.is_string() || !base::IsBlank(value.string())) return false;
  Warn(prepared, "context_field_blank");
  return true;
}

base::Status ReadField(const FieldReader& reader, const ContextField& field) {
  const json::Value value = reader.context.Find(field.name);
  if (IsLeftOut(field, value, reader.prepared)) return base::Ok{};
  switch (field.kind) {
    case FieldKind::kUserReference:
      return ReadUser(reader, field, value);
    case FieldKind::kId:
      return ReadId(reader, field, value);
    case FieldKind::kDraftBundle:
      return ReadDrafts(reader, field, value);
    case FieldKind::kFactBundle:
      return ReadFacts(reader, field, value);
    case FieldKind::kReferenceArray:
      return ReadSelections(reader, field, value);
  }
  return base::Ok{};
}

base::Status ReadContext(json::Value context, const HookRow& hook, base::Arena& arena, Prepared& prepared) {
  if (IsAbsent(context)) return Missing("context");
  if (!context.is_object()) return Invalid("context", "is not an object");
  const FieldReader reader{context, arena, prepared};
  for (const ContextField& field : hook.fields) {
    if (field.kind != FieldKind::kReferenceArray) OSTEON_RETURN_IF_ERROR(ReadField(reader, field));
  }
  for (const ContextField& field : hook.fields) {
    if (field.kind == FieldKind::kReferenceArray) OSTEON_RETURN_IF_ERROR(ReadField(reader, field));
  }
  return base::Ok{};
}

// R-05, M-01: a token without the server it is for cannot be used by anybody.
base::Status CheckAuthorization(json::Value body) {
  if (IsAbsent(body["fhirAuthorization"_key])) return base::Ok{};
  const json::Value server = body["fhirServer"_key];
  if (IsAbsent(server)) return Missing("fhirServer");
  if (!server.is_string()) return Invalid("fhirServer", "is not a string");
  if (base::IsBlank(server.string())) return Missing("fhirServer");
  return base::Ok{};
}

}  // namespace

base::Result<std::string_view> ReadHook(json::Value body) {
  if (!body.is_object()) {
    return base::Error{base::ErrorCode::kInvalidRequest, "the body is not a JSON object", {}, {}};
  }
  return RequiredText(body["hook"_key], "hook");
}

base::Status ReadRequest(json::Value body, const HookRow& hook, base::Arena& arena, Prepared& prepared) {
  OSTEON_ASSIGN_OR_RETURN(prepared.hook_instance, RequiredText(body["hookInstance"_key], "hookInstance"));
  if (!base::Uuid::Parse(prepared.hook_instance)) Warn(prepared, "hook_instance_not_uuid");
  OSTEON_RETURN_IF_ERROR(CheckAuthorization(body));
  OSTEON_RETURN_IF_ERROR(ReadContext(body["context"_key], hook, arena, prepared));
  const json::Value prefetch = body["prefetch"_key];
  if (!IsAbsent(prefetch)) {
    if (!prefetch.is_object()) return Invalid("prefetch", "is not an object");
    prepared.prefetch = prefetch;
  }
  return base::Ok{};
}

}  // namespace osteon::cds_hooks
