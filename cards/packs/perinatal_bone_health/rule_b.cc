// Rule B: which row fires, and what hides it. Source: rules.md section 5 rule B, clarifications 11, 31a to
// 31e, 50, 52.
#include "cards/packs/perinatal_bone_health/rule_b.h"

#include <algorithm>
#include <optional>

#include "cards/packs/perinatal_bone_health/counted.h"
#include "cards/packs/perinatal_bone_health/heparin_class.h"
#include "cards/packs/perinatal_bone_health/parameters.h"
#include "cards/packs/perinatal_bone_health/rules.h"
#include "cards/packs/perinatal_bone_health/workup.h"

namespace osteon::cards::perinatal {

using base::Day;
using base::Decimal;

namespace {

constexpr std::int32_t kPostpartumYear = 365;
constexpr std::int32_t kDxaDays = 365;
constexpr std::int32_t kVitaminDDays = 180;
constexpr std::int32_t kStoppedDays = 365;

bool IsOrderHook(std::string_view hook) {
  return hook == "order-select" || hook == "order-sign";
}

// P1: pregnant, possibly pregnant, at most a year postpartum, or planning. A male-recorded patient is P2
// (0.3); an unknown delivery date is no postpartum year (clarification 11).
bool IsPerinatal(const State& state) {
  if (state.male_recorded) return false;
  switch (state.pregnancy) {
    case Pregnancy::kPregnant:
    case Pregnancy::kPossiblyPregnant:
      return true;
    case Pregnancy::kPostpartum:
      if (state.days_postpartum && *state.days_postpartum <= kPostpartumYear) return true;
      break;
    case Pregnancy::kNotPregnant:
    case Pregnancy::kUnknown:
      break;
  }
  return state.planning();
}

struct Drafts {
  std::vector<HeparinDraft> heparins;            // all of the request
  std::vector<model::MedicationRequest> orders;  // the same, for the projection
  bool may_fire = false;                         // one of them may raise a card
  bool ufh_may_fire = false;
};

Drafts HeparinDraftsOf(const RuleInput& input, ChartReader& reader) {
  Drafts drafts;
  for (const Draft& draft : input.drafts) {
    if (draft.resource.type() != "MedicationRequest") continue;
    const model::MedicationRequest request{{draft.resource}};
    if (!CountsDraft(request)) continue;
    const HeparinKind kind = KindOf(request, reader.chart());
    if (const std::string_view doubt = DoubtOf(kind); !doubt.empty() && draft.may_raise_cards)
      reader.Doubt(doubt);
    if (kind != HeparinKind::kUfhSystemic && kind != HeparinKind::kLmwh) continue;
    const bool ufh = kind == HeparinKind::kUfhSystemic;
    drafts.heparins.push_back({&draft, ufh ? HeparinClass::kUfhSystemic : HeparinClass::kLmwh});
    drafts.orders.push_back(request);
    drafts.may_fire = drafts.may_fire || draft.may_raise_cards;
    drafts.ufh_may_fire = drafts.ufh_may_fire || (draft.may_raise_cards && ufh);
  }
  return drafts;
}

// Walks the table; the first row that matches stays in `finding`.
class Table {
 public:
  Table(const RuleInput& input, ChartReader& reader, const State& state, HeparinFinding& finding)
      : parameters_(*input.parameters), input_(input), reader_(reader), state_(state), finding_(finding) {}

  // `lmwh_only`: the drafts are of LMWH, so that rows about UFH are skipped (clarification 31b).
  bool Match(bool lmwh_only) {
    if (IsPerinatal(state_)) return (!lmwh_only && MatchUfh()) || MatchLmwh();
    if (!FlagOf(parameters_, Param::kBIncludeNonPregnant) || lmwh_only) return false;
    return MatchOthers();
  }

 private:
  bool MatchUfh() {
    const ClassExposure& ufh = finding_.exposure.ufh;
    const Decimal high_dose(IntegerOf(parameters_, Param::kUfhHighDose));
    if (ufh.covered_days >= IntegerOf(parameters_, Param::kUfhLongDays))
      return Take("B.1", Indicator::kWarning);
    const bool high = ufh.daily_iu && *ufh.daily_iu >= high_dose;
    if (high && ufh.covered_days >= IntegerOf(parameters_, Param::kUfhModerateDays)) {
      return Take("B.2", Indicator::kWarning);
    }
    return ufh.covered_days >= IntegerOf(parameters_, Param::kUfhMinDays) && Take("B.3", Indicator::kInfo);
  }

  bool MatchLmwh() {
    const ClassExposure& lmwh = finding_.exposure.lmwh;
    if (lmwh.covered_days >= IntegerOf(parameters_, Param::kLmwhMinDays)) {
      ReadRisk();
      if (finding_.risk.FactorsWithoutHeparin() + finding_.risk.RedFlagsWithoutHeparin() >= 1) {
        return TakeLmwh("B.4");
      }
    }
    return lmwh.therapeutic_days >= IntegerOf(parameters_, Param::kLmwhTherapeuticDays) && TakeLmwh("B.5");
  }

