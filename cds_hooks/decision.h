// What a call led to: everything the answer, the record and the metrics need, and nothing that names a
// patient.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cards/card.h"
#include "cards/rule.h"
#include "fhir/base/instant.h"
#include "fhir/base/uuid.h"

namespace osteon::cds_hooks {

struct RuleRecord {
  std::string rule;
  std::string row;
  std::string draft;  // "Type/id" of a draft order; a server-side id, kept because overrides are asked about
                      // per order
  cards::RuleStatus status = cards::RuleStatus::kNotFired;
  std::string reason;
};

struct CardRecord {
  std::string uuid;
  std::string rule;
  std::string row;
  cards::Indicator indicator = cards::Indicator::kInfo;
  std::vector<std::string> suggestion_uuids;
};

struct KeyRecord {
  std::string_view key;
  cards::DataState state = cards::DataState::kMissing;
};

struct Decision {
  base::Uuid id;
  base::Instant now;
  std::string service;
  std::string hook;
  std::string hook_instance;
  std::string_view pack;
  std::string_view pack_version;
  std::string_view pack_hash;     // Pack::content_hash
  std::vector<RuleRecord> rules;  // at least one per rule of the service
  std::vector<CardRecord> cards;  // as sent, in order
  std::vector<KeyRecord> keys;
  std::uint32_t dropped_other_patient = 0;
  std::vector<std::string> warnings;  // stable codes: "patient_id_prefixed", "hook_instance_not_uuid"
  std::string response_json;          // {"cards":[...]}
};

}  // namespace osteon::cds_hooks
