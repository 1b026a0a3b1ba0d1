// Rule A: which row fires, and what hides it. Source: rules.md section 5 rule A, clarifications 21 to 26, 29,
// 54, 56.
#include "cards/packs/perinatal_bone_health/rule_a.h"

#include <algorithm>

#include "cards/packs/perinatal_bone_health/counted.h"
#include "cards/packs/perinatal_bone_health/parameters.h"
#include "cards/packs/perinatal_bone_health/request_facts.h"
#include "cards/packs/perinatal_bone_health/rules.h"

namespace osteon::cards::perinatal {

using base::Day;

namespace {

constexpr std::int32_t kLabDays = 90;
constexpr std::size_t kEarlyFactors = 2;  // A.5

bool IsOrderHook(std::string_view hook) {
  return hook == "order-select" || hook == "order-sign";
}

// The state decides the window; the medication orders it reads for contraception do not, so that their
// absence alone makes no gap here. Risk reads them again when they matter.
const State& ResolveWindowState(const RuleInput& input, ChartReader& reader) {
  ChartReader scratch(*input.chart);
  const State& state = ResolveState(input, scratch, Reading::kNudge);
  if (state.male_recorded) return state;
  for (const std::string_view gap : scratch.gaps()) {
    if (gap != "meds" && gap != "medStmts" && gap != "medication_reference") reader.Doubt(gap);
  }
  return state;
}

// A delivery of any age in the chart: when the state still knows none, it was long ago.
bool HasDelivery(const RuleInput& input) {
  for (const KnownCondition& known : AllConditions(input)) {
    if (known.standing.CountsEver() && known.groups.Has(Group::kDeliveryOutcome)) return true;
  }
  for (const model::Resource& resource : input.chart->OfType("Procedure")) {
    const model::Procedure procedure{resource};
    const bool counts = CountsProcedure(procedure, input.today, *input.zone);
    if (counts && InGroup(procedure.code(), Group::kDeliveryOutcome)) return true;
  }
  return false;
}

class BackPainEvaluation {
 public:
  BackPainEvaluation(const RuleInput& input, ChartReader& reader, const State& state)
      : input_(input), reader_(reader), state_(state) {}

  RuleOutcome Run();

 private:
  std::string_view PainRow();  // A.1 to A.5; empty when none
  std::string_view FracturesRow() const;
  RuleOutcome WithActivePlo(std::string_view pain_row);
  RuleOutcome PainOrFracture(std::string_view row);
  bool CounsellingApplies() const;
  bool ChecklistApplies() const;
  Indicator IndicatorOf(std::string_view row) const;
  void ReadWorkup(Day onset);
  RuleOutcome NoRowHere() const { return NoRow(kBackPainRuleId, {}, reader_); }
  RuleOutcome Suppressed(std::string_view row, std::string_view reason) const;
  RuleOutcome Fired(std::string_view row, Indicator indicator);