  bool MatchOthers() {
    const std::int32_t ufh_days = finding_.exposure.ufh.covered_days;
    if (ufh_days >= IntegerOf(parameters_, Param::kUfhP2LongDays)) return Take("B.6", Indicator::kWarning);
    if (ufh_days >= IntegerOf(parameters_, Param::kUfhP2Days)) return Take("B.6", Indicator::kInfo);
    if (finding_.exposure.lmwh.covered_days < IntegerOf(parameters_, Param::kLmwhP2Days)) return false;
    ReadRisk();
    return finding_.risk.FactorsWithoutHeparin() >= 1 && TakeLmwh("B.7");
  }

  void ReadRisk() { finding_.risk = ComputeRisk(input_, reader_, state_, finding_.exposure); }

  bool Take(std::string_view row, Indicator indicator) {
    finding_.row = std::string(row) + (finding_.projected ? "p" : "");
    finding_.indicator = indicator;
    return true;
  }
  bool TakeLmwh(std::string_view row) {
    finding_.about_ufh = false;
    return Take(row, Indicator::kInfo);
  }

  const Parameters& parameters_;
  const RuleInput& input_;
  ChartReader& reader_;
  const State& state_;
  HeparinFinding& finding_;
};

// Why the row is not shown; empty when it is.
std::string_view SuppressedBy(const RuleInput& input, ChartReader& reader, const HeparinFinding& finding) {
  if (finding.exposure.other_anticoagulant_current) return "other_anticoagulant_current";
  const ClassExposure& exposure = finding.about_ufh ? finding.exposure.ufh : finding.exposure.lmwh;
  if (exposure.episodes.empty()) return {};
  if (finding.about_ufh && input.today - exposure.episodes.back().last > kStoppedDays) {
    return "ufh_stopped_over_365_d";
  }
  const Day start = exposure.episodes.front().first;
  const Day dxa_from = std::max(start, input.today - kDxaDays);
  if (!FindOrderedOrResulted(input, reader, IsDxa, dxa_from)) return {};
  const bool vitamin_d = FindResulted(input, reader, IsVitaminDTest, input.today - kVitaminDDays).has_value();
  return vitamin_d ? "workup_complete" : std::string_view();
}

class HeparinRule final : public Rule {
 public:
  std::string_view id() const override { return kHeparinRuleId; }
  std::string_view title() const override { return kHeparinRuleTitle; }
  std::span<const std::string_view> hooks() const override {
    static constexpr std::string_view kHooks[] = {"patient-view", "encounter-start", "order-select",
                                                  "order-sign"};
    return kHooks;
  }
  std::vector<RuleOutcome> Evaluate(const RuleInput& input) const override;
};

std::string FirstThatMayFire(const std::vector<HeparinDraft>& drafts) {
  for (const HeparinDraft& each : drafts) {
    if (each.draft->may_raise_cards) return std::string(each.draft->reference);
  }
  return {};
}

std::vector<RuleOutcome> HeparinRule::Evaluate(const RuleInput& input) const {
  ChartReader reader(*input.chart);
  HeparinFinding finding;
  Drafts drafts;
  if (IsOrderHook(input.hook)) {
    drafts = HeparinDraftsOf(input, reader);
    if (!drafts.may_fire) return Only(NoRow(kHeparinRuleId, {}, reader));
    finding.projected = true;
    finding.drafts = drafts.heparins;
  }
  const std::string about = FirstThatMayFire(finding.drafts);
  const State& state = ResolveState(input, reader, Reading::kNudge);
  finding.exposure = finding.projected ? ProjectExposure(input, reader, state, drafts.orders)
                                       : ComputeExposure(input, reader, state);
  const bool lmwh_only = finding.projected && !drafts.ufh_may_fire;
  if (!Table(input, reader, state, finding).Match(lmwh_only)) {
    // Days that cannot be counted may be many.
    if (finding.exposure.current_undated) reader.Doubt("heparin_start_date");
    return Only(NoRow(kHeparinRuleId, about, reader));
  }
  RuleOutcome outcome;
  outcome.rule = kHeparinRuleId;
  outcome.row = finding.row;
  outcome.draft = about;
  if (const std::string_view reason = SuppressedBy(input, reader, finding); !reason.empty()) {
    outcome.status = RuleStatus::kSuppressed;
    outcome.reason = reason;
    return Only(std::move(outcome));
  }
  outcome.status = RuleStatus::kFired;
  outcome.card = HeparinCard(input, reader, state, finding);
  outcome.reason = GapReason("unchecked", reader);
  return Only(std::move(outcome));
}

}  // namespace

std::unique_ptr<const Rule> MakeHeparinRule() {
  return std::make_unique<HeparinRule>();
}

}  // namespace osteon::cards::perinatal
