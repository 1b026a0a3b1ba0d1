// Window, pain and trauma of rule A. Source: rules.md section 5 rule A "Inputs" and "Suppression",
// clarifications 25, 26, 29.
#include <algorithm>

#include "cards/packs/perinatal_bone_health/counted.h"
#include "cards/packs/perinatal_bone_health/parameters.h"
#include "cards/packs/perinatal_bone_health/risk_chart.h"
#include "cards/packs/perinatal_bone_health/rule_a.h"
#include "fhir/base/text.h"
#include "fhir/model/reference.h"
#include "fhir/model/ucum.h"

namespace osteon::cards::perinatal {

using base::Day;
using base::Decimal;
using json::operator""_key;

namespace {

constexpr std::int32_t kEarlyGa = 140;       // 20w0d
constexpr std::int32_t kExtendedDays = 180;  // half a year
constexpr std::int32_t kLactationDays = 730;
constexpr std::int32_t kScoreDays = 30;
constexpr std::int32_t kTraumaDays = 30;

// --- pain scores
bool IsBackSite(json::Value body_site) {
  // SNOMED CT: back, vertebral column, lumbar and thoracic vertebral column, lower back.
  constexpr std::string_view kSites[] = {"77568009", "421060004", "122496007", "122495006", "37822005"};
  constexpr std::string_view kWords[] = {"back", "spine", "lumbar", "vertebral", "thoracic spine"};
  for (const std::string_view site : kSites) {
    if (model::HasCode(body_site, kSnomedSystem, site)) return true;
  }
  for (const std::string_view word : kWords) {
    if (base::ContainsWord(body_site["text"_key].string(), word)) return true;
    for (const json::Value coding : body_site["coding"_key]) {
      if (base::ContainsWord(coding["display"_key].string(), word)) return true;
    }
  }
  return false;
}

std::optional<Decimal> OnTenPointScale(const GroupSet& groups, const model::Quantity& value) {
  std::optional<Decimal> score = value.value;
  if (groups.Has(Group::kPainSeverityVas)) {
    // 0 to 100, or millimetres; a VAS of at most 10 without a length unit is taken as 0 to 10.
    const bool millimetres = value.unit == "mm";
    if (millimetres || *score > Decimal(10)) score = score->DividedBy(10);
  }
  if (groups.Has(Group::kPainSeverityFaces)) {
    const auto whole = score->ToInteger();
    if (!whole || *whole % 2 != 0) return std::nullopt;
  }
  if (!score || score->negative() || *score > Decimal(10)) return std::nullopt;
  return score;
}

struct PainScore {
  std::optional<Decimal> points;  // 0 to 10
  bool severe_by_word = false;
};

std::optional<PainScore> ScoreOf(const KnownObservation& known) {
  if (!known.groups.HasAny(Group::kPainSeverityNrs, Group::kPainSeverityVas, Group::kPainSeverityFaces,
                           Group::kPainSeverityOrdinal)) {
    return std::nullopt;
  }
  PainScore score;
  if (const auto value = known.observation.value_quantity()) {
    score.points = OnTenPointScale(known.groups, *value);
    return score.points ? std::optional(score) : std::nullopt;
  }
  const json::Value answer = known.observation.value_concept();
  const std::string_view label = answer ? model::LabelOf(answer) : known.observation.value_string();
  score.severe_by_word = InGroup(answer, Group::kSeveritySevere) || base::ContainsWord(label, "severe");
  const bool none = base::ContainsWord(label, "none") || base::ContainsWord(label, "no pain");
  return label.empty() || none ? std::nullopt : std::optional(score);
}

bool IsPainful(const PainScore& score) {
  return !score.points || !score.points->is_zero();
}

Finding ScoreFinding(const PainScore& score, Day day) {
  std::string text = "severe pain";
  if (score.points) text = "pain score " + score.points->Normalized().ToString() + " of 10";
  return {text, day, "observation", 1};
}

// The highest score of 30 days, of no region or of the back (clarification 25).
void TakeSeverity(BackPain& pain, const KnownObservation& known, const PainScore& score,
                  const RuleInput& input) {
  if (!IsWithin(known.date, kScoreDays, input.today)) return;
  const Decimal severe(IntegerOf(*input.parameters, Param::kASeverePain));
  if (!score.severe_by_word && (!score.points || *score.points < severe)) return;
  if (!pain.severity) pain.severity = ScoreFinding(score, known.date.first);
}

// --- pain evidence

// What the pain is called; a code without a name is shown with what it means here.
std::string PainLabel(json::Value code) {
  bool named = !code["text"_key].string().empty();
  for (const json::Value coding : code["coding"_key])
    named = named || !coding["display"_key].string().empty();
  const std::string label(model::LabelOf(code));
  return named ? label : "back pain, code " + label;
}

class PainCollector {
 public:
  PainCollector(const RuleInput& input, ChartReader& reader) : input_(input), reader_(reader) {}