  const RuleInput& input_;
  ChartReader& reader_;
  const State& state_;
  BackPainFinding finding_;
};

std::string_view BackPainEvaluation::PainRow() {
  const HeparinExposure exposure = ComputeExposure(input_, reader_, state_);
  finding_.risk = ComputeRisk(input_, reader_, state_, exposure);
  const RiskProfile& risk = finding_.risk;
  const bool severe = finding_.pain.severe();
  const bool late = finding_.window == Window::kCore || finding_.window == Window::kExtended;
  if (risk.Has(RedFlag::kVertebralFracture) || risk.Has(RedFlag::kHeightLoss)) return "A.1";
  const bool any_flag = !risk.red_flags.empty();
  if (late && severe) return any_flag || risk.Factors() >= 1 ? "A.2" : "A.3";
  const auto enough = static_cast<std::size_t>(IntegerOf(*input_.parameters, Param::kAMinFactors));
  if (late) return any_flag || risk.Factors() >= enough ? "A.4" : "";
  return severe && (any_flag || risk.Factors() >= kEarlyFactors) ? "A.5" : "";
}

// A.6; with an active PLO diagnosis only a fracture dated after it (clarification 24).
std::string_view BackPainEvaluation::FracturesRow() const {
  if (finding_.window == Window::kNone || !finding_.fractures.newest_in_window) return "";
  if (finding_.plo.active) {
    return finding_.fractures.newest_in_window->date > finding_.plo.active->date ? "A.6" : "";
  }
  return finding_.pain.present() ? "" : "A.6";
}

bool BackPainEvaluation::CounsellingApplies() const {
  return finding_.plo.prior && (state_.pregnancy == Pregnancy::kPregnant || state_.planning());
}

bool BackPainEvaluation::ChecklistApplies() const {
  const bool lactates = state_.lactation == Lactation::kYes || state_.lactation == Lactation::kPossible;
  return finding_.plo.active && input_.hook == "encounter-start" &&
         (state_.pregnancy == Pregnancy::kPostpartum || lactates);
}

Indicator BackPainEvaluation::IndicatorOf(std::string_view row) const {
  if (row == "A.1" || row == "A.2" || row == "A.6") return Indicator::kWarning;
  const bool warn = row == "A.3" && ChoiceOf(*input_.parameters, Param::kASevereAlone) == "warning";
  return warn ? Indicator::kWarning : Indicator::kInfo;
}

void BackPainEvaluation::ReadWorkup(Day onset) {
  const Day oldest_image = input_.today - IntegerOf(*input_.parameters, Param::kAWorkupDays);
  const Day oldest_lab = input_.today - kLabDays;
  finding_.imaging = FindOrderedOrResulted(input_, reader_, IsSpineImage, std::max(onset, oldest_image));
  finding_.vitamin_d = FindOrderedOrResulted(input_, reader_, IsVitaminDTest, oldest_lab);
  finding_.calcium = FindOrderedOrResulted(input_, reader_, IsCalciumTest, oldest_lab);
}

RuleOutcome BackPainEvaluation::Suppressed(std::string_view row, std::string_view reason) const {
  RuleOutcome outcome;
  outcome.rule = kBackPainRuleId;
  outcome.row = row;
  outcome.status = RuleStatus::kSuppressed;
  outcome.reason = reason;
  return outcome;
}

RuleOutcome BackPainEvaluation::Fired(std::string_view row, Indicator indicator) {
  finding_.row = row;
  finding_.indicator = indicator;
  RuleOutcome outcome;
  outcome.rule = kBackPainRuleId;
  outcome.row = row;
  outcome.status = RuleStatus::kFired;
  outcome.card = BackPainCard(input_, reader_, state_, finding_);
  outcome.reason = GapReason("unchecked", reader_);
  const bool folds =
      indicator == Indicator::kWarning && finding_.risk.heparin_factor && !IsOrderHook(input_.hook);
  if (folds) outcome.absorbs.push_back("B");
  return outcome;
}

// An active diagnosis of this pregnancy replaces A.1 to A.5 by the checklist, which is for encounter-start
// only (clarifications 23, 54).
RuleOutcome BackPainEvaluation::WithActivePlo(std::string_view pain_row) {
  if (!FracturesRow().empty()) return PainOrFracture("A.6");
  const bool at_start = input_.hook == "encounter-start";
  if (!pain_row.empty() && at_start) return Fired("A.8", Indicator::kInfo);
  if (CounsellingApplies()) return Fired("A.7", Indicator::kInfo);
  if (ChecklistApplies()) return Fired("A.8", Indicator::kInfo);
  return pain_row.empty() ? NoRowHere() : Suppressed(pain_row, "replaced_by:A.8");
}

// A.1 to A.6 with what hides or lowers them. A hidden row is not replaced by A.7 or A.8 (clarification 21).
RuleOutcome BackPainEvaluation::PainOrFracture(std::string_view row) {
  if (HasTrauma(input_, reader_)) return Suppressed(row, "high_energy_trauma");
  const bool by_fracture = row == "A.6";
  const std::optional<Day> onset =
      by_fracture ? finding_.fractures.newest_in_window->date : finding_.pain.onset;
  ReadWorkup(onset.value_or(input_.today));
  if (finding_.imaging && finding_.labs()) return Suppressed(row, "workup_complete");
  const bool partly = finding_.imaging || finding_.labs();
  return Fired(row, partly ? Indicator::kInfo : IndicatorOf(row));
}

RuleOutcome BackPainEvaluation::Run() {
  finding_.window = WindowOf(state_, *input_.parameters);
  finding_.plo = FindPlo(input_, reader_, state_);
  const bool lactates_undated = state_.lactation == Lactation::kYes && !state_.days_postpartum &&
                                state_.pregnancy != Pregnancy::kPregnant && !HasDelivery(input_);
  std::string_view pain_row;
  if (finding_.window != Window::kNone) {
    finding_.fractures = FindFractures(input_, reader_, state_);
    finding_.pain = FindBackPain(input_, reader_);
    if (finding_.pain.present()) pain_row = PainRow();
  } else if (lactates_undated && FindBackPain(input_, reader_).present()) {
    // Lactation without a delivery in the chart: how long ago the birth was decides.
    reader_.Doubt("delivery_date");
  }
  if (finding_.plo.active) return WithActivePlo(pain_row);
  if (!pain_row.empty()) return PainOrFracture(pain_row);
  if (!FracturesRow().empty()) return PainOrFracture("A.6");
  return CounsellingApplies() ? Fired("A.7", Indicator::kInfo) : NoRowHere();
}

class BackPainRule final : public Rule {
 public:
  std::string_view id() const override { return kBackPainRuleId; }
  std::string_view title() const override { return kBackPainRuleTitle; }
  std::span<const std::string_view> hooks() const override {
    static constexpr std::string_view kHooks[] = {"patient-view", "encounter-start", "order-select",
                                                  "order-sign"};
    return kHooks;
  }
  std::vector<RuleOutcome> Evaluate(const RuleInput& input) const override {
    ChartReader reader(*input.chart);
    if (IsOrderHook(input.hook) && !HasBackPainDraft(input, reader))
      return Only(NoRow(kBackPainRuleId, {}, reader));
    const State& state = ResolveWindowState(input, reader);
    if (state.male_recorded) return Only(NoRow(kBackPainRuleId, {}, reader));
    return Only(BackPainEvaluation(input, reader, state).Run());
  }
};

}  // namespace

std::unique_ptr<const Rule> MakeBackPainRule() {
  return std::make_unique<BackPainRule>();
}

}  // namespace osteon::cards::perinatal
