// The card of rule B. Source: rules.md section 5 rule B "Card", "Suggestions", "Override", evidence E-20 to
// E-30.
#include "cards/packs/perinatal_bone_health/rule_b.h"

#include <algorithm>

#include "cards/packs/perinatal_bone_health/bone_imaging.h"
#include "cards/packs/perinatal_bone_health/counted.h"
#include "cards/packs/perinatal_bone_health/parameters.h"
#include "cards/packs/perinatal_bone_health/request_facts.h"
#include "cards/packs/perinatal_bone_health/suggestions.h"
#include "cards/packs/perinatal_bone_health/workup.h"
#include "fhir/base/text.h"
#include "fhir/model/ucum.h"

namespace osteon::cards::perinatal {

using base::Day;
using base::Decimal;
using json::operator""_key;

namespace {

constexpr std::int32_t kCreatinineDays = 90;
constexpr std::int32_t kPeripartumGa = 252;  // 36w0d: UFH is easier to reverse around birth

std::string Days(std::int32_t days) {
  return std::to_string(days) + (days == 1 ? " day" : " days");
}

// "about 20,000 IU/day"; empty when no dose is known.
std::string DoseText(const ClassExposure& exposure) {
  const auto whole = exposure.daily_iu ? exposure.daily_iu->Rounded(0).ToInteger() : std::nullopt;
  return whole ? "about " + Grouped(*whole) + " IU/day" : std::string();
}

std::string PeriodText(const State& state, const RuleInput& input) {
  switch (state.pregnancy) {
    case Pregnancy::kPregnant:
      return "in this pregnancy";
    case Pregnancy::kPostpartum:
      if (state.delivery) return "in pregnancy and since birth";
      break;
    default:
      break;
  }
  if (state.conflict && state.lmp) return "since " + base::FormatDay(*state.lmp);
  return "in " + Days(IntegerOf(*input.parameters, Param::kHepLookbackDays));
}

bool IsHit(json::Value code) {
  // Heparin-induced thrombocytopenia: SNOMED CT 73397007, ICD-10-CM D75.82 and its children.
  if (model::HasCode(code, kSnomedSystem, "73397007")) return true;
  for (const json::Value coding : code["coding"_key]) {
    const std::string_view text = coding["code"_key].string();
    if (text.starts_with("D75.82") || text.starts_with("D7582")) return true;
  }
  return false;
}

// Heparin-induced thrombocytopenia on the problem list, unless refuted.
bool HitOnRecord(const RuleInput& input) {
  for (const KnownCondition& known : AllConditions(input)) {
    if (known.standing.verification != Verification::kNever && IsHit(known.condition.code())) return true;
  }
  return false;
}

// True unless the problem list is known and free of it.
bool HitPossible(const RuleInput& input) {
  return !Answers(input.chart->StateOf("conditions")) || HitOnRecord(input);
}

// A switch makes sense only while unfractionated heparin is given or is being ordered.
bool IsGivenNow(const RuleInput& input, const HeparinFinding& finding) {
  const auto& episodes = finding.exposure.ufh.episodes;
  return finding.projected || (!episodes.empty() && episodes.back().last >= input.today);
}

std::string Summary(const RuleInput& input, const State& state, const HeparinFinding& finding) {
  const ClassExposure& exposure = finding.about_ufh ? finding.exposure.ufh : finding.exposure.lmwh;
  std::string text = finding.about_ufh                ? "UFH "
                     : finding.row.starts_with("B.5") ? "Therapeutic LMWH "
                                                      : "LMWH ";
  if (finding.row.starts_with("B.5")) {
    text += Days(exposure.therapeutic_days);
  } else {
    text += Days(exposure.covered_days);
    const std::string dose = DoseText(exposure);
    if (finding.about_ufh && !dose.empty()) text += " at " + dose;
  }
  text += finding.projected ? std::string(" if signed") : " " + PeriodText(state, input);
  if (HitOnRecord(input))
    return text + ": bone-loss risk; HIT on record: specialist to choose the anticoagulant";
  if (finding.about_ufh) {
    return text + (IsGivenNow(input, finding) ? ": bone-loss risk; review LMWH switch and bone health"
                                              : ": bone-loss risk; review bone health");
  }
  if (finding.row.starts_with("B.5")) return text + ": review bone health";
  const std::size_t factors = finding.risk.FactorsWithoutHeparin() + finding.risk.RedFlagsWithoutHeparin();
  return text + " + " + std::to_string(factors) + (factors == 1 ? " risk factor" : " risk factors") +
         ": review bone health";
}

// --- why
std::string Periods(const ClassExposure& exposure) {
  std::string text;
  for (const DayInterval& episode : exposure.episodes) {
    if (!text.empty()) text += "; ";
    text += base::FormatDay(episode.first) + " to " + base::FormatDay(episode.last);
  }
  return text;
}

std::int32_t GapDays(const ClassExposure& exposure) {
  std::int32_t span = 0;
  for (const DayInterval& episode : exposure.episodes) span += episode.last - episode.first + 1;
  return span - exposure.covered_days;
}

void AddTableRow(std::string& table, std::string_view name, const ClassExposure& exposure) {
  if (exposure.covered_days == 0) return;
  const std::string dose = DoseText(exposure);
  table += "\n| " + std::string(name) + " | " + std::to_string(exposure.covered_days) + " | " +
           (dose.empty() ? "unknown" : dose) + " | " + Periods(exposure) + " | " +
           std::to_string(GapDays(exposure)) + " |";
}

std::string ExposureTable(const HeparinExposure& exposure) {
  std::string table = "| Heparin | Days | Dose | Periods | Gap days, not counted |\n|---|---|---|---|---|";
  AddTableRow(table, "UFH", exposure.ufh);
  AddTableRow(table, "LMWH", exposure.lmwh);
  return table;
}

std::vector<std::string> WhyLines(const RuleInput& input, const State& state, const HeparinFinding& finding) {
  std::vector<std::string> lines;
  std::string phase = PhaseText(state);
  if (state.pregnancy == Pregnancy::kPregnant && state.gestational_days) phase = "pregnant " + phase;
  if (!state.pregnancy_evidence.empty()) phase += " (" + Dated(state.pregnancy_evidence.front()) + ")";
  if (!state.male_recorded) lines.push_back(std::move(phase));
  if (std::string conflict = ConflictLine(state); !conflict.empty()) lines.push_back(std::move(conflict));
  lines.push_back(
      "Counted from " + base::FormatDay(finding.exposure.lookback_start) + " to " +
      (finding.projected ? "the end of the order that is being placed" : base::FormatDay(input.today)));
  const ClassExposure& lmwh = finding.exposure.lmwh;
  if (!finding.about_ufh && lmwh.therapeutic_days > 0) {
    lines.push_back("Therapeutic LMWH dose on " + Days(lmwh.therapeutic_days));
  }
  for (const RedFlagFinding& flag : finding.risk.red_flags) {
    if (flag.flag != RedFlag::kUfhExposure) lines.push_back("Red flag: " + DatedText(flag.finding));
  }
  for (const Finding& factor : finding.risk.factors) {
    if (!factor.about_heparin) lines.push_back("Risk factor: " + DatedText(factor));
  }
  if (finding.exposure.ufh.duration_unknown || lmwh.duration_unknown) {
    lines.push_back("An ended order does not say how long it ran; it is counted as one day");
  }
  if (finding.exposure.current_undated) {
    lines.push_back(
        "An active heparin order has no start date (start date missing): its days are not counted");
  }
  return lines;
}

// --- what the clinician can do
constexpr std::string_view kUfhKnown =
    "- UFH: vertebral fracture in about 2.2 % of long courses in pregnancy (2.2 to 5 % in reports)\n"
    "- UFH: bone density falls by about 5 %; about one third lose 10 % or more at the hip\n"
    "- No short or low dose is known to be safe; the dose-response is inconsistent\n"
    "- LMWH: clearly lower risk (fractures 0.04 %), but not zero";
constexpr std::string_view kLmwhKnown =
    "- LMWH: fractures are rare (0.04 %); prophylactic doses did not change bone density in a randomised "
    "trial\n"
    "- LMWH is reported more often in women with pregnancy/lactation osteoporosis\n"
    "- UFH carries the higher risk (vertebral fracture about 2.2 %)";
constexpr std::string_view kCheck =
    "- Indication: VTE, heart valve, antiphospholipid syndrome, recurrent pregnancy loss\n"
    "- Good reasons for UFH: creatinine clearance below 30 mL/min, delivery or neuraxial anaesthesia near "
    "(from 36 weeks), high bleeding risk\n"
    "- If heparin cannot be used (HIT): fondaparinux or danaparoid, by a specialist";
constexpr std::string_view kCheckLmwh =
    "- Indication: VTE, heart valve, antiphospholipid syndrome, recurrent pregnancy loss\n"
    "- If heparin cannot be used (HIT): fondaparinux or danaparoid, by a specialist";
constexpr std::string_view kBone =
    "- New back pain or height loss: image the spine\n"
    "- Calcium to the recommended intake, vitamin D, weight-bearing activity, no smoking";

std::string Detail(const RuleInput& input, const ChartReader& reader, const State& state,
                   const HeparinFinding& finding) {
  std::string detail;
  AddList(detail, "Why you see this", WhyLines(input, state, finding));
  AddSection(detail, finding.projected ? "Exposure with the order that is being placed" : "Exposure",
             ExposureTable(finding.exposure));
  std::string safety = "**Do not stop anticoagulation because of this card.**";
  if (HitOnRecord(input)) {
    safety +=
        "\n\n**Heparin-induced thrombocytopenia (HIT) is on the problem list: fondaparinux or danaparoid, by "
        "a "
        "specialist. A switch to LMWH is not suggested.**";
  }
  AddSection(detail, "Safety", safety);
  AddSection(detail, "What is known", finding.about_ufh ? kUfhKnown : kLmwhKnown);
  AddSection(detail, "Check", finding.about_ufh ? kCheck : kCheckLmwh);
  std::string bone(kBone);
  const bool birth_ahead_or_past = state.pregnancy == Pregnancy::kPregnant ||
                                   state.pregnancy == Pregnancy::kPossiblyPregnant ||
                                   state.pregnancy == Pregnancy::kPostpartum || state.planning();
  if (!state.male_recorded && birth_ahead_or_past) {
    bone += "\n- DXA after delivery if UFH for 28 days or more, or other risk factors";
  }
  AddSection(detail, "Bone health", bone);
  if (const std::string gaps = GapLine(reader); !gaps.empty()) AddSection(detail, "Missing data", gaps);
  return detail;
}

// --- suggestions
bool IsAtMostLimit(const model::Quantity& creatinine) {
  const bool upper_open = creatinine.comparator == model::Comparator::kGreater ||
                          creatinine.comparator == model::Comparator::kGreaterOrEqual;
  if (upper_open) return false;
  if (const auto mass = model::Convert(creatinine.value, creatinine.unit, "mg/dL")) {
    return *mass <= Decimal::Of("1.4");
  }
  const auto molar = model::Convert(creatinine.value, creatinine.unit, "umol/L");
  return molar && *molar <= Decimal(124);
}

// The newest creatinine within 90 days is at most 1.4 mg/dL (124 umol/L); of one day's values, all are.
bool CreatinineAllowsLmwh(const RuleInput& input) {
  std::optional<Day> newest;
  bool allowed = false;
  for (const auto& [observation, groups, date, counts] : AllObservations(input)) {
    if (!groups.Has(Group::kCreatinine) || !counts) continue;
    const auto value = observation.value_quantity();
    if (!date || !value || IsFuture(*date, input.today) || input.today - date->first > kCreatinineDays)
      continue;
    if (newest && date->first < *newest) continue;
    const bool same_day = newest && date->first == *newest;
    allowed = (!same_day || allowed) && IsAtMostLimit(*value);
    newest = date->first;
  }
  return allowed;
}

// Before 36 weeks, or not pregnant at all; possibly pregnant or pregnant without a known age is neither.
bool FarFromBirth(const State& state) {
  if (state.pregnancy == Pregnancy::kPregnant) {
    return state.gestational_days && *state.gestational_days < kPeripartumGa;
  }
  return state.pregnancy != Pregnancy::kPossiblyPregnant;
}

void AddDeletions(Card& card, const RuleInput& input, const State& state, const HeparinFinding& finding) {
  if (!finding.projected || !finding.about_ufh) return;
  if (!CreatinineAllowsLmwh(input) || HitPossible(input) || !FarFromBirth(state)) return;
  for (const HeparinDraft& each : finding.drafts) {
    if (each.heparin != HeparinClass::kUfhSystemic || !each.draft->may_raise_cards) continue;
    constexpr std::string_view kLabel = "Remove this UFH order; choose and dose an LMWH instead";
    card.suggestions.push_back(OneAction(kLabel, DeleteDraft(*each.draft, kLabel)));
  }
}

void AddLabs(Card& card, const RuleInput& input, ChartReader& reader, PlainText reason) {
  constexpr std::int32_t kVitaminDDays = 180;
  constexpr std::int32_t kCalciumDays = 90;
  Suggestion labs;
  labs.label = "Order laboratory tests for bone health";
  const auto add = [&](Lab lab, CodeTest test, std::int32_t days) {
    if (FindOrderedOrResulted(input, reader, test, input.today - days)) return;
    labs.actions.push_back(CreateServiceRequest(input, kHeparinRuleId, LabOrder(lab, reason)));
  };
  add(Lab::k25OhVitaminD, IsVitaminDTest, kVitaminDDays);
  add(Lab::kCalcium, IsCalciumTest, kCalciumDays);
  if (!labs.actions.empty()) card.suggestions.push_back(std::move(labs));
}

// DXA after delivery for UFH of 28 days or more, or other factors (rules.md rule B "Card").
void AddDxa(Card& card, const RuleInput& input, ChartReader& reader, const State& state, PlainText reason) {
  constexpr std::int32_t kDuplicateDays = 365;
  if (FindOrderedOrResulted(input, reader, IsDxa, input.today - kDuplicateDays)) return;
  if (auto dxa = Dxa(input, kHeparinRuleId, state, reason)) card.suggestions.push_back(std::move(*dxa));
}

}  // namespace

Card HeparinCard(const RuleInput& input, ChartReader& reader, const State& state,
                 const HeparinFinding& finding) {
  Card card =
      NewCard(input, kHeparinRuleId, kHeparinRuleTitle, finding.indicator, Summary(input, state, finding));
  constexpr PlainText kUfhReason = "Long-term unfractionated heparin";
  constexpr PlainText kLmwhReason = "Long-term LMWH";
  const PlainText reason = finding.about_ufh ? kUfhReason : kLmwhReason;
  AddDeletions(card, input, state, finding);
  AddLabs(card, input, reader, reason);
  AddDxa(card, input, reader, state, reason);
  for (Suggestion& suggestion : CalciumAndVitaminD(input, kHeparinRuleId, reason)) {
    card.suggestions.push_back(std::move(suggestion));
  }
  card.detail = Detail(input, reader, state, finding);
  card.override_reasons = OverrideReasons(
      {Override::kBenefitOutweighs, Override::kAlreadyAddressed, Override::kSpecialistDecision});
  card.links = Links({Publication::kRodger2007, Publication::kGalambosi2016, Publication::kGajic2016});
  return card;
}

}  // namespace osteon::cards::perinatal
