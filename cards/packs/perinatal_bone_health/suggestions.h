// What the pack's cards have in common: source, suggestions, override reasons, links and the wording of dates
// and states. Source: rules.md 0.4 and the "Suggestions", "Override" and "Links" lines of section 5.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cards/card.h"
#include "cards/chart.h"
#include "cards/packs/perinatal_bone_health/plain_text.h"
#include "cards/packs/perinatal_bone_health/state.h"
#include "cards/rule.h"

namespace osteon::cards::perinatal {

// --- card
// A card with its source ("Bone health in pregnancy CDS", topic = rule id). The summary is cut to 139 code
// points.
Card NewCard(const RuleInput& input, std::string_view rule, std::string_view rule_title, Indicator indicator,
             std::string summary);

// "\n\n**Heading**\n\n" + text.
void AddSection(std::string& detail, std::string_view heading, std::string_view text);
// The same with one "- " line per item; nothing when there are none.
void AddList(std::string& detail, std::string_view heading, std::span<const std::string> items);

// --- create and delete actions
struct OrderCode {
  PlainText system;
  PlainText code;
  PlainText display;
};
struct NewOrder {
  std::string_view name;          // stable within the card: the resource's id is derived from it
  std::optional<OrderCode> code;  // of what is ordered
  PlainText text;                 // what is ordered, for a person
  PlainText reason;               // reasonCode.text
  PlainText note = "";            // empty = none
  PlainText intent = "order";     // or "proposal"
  std::optional<base::Day> occurrence_start = {};  // occurrencePeriod.start; ServiceRequest only
};
// status draft, subject, authoredOn = now; id = UUIDv5(decision id, card's draft or rule, name).
//   about: what the card is about, so that two cards of one answer give different ids: rule id, or a draft's
//   reference.
Action CreateServiceRequest(const RuleInput& input, std::string_view about, const NewOrder& order);
// The same as MedicationRequest. Never with a dose: for prescription-only drugs that is the clinician's
// (rules.md 0.4), and for the others the strength is named by the product code.
Action CreateMedicationRequest(const RuleInput& input, std::string_view about, const NewOrder& order);
Action DeleteDraft(const Draft& draft, std::string_view description);

Suggestion OneAction(std::string_view label, Action action);

// Orders that several rules suggest.
enum class Lab : std::uint8_t {
  kUrineHcg,                // LOINC 2106-3
  k25OhVitaminD,            // 62292-8
  kCalcium,                 // 17861-6 with albumin-adjusted 29265-6
  kPhosphate,               // 2777-1
  kAlkalinePhosphatase,     // 6768-6
  kPth,                     // 2731-8
  kTsh,                     // 3016-3
  kProteinElectrophoresis,  // 24351-9
};
NewOrder LabOrder(Lab lab, PlainText reason);
NewOrder CalciumOrder(PlainText reason);      // RxNorm 1897
NewOrder VitaminDOrder(PlainText reason);     // RxNorm 2418
NewOrder ParacetamolOrder(PlainText reason);  // RxNorm 161
// to: "Referral: endocrinology or rheumatology".
NewOrder ReferralOrder(PlainText to, PlainText reason);

// Suggestions of calcium and of vitamin D, each left out when an active order or statement has it; none at
// all when the chart shows hypercalcaemia (rule E.5: a newest calcium above e.caHigh, ionised above 1.32
// mmol/L, or an active diagnosis). Looks only at what the chart has: no gap is recorded for it.
std::vector<Suggestion> CalciumAndVitaminD(const RuleInput& input, std::string_view about, PlainText reason);
bool KnownHypercalcaemia(const RuleInput& input);

// --- override reasons and links
enum class Override : std::uint8_t {
  kNotPregnant,
  kAlreadyAddressed,
  kSpecialistDecision,
  kBenefitOutweighs,
  kPatientDeclines,
  kDataWrong,
  kOtherCause,
  kNotBreastfeeding,
  kEffectiveContraception,
  kEmergency,
};
// Codings of the CodeSystem urn:cds:bone-preg:override.
std::vector<Coding> OverrideReasons(std::initializer_list<Override> reasons);

// Publications, named by their number in the pack's evidence list.
enum class Publication : std::uint8_t {
  kQian2021,          // E-1
  kHadji2017,         // E-2
  kKyvernitakis2018,  // E-3
  kKovacs2016,        // E-9
  kRodger2007,        // E-23
  kGalambosi2016,     // E-25
  kGajic2016,         // E-26
  kLevy2009,          // E-40
  kDjokanovic2008,    // E-41
  kSokal2019,         // E-42
  kReview2024,        // E-44
  kAcr2022,           // E-49
  kAcog723,           // E-80
  kAcog495,           // E-70
};
std::vector<Link> Links(std::initializer_list<Publication> publications);

// --- wording
// "pregnant (observation) 2026-06-01"; "undated" when it has no date.
std::string Dated(const Evidence& evidence);
std::string DatedOrUndated(const std::optional<base::Day>& day);  // "2026-06-01" or "undated"
// "31w2d", "6 wk postpartum", "5 d postpartum", "postpartum", "pregnant, gestational age unknown", "planning
// pregnancy".
std::string PhaseText(const State& state);
std::string PostpartumText(std::int32_t days);  // "6 wk postpartum"; below 14 days "5 d postpartum"
// "Pregnancy data conflict: ..." with its items; empty without conflict.
std::string ConflictLine(const State& state);
// "Conflicting data: recorded gender male, but ..." for the start of a card.
std::string MaleConflictLine();
// "Could not check: pregnancy observations, procedures." by the reader's gaps; empty without gaps.
std::string GapLine(const ChartReader& reader);
// "14,000": digits in groups of three.
std::string Grouped(std::int64_t number);

}  // namespace osteon::cards::perinatal
