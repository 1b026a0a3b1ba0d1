// A hook call with a rule that answers with what it was given: no crash on any body, a valid answer for every
// accepted one, an outcome for every rule, and the same bytes the second time.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "cards/card_check.h"
#include "cards/feedback.h"
#include "cds_hooks/engine.h"
#include "tests/testing/document.h"
#include "tests/testing/moment.h"
#include "tests/testing/toy_pack.h"

namespace {

using namespace osteon;

[[noreturn]] void Report(const char* what) {
  std::fprintf(stderr, "request_fuzz: %s\n", what);
  std::abort();
}

// All four hooks under one id, so that the body alone chooses.
std::shared_ptr<const cds_hooks::Catalog> Catalog() {
  cards::Pack pack = testing::MakeToyPack();
  for (cards::ServiceSpec& service : pack.services) service.id = "toy";
  return std::move(cds_hooks::Catalog::Create(std::move(pack))).value();
}

void CheckDecision(const cds_hooks::Decision& decision) {
  if (decision.rules.empty()) Report("a rule without an outcome");
  for (const cds_hooks::RuleRecord& rule : decision.rules) {
    if (rule.status == cards::RuleStatus::kError) Report("a rule whose card could not be sent");
  }
  const testing::Document response(decision.response_json);
  if (!cards::CheckResponse(response).empty()) Report("an answer that breaks the specification");
  if (response.root().Find("cards").size() != decision.cards.size()) Report("the record is not the answer");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const auto catalog = Catalog();
  const testing::Padded body({reinterpret_cast<const char*>(data), size});
  base::Arena arena(1024);
  const auto tree = json::Tree::Read(body.text(), arena);
  if (tree.ok()) {
    const auto feedback = cards::ParseFeedback((*tree)->root());
    if (!feedback.ok() && feedback.error().public_text.empty()) Report("a refusal without a reason");
    const auto findings = cards::CheckResponse((*tree)->root());
    for (const cards::CardFinding& finding : findings) {
      if (finding.rule.empty()) Report("a finding without its requirement");
    }
  }
  cds_hooks::CallInput input;
  input.service_id = "toy";
  input.body = body.text();
  input.decision_id = testing::DecisionId();
  input.now = testing::Now();
  const auto prepared = cds_hooks::Prepare(*catalog, input, arena);
  if (!prepared.ok()) return 0;
  const auto decision = cds_hooks::Decide(*prepared);
  if (!decision.ok()) return 0;
  CheckDecision(*decision);
  if (cds_hooks::Decide(*prepared)->response_json != decision->response_json) Report("not the same bytes");
  return 0;
}
