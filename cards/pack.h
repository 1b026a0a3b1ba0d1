// A rule pack as the protocol sees it: services with their prefetch, rules in order of precedence,
// parameters.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cards/parameters.h"
#include "cards/rule.h"
#include "cards/rule_setting.h"

namespace osteon::cards {

struct PrefetchTemplate {
  std::string_view key;
  std::string_view query;  // CDS Hooks 2.0.1 portable subset, e.g. "Patient/{{context.patientId}}"
  std::vector<std::string_view> types;  // resource types that may come back
};

// One CDS Service: one hook, all rules of the pack that listen to it.
struct ServiceSpec {
  std::string_view id;  // path segment, unreserved URL characters
  std::string_view hook;
  std::string_view title;
  std::string_view description;
  std::string_view usage_requirements;  // may be empty
  std::vector<PrefetchTemplate> prefetch;
};

struct Pack {
  std::string_view id;       // "perinatal_bone_health"
  std::string_view version;  // semantic version
  std::string_view title;
  std::vector<ServiceSpec> services;
  std::vector<std::unique_ptr<const Rule>> rules;  // in order of precedence among cards of one indicator
  Parameters parameters;
  std::size_t max_cards = 5;
  SiteSettings settings;
  // SHA-256, in hex, of the files, the overlay and the parameters it was made from; set by who loads it.
  // Empty: not known.
  std::string content_hash;
  std::shared_ptr<const void> owner;  // of what the views point to; null: static storage
};

}  // namespace osteon::cards