  BackPain Collect() {
    ReadEncounter();
    ReadConditions();
    ReadObservations();
    ReadDrafts();
    if (!pain_.present()) {
      pain_.severity.reset();
    } else if (!pain_.onset) {
      pain_.onset = newest_.value_or(input_.today);
    }
    return std::move(pain_);
  }

 private:
  bool IsRecent(Day day) const {
    return input_.today - day <= IntegerOf(*input_.parameters, Param::kAPainDays);
  }
  void Add(std::string text, Day day, std::string source) {
    pain_.evidence.push_back({std::move(text), day, std::move(source), 1});
    if (!newest_ || *newest_ < day) newest_ = day;
  }

  void ReadEncounter();
  void ReadConditions();
  void ReadObservations();
  void ReadDrafts();

  const RuleInput& input_;
  ChartReader& reader_;
  BackPain pain_;
  std::optional<Day> newest_;
  std::optional<Day> newest_condition_;
  std::optional<Day> encounter_day_;
  std::vector<std::string_view> encounter_reasons_;  // ids of Conditions
};

void PainCollector::ReadEncounter() {
  for (const model::Resource& resource : reader_.Read("encounter", "Encounter")) {
    const model::Encounter encounter{resource};
    if (!CountsEncounter(encounter) || encounter.id() != input_.encounter_id) continue;
    const auto start = encounter.start(*input_.zone);
    encounter_day_ = start ? std::min(start->first, input_.today) : input_.today;
    for (const json::Value reference : encounter.reason_references()) {
      encounter_reasons_.push_back(model::SplitReference(reference["reference"_key].string()).id);
    }
    if (!IsRecent(*encounter_day_)) continue;
    for (const json::Value reason : encounter.reason_codes()) {
      if (!InGroup(reason, Group::kBackPain)) continue;
      Add(PainLabel(reason), *encounter_day_, "reason of this encounter");
    }
  }
}

// Newest of onset, recording and the encounter whose reason it is (rules.md rule A, PAIN).
void PainCollector::ReadConditions() {
  for (const KnownCondition& known : KnownConditions(input_, reader_)) {
    if (!known.groups.Has(Group::kBackPain) || !known.active()) continue;
    const model::Condition& condition = known.condition;
    const auto onset = condition.onset(*input_.zone);
    const auto recorded = condition.recorded(*input_.zone);
    std::optional<Day> newest;
    const auto take = [&newest](Day day) { newest = newest ? std::max(*newest, day) : day; };
    if (onset) take(onset->first);
    if (recorded && !IsFuture(*recorded, input_.today)) take(recorded->first);
    const bool of_encounter =
        encounter_day_ && (model::SplitReference(condition.encounter_reference()).id == input_.encounter_id ||
                           std::find(encounter_reasons_.begin(), encounter_reasons_.end(), condition.id()) !=
                               encounter_reasons_.end());
    if (of_encounter) take(*encounter_day_);
    if (!newest || !IsRecent(*newest)) continue;
    Add(PainLabel(condition.code()), *newest, "condition");
    if (InGroup(condition.severity(), Group::kSeveritySevere)) {
      pain_.severity = Finding{"severity recorded as severe", *newest, "condition", 1};
    }
    // Of a partial onset the latest day: imaging before it is no work-up of this pain for sure.
    if (!newest_condition_ || *newest_condition_ <= *newest) {
      newest_condition_ = newest;
      pain_.onset = onset ? std::min(onset->last, input_.today) : *newest;
    }
  }
}

void PainCollector::ReadObservations() {
  for (const KnownObservation& known : KnownObservations(input_, reader_)) {  // newest first
    const bool recent = IsRecent(known.date.first);
    if (known.groups.Has(Group::kChiefComplaint)) {
      const json::Value complaint = known.observation.value_concept();
      if (recent && InGroup(complaint, Group::kBackPain)) {
        Add(PainLabel(complaint), known.date.first, "chief complaint");
      }
      continue;
    }
    const auto score = ScoreOf(known);
    if (!score) continue;
    const json::Value site = known.observation.body_site();
    const bool back = IsBackSite(site);
    if (back && recent && IsPainful(*score)) {
      Add("pain in the back", known.date.first, "observation");
    }
    if (back || !site) TakeSeverity(pain_, known, *score, input_);
  }
}

// --- drafts
bool CountsAnyDraft(const model::Resource& draft) {
  if (draft.type() == "MedicationRequest") return CountsDraft(model::MedicationRequest{{draft}});
  if (draft.type() == "ServiceRequest") return CountsDraft(model::ServiceRequest{draft});
  const std::string_view status = draft.status();
  return status != "entered-in-error" && status != "revoked" && !draft.json["doNotPerform"_key].is_true();
}

enum class Reason : std::uint8_t { kOther, kBackPain, kUnknown };

Reason ReasonOf(const model::Resource& draft, const Chart& chart) {
  for (const json::Value reason : draft.json["reasonCode"_key]) {
    if (InGroup(reason, Group::kBackPain)) return Reason::kBackPain;
  }
  Reason found = Reason::kOther;
  for (const json::Value each : draft.json["reasonReference"_key]) {
    const auto parts = model::SplitReference(each["reference"_key].string());
    if (parts.type != "Condition") continue;
    const model::Condition condition{chart.Find("Condition", parts.id)};
    if (!condition) {
      found = Reason::kUnknown;
    } else if (VerificationOf(condition) != Verification::kNever &&
               InGroup(condition.code(), Group::kBackPain)) {
      return Reason::kBackPain;
    }
  }
  return found;
}

bool IsOrthosisOrSpineImage(const model::Resource& draft) {
  // CT of lumbar or thoracic spine; the pelvis is in the same group (clarification 26).
  constexpr std::string_view kSpineCt[] = {"24963-1", "24964-9", "24978-9", "30620-9"};
  const json::Value device = draft.json["codeCodeableConcept"_key];
  const json::Value code = device ? device : draft.json["code"_key];
  const GroupSet groups = GroupsOf(code);
  if (groups.Has(Group::kSpinalOrthosis) || IsSpineImage(groups, code)) return true;
  return std::any_of(std::begin(kSpineCt), std::end(kSpineCt),
                     [code](std::string_view loinc) { return model::HasCode(code, kLoincSystem, loinc); });
}

void PainCollector::ReadDrafts() {
  for (const Draft& draft : input_.drafts) {
    if (!CountsAnyDraft(draft.resource)) continue;
    const Reason reason = ReasonOf(draft.resource, reader_.chart());
    if (reason == Reason::kUnknown) reader_.Doubt("reason_reference");
    if (reason != Reason::kBackPain) continue;
    // Not an onset: the order is placed for pain that began before.
    pain_.evidence.push_back({"back pain", input_.today, "reason of an order being placed", 1});
  }
}

// --- trauma
bool IsIcd10(json::Value coding) {
  return base::ContainsIgnoreCase(coding["system"_key].string(), "icd-10") ||
         coding["system"_key].string() == "urn:oid:2.16.840.1.113883.6.90";
}

// External causes of high energy: transport V00-V99, falls from a height W10-W17, mechanical forces W20-W49,
// assault X92-Y09. A fall from standing height is how fragility shows, and never counts (clarification 29).
bool IsHighEnergyCause(std::string_view code) {
  if (code.size() < 3 || code[1] < '0' || code[1] > '9' || code[2] < '0' || code[2] > '9') return false;
  const int number = (code[1] - '0') * 10 + (code[2] - '0');
  switch (code[0]) {
    case 'V':
      return true;
    case 'W':
      return (number >= 10 && number <= 17) || (number >= 20 && number <= 49);
    case 'X':
      return number >= 92;
    case 'Y':
      return number <= 9;
    default:
      return false;
  }
}

// S02, S12, ... S92: fractures by region.
bool IsInjuryFracture(std::string_view code) {
  return code.size() >= 3 && code[0] == 'S' && code[2] == '2';
}

template <typename Test>
bool AnyIcd10(json::Value code, const Test& test) {
  for (const json::Value coding : code["coding"_key]) {
    if (IsIcd10(coding) && test(coding["code"_key].string())) return true;
  }
  return false;
}

bool EncounterIsTrauma(const RuleInput& input, ChartReader& reader, bool& external_cause) {
  bool trauma = false;
  for (const model::Resource& resource : reader.Read("encounter", "Encounter")) {
    const model::Encounter encounter{resource};
    const auto start = encounter.start(*input.zone);
    if (!CountsEncounter(encounter) || (start && !IsWithin(*start, kTraumaDays, input.today))) continue;
    for (const json::Value reason : encounter.reason_codes()) {
      if (AnyIcd10(reason, IsHighEnergyCause)) external_cause = true;
      trauma = trauma || model::HasCode(reason, kSnomedSystem, "417746004") ||
               base::ContainsWord(model::LabelOf(reason), "trauma");
    }
  }
  return trauma || external_cause;
}

}  // namespace

Window WindowOf(const State& state, const Parameters& parameters) {
  if (state.pregnancy == Pregnancy::kPregnant) {
    if (!state.gestational_days) return Window::kExtended;
    if (*state.gestational_days >= IntegerOf(parameters, Param::kALateGa)) return Window::kCore;
    return *state.gestational_days >= kEarlyGa ? Window::kEarly : Window::kNone;
  }
  const bool may_lactate = state.lactation == Lactation::kYes || state.lactation == Lactation::kPossible;
  if (!state.days_postpartum) {
    const bool lactates = state.lactation == Lactation::kYes;
    return state.pregnancy == Pregnancy::kPostpartum && lactates ? Window::kExtended : Window::kNone;
  }
  const std::int32_t days = *state.days_postpartum;
  if (days < 0 || days > kLactationDays) return Window::kNone;
  if (days <= IntegerOf(parameters, Param::kACoreDays)) return Window::kCore;
  if (days <= kExtendedDays || may_lactate) return Window::kExtended;
  if (!state.weaned || !state.delivery) return Window::kNone;
  const std::int32_t since_weaning = (*state.delivery + days) - *state.weaned;
  return since_weaning <= kExtendedDays ? Window::kExtended : Window::kNone;
}

BackPain FindBackPain(const RuleInput& input, ChartReader& reader) {
  return PainCollector(input, reader).Collect();
}

bool HasBackPainDraft(const RuleInput& input, ChartReader& reader) {
  for (const Draft& draft : input.drafts) {
    if (!draft.may_raise_cards || !CountsAnyDraft(draft.resource)) continue;
    if (IsOrthosisOrSpineImage(draft.resource)) return true;
    const Reason reason = ReasonOf(draft.resource, reader.chart());
    if (reason == Reason::kBackPain) return true;
    if (reason == Reason::kUnknown) reader.Doubt("reason_reference");
  }
  return false;
}

bool HasTrauma(const RuleInput& input, ChartReader& reader) {
  bool external_cause = false;
  const bool trauma_encounter = EncounterIsTrauma(input, reader, external_cause);
  for (const KnownCondition& known : KnownConditions(input, reader)) {
    if (!known.date() || !IsWithin(*known.date(), kTraumaDays, input.today)) continue;
    const json::Value code = known.condition.code();
    if (AnyIcd10(code, IsHighEnergyCause)) return true;
    if (trauma_encounter && AnyIcd10(code, IsInjuryFracture)) return true;
  }
  return external_cause;
}

}  // namespace osteon::cards::perinatal
