// The services of an active pack: found by (id, hook), listed by discovery. Immutable; shared between
// threads. Source: CDS Hooks 2.0.1 "Discovery".
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cards/pack.h"
#include "fhir/base/result.h"

namespace osteon::cds_hooks {

struct Service {
  const cards::ServiceSpec* spec = nullptr;
  std::vector<const cards::Rule*> rules;  // those that listen to the hook, in pack order
};

class Catalog {
 public:
  // kInvalidConfig when the pack breaks a rule of discovery: duplicate (id, hook), unknown hook, id not a
  // path segment, a prefetch template outside the portable subset of 2.0.1.
  static base::Result<std::shared_ptr<const Catalog>> Create(cards::Pack pack);

  const cards::Pack& pack() const { return pack_; }
  bool HasService(std::string_view id) const;
  const Service* Find(std::string_view id, std::string_view hook) const;
  // The body of GET /cds-services, encoded once.
  const std::string& discovery_json() const { return discovery_json_; }

 private:
  Catalog() = default;
  cards::Pack pack_;
  std::vector<Service> services_;
  std::string discovery_json_;
};

}  // namespace osteon::cds_hooks
