// The resources of one request, found by type, by reference and by code. One index belongs to one request (or
// one evaluation): everything is in its arena, codes are indexed when first asked for. Not thread-safe.
//
// Nothing here leaves the data at hand: a reference to what was not sent resolves to nothing.
// Source: R4 references.html, bundle.html#references; CQL 1.5.3 "Retrieve"; primary code paths from the FHIR
// model info.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "fhir/base/arena.h"
#include "fhir/json/tree.h"
#include "fhir/model/r4_type.h"

namespace osteon::model {

// One code that a resource bears at a path. A resource with several codings has several rows, one after the
// other.
struct CodedResource {
  std::string_view system;  // empty when absent (type code elements have none)
  std::string_view code;
  json::Value resource;
  std::uint32_t ordinal = 0;  // position of the resource in OfType
};

// The codes of all resources of a type at one path, in the order of the resources.
class CodeIndex {
 public:
  std::span<const CodedResource> rows() const { return rows_; }
  // The resources with that code, each once, in order; in the arena of the index.
  std::span<const json::Value> Find(std::string_view system, std::string_view code) const;

 private:
  friend class ResourceIndex;
  base::Arena* arena_ = nullptr;
  std::span<const CodedResource> rows_;
  const std::uint32_t* slots_ = nullptr;  // row + 1 of the first row of a hash chain; 0 is free
  const std::uint32_t* next_ = nullptr;   // row + 1 of the next row with the same code; 0 ends
  std::uint32_t slot_mask_ = 0;
};

class ResourceIndex {
 public:
  explicit ResourceIndex(base::Arena& arena) : arena_(&arena) {}

  // Takes a resource, or all resources of a Bundle's entries (the Bundle too), or of an array or of an object
  // whose members are those (a CDS Hooks prefetch). A resource that is there already - same type and id, and
  // no different fullUrl - is left out, so that what two prefetch templates both fetched counts once.
  // Resources without a type of R4 are left out. REQUIRES: before the first look-up.
  void Add(json::Value value);

  // In the order they were added; with all types derived from it ("Resource": everything).
  std::span<const json::Value> OfType(TypeId type) const;
  std::size_t size() const { return count_; }

  // "Patient/1" (with or without /_history/2), a fullUrl, "urn:uuid:...", or "#id" within `from` (the
  // resource that holds the reference, absent if unknown). An absolute URL finds only a resource with that
  // fullUrl, or one without any fullUrl by its Type/id: another server's Patient/1 is another patient. Absent
  // when there is none.
  json::Value Resolve(std::string_view reference, json::Value from) const;

  // path: element names with dots, "code", "medication", "device.code"; a choice element by its FHIRPath
  // name. Reads CodeableConcept, Coding, Quantity's code, and primitives (as code without system).
  const CodeIndex& Codes(TypeId type, std::string_view path);

 private:
  struct Entry {
    json::Value resource;
    std::string_view id;
    std::string_view full_url;
    TypeId type = TypeId::kNone;
    std::uint32_t id_hash = 0;
    std::uint32_t next_by_id = 0;  // index + 1 in the hash chain
    std::uint32_t next_by_url = 0;
  };
  struct CachedCodes {
    TypeId type = TypeId::kNone;
    std::string_view path;
    CodeIndex index;
    CachedCodes* next = nullptr;
  };
  struct CachedType {
    TypeId type = TypeId::kNone;
    std::span<const json::Value> resources;
    CachedType* next = nullptr;
  };

  void AddResource(json::Value resource, std::string_view full_url, int depth);
  void AddTree(json::Value value, int depth);
  TypeId TypeOf(std::string_view resource_type);
  void Grow();
  void IndexUrls() const;
  const Entry* FindId(TypeId type, std::string_view id) const;
  const Entry* FindUrl(std::string_view url) const;
  bool HoldsAlready(const Entry& entry) const;

  base::Arena* arena_;
  Entry* entries_ = nullptr;
  std::uint32_t count_ = 0;
  std::uint32_t room_ = 0;
  std::uint32_t* by_id_ = nullptr;           // index + 1, as many slots as room_
  mutable std::uint32_t* by_url_ = nullptr;  // the same; null until a URL is looked for
  std::string_view last_name_;
  TypeId last_type_ = TypeId::kNone;
  CachedCodes* codes_ = nullptr;
  mutable CachedType* types_ = nullptr;
};

}  // namespace osteon::model
