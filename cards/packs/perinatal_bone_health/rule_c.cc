#include "cards/packs/perinatal_bone_health/rule_c.h"

#include <algorithm>

#include "cards/packs/perinatal_bone_health/counted.h"
#include "cards/packs/perinatal_bone_health/parameters.h"
#include "cards/packs/perinatal_bone_health/rules.h"
#include "cards/packs/perinatal_bone_health/suggestions.h"
#include "fhir/model/reference.h"

namespace osteon::cards::perinatal {

using base::Day;
using json::operator""_key;

namespace {

// rules.md section 5, rule C: C.2 speaks for an infusion of the last 365 days.
constexpr std::int32_t kRecentInfusionDays = 365;

struct Row {
  RowC row;
  Indicator indicator;
};

bool HasEffectiveContraception(const State& state, const Parameters& parameters) {
  // LOW counts as effective contraception (clarification 35).
  return state.effective_contraception || state.childbearing == Childbearing::kLow ||
         (state.pill_contraception && FlagOf(parameters, Param::kCPillCounts));
}

Indicator LactationIndicator(Route route, const Parameters& parameters) {
  if (route == Route::kIntravenous) return Indicator::kWarning;
  return ChoiceOf(parameters, Param::kCLactOral) == "warning" ? Indicator::kWarning : Indicator::kInfo;
}

// The table's rows for a draft; first match.
std::optional<Row> DraftRow(const State& state, Route route, const Parameters& parameters) {
  if (state.pregnancy == Pregnancy::kPregnant) return Row{RowC::kC1, Indicator::kCritical};
  if (state.pregnancy == Pregnancy::kPossiblyPregnant) return Row{RowC::kC3, Indicator::kWarning};
  if (state.planning()) return Row{RowC::kC4, Indicator::kWarning};
  if (state.lactation == Lactation::kYes || state.lactation == Lactation::kPossible) {
    return Row{RowC::kC5, LactationIndicator(route, parameters)};
  }
  if (state.childbearing == Childbearing::kNo) return std::nullopt;
  if (HasEffectiveContraception(state, parameters)) return Row{RowC::kC6a, Indicator::kInfo};
  if (state.intention == Intention::kNo) return Row{RowC::kC6b, Indicator::kInfo};
  return Row{RowC::kC6c, Indicator::kWarning};
}

bool IsWithinYears(const std::optional<Day>& day, Day today, std::int32_t years) {
  return day && *day >= base::AddYears(today, -years);
}

// The table's rows for what is taken or was; first match.
std::optional<Row> ChartRow(const State& state, const BisphosphonateUse& use, const RuleInput& input) {
  const Parameters& parameters = *input.parameters;
  const bool is_pregnant = state.pregnancy == Pregnancy::kPregnant;
  const bool recent_infusion =
      use.last_intravenous && input.today - *use.last_intravenous <= kRecentInfusionDays;
  if (is_pregnant && (use.active || recent_infusion)) return Row{RowC::kC2, Indicator::kWarning};
  if (state.pregnancy == Pregnancy::kPossiblyPregnant && use.active) return Row{RowC::kC2b, Indicator::kInfo};
  const bool in_use = use.active || use.long_term_code;
  if (in_use && state.planning()) return Row{RowC::kC7a, Indicator::kWarning};
  const bool open_intention =
      state.intention == Intention::kAmbivalent || state.intention == Intention::kUnsure;
  if (in_use && open_intention && state.childbearing == Childbearing::kYes &&
      !HasEffectiveContraception(state, parameters)) {
    return Row{RowC::kC7b, Indicator::kInfo};
  }
  const bool past =
      IsWithinYears(use.last_intravenous, input.today, IntegerOf(parameters, Param::kCIvYears)) ||
      IsWithinYears(use.last_oral, input.today, IntegerOf(parameters, Param::kCOralYears));
  if (past && !use.active && (is_pregnant || state.planning())) return Row{RowC::kC8, Indicator::kInfo};
  return std::nullopt;
}

// Whether any chart row could match this state, whatever she takes.
bool UseCouldMatter(const State& state, const Parameters& parameters) {
  if (state.pregnancy == Pregnancy::kPregnant || state.pregnancy == Pregnancy::kPossiblyPregnant) return true;
  if (state.planning()) return true;
  return (state.intention == Intention::kAmbivalent || state.intention == Intention::kUnsure) &&
         state.childbearing == Childbearing::kYes && !HasEffectiveContraception(state, parameters);
}

bool IsMalignancy(const GroupSet& groups) {
  return groups.HasAny(Group::kHypercalcaemia, Group::kMetastaticDisease, Group::kMultipleMyeloma);
}

bool HasMalignancyIndication(const Draft& draft, const Chart& chart) {
  for (const json::Value reason : draft.resource.json["reasonCode"_key]) {
    if (IsMalignancy(GroupsOf(reason))) return true;
  }
  for (const json::Value reference : draft.resource.json["reasonReference"_key]) {
    const auto parts = model::SplitReference(reference["reference"_key].string());
    const model::Condition condition{chart.Find("Condition", parts.id)};
    if (condition && IsMalignancy(GroupsOf(condition.code()))) return true;
  }
  return false;
}

class BisphosphonateRule final : public Rule {
 public:
  std::string_view id() const override { return kRuleC; }
  std::string_view title() const override { return kRuleCTitle; }
  std::span<const std::string_view> hooks() const override {
    static constexpr std::string_view kHooks[] = {"patient-view", "encounter-start", "order-select",
                                                  "order-sign"};
    return kHooks;
  }
  std::vector<RuleOutcome> Evaluate(const RuleInput& input) const override {
    const bool is_order_hook = input.hook == "order-select" || input.hook == "order-sign";
    return is_order_hook ? EvaluateDrafts(input) : EvaluateChart(input);
  }

