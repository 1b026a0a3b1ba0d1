#include "cards/chart.h"

#include <algorithm>
#include <functional>

#include "fhir/model/reference.h"

namespace osteon::cards {

using json::operator""_key;

std::string_view DataStateName(DataState state) {
  switch (state) {
    case DataState::kPresent:
      return "present";
    case DataState::kEmpty:
      return "empty";
    case DataState::kMissing:
      return "missing";
    case DataState::kFailed:
      return "failed";
    case DataState::kIncomplete:
      return "incomplete";
    case DataState::kMalformed:
      return "malformed";
    case DataState::kNotApplicable:
      return "not_applicable";
  }
  return "";
}

bool Answers(DataState state) {
  return state == DataState::kPresent || state == DataState::kEmpty || state == DataState::kNotApplicable;
}

namespace {

constexpr std::string_view kOperationOutcome = "OperationOutcome";

bool ReportsError(json::Value operation_outcome) {
  for (const json::Value issue : operation_outcome["issue"_key]) {
    const std::string_view severity = issue["severity"_key].string();
    if (severity == "error" || severity == "fatal") return true;
  }
  return false;
}

bool Contains(std::span<const std::string_view> types, std::string_view type) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

}  // namespace

void Chart::Add(std::string_view key, json::Value value, std::span<const std::string_view> types,
                std::string_view patient_id) {
  AddWithout(key, Take(value, types, patient_id));
}

void Chart::AddWithout(std::string_view key, DataState state) {
  keys_.push_back(ChartKey{key, state});
}

bool Chart::IsSupporting(model::Resource resource) {
  return resource.type() == "Medication";
}

void Chart::AddSupporting(model::Resource resource, std::string_view full_url) {
  if (!IsSupporting(resource) || !Insert(resource, resource.type())) return;
  if (!full_url.empty()) urls_.push_back(UrlEntry{full_url, resource});
}

void Chart::AddFact(model::Resource resource) {
  (void)Insert(resource, resource.type());
}

DataState Chart::Take(json::Value value, std::span<const std::string_view> types,
                      std::string_view patient_id) {
  if (!value) return DataState::kMissing;
  if (value.is_null()) return DataState::kEmpty;
  if (!value.is_object()) {
    ++drops_.not_a_resource;
    return DataState::kMalformed;
  }
  model::Resource resource{value};
  // Before CDS Hooks 1.0 a prefetch value was {"response": {...}, "resource": {...}}; some clients still send
  // that.
  if (resource.type().empty() && value["resource"_key].is_object()) resource.json = value["resource"_key];
  // An OperationOutcome in place of the data is no data and no "nothing there", whatever its severity (P-12).
  if (resource.type() == kOperationOutcome) return DataState::kFailed;
  Intake intake{types, patient_id};
  if (resource.type() == "Bundle") return TakeBundle(model::Bundle{resource}, intake);
  TakeResource(resource, {}, intake);
  return intake.usable > 0 ? DataState::kPresent : DataState::kMalformed;
}

DataState Chart::TakeBundle(model::Bundle bundle, Intake& intake) {
  const json::Value entries = bundle.entries();
  if (entries && !entries.is_array()) {
    ++drops_.not_a_resource;
    return DataState::kMalformed;
  }
  // Patients first: urn:uuid subjects anywhere in the Bundle are resolved against them.
  for (const json::Value entry : entries) NotePatientUrl(entry, intake.patient_id);
  for (const json::Value entry : entries) TakeEntry(entry, intake);
  if (intake.failed) return DataState::kFailed;
  if (bundle.has_next_page()) return DataState::kIncomplete;
  if (intake.usable > 0) return DataState::kPresent;
  // Entries, but none that answers what was asked: that nothing is there must not be concluded.
  return intake.unusable > 0 ? DataState::kMalformed : DataState::kEmpty;
}

void Chart::TakeEntry(json::Value entry, Intake& intake) {
  const model::Resource resource{entry["resource"_key]};
  if (resource.type() == kOperationOutcome) {
    intake.failed = intake.failed || ReportsError(resource.json);
    return;
  }
  TakeResource(resource, entry["fullUrl"_key].string(), intake);
}

void Chart::TakeResource(model::Resource resource, std::string_view full_url, Intake& intake) {
  const std::string_view type = resource.type();
  if (type.empty()) {
    ++drops_.not_a_resource;
    ++intake.unusable;
    return;
  }
  if (!Contains(intake.types, type)) {
    ++intake.unusable;
    return;
  }
  if (!IsOfPatient(resource, intake.patient_id)) {
    ++drops_.other_patient;
    ++intake.unusable;
    return;
  }
  ++intake.usable;
  if (!Insert(resource, type)) return;
  if (!full_url.empty()) urls_.push_back(UrlEntry{full_url, resource});
}

void Chart::NotePatientUrl(json::Value entry, std::string_view patient_id) {
  const model::Resource patient{entry["resource"_key]};
  const std::string_view url = entry["fullUrl"_key].string();
  if (url.empty() || patient.type() != "Patient") return;
  patient_urls_.push_back(PatientUrl{url, patient.id().empty() || patient.id() == patient_id});
}

bool Chart::IsOfPatient(model::Resource resource, std::string_view patient_id) const {
  if (resource.type() == "Patient") return resource.id().empty() || resource.id() == patient_id;
  const std::string_view reference = resource.patient_reference();
  if (reference.empty()) return true;
  const model::ReferenceParts parts = model::SplitReference(reference);
  if (!parts.type.empty()) return parts.type == "Patient" && parts.id == patient_id;
  if (!reference.starts_with("urn:")) return true;  // contained, or text that names nobody
  // Ours when it leads to our Patient; nobody's when no Patient came under a URN at all.
  bool patients_have_urns = false;
  for (const PatientUrl& patient : patient_urls_) {
    if (patient.url == reference) return patient.is_ours;
    patients_have_urns = patients_have_urns || patient.url.starts_with("urn:");
  }
  return !patients_have_urns;
}

std::size_t Chart::SlotOf(std::string_view type, std::string_view id) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t slot = std::hash<std::string_view>()(id) & mask;
  while (!slots_[slot].type.empty() && (slots_[slot].id != id || slots_[slot].type != type))
    slot = (slot + 1) & mask;
  return slot;
}

