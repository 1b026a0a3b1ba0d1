#include "cds_hooks/cases/case_run.h"

#include <algorithm>
#include <utility>

#include "cards/card_check.h"
#include "cds_hooks/engine.h"

namespace osteon::cds_hooks {
namespace {

using json::operator""_key;

std::string_view RowOf(json::Value card) {
  return card["extension"_key].Find("org.osteon.decision").Find("row").string();
}

// visit(action) for each action of the card's suggestions.
template <typename Visit>
void ForEachAction(json::Value card, Visit visit) {
  for (const json::Value suggestion : card["suggestions"_key]) {
    for (const json::Value action : suggestion["actions"_key]) visit(action);
  }
}

class CardCheck {
 public:
  CardCheck(json::Value card, const WantedCard& wanted, std::vector<CaseFailure>& failures)
      : card_(card), wanted_(wanted), failures_(failures) {
    text_ = std::string(card["summary"_key].string()) + "\n" + std::string(card["detail"_key].string());
  }

  void Run() {
    if (RowOf(card_) != wanted_.row)
      return Fail("row " + std::string(RowOf(card_)) + " instead of " + wanted_.row);
    const std::string_view indicator = card_["indicator"_key].string();
    if (indicator != wanted_.indicator)
      Fail("is " + std::string(indicator) + " instead of " + wanted_.indicator);
    Says();
    Actions();
  }

 private:
  void Fail(std::string what) { failures_.push_back({wanted_.place, std::move(what)}); }

  void Says() {
    const bool begins = card_["summary"_key].string().starts_with(wanted_.begins) ||
                        card_["detail"_key].string().starts_with(wanted_.begins);
    if (!begins) Fail("does not begin with \"" + wanted_.begins + "\"");
    for (const std::string& part : wanted_.says) {
      if (text_.find(part) == std::string::npos) Fail("does not say \"" + part + "\":\n" + text_);
    }
    for (const std::string& part : wanted_.says_none) {
      if (text_.find(part) != std::string::npos) Fail("says \"" + part + "\"");
    }
  }

  void Actions() {
    std::vector<std::string> created;
    std::vector<std::string> deleted;
    ForEachAction(card_, [&](json::Value action) {
      if (action["type"_key].string() == "create") created.emplace_back(action["resource"_key].raw());
      if (action["type"_key].string() == "delete") deleted.emplace_back(action["resourceId"_key].string());
    });
    if (!wanted_.deletes.empty() &&
        std::find(deleted.begin(), deleted.end(), wanted_.deletes) == deleted.end()) {
      Fail("no suggestion deletes " + wanted_.deletes);
    }
    if (wanted_.deletes_none && !deleted.empty()) Fail("a suggestion deletes " + deleted.front());
    const auto creates = [&](const std::string& code) {
      return std::any_of(created.begin(), created.end(), [&](const std::string& json) {
        return json.find("\"" + code + "\"") != std::string::npos;
      });
    };
    for (const std::string& code : wanted_.creates) {
      if (!creates(code)) Fail("no suggestion creates " + code);
    }
    for (const std::string& code : wanted_.creates_none) {
      if (creates(code)) Fail("a suggestion creates " + code);
    }
  }

  json::Value card_;
  const WantedCard& wanted_;
  std::vector<CaseFailure>& failures_;
  std::string text_;
};

std::string Told(const RuleRecord& rule) {
  std::string text = rule.row.empty() ? rule.rule : rule.row;
  text.append(" ").append(cards::RuleStatusName(rule.status));
  if (!rule.draft.empty()) text += " " + rule.draft;
  if (!rule.reason.empty()) text += " (" + rule.reason + ")";
  return text;
}

void CheckRules(const Case& wanted, const Decision& decision, std::vector<CaseFailure>& failures) {
  for (const RuleRecord& rule : decision.rules) {
    if (rule.status == cards::RuleStatus::kError) failures.push_back({wanted.place, Told(rule)});
    const bool is_doubt =
        std::find(wanted.doubts.begin(), wanted.doubts.end(), rule.rule) != wanted.doubts.end();
    const bool is_not_evaluated = rule.status == cards::RuleStatus::kNotEvaluated;
    if (is_not_evaluated == is_doubt) continue;
    failures.push_back(
        {wanted.place, Told(rule) + (is_doubt ? ", and is among the doubts" : ", and is no doubt")});
  }
}

void CheckCards(const Case& wanted, const Decision& decision, json::Value cards,
                std::vector<CaseFailure>& failures) {
  const std::size_t both = std::min(cards.size(), wanted.want.size());
  for (std::size_t i = 0; i < both; ++i) CardCheck(cards.At(i), wanted.want[i], failures).Run();
  for (std::size_t i = both; i < wanted.want.size(); ++i)
    failures.push_back({wanted.want[i].place, "no card of row " + wanted.want[i].row});
  for (std::size_t i = both; i < cards.size(); ++i) {
    const json::Value card = cards.At(i);
    failures.push_back({wanted.place, "a card too many: " + std::string(RowOf(card)) + " " +
                                          std::string(card["indicator"_key].string()) + ": " +
                                          std::string(card["summary"_key].string())});
  }
  if (failures.empty()) return;
  std::string rules;
  for (const RuleRecord& rule : decision.rules) rules += (rules.empty() ? "" : "; ") + Told(rule);
  failures.push_back({wanted.place, "came out: " + rules});
}

}  // namespace

void RowCoverage::OnRow(std::string_view /*rule*/, std::string_view row, bool is_met) {
  auto found = rows_.find(row);
  if (found == rows_.end()) found = rows_.emplace(row, Seen{}).first;
  ++(is_met ? found->second.met : found->second.not_met);
}

const RowCoverage::Seen* RowCoverage::Find(std::string_view row) const {
  const auto found = rows_.find(row);
  return found == rows_.end() ? nullptr : &found->second;
}

CaseResult RunCase(const Catalog& catalog, const Case& wanted, cards::RowObserver* observer) {
  CaseResult result;
  const auto fail = [&](std::string what) { result.failures.push_back({wanted.place, std::move(what)}); };
  const base::TimeZone utc;
  std::string body = wanted.request_json;
  body.reserve(body.size() + json::kReadPadding);
  base::Arena arena;
  CallInput input;
  input.service_id = wanted.service;
  input.body = body;
  input.now = base::ParseInstant(wanted.now).value_or(base::Instant{});
  input.zone = &utc;
  input.source_url = "https://osteon.example/rules/";
  input.observer = observer;
  const auto prepared = Prepare(catalog, input, arena);
  if (!prepared.ok()) {
    fail("the request is refused: " + prepared.error().public_text + " " + prepared.error().path);
    return result;
  }
  auto decision = Decide(*prepared);
  if (!decision.ok()) {
    fail("no answer: " + decision.error().public_text);
    return result;
  }
  CheckRules(wanted, *decision, result.failures);
  result.response_json = decision->response_json;
  std::string answer = decision->response_json;
  answer.reserve(answer.size() + json::kReadPadding);
  base::Arena answer_arena;
  const auto tree = json::Tree::Read(answer, answer_arena);
  if (!tree.ok()) {
    fail("the answer is no JSON");
    return result;
  }
  for (const auto& finding : cards::CheckResponse((*tree)->root()))
    fail("the answer breaks CDS Hooks: " + std::string(finding.rule) + " at " + finding.path);
  CheckCards(wanted, *decision, (*tree)->root()["cards"_key], result.failures);
  return result;
}

}  // namespace osteon::cds_hooks
