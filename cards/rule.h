// What raises cards. A rule is pure: the same input gives the same outcomes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <typeinfo>
#include <vector>

#include "cards/card.h"
#include "cards/chart.h"
#include "fhir/base/instant.h"
#include "fhir/base/uuid.h"

namespace osteon::cards {

// Every rule of every request ends in one of these; there is no other way out.
enum class RuleStatus : std::uint8_t {
  kFired,         // a row matched and made a card
  kNotFired,      // everything needed was known, no row matched
  kSuppressed,    // a row matched, and `reason` says why no card is shown
  kNotEvaluated,  // no row matched, but data that could have changed that was not there; `reason` names it
  kError,         // the rule failed on this input; the others go on
};
std::string_view RuleStatusName(RuleStatus status);  // "fired", "not_fired", ...

struct RuleOutcome {
  std::string_view rule;  // Rule::id
  std::string row;        // the row that matched, empty when none
  std::string draft;      // "Type/id" of the draft order it is about, empty when about the patient
  RuleStatus status = RuleStatus::kNotFired;
  // Stable code without patient data: "workup_complete", "missing:pregObs,conditions", "folded_into:A.2".
  // Empty for not_fired. For fired: what could not be checked ("unchecked:procedures"), or empty.
  std::string reason;
  // Of fired; and of not_evaluated, where the rule says on a card that it could not be judged.
  std::optional<Card> card;
  std::vector<std::string_view> absorbs;  // rules whose fired cards are folded into this one
};

// A draft order of the request's context.
struct Draft {
  model::Resource resource;
  std::string_view reference;  // "Type/id", in the arena
  // order-select: named in `selections`; elsewhere always. Others are context: they count as orders being
  // placed.
  bool may_raise_cards = true;
};

// What a pack works out of one input and its rules share; base of the pack's own type.
class SharedFacts {
 public:
  virtual ~SharedFacts() = default;
};

// Where an input keeps them: made for the first rule that asks, gone with the input. For one thread at a
// time. A copy starts without any, since it may be given another chart.
class FactsSlot {
 public:
  FactsSlot() = default;
  FactsSlot(const FactsSlot&) {}
  FactsSlot& operator=(const FactsSlot&) {
    facts_.reset();
    return *this;
  }
  // Facts: the pack's type; those of another pack make room for it.
  template <typename Facts>
  Facts& Get() const {
    const SharedFacts* const held = facts_.get();
    if (held == nullptr || typeid(*held) != typeid(Facts)) facts_ = std::make_unique<Facts>();
    return static_cast<Facts&>(*facts_);
  }

 private:
  mutable std::unique_ptr<SharedFacts> facts_;
};

// Is told of every row whose condition was judged: for those who count what a pack's cases prove.
class RowObserver {
 public:
  virtual ~RowObserver() = default;
  virtual void OnRow(std::string_view rule, std::string_view row, bool is_met) = 0;
};

struct RuleInput {
  std::string_view hook;
  base::Uuid decision_id;
  base::Instant now;
  base::Day today;  // of `now` in `zone`
  const base::TimeZone* zone = nullptr;
  std::string_view patient_id;
  std::string_view user_id;
  std::string_view encounter_id;  // empty when the context has none
  std::span<const Draft> drafts;
  const Chart* chart = nullptr;
  RowObserver* observer = nullptr;
  FactsSlot facts;
};

// A row as the pack has it, before a site lowers it.
struct RowInfo {
  std::string_view id;
  std::string_view title;  // may be empty
  Indicator indicator = Indicator::kInfo;
};

class Rule {
 public:
  virtual ~Rule() = default;
  virtual std::string_view id() const = 0;     // "A"; also source.topic's code
  virtual std::string_view title() const = 0;  // one line for a person
  virtual std::span<const std::string_view> hooks() const = 0;
  // As far as it tells them.
  virtual std::vector<RowInfo> rows() const { return {}; }
  // At least one outcome. Called only for its hooks, for a patient who is not deceased.
  virtual std::vector<RuleOutcome> Evaluate(const RuleInput& input) const = 0;
};

}  // namespace osteon::cards
