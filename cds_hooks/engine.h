// One hook call as two pure halves, with the I/O between them left to server/: Prepare reads the request and
// says what is missing, Decide runs the rules. Same input, same bytes.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "cards/chart.h"
#include "cards/rule.h"
#include "cds_hooks/catalog.h"
#include "cds_hooks/decision.h"
#include "fhir/base/arena.h"
#include "fhir/base/instant.h"
#include "fhir/base/result.h"
#include "fhir/base/uuid.h"
#include "fhir/json/tree.h"

namespace osteon::cds_hooks {

struct CallInput {
  std::string_view service_id;
  std::string_view body;  // json::kReadPadding readable bytes follow it
  base::Uuid decision_id;
  base::Instant now;
  const base::TimeZone* zone = nullptr;  // site.timezone: whole days are counted in it
  std::string_view source_url;           // "https://host/rules/", or empty
  cards::RowObserver* observer = nullptr;
};

// A request that was read and checked. Views point into the body and the arena.
struct Prepared {
  const Service* service = nullptr;
  const cards::Pack* pack = nullptr;
  CallInput input;
  std::string_view hook;
  std::string_view hook_instance;
  std::string_view patient_id;
  std::string_view user_id;
  std::string_view encounter_id;
  std::vector<cards::Draft> drafts;
  std::vector<model::Resource> facts;  // new facts about the patient (problem-list-item-create's conditions)
  json::Value draft_entries;           // the entries the drafts came in, with what explains them (Medication)
  json::Value prefetch;                // the request's prefetch object, or absent
  std::vector<std::string_view> missing;  // keys of the service that prefetch does not answer
  std::vector<std::string> warnings;
};

// Errors: kMalformedJson, kBodyTooLarge, kInvalidRequest, kMissingField (path "context.patientId"),
// kServiceNotFound, kHookMismatch. The catalog, body and arena outlive the result.
base::Result<Prepared> Prepare(const Catalog& catalog, const CallInput& input, base::Arena& arena,
                               const json::ReadLimits& limits = {});

// What a fetch brought for a missing key; none at this stage unless server/outbound ran.
struct Fetched {
  std::string_view key;
  json::Value value;  // absent: the fetch failed
};

// Runs every rule of the service, folds, orders and caps the cards, checks each, encodes the answer.
// Errors: kMissingData when every rule ended not_evaluated; path lists the keys, public_text too.
base::Result<Decision> Decide(const Prepared& prepared, const std::vector<Fetched>& fetched = {});

}  // namespace osteon::cds_hooks