 private:
  static std::vector<RuleOutcome> EvaluateDrafts(const RuleInput& input);
  static RuleOutcome EvaluateDraft(const RuleInput& input, const State& state, ChartReader& reader,
                                   const Draft& draft, const DraftDrug& drug);
  static std::vector<RuleOutcome> EvaluateChart(const RuleInput& input);
};

// rules.md 0.3: recorded male is heard only with confirmed pregnancy evidence.
bool IsOutsidePopulation(const State& state) {
  return state.male_recorded && state.pregnancy != Pregnancy::kPregnant;
}

RuleOutcome Fired(const RuleInput& input, const State& state, BisphosphonateFinding finding,
                  const ChartReader& reader) {
  if (state.male_recorded) finding.indicator = std::min(finding.indicator, Indicator::kWarning);
  RuleOutcome outcome;
  outcome.rule = kRuleC;
  outcome.row = RowName(finding.row);
  if (finding.draft != nullptr) outcome.draft = std::string(finding.draft->reference);
  outcome.status = RuleStatus::kFired;
  outcome.reason = GapReason("unchecked", reader);
  outcome.card = BisphosphonateCard(input, state, finding, reader);
  return outcome;
}

// Without an age no row of childbearing potential can be judged.
void DoubtAge(const RuleInput& input, const State& state, ChartReader& reader) {
  if (!state.age_years && !state.male_recorded && Answers(input.chart->StateOf("patient")))
    reader.Doubt("birth_date");
}

RuleOutcome BisphosphonateRule::EvaluateDraft(const RuleInput& input, const State& state, ChartReader& reader,
                                              const Draft& draft, const DraftDrug& drug) {
  const auto row = IsOutsidePopulation(state) ? std::nullopt : DraftRow(state, drug.route, *input.parameters);
  if (!row) {
    DoubtAge(input, state, reader);
    return NoRow(kRuleC, draft.reference, reader);
  }
  const bool negative_test =
      state.newest_negative_hcg &&
      input.today - *state.newest_negative_hcg <= IntegerOf(*input.parameters, Param::kPregNegTestDays);
  // With data missing nothing is held back: a pregnancy may be among them.
  if (row->row == RowC::kC6a && negative_test && reader.gaps().empty()) {
    RuleOutcome outcome;
    outcome.rule = kRuleC;
    outcome.row = RowName(row->row);
    outcome.draft = std::string(draft.reference);
    outcome.status = RuleStatus::kSuppressed;
    outcome.reason = "negative_test_and_contraception";
    return outcome;
  }
  BisphosphonateFinding finding{row->row, row->indicator, &draft, drug, {}, false};
  finding.malignancy_indication = HasMalignancyIndication(draft, *input.chart);
  return Fired(input, state, std::move(finding), reader);
}

std::vector<RuleOutcome> BisphosphonateRule::EvaluateDrafts(const RuleInput& input) {
  std::vector<RuleOutcome> outcomes;
  ChartReader reader(*input.chart);
  const State* state = nullptr;
  for (const Draft& draft : input.drafts) {
    if (!draft.may_raise_cards) continue;
    bool unknown = false;
    const auto drug = BisphosphonateOf(draft, input, unknown);
    if (drug) {
      if (state == nullptr) state = &ResolveState(input, reader, Reading::kSafety);
      outcomes.push_back(EvaluateDraft(input, *state, reader, draft, *drug));
    } else if (unknown) {
      ChartReader of_this_draft(*input.chart);
      of_this_draft.Doubt("medication_reference");
      outcomes.push_back(NoRow(kRuleC, draft.reference, of_this_draft));
    }
  }
  if (outcomes.empty()) outcomes.push_back(NoRow(kRuleC, {}, ChartReader(*input.chart)));
  return outcomes;
}

std::vector<RuleOutcome> BisphosphonateRule::EvaluateChart(const RuleInput& input) {
  ChartReader reader(*input.chart);
  const State& state = ResolveState(input, reader, Reading::kSafety);
  if (IsOutsidePopulation(state) || !UseCouldMatter(state, *input.parameters))
    return Only(NoRow(kRuleC, {}, reader));
  BisphosphonateUse use = FindBisphosphonateUse(input, reader);
  const auto row = ChartRow(state, use, input);
  if (!row) return Only(NoRow(kRuleC, {}, reader));
  BisphosphonateFinding finding{row->row, row->indicator, nullptr, {}, std::move(use), false};
  return Only(Fired(input, state, std::move(finding), reader));
}

}  // namespace

std::string_view RowName(RowC row) {
  static constexpr std::string_view kNames[] = {"C.1",  "C.2",  "C.2b", "C.3",  "C.4",  "C.5",
                                                "C.6a", "C.6b", "C.6c", "C.7a", "C.7b", "C.8"};
  return kNames[static_cast<std::size_t>(row)];
}

std::unique_ptr<const Rule> MakeBisphosphonateRule() {
  return std::make_unique<BisphosphonateRule>();
}

}  // namespace osteon::cards::perinatal
