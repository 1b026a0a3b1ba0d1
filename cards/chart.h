// What is known of the patient in one request: the resources that prefetch (or a fetch) brought, and for each
// prefetch key whether it was answered at all, so that "nothing found" and "nobody asked" never look alike.
// Built once per request.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "fhir/model/resources.h"

namespace osteon::cards {

// The outcomes of a prefetch key. Source: CDS Hooks 2.0.1 "Providing FHIR Resources to a CDS Service".
enum class DataState : std::uint8_t {
  kPresent,        // resources
  kEmpty,          // null, or a Bundle without entries: asked, nothing there
  kMissing,        // key absent: not asked, refused or failed
  kFailed,         // an OperationOutcome in place of data, or one of severity error or fatal in the Bundle
  kIncomplete,     // a Bundle with a next page: what is there is used, what is not there is not known
  kMalformed,      // neither null nor a resource, or a resource of a type the key does not ask for
  kNotApplicable,  // the template's token has no value (no encounterId in the context): nothing to ask
};
std::string_view DataStateName(DataState state);  // "present", "empty", ...
// True when the absence of a resource says something: present, empty or not applicable.
bool Answers(DataState state);

struct ChartKey {
  std::string_view name;  // prefetch key, from the pack
  DataState state = DataState::kMissing;
};

class Chart {
 public:
  struct Drops {
    std::uint32_t other_patient = 0;  // resources whose subject is somebody else
    std::uint32_t not_a_resource = 0;
  };

  // Adds what a key brought. `value` is the prefetch value (absent when the key is missing); `types` are the
  // resource types the key's template asks for, its search's includes too. Resources of another patient are
  // dropped and counted; the same Type/id twice is kept once, the first time.
  void Add(std::string_view key, json::Value value, std::span<const std::string_view> types,
           std::string_view patient_id);
  // Adds a key without a value: missing or not applicable.
  void AddWithout(std::string_view key, DataState state);
  // Adds a resource that came beside the orders of the request's context and only explains them, such as the
  // Medication a draft refers to; it goes before a stored one of the same id, so it is added first. Other
  // resources are not added.
  void AddSupporting(model::Resource resource, std::string_view full_url);
  // Adds a resource of the request's context that is a new fact about the patient, such as a problem being
  // recorded; it goes before a stored one of the same id, so it is added first.
  void AddFact(model::Resource resource);
  static bool IsSupporting(model::Resource resource);  // Medication
  // Takes out a stored resource that a draft of the same Type/id replaces.
  void Remove(std::string_view type, std::string_view id);

  std::span<const ChartKey> keys() const { return keys_; }
  DataState StateOf(std::string_view key) const;  // kMissing for unknown keys
  // All resources of a type, whichever key brought them.
  std::span<const model::Resource> OfType(std::string_view type) const;
  // visit(resource) for every resource.
  template <typename Visit>
  void ForEach(Visit visit) const {
    for (const TypeGroup& group : groups_) {
      for (const model::Resource& resource : group.resources) visit(resource);
    }
  }
  // A resource by type and id ("" type: any), also for resolving references; absent when not here.
  model::Resource Find(std::string_view type, std::string_view id) const;
  // visit(full_url, resource) for each entry that came with a fullUrl (for urn:uuid references); of equal
  // ones the first counts.
  template <typename Visit>
  void ForEachUrl(Visit visit) const {
    for (const UrlEntry& entry : urls_) visit(entry.url, entry.resource);
  }
  const Drops& drops() const { return drops_; }

 private:
  // What one key's value came to, while it is read.
  struct Intake {
    std::span<const std::string_view> types;
    std::string_view patient_id;
    std::size_t usable = 0;    // kept now, or kept before under another key
    std::size_t unusable = 0;  // junk, another type, another patient
    bool failed = false;       // an OperationOutcome entry of severity error or fatal
  };
  DataState Take(json::Value value, std::span<const std::string_view> types, std::string_view patient_id);
  DataState TakeBundle(model::Bundle bundle, Intake& intake);
  void TakeEntry(json::Value entry, Intake& intake);
  void TakeResource(model::Resource resource, std::string_view full_url, Intake& intake);
  void NotePatientUrl(json::Value entry, std::string_view patient_id);
  bool IsOfPatient(model::Resource resource, std::string_view patient_id) const;
  bool Insert(model::Resource resource, std::string_view type);
  void Rehash(std::size_t slots);
  std::size_t SlotOf(std::string_view type, std::string_view id) const;

  struct TypeGroup {
    std::string_view type;
    std::vector<model::Resource> resources;
  };
  struct UrlEntry {
    std::string_view url;
    model::Resource resource;
  };
  struct PatientUrl {
    std::string_view url;
    bool is_ours;
  };
  // Open addressing by type and id: a searchset may bring thousands of resources. A removed resource leaves
  // its type.
  struct Slot {
    std::string_view type;  // empty: never used
    std::string_view id;
    model::Resource resource;
  };
  std::vector<ChartKey> keys_;
  std::vector<TypeGroup> groups_;
  std::vector<UrlEntry> urls_;
  std::vector<PatientUrl> patient_urls_;
  std::vector<Slot> slots_;
  std::size_t used_slots_ = 0;
  Drops drops_;
};

}  // namespace osteon::cards
