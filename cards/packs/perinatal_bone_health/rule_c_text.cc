// The words of rule C's cards. Nothing here that rules.md section 5, rule C, or the evidence list does not
// say.
#include <algorithm>

#include "cards/packs/perinatal_bone_health/parameters.h"
#include "cards/packs/perinatal_bone_health/rule_c.h"
#include "cards/packs/perinatal_bone_health/suggestions.h"

namespace osteon::cards::perinatal {

namespace {

using Lines = std::vector<std::string>;

constexpr std::string_view kCalciumFollowUp =
    "After exposure in pregnancy: stop the bisphosphonate, give calcium, arrange obstetric and neonatal "
    "calcium "
    "follow-up, and ask a teratology service.";
constexpr std::string_view kDeficitFirst = "Always: correct a vitamin D or calcium deficit first.";
constexpr std::string_view kPloTreatment =
    "Treating pregnancy-associated osteoporosis with a bisphosphonate is a specialist decision for after "
    "birth and "
    "weaning.";

std::string RouteWord(Route route) {
  return route == Route::kOral ? "oral" : "intravenous";
}

bool IsAboutDraft(const BisphosphonateFinding& finding) {
  return finding.draft != nullptr;
}

// --- summary
// Without a gestational age, or the longest summary would not fit.
std::string PregnantWords(const State& state) {
  if (!state.gestational_days) return "Patient is pregnant";
  return "Patient is pregnant (" + FormatGestation(*state.gestational_days) + ")";
}

std::string LactationWords(const State& state) {
  return state.lactation == Lactation::kYes ? "breastfeeding" : "breastfeeding not recorded";
}

std::string LactationSummary(const State& state, Route route) {
  std::string phase;
  if (state.pregnancy == Pregnancy::kPostpartum) phase = PhaseText(state) + ", ";
  std::string summary = phase + LactationWords(state) + ": " + RouteWord(route) + " bisphosphonate ordered. ";
  summary += route == Route::kOral ? "Individual decision; check vitamin D and calcium first"
                                   : "Labels say avoid, or caution, while breastfeeding";
  summary[0] =
      static_cast<char>(summary[0] >= 'a' && summary[0] <= 'z' ? summary[0] - 'a' + 'A' : summary[0]);
  return summary;
}

std::string ContraceptionSummary(const State& state) {
  if (state.childbearing == Childbearing::kLow) {
    return "Sterilisation on record: confirm that she cannot become pregnant before this bisphosphonate";
  }
  return "Can become pregnant, effective contraception on record: confirm it before this bisphosphonate";
}

std::string NewestPastUse(const BisphosphonateUse& use) {
  const auto newest = std::max(use.last_oral, use.last_intravenous);
  return newest ? base::FormatDay(*newest) : "undated";
}

std::string Summary(const State& state, const BisphosphonateFinding& finding) {
  if (state.male_recorded) {
    return "Conflicting data: recorded gender male, but evidence of pregnancy, and a bisphosphonate. Verify "
           "before going "
           "on";
  }
  switch (finding.row) {
    case RowC::kC1:
      return PregnantWords(state) +
             ": bisphosphonate ordered. Avoid: crosses placenta, stays in bone for years; discuss "
             "alternatives";
    case RowC::kC2:
      return PregnantWords(state) +
             (finding.use.active ? ": takes a bisphosphonate. Stop it"
                                 : ": had a bisphosphonate infusion in the last year. No more doses") +
             "; arrange calcium follow-up";
    case RowC::kC2b:
      return "Possibly pregnant and takes a bisphosphonate: do a pregnancy test";
    case RowC::kC3:
      return "Possibly pregnant: do a pregnancy test before this bisphosphonate is started";
    case RowC::kC4:
      return "Planning pregnancy: bisphosphonate ordered. It stays in bone for years; discuss alternatives "
             "and timing "
             "first";
    case RowC::kC5:
      return LactationSummary(state, finding.drug.route);
    case RowC::kC6a:
      return ContraceptionSummary(state);
    case RowC::kC6b:
      return "Can become pregnant, wants no pregnancy, contraception not recorded: settle it before this "
             "bisphosphonate";
    case RowC::kC6c:
      return "Can become pregnant: test, and record pregnancy intention and contraception before this "
             "bisphosphonate";
    case RowC::kC7a:
      return "Planning pregnancy and takes a bisphosphonate: discuss stopping well before conception";
    case RowC::kC7b:
      return "Takes a bisphosphonate, pregnancy intention open, no effective contraception recorded: discuss "
             "plans";
    case RowC::kC8:
      return (state.pregnancy == Pregnancy::kPregnant ? PregnantWords(state)
                                                      : std::string("Planning pregnancy")) +
             ": past bisphosphonate (last " + NewestPastUse(finding.use) +
             "). For information and calcium follow-up";
  }
  return {};
}

// --- why
void AddEvidence(Lines& lines, const std::vector<Evidence>& evidence, std::size_t most) {
  for (std::size_t i = 0; i < evidence.size() && i < most; ++i) lines.push_back(Dated(evidence[i]));
}

std::string IntentionWords(Intention intention) {
  switch (intention) {
    case Intention::kYes:
      return "wants to become pregnant";
    case Intention::kNo:
      return "does not want to become pregnant";
    case Intention::kAmbivalent:
      return "ambivalent";
    case Intention::kUnsure:
      return "unsure";
    case Intention::kUnknown:
      break;
  }
  return "not recorded";
}

bool IsAboutFertility(RowC row) {
  return row == RowC::kC6a || row == RowC::kC6b || row == RowC::kC6c || row == RowC::kC7b;
}

Lines Why(const State& state, const BisphosphonateFinding& finding) {
  constexpr std::size_t kMostItems = 5;
  Lines lines;
  if (IsAboutDraft(finding)) {
    lines.push_back("Order being placed: " + finding.drug.label + ", " + RouteWord(finding.drug.route));
  }
  AddEvidence(lines, finding.use.active_items, kMostItems);
  AddEvidence(lines, finding.use.past_items, kMostItems);
  if (finding.row == RowC::kC6a || finding.row == RowC::kC6b || finding.row == RowC::kC6c) {
    lines.push_back("Age " + std::to_string(state.age_years.value_or(0)) + " y: childbearing potential");
  } else {
    std::string state_line = "State: " + PhaseText(state);
    if (state.pregnancy == Pregnancy::kPregnant && state.edd) {
      state_line += ", estimated delivery date " + base::FormatDay(*state.edd);
    }
    if (state.delivery_presumed)
      state_line += ", delivery presumed on the estimated date (no delivery record)";
    lines.push_back(std::move(state_line));
  }
  AddEvidence(lines, state.pregnancy_evidence, kMostItems);
  if (finding.row == RowC::kC5)
    lines.push_back("Breastfeeding: " +
                    std::string(state.lactation == Lactation::kYes ? "yes" : "not recorded; ask"));
  if (IsAboutFertility(finding.row) || state.planning()) {
    lines.push_back("Pregnancy intention: " + IntentionWords(state.intention));
  }
  if (IsAboutFertility(finding.row)) {
    if (state.contraception_evidence.empty()) lines.push_back("Contraception: not recorded");
    for (const Evidence& each : state.contraception_evidence)
      lines.push_back("Contraception: " + Dated(each));
    if (state.newest_negative_hcg) {
      lines.push_back("Newest negative pregnancy test: " + base::FormatDay(*state.newest_negative_hcg));
    }
  }
  return lines;
}

// --- what is known, what to consider
Lines Known(const BisphosphonateFinding& finding) {
  if (finding.row == RowC::kC5) {
    return {"Labels: avoid zoledronate while breastfeeding; caution with the others.",
            "The UK Specialist Pharmacy Service considers oral bisphosphonates compatible with "
            "breastfeeding, because "
            "very little is absorbed.",
            "Bisphosphonates stay in bone for up to about 10 years; that matters for a later pregnancy too."};
  }
  return {"Animals: harm to the fetal skeleton, low maternal calcium and obstructed labour.",
          "Bisphosphonates cross the placenta, stay in bone for up to about 10 years and can be released "
          "from it again.",
          "Humans: about 100 to 150 pregnancies. No signal of malformations (cohort of 21 women, review of "
          "51 cases, 36 "
          "matched pregnancies), but more neonatal complications and fewer live births in some groups, and "
          "transient "
          "low calcium in newborns.",
          "This is not enough to call them safe, and it is no reason to end a pregnancy."};
}

std::string WashoutLine(const Parameters& parameters) {
  const std::int32_t months = IntegerOf(parameters, Param::kCWashoutMonths);
  std::string line =
      "Discuss stopping well before conception. Neither labels nor UKTIS give a proven interval";
  if (months > 0) line += "; " + std::to_string(months) + " months is a convention";
  return line + ".";
}

void AddPlanningLines(Lines& lines, const Parameters& parameters) {
  lines.push_back(WashoutLine(parameters));
  lines.push_back(
      "If treatment cannot be avoided, one review prefers agents that stay in bone for a shorter time "
      "(risedronate), "
      "with zoledronate and alendronate last. This card recommends no agent.");
}

Lines Consider(const State& state, const BisphosphonateFinding& finding, const Parameters& parameters) {
  Lines lines;
  switch (finding.row) {
    case RowC::kC1:
      lines.emplace_back("Do not start it in pregnancy; discuss alternatives with a specialist.");
      lines.emplace_back(kCalciumFollowUp);
      lines.emplace_back(kPloTreatment);
      break;
    case RowC::kC2:
      lines.emplace_back(kCalciumFollowUp);
      lines.emplace_back(kPloTreatment);
      break;
    case RowC::kC2b:
    case RowC::kC3:
      lines.emplace_back("Do a pregnancy test (hCG) before going on.");
      lines.emplace_back(kCalciumFollowUp);
      break;
    case RowC::kC4:
    case RowC::kC7a:
      AddPlanningLines(lines, parameters);
      break;
    case RowC::kC5:
      lines.emplace_back("Individual decision. This card is no reason to stop breastfeeding.");
      lines.emplace_back(kPloTreatment);
      break;
    case RowC::kC6a:
    case RowC::kC6b:
    case RowC::kC6c:
      lines.emplace_back(
          "In women who may conceive, bisphosphonates are not recommended unless the fracture risk is high; "
          "the decision "
          "is individual and the data are insufficient.");
      lines.emplace_back("Settle pregnancy test, pregnancy intention and contraception first.");
      break;
    case RowC::kC7b:
      lines.emplace_back("Ask about pregnancy plans and contraception, and record both.");
      lines.push_back(WashoutLine(parameters));
      break;
    case RowC::kC8:
      lines.emplace_back(
          "Past use is information for counselling and for obstetric and neonatal calcium follow-up.");
      break;
  }
  if (state.fertility_reduced) {
    lines.emplace_back("Premature menopause or ovarian insufficiency: fertility is reduced, not absent.");
  }
  if (state.dmpa) lines.emplace_back("DMPA lowers bone density itself.");
  lines.emplace_back(kDeficitFirst);
  return lines;
}

std::string Detail(const State& state, const BisphosphonateFinding& finding, const RuleInput& input,
                   const ChartReader& reader) {
  std::string detail;
  const auto add_line = [&](const std::string& line) {
    if (line.empty()) return;
    if (!detail.empty()) detail += "\n\n";
    detail += line;
  };
  if (state.male_recorded) add_line(MaleConflictLine());
  add_line(ConflictLine(state));
  add_line(GapLine(reader));
  if (finding.malignancy_indication) {
    add_line(
        "Malignancy indication: hypercalcaemia or malignant bone disease is given as the reason. If "
        "treatment cannot wait, "
        "override with the reason Emergency. Calcium and vitamin D are not suggested for this indication.");
  }
  AddList(detail, "Why you see this", Why(state, finding));
  AddList(detail, "What is known", Known(finding));
  AddList(detail, "Consider", Consider(state, finding, *input.parameters));
  AddSection(detail, "Evidence", "Grade C: labels, case series and small controlled cohorts.");
  return detail;
}

// --- suggestions
std::string_view About(const BisphosphonateFinding& finding) {
  return IsAboutDraft(finding) ? finding.draft->reference : kRuleC;
}

Action Remove(const BisphosphonateFinding& finding) {
  return DeleteDraft(*finding.draft, "Remove the draft order of the bisphosphonate");
}

Action Refer(const RuleInput& input, const BisphosphonateFinding& finding) {
  return CreateServiceRequest(input, About(finding),
                              ReferralOrder("Referral: endocrinology or rheumatology, osteoporosis treatment",
                                            "Bisphosphonate in pregnancy, planning or lactation"));
}

// Not where hypercalcaemia or malignant bone disease is the reason for the order, even if the chart does not
// say so.
std::vector<Suggestion> Supplements(const RuleInput& input, const BisphosphonateFinding& finding) {
  if (finding.malignancy_indication) return {};
  return CalciumAndVitaminD(input, About(finding), "Bone health in pregnancy");
}

// One of three ways, since removing and keeping exclude each other (rules.md 0.4).
std::vector<Suggestion> PregnantSuggestions(const RuleInput& input, const BisphosphonateFinding& finding) {
  std::vector<Suggestion> suggestions;
  suggestions.push_back(OneAction("Remove the order", Remove(finding)));
  suggestions.back().is_recommended = true;
  Suggestion with_supplements = OneAction("Remove the order", Remove(finding));
  for (Suggestion& each : Supplements(input, finding)) {
    with_supplements.label +=
        each.label.starts_with("Order calcium") ? "; order calcium" : "; order vitamin D";
    std::ranges::move(each.actions, std::back_inserter(with_supplements.actions));
  }
  if (with_supplements.actions.size() > 1) suggestions.push_back(std::move(with_supplements));
  suggestions.push_back(
      OneAction("Keep the order for now; refer for a specialist decision", Refer(input, finding)));
  return suggestions;
}

Suggestion RecordIntention(const RuleInput& input, const BisphosphonateFinding& finding) {
  constexpr PlainText kReason = "Bisphosphonate and childbearing potential";
  const NewOrder intention = {
      "intention",
      OrderCode{"http://loinc.org", "86645-9", "Pregnancy intention in the next year - Reported"},
      "Ask and record pregnancy intention", kReason};
  const NewOrder contraception = {"contraception",
                                  OrderCode{"http://loinc.org", "86649-1", "Contraceptive method at intake"},
                                  "Ask and record contraception", kReason};
  Suggestion suggestion = OneAction("Ask and record pregnancy intention and contraception",
                                    CreateServiceRequest(input, About(finding), intention));
  suggestion.actions.push_back(CreateServiceRequest(input, About(finding), contraception));
  return suggestion;
}

bool IsOneOf(RowC row, std::initializer_list<RowC> rows) {
  return std::ranges::find(rows, row) != rows.end();
}

std::vector<Suggestion> Suggestions(const RuleInput& input, const BisphosphonateFinding& finding) {
  using enum RowC;
  if (finding.row == kC1) return PregnantSuggestions(input, finding);
  std::vector<Suggestion> suggestions;
  if (IsOneOf(finding.row, {kC2b, kC3, kC6c})) {
    const NewOrder test = LabOrder(Lab::kUrineHcg, "Bisphosphonate: exclude pregnancy");
    suggestions.push_back(
        OneAction("Order a pregnancy test", CreateServiceRequest(input, About(finding), test)));
  }
  if (IsAboutDraft(finding)) suggestions.push_back(OneAction("Remove the order", Remove(finding)));
  if (IsOneOf(finding.row, {kC6b, kC6c, kC7b})) suggestions.push_back(RecordIntention(input, finding));
  if (IsOneOf(finding.row, {kC2, kC4, kC5, kC7a})) {
    for (Suggestion& each : Supplements(input, finding)) {
      suggestions.push_back(std::move(each));
    }
  }
  if (IsOneOf(finding.row, {kC2, kC3, kC4, kC5, kC7a})) {
    suggestions.push_back(OneAction("Refer for a specialist decision", Refer(input, finding)));
  }
  return suggestions;
}

std::vector<Coding> Overrides(const State& state, RowC row) {
  using enum Override;
  std::vector<Coding> reasons;
  if (IsOneOf(row, {RowC::kC1, RowC::kC2, RowC::kC2b, RowC::kC3})) {
    reasons = OverrideReasons({kNotPregnant, kBenefitOutweighs, kSpecialistDecision, kEmergency});
  } else if (row == RowC::kC5) {
    reasons = OverrideReasons({kNotBreastfeeding, kBenefitOutweighs, kSpecialistDecision, kEmergency});
  } else if (row == RowC::kC8) {
    reasons = OverrideReasons({kAlreadyAddressed, kSpecialistDecision, kNotPregnant});
  } else {
    reasons = OverrideReasons({kEffectiveContraception, kBenefitOutweighs, kSpecialistDecision, kEmergency});
  }
  if (state.male_recorded || state.conflict) {
    std::ranges::move(OverrideReasons({kDataWrong}), std::back_inserter(reasons));
  }
  return reasons;
}

}  // namespace

Card BisphosphonateCard(const RuleInput& input, const State& state, const BisphosphonateFinding& finding,
                        const ChartReader& reader) {
  Card card = NewCard(input, kRuleC, kRuleCTitle, finding.indicator, Summary(state, finding));
  card.detail = Detail(state, finding, input, reader);
  card.suggestions = Suggestions(input, finding);
  card.selection_behavior =
      finding.row == RowC::kC1 ? SelectionBehavior::kAtMostOne : SelectionBehavior::kAny;
  card.override_reasons = Overrides(state, finding.row);
  card.links = Links({Publication::kLevy2009, Publication::kDjokanovic2008, Publication::kSokal2019,
                      Publication::kReview2024, Publication::kAcr2022});
  return card;
}

}  // namespace osteon::cards::perinatal
