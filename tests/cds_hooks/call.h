// One hook call against a toy pack, from body to decision.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cds_hooks/engine.h"
#include "tests/testing/document.h"
#include "tests/testing/moment.h"
#include "tests/testing/toy_pack.h"

namespace osteon::testing {

inline std::shared_ptr<const cds_hooks::Catalog> ToyCatalog() {
  return std::move(cds_hooks::Catalog::Create(MakeToyPack())).value();
}

inline std::shared_ptr<const cds_hooks::Catalog> CatalogOf(
    std::vector<std::unique_ptr<const cards::Rule>> rules, std::size_t max_cards = 5) {
  cards::Pack pack = MakeToyPack(std::move(rules));
  pack.max_cards = max_cards;
  return std::move(cds_hooks::Catalog::Create(std::move(pack))).value();
}

// Keeps everything a Prepared points into.
class Call {
 public:
  Call(std::shared_ptr<const cds_hooks::Catalog> catalog, std::string_view service, std::string_view body)
      : catalog_(std::move(catalog)),
        service_(service),
        body_(body),
        prepared_(cds_hooks::Prepare(*catalog_, Input(), arena_)) {}

  const base::Result<cds_hooks::Prepared>& prepared() const { return prepared_; }
  base::Result<cds_hooks::Decision> Decide(const std::vector<cds_hooks::Fetched>& fetched = {}) const {
    if (!prepared_.ok()) return prepared_.error();
    return cds_hooks::Decide(*prepared_, fetched);
  }

 private:
  cds_hooks::CallInput Input() const {
    cds_hooks::CallInput input;
    input.service_id = service_;
    input.body = body_.text();
    input.decision_id = DecisionId();
    input.now = Now();
    input.zone = &Utc();
    input.source_url = "https://cds.example.org/rules/";
    return input;
  }

  std::shared_ptr<const cds_hooks::Catalog> catalog_;
  std::string service_;
  Padded body_;
  base::Arena arena_;
  base::Result<cds_hooks::Prepared> prepared_;
};

inline constexpr std::string_view kInstance = "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea";

// A request body; `context` without braces, `more` appended as further members (",\"prefetch\":{}").
inline std::string Body(std::string_view hook, std::string_view context, std::string_view more = {}) {
  std::string body = R"({"hook":")";
  body += hook;
  body += R"(","hookInstance":")";
  body += kInstance;
  body += R"(","context":{)";
  body += context;
  body += "}";
  body += more;
  body += "}";
  return body;
}

inline constexpr std::string_view kChartContext = R"("userId":"Practitioner/u","patientId":"p1")";
inline constexpr std::string_view kFullPrefetch =
    R"(,"prefetch":{"patient":{"resourceType":"Patient","id":"p1"},)"
    R"("conditions":{"resourceType":"Bundle","type":"searchset","entry":[{"resource":)"
    R"({"resourceType":"Condition","id":"c1","subject":{"reference":"Patient/p1"}}}]}})";

}  // namespace osteon::testing
