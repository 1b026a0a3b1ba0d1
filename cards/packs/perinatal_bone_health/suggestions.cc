#include "cards/packs/perinatal_bone_health/suggestions.h"

#include <algorithm>
#include <iterator>

#include "fhir/base/text.h"

namespace osteon::cards::perinatal {

namespace {

constexpr std::size_t kLongestSummary = 139;  // CDS Hooks 2.0.1 "Card Attributes": fewer than 140 characters

std::string_view KeyText(std::string_view key) {
  struct Row {
    std::string_view key;
    std::string_view text;
  };
  static constexpr Row kRows[] = {
      {"patient", "patient record"},
      {"pregObs", "pregnancy observations"},
      {"conditions", "diagnoses"},
      {"bonObs", "laboratory and bone density results"},
      {"meds", "medication orders"},
      {"medStmts", "medication statements"},
      {"medAdmins", "medication administrations"},
      {"dispenses", "dispenses"},
      {"orders", "service orders"},
      {"reports", "diagnostic reports"},
      {"procedures", "procedures"},
      {"family", "family history"},
      {"encounter", "this encounter"},
      {"medication_reference", "a medication whose name was not found"},
      {"birth_date", "date of birth"},
      {"pregnancy_status_value", "a pregnancy status that could not be read"},
      {"pregnancy_test_value", "a pregnancy test that could not be read"},
      {"heparin_class", "a drug coded only as a heparin"},
      {"heparin_named_by_text", "a heparin named by text only, without a code"},
      {"heparin_start_date", "the start of an active heparin order"},
      {"25ohd_unit", "a 25-OH-D result without a usable unit"},
      {"delivery_date", "the date of delivery"},
      {"reason_reference", "the reason of an order"},
      {"pregnancy_observation_date", "a pregnancy observation without a date"},
      {"medication_date", "a medication without a date"},
      {"gestational_age_value", "a gestational age that could not be read"},
  };
  for (const Row& row : kRows) {
    if (row.key == key) return row.text;
  }
  return key;
}

}  // namespace

Card NewCard(const RuleInput& input, std::string_view rule, std::string_view rule_title, Indicator indicator,
             std::string summary) {
  Card card;
  card.indicator = indicator;
  card.summary = std::string(base::TakeCodePoints(summary, kLongestSummary));
  card.source.label = "Bone health in pregnancy CDS";
  if (!input.source_url.empty()) card.source.url = std::string(input.source_url) + std::string(rule);
  card.source.topic = Coding{"urn:cds:bone-preg:rule", std::string(rule), std::string(rule_title)};
  return card;
}

void AddSection(std::string& detail, std::string_view heading, std::string_view text) {
  constexpr std::size_t kUsual = 3000;  // bytes of a whole detail
  if (detail.empty()) detail.reserve(kUsual);
  if (!detail.empty()) detail += "\n\n";
  detail += "**";
  detail += heading;
  detail += "**\n\n";
  detail += text;
}

void AddList(std::string& detail, std::string_view heading, std::span<const std::string> items) {
  if (items.empty()) return;
  AddSection(detail, heading, {});
  std::string_view bullet = "- ";
  for (const std::string& item : items) {
    detail += bullet;
    detail += item;
    bullet = "\n- ";
  }
}

std::vector<Coding> OverrideReasons(std::initializer_list<Override> reasons) {
  struct Row {
    std::string_view code;
    std::string_view display;
  };
  static constexpr Row kRows[] = {
      {"not-pregnant", "The patient is not pregnant"},
      {"already-addressed", "Already addressed"},
      {"specialist-decision", "Specialist decision"},
      {"benefit-outweighs", "Benefit outweighs the risk"},
      {"patient-declines", "The patient declines"},
      {"data-wrong", "The data shown are wrong"},
      {"other-cause", "Another cause explains it"},
      {"not-breastfeeding", "The patient is not breastfeeding"},
      {"effective-contraception", "Effective contraception in use"},
      {"emergency", "Emergency"},
  };
  std::vector<Coding> codings;
  codings.reserve(reasons.size());
  for (const Override reason : reasons) {
    const Row& row = kRows[static_cast<std::size_t>(reason)];
    codings.push_back({"urn:cds:bone-preg:override", std::string(row.code), std::string(row.display)});
  }
  return codings;
}

std::vector<Link> Links(std::initializer_list<Publication> publications) {
  struct Row {
    std::string_view label;
    std::string_view url;
  };
  static constexpr Row kRows[] = {
      {"Qian 2021: 338 cases of pregnancy and lactation osteoporosis",
       "https://doi.org/10.1186/s12891-021-04776-7"},
      {"Hadji 2017: 102 cases and controls", "https://doi.org/10.1007/s00198-016-3897-8"},
      {"Kyvernitakis 2018: fractures in later pregnancies", "https://doi.org/10.1007/s00198-017-4239-1"},
      {"Kovacs 2016: bone in pregnancy and lactation", "https://doi.org/10.1152/physrev.00027.2015"},
      {"Rodger 2007: bone density on dalteparin, randomised",
       "https://doi.org/10.1111/j.1538-7836.2007.02634.x"},
      {"Galambosi 2016: bone density after LMWH", "https://doi.org/10.1016/j.thromres.2016.05.016"},
      {"Gajic-Veljanoski 2016: LMWH and bone", "https://doi.org/10.1007/s11606-016-3603-8"},
      {"Levy 2009: bisphosphonates before or in pregnancy", "https://doi.org/10.1016/j.bone.2008.11.001"},
      {"Djokanovic 2008: review of 51 exposed pregnancies", "https://doi.org/10.1016/S1701-2163(16)34026-9"},
      {"Sokal 2019: 36 exposed pregnancies with controls", "https://doi.org/10.1007/s00198-018-4672-9"},
      {"Systematic review 2024: bisphosphonates in pregnancy", "https://doi.org/10.1007/s00228-024-03693-7"},
      {"ACR guideline 2022: glucocorticoid osteoporosis", "https://doi.org/10.1002/art.42646"},
      {"ACOG 723 (2017): imaging in pregnancy", "https://doi.org/10.1097/AOG.0000000000002355"},
      {"ACOG 495 (2011): vitamin D in pregnancy", "https://doi.org/10.1097/AOG.0b013e318227f06b"},
  };
  std::vector<Link> links;
  links.reserve(publications.size());
  for (const Publication publication : publications) {
    const Row& row = kRows[static_cast<std::size_t>(publication)];
    Link link;
    link.label = std::string(row.label);
    link.url = std::string(row.url);
    links.push_back(std::move(link));
  }
  return links;
}

std::string DatedOrUndated(const std::optional<base::Day>& day) {
  return day ? base::FormatDay(*day) : "undated";
}

std::string Dated(const Evidence& evidence) {
  return evidence.text + ", " + DatedOrUndated(evidence.date);
}

std::string PostpartumText(std::int32_t days) {
  constexpr std::int32_t kShownInDays = 14;
  if (days < kShownInDays) return std::to_string(days) + " d postpartum";
  return std::to_string(days / 7) + " wk postpartum";
}

std::string PhaseText(const State& state) {
  switch (state.pregnancy) {
    case Pregnancy::kPregnant:
      if (!state.gestational_days) return "pregnant, gestational age unknown";
      return FormatGestation(*state.gestational_days);
    case Pregnancy::kPossiblyPregnant:
      return "possibly pregnant";
    case Pregnancy::kPostpartum:
      return state.days_postpartum ? PostpartumText(*state.days_postpartum) : "postpartum";
    case Pregnancy::kNotPregnant:
    case Pregnancy::kUnknown:
      break;
  }
  if (state.planning()) return "planning pregnancy";
  return state.pregnancy == Pregnancy::kNotPregnant ? "not pregnant" : "pregnancy unknown";
}

std::string ConflictLine(const State& state) {
  if (!state.conflict) return {};
  std::string line = "Pregnancy data conflict: ";
  std::string_view separator;
  for (const Evidence& item : state.conflict_items) {
    line += separator;
    line += Dated(item);
    separator = "; ";
  }
  return line + ".";
}

std::string MaleConflictLine() {
  return "Conflicting data: recorded gender male, but there is evidence of pregnancy. Check which is right; "
         "the card is "
         "shown as a warning at most.";
}

std::string GapLine(const ChartReader& reader) {
  if (reader.gaps().empty()) return {};
  std::string line = "Could not check: ";
  std::string_view separator;
  for (const std::string_view gap : reader.gaps()) {
    line += separator;
    line += KeyText(gap);
    separator = ", ";
  }
  return line + ".";
}

std::string Grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  const std::size_t first = number < 0 ? 1 : 0;
  for (std::size_t i = digits.size(); i > first + 3;) {
    i -= 3;
    digits.insert(i, ",");
  }
  return digits;
}

}  // namespace osteon::cards::perinatal