void Chart::Rehash(std::size_t slots) {
  std::vector<Slot> old(slots);
  old.swap(slots_);
  used_slots_ = 0;
  for (const Slot& slot : old) {
    if (slot.type.empty()) continue;
    slots_[SlotOf(slot.type, slot.id)] = slot;
    ++used_slots_;
  }
}

// False when the chart has this Type/id already.
bool Chart::Insert(model::Resource resource, std::string_view type) {
  if (const std::string_view id = resource.id(); !id.empty()) {
    if (used_slots_ * 2 >= slots_.size()) Rehash(std::max<std::size_t>(64, slots_.size() * 2));
    Slot& slot = slots_[SlotOf(type, id)];
    if (!slot.type.empty()) return false;
    slot = Slot{type, id, resource};
    ++used_slots_;
  }
  const auto group =
      std::find_if(groups_.begin(), groups_.end(), [&](const TypeGroup& g) { return g.type == type; });
  if (group != groups_.end()) {
    group->resources.push_back(resource);
  } else {
    groups_.push_back(TypeGroup{type, {resource}});
  }
  return true;
}

void Chart::Remove(std::string_view type, std::string_view id) {
  if (slots_.empty() || id.empty() || type.empty()) return;
  Slot& slot = slots_[SlotOf(type, id)];
  if (!slot.resource) return;
  const auto is_it = [&](const auto& entry) {
    if constexpr (requires { entry.url; }) {
      return entry.resource.json == slot.resource.json;
    } else {
      return entry.json == slot.resource.json;
    }
  };
  for (TypeGroup& group : groups_) {
    if (group.type == type) std::erase_if(group.resources, is_it);
  }
  std::erase_if(urls_, is_it);
  slot.resource = model::Resource{};
}

DataState Chart::StateOf(std::string_view key) const {
  for (const ChartKey& known : keys_) {
    if (known.name == key) return known.state;
  }
  return DataState::kMissing;
}

std::span<const model::Resource> Chart::OfType(std::string_view type) const {
  for (const TypeGroup& group : groups_) {
    if (group.type == type) return group.resources;
  }
  return {};
}

model::Resource Chart::Find(std::string_view type, std::string_view id) const {
  if (slots_.empty() || id.empty()) return {};
  if (!type.empty()) return slots_[SlotOf(type, id)].resource;
  for (const TypeGroup& group : groups_) {
    if (const model::Resource found = slots_[SlotOf(group.type, id)].resource) return found;
  }
  return {};
}

}  // namespace osteon::cards
