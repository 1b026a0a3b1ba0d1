// The cards of rule A. Source: rules.md section 5 rule A "Card", "Suggestions", "Override", evidence E-1 to
// E-12 and the conflict notes K-3, K-6, K-8, K-15.
#include <algorithm>

#include "cards/packs/perinatal_bone_health/bone_imaging.h"
#include "cards/packs/perinatal_bone_health/rule_a.h"
#include "cards/packs/perinatal_bone_health/suggestions.h"

namespace osteon::cards::perinatal {

using base::Day;

namespace {

constexpr PlainText kReason = "Back pain: exclude vertebral fracture (pregnancy/lactation osteoporosis)";
constexpr std::string_view kConsider = ": consider pregnancy/lactation osteoporosis (vertebral fracture)";

// --- summary
std::string ShortPhase(const State& state) {
  if (state.pregnancy == Pregnancy::kPregnant) {
    return state.gestational_days ? "pregnant " + FormatGestation(*state.gestational_days) : "pregnant";
  }
  return PhaseText(state);
}

std::string Counted(std::size_t count, std::string_view one) {
  return std::to_string(count) + " " + std::string(one) + (count == 1 ? "" : "s");
}

// " + 1 red flag, 2 risk factors"; empty when there are none.
std::string FactorsText(const RiskProfile& risk) {
  std::string text;
  if (!risk.red_flags.empty()) text = Counted(risk.red_flags.size(), "red flag");
  if (!risk.factors.empty()) {
    text += (text.empty() ? "" : ", ") + Counted(risk.factors.size(), "risk factor");
  }
  return text.empty() ? text : " + " + text;
}

std::string Summary(const State& state, const BackPainFinding& finding) {
  const std::string phase = ShortPhase(state);
  if (finding.row == "A.6") return "New fracture, " + phase + std::string(kConsider);
  if (finding.row == "A.7") {
    return "Earlier pregnancy/lactation osteoporosis, now " + phase +
           ": counsel on recurrence, plan bone care";
  }
  if (finding.row == "A.8") return "Pregnancy/lactation osteoporosis, " + phase + ": management checklist";
  std::string text = std::string(finding.pain.severe() ? "Severe back pain, " : "Back pain, ") + phase;
  if (finding.row == "A.1") {
    const bool fracture = finding.risk.Has(RedFlag::kVertebralFracture);
    return text + (fracture ? " + fracture" : " + height loss") + std::string(kConsider);
  }
  return text + FactorsText(finding.risk) + std::string(kConsider);
}

// --- why you see this
void AddFindings(std::vector<std::string>& lines, std::string_view label,
                 const std::vector<Finding>& findings) {
  for (const Finding& finding : findings) lines.push_back(std::string(label) + DatedText(finding));
}

void AddWorkupLines(std::vector<std::string>& lines, const BackPainFinding& finding) {
  if (finding.imaging) lines.push_back("Spine imaging: " + finding.imaging->text);
  if (finding.vitamin_d) lines.push_back("25-OH-D: " + finding.vitamin_d->text);
  if (finding.calcium) lines.push_back("Calcium: " + finding.calcium->text);
}

std::vector<std::string> WhyLines(const State& state, const BackPainFinding& finding) {
  std::vector<std::string> lines;
  std::string phase = ShortPhase(state);
  if (state.delivery) {
    phase += std::string(state.delivery_presumed ? " (birth presumed on the due date " : " (birth ") +
             base::FormatDay(*state.delivery) + ")";
  } else if (!state.pregnancy_evidence.empty()) {
    phase += " (" + Dated(state.pregnancy_evidence.front()) + ")";
  }
  lines.push_back(std::move(phase));
  if (std::string conflict = ConflictLine(state); !conflict.empty()) lines.push_back(std::move(conflict));
  AddFindings(lines, "Pain: ", finding.pain.evidence);
  if (finding.pain.severity) {
    lines.push_back("Severe: " + DatedText(*finding.pain.severity));
  } else if (finding.pain.present()) {
    lines.push_back("Severity: not severe, or not recorded");
  }
  for (const RedFlagFinding& flag : finding.risk.red_flags) {
    lines.push_back("Red flag: " + DatedText(flag.finding));
  }
  if (finding.row == "A.6") lines.push_back("Red flag: " + DatedText(*finding.fractures.newest_in_window));
  AddFindings(lines, "Risk factor: ", finding.risk.factors);
  const bool by_pain =
      finding.pain.present() && finding.risk.red_flags.empty() && finding.risk.factors.empty();
  if (by_pain && finding.row != "A.8") lines.push_back("No red flag or risk factor is known");
  AddFindings(lines, "Context, not counted: ", finding.risk.context);
  const bool prior_listed = finding.risk.Has(RedFlag::kPriorPlo);
  if (finding.plo.prior && !prior_listed) lines.push_back("Red flag: " + DatedText(*finding.plo.prior));
  if (finding.plo.active) lines.push_back("Diagnosis: " + DatedText(*finding.plo.active));
  AddWorkupLines(lines, finding);
  return lines;
}

// --- what to think and do
constexpr std::string_view kThink =
    "- Pregnancy/lactation osteoporosis is uncommon; usually vertebrae T11 to L2, often several\n"
    "- In 9 of 10 women pain begins between the last 3 months of pregnancy and 3 months after birth\n"
    "- The diagnosis is often months late, because pain is blamed on lax ligaments\n"
    "- Do not dismiss severe pain as normal recovery";
constexpr std::string_view kExamine =
    "Midline tenderness, height, posture, difficulty standing upright, neurology.";
constexpr std::string_view kImagePregnant =
    "- MRI of thoracic and lumbar spine **without gadolinium**, with STIR to date a fracture\n"
    "- DXA after delivery; no bone scan in pregnancy or lactation";
constexpr std::string_view kImagePostpartum =
    "- X-ray or MRI of thoracic and lumbar spine, then DXA (use the Z-score)\n"
    "- No bone scan in pregnancy or lactation";
constexpr std::string_view kExclude =
    "Vitamin D deficiency, hyperparathyroidism, thyroid disease, coeliac disease, drugs; malignancy "
    "including myeloma "
    "(protein electrophoresis if there is a fracture).";
constexpr std::string_view kMeanwhile =
    "- Pain control so that she keeps moving; no prolonged bed rest (thrombosis, weakness)\n"
    "- No lumbar flexion exercise; extension and isometric work is fine; no heavy lifting\n"
    "- Corset only for short pain relief; heat or cold, TENS, hydrotherapy\n"
    "- Calcium and vitamin D to requirement\n"
    "- Weaning is an individual decision; its benefit is uncertain\n"
    "- Pain, disability and low mood are common: screen mood, offer physiotherapy and psychological support\n"
    "- Drug treatment is individual and led by a specialist";
constexpr std::string_view kRecurrence =
    "- Recurrence is real: fractures in 6 of 30 later pregnancies (20 %) in one series\n"
    "- A further fracture within a median of 6 years in 24 %; 10 % after at most one first fracture, 27 % "
    "after "
    "several";
constexpr std::string_view kPlan =
    "- Tell her to report back pain or loss of height without delay; image then\n"
    "- Calcium and vitamin D to requirement, weight-bearing activity, no smoking\n"
    "- Review bone density, vitamin D and other causes, best before conception; no DXA during pregnancy\n"
    "- Review drugs for bone before and in pregnancy with a specialist";
constexpr std::string_view kChecklist =
    "- Aims: no new fracture, less pain, better bone density; care by a team\n"
    "- The condition is usually transient; bone density recovers over months, most after weaning\n"
    "- Treat secondary causes too\n"
    "- No treatment is proven best. Teriparatide and bisphosphonates have the best, still weak, evidence, "
    "after "
    "birth and weaning and by a specialist\n"
    "- Physiotherapy, psychological support; screen mood\n"
    "- Bone turnover markers (P1NP, CTx) are optional for monitoring\n"
    "- Later risk of osteoporosis is unclear; fractures may recur in another pregnancy";

// The heparin card is folded into this one: its one safety line is not lost.
constexpr std::string_view kHeparin =
    "Heparin is among the factors. **Do not stop anticoagulation because of this card.** Review the "
    "indication, and "
    "whether LMWH can replace UFH.";

std::string Detail(const ChartReader& reader, const State& state, const BackPainFinding& finding) {
  std::string detail;
  AddList(detail, "Why you see this", WhyLines(state, finding));
  if (finding.row == "A.7") {
    AddSection(detail, "Think of it", kRecurrence);
    AddSection(detail, "Plan", kPlan);
  } else if (finding.row == "A.8") {
    AddSection(detail, "Management", kChecklist);
    AddSection(detail, "Meanwhile", kMeanwhile);
  } else {
    const bool pregnant = state.pregnancy == Pregnancy::kPregnant;
    AddSection(detail, "Think of it", kThink);
    AddSection(detail, "Examine", kExamine);
    AddSection(detail, "Image", pregnant ? kImagePregnant : kImagePostpartum);
    AddSection(detail, "Exclude", kExclude);
    AddSection(detail, "Meanwhile", kMeanwhile);
  }
  if (finding.risk.heparin_factor) AddSection(detail, "Heparin", kHeparin);
  if (const std::string gaps = GapLine(reader); !gaps.empty()) AddSection(detail, "Missing data", gaps);
  return detail;
}

// --- suggestions
constexpr std::int32_t kResultDays = 90;

void AddImaging(Card& card, const RuleInput& input, const State& state) {
  if (state.pregnancy == Pregnancy::kPregnant) {
    card.suggestions.push_back(SpineMri(input, kBackPainRuleId, kReason));
    return;
  }
  card.suggestions.push_back(SpineXray(input, kBackPainRuleId, kReason));
  card.suggestions.push_back(SpineMri(input, kBackPainRuleId, kReason));
}

// Tests without a result or an order of the last 90 days; electrophoresis only with a fracture.
void AddLabs(Card& card, const RuleInput& input, ChartReader& reader, bool fracture) {
  struct Row {
    Lab lab;
    CodeTest test;
  };
  constexpr Row kRows[] = {
      {Lab::k25OhVitaminD, IsVitaminDTest},
      {Lab::kCalcium, IsCalciumTest},
      {Lab::kPhosphate, IsPhosphateTest},
      {Lab::kAlkalinePhosphatase, IsAlkalinePhosphataseTest},
      {Lab::kPth, IsPthTest},
      {Lab::kTsh, IsTshTest},
      {Lab::kProteinElectrophoresis, IsElectrophoresis},
  };
  Suggestion labs;
  labs.label = "Order laboratory tests for secondary causes";
  for (const Row& row : kRows) {
    if (row.lab == Lab::kProteinElectrophoresis && !fracture) continue;
    if (FindOrderedOrResulted(input, reader, row.test, input.today - kResultDays)) continue;
    labs.actions.push_back(CreateServiceRequest(input, kBackPainRuleId, LabOrder(row.lab, kReason)));
  }
  if (!labs.actions.empty()) card.suggestions.push_back(std::move(labs));
}

void AddDxa(Card& card, const RuleInput& input, ChartReader& reader, const State& state) {
  constexpr std::int32_t kDuplicateDays = 365;
  if (FindOrderedOrResulted(input, reader, IsDxa, input.today - kDuplicateDays)) return;
  if (auto dxa = Dxa(input, kBackPainRuleId, state, kReason)) {
    card.suggestions.push_back(std::move(*dxa));
  }
}

void AddReferral(Card& card, const RuleInput& input, PlainText reason) {
  const NewOrder order = ReferralOrder("Referral: endocrinology or rheumatology", reason);
  card.suggestions.push_back(OneAction("Refer to endocrinology or rheumatology",
                                       CreateServiceRequest(input, kBackPainRuleId, order)));
}

// With imaging or laboratory work-up there already, only what is missing is suggested.
void AddSuggestions(Card& card, const RuleInput& input, ChartReader& reader, const State& state,
                    const BackPainFinding& finding) {
  const bool partly = finding.imaging || finding.labs();
  if (finding.row == "A.7") return AddReferral(card, input, "Earlier pregnancy/lactation osteoporosis");
  const bool fracture = finding.fractures.newest.has_value();
  if (finding.row == "A.8") {
    AddLabs(card, input, reader, fracture);
    AddDxa(card, input, reader, state);
    return AddReferral(card, input, "Pregnancy/lactation osteoporosis");
  }
  if (!finding.imaging) AddImaging(card, input, state);
  if (!finding.labs()) AddLabs(card, input, reader, fracture);
  if (partly) return;
  AddDxa(card, input, reader, state);
  AddReferral(card, input, kReason);
}

}  // namespace

Card BackPainCard(const RuleInput& input, ChartReader& reader, const State& state,
                  const BackPainFinding& finding) {
  Card card = NewCard(input, kBackPainRuleId, kBackPainRuleTitle, finding.indicator, Summary(state, finding));
  AddSuggestions(card, input, reader, state, finding);
  card.detail = Detail(reader, state, finding);
  card.override_reasons = OverrideReasons(
      {Override::kOtherCause, Override::kAlreadyAddressed, Override::kPatientDeclines, Override::kDataWrong});
  card.links = Links({Publication::kKovacs2016, Publication::kQian2021});
  if (finding.row == "A.7") card.links = Links({Publication::kKyvernitakis2018, Publication::kKovacs2016});
  return card;
}

}  // namespace osteon::cards::perinatal
