#include <algorithm>

#include "cards/packs/perinatal_bone_health/counted.h"
#include "cards/packs/perinatal_bone_health/drug_identity.h"
#include "cards/packs/perinatal_bone_health/parameters.h"
#include "cards/packs/perinatal_bone_health/state_evidence.h"
#include "fhir/base/text.h"

namespace osteon::cards::perinatal::internal {

using base::Day;
using json::operator""_key;

namespace {

// rules.md 2.5, 2.6.
constexpr std::int32_t kPlanningDays = 365;
constexpr std::int32_t kLarcYears = 5;
constexpr std::int32_t kDmpaDays = 15 * 7;
constexpr std::int32_t kMethodStatedDays = 365;
// rules.md section 5, rule C: an order without an end is taken as past when it is older.
constexpr std::int32_t kOpenOrderDays = 400;

// The reading of dates here is always the one that leaves her without contraception (clarification 17,
// "safer"): insertion and doses at their earliest day, removal at its latest.

std::optional<Intention> IntentionOf(const GroupSet& value) {
  if (value.HasAny(Group::kIntentYes, Group::kAnswerIntentYes)) return Intention::kYes;
  if (value.HasAny(Group::kIntentAmbivalent, Group::kAnswerIntentAmbivalent)) return Intention::kAmbivalent;
  if (value.HasAny(Group::kIntentUnsure, Group::kAnswerIntentUnsure)) return Intention::kUnsure;
  if (value.HasAny(Group::kIntentNo, Group::kAnswerIntentNo)) return Intention::kNo;
  return std::nullopt;
}

// --- contraception
class ContraceptionReader {
 public:
  ContraceptionReader(StateContext& context, State& state) : context_(context), state_(state) {}

  void Read() {
    ReadLarc();
    ReadStatedMethod();
    for (const model::Resource& resource : context_.reader.Read("meds", "MedicationRequest")) {
      ReadOrder(model::MedicationRequest{resource});
    }
    ReadGivenDoses();
  }

 private:
  Day today() const { return context_.today(); }

  void Found(std::string text, const std::optional<Day>& day) {
    state_.effective_contraception = true;
    state_.contraception_evidence.push_back({std::move(text), day});
  }

  void ReadLarc() {
    std::optional<Day> inserted;
    std::optional<Day> removed;
    const auto note = [&](const GroupSet& groups, const std::optional<model::DateSpan>& date) {
      // An undated insertion says nothing; an undated removal may be the last word.
      if (groups.Has(Group::kLarcInsertion) && date)
        inserted = std::max(inserted.value_or(date->first), date->first);
      if (!groups.Has(Group::kLarcRemoval)) return;
      const Day day = date ? date->last : today();
      removed = std::max(removed.value_or(day), day);
    };
    for (const auto& [procedure, groups] : context_.procedures)
      note(groups, procedure.performed(context_.zone()));
    for (const KnownCondition* known : context_.conditions) {
      if (known->standing.CountsEver()) note(known->groups, known->date());
    }
    if (!inserted || *inserted < base::AddYears(today(), -kLarcYears)) return;
    if (removed && *removed >= *inserted) return;
    Found("intrauterine device or implant inserted", inserted);
  }

  void ReadStatedMethod() {
    for (const CodedObservation* known : context_.observations) {
      const auto& [observation, groups, effective, counts] = *known;
      if (!groups.Has(Group::kContraceptiveMethodAtIntake)) continue;
      if (!effective || today() - effective->first > kMethodStatedDays) continue;
      std::string texts(observation.value_string());
      texts += ' ';
      texts += observation.value_concept()["text"_key].string();
      for (const json::Value coding : observation.value_concept()["coding"_key]) {
        texts += ' ';
        texts += coding["display"_key].string();
      }
      if (NamesEffectiveMethod(texts)) Found("effective method stated (observation)", effective->first);
    }
  }

  static bool NamesEffectiveMethod(std::string_view texts) {
    if (base::ContainsWord(texts, "IUD") || base::ContainsWord(texts, "IUS")) return true;
    for (const std::string_view part : {"intrauterine", "implant", "steriliz", "sterilis"}) {
      if (base::ContainsIgnoreCase(texts, part)) return true;
    }
    return false;
  }

  void ReadOrder(const model::MedicationRequest& request) {
    if (!CountsMedicationRequest(request)) return;
    const GroupSet groups = IdentifyDrug(request, *context_.input.chart, *context_.input.parameters).groups;
    const auto authored = request.authored_on(context_.zone());
    if (!authored || IsFuture(*authored, today())) return;
    const Day day = authored->first;
    if (IsDmpaDose(groups, request) && today() - day <= kDmpaDays) FoundDmpa(day, "order");
    if (request.status() != "active" || HasEnded(request)) return;
    if (IsLarc(groups, request) && day >= base::AddYears(today(), -kLarcYears)) {
      Found("intrauterine device or implant (active order)", day);
    }
    if (IsCombined(groups, request) && today() - day <= kOpenOrderDays) {
      state_.pill_contraception = true;
      state_.contraception_evidence.push_back({"combined pill, ring or patch (active order)", day});
    }
  }

  bool HasEnded(const model::MedicationRequest& request) const {
    const json::Value dosage = request.dosage_instructions().At(0);
    const auto end = model::EndOf(dosage["timing"_key]["repeat"_key]["boundsPeriod"_key], context_.zone());
    return end && end->first < today();
  }

  // The listed progestins are ingredients: etonogestrel alone is the implant; levonorgestrel is one only when
  // a text says so, for it is a pill too.
  bool IsLarc(const GroupSet& groups, const model::MedicationResource& resource) const {
    if (groups.Has(Group::kLarcDrug)) return true;
    if (!groups.Has(Group::kContraceptiveProgestinIngredient)) return false;
    const std::string texts = DrugTexts(resource, *context_.input.chart);
    for (const std::string_view part : {"intrauterine", "implant", "mirena", "kyleena", "liletta", "skyla"}) {
      if (base::ContainsIgnoreCase(texts, part)) return true;
    }
    const bool is_etonogestrel = GroupsOfIngredient(resource, "14584");
    return is_etonogestrel && !IsCombined(groups, resource);
  }

  bool IsCombined(const GroupSet& groups, const model::MedicationResource& resource) const {
    if (groups.Has(Group::kCombinedContraceptive)) return true;
    if (!groups.Has(Group::kContraceptiveProgestinIngredient)) return false;
    const std::string texts = DrugTexts(resource, *context_.input.chart);
    for (const std::string_view part : {"estradiol", "estrogen", "vaginal ring"}) {
      if (base::ContainsIgnoreCase(texts, part)) return true;
    }
    return false;
  }

  static bool GroupsOfIngredient(const model::MedicationResource& resource, std::string_view rxcui) {
    return model::HasCode(resource.medication_concept(), kRxNormSystem, rxcui);
  }

  // Medroxyprogesterone as an ingredient is a tablet too; the injection is named by product, ATC or text.
  bool IsDmpaDose(const GroupSet& groups, const model::MedicationResource& resource) const {
    if (!groups.Has(Group::kDmpaContraceptiveBoneRisk)) return false;
    if (!GroupsOfIngredient(resource, "6691")) return true;
    const std::string texts = DrugTexts(resource, *context_.input.chart);
    for (const std::string_view part : {"inject", "depo", "150 mg"}) {
      if (base::ContainsIgnoreCase(texts, part)) return true;
    }
    return false;
  }

  void FoundDmpa(Day day, std::string_view source) {
    state_.dmpa = true;
    Found("DMPA injection (" + std::string(source) + ")", day);
  }

  // Looked at when they are there; their absence is no gap of the state.
  void ReadGivenDoses() {
    for (const model::Resource& resource : context_.input.chart->OfType("MedicationAdministration")) {
      const model::MedicationAdministration given{resource};
      const auto date = given.start(context_.zone());
      if (!CountsAdministration(given) || !date || IsFuture(*date, today())) continue;
      const GroupSet groups = IdentifyDrug(given, *context_.input.chart, *context_.input.parameters).groups;
      if (IsDmpaDose(groups, given) && today() - date->first <= kDmpaDays)
        FoundDmpa(date->first, "administration");
    }
  }

  StateContext& context_;
  State& state_;
};

// Clarification 17: only an active diagnosis or a completed procedure takes the potential away.
bool HasCurrent(const StateContext& context, std::initializer_list<Group> wanted) {
  const auto in_wanted = [&](const GroupSet& groups) {
    return std::ranges::any_of(wanted, [&](Group group) { return groups.Has(group); });
  };
  for (const auto& [procedure, groups] : context.procedures) {
    if (in_wanted(groups)) return true;
  }
  for (const KnownCondition* known : context.conditions) {
    if (in_wanted(known->groups) && known->active()) return true;
  }
  return false;
}

bool SterilisationFailed(const StateContext& context) {
  for (const KnownCondition* known : context.conditions) {
    if (known->groups.Has(Group::kSterilisationFailure) && known->standing.CountsEver()) return true;
  }
  return false;
}

// Clarification 19: a sex-for-clinical-use of male, or a birth sex of male without one.
bool IsMaleForClinicalUse(const Chart& chart) {
  for (const model::Resource& resource : chart.OfType("Patient")) {
    const model::Patient patient{resource};
    const std::string_view sex = patient.sex_for_clinical_use();
    if (sex == "male" || (sex.empty() && patient.birth_sex() == "M")) return true;
  }
  return false;
}

}  // namespace

void ResolveIntention(StateContext& context, State& state) {
  std::optional<Day> newest;
  for (const CodedObservation* known : context.observations) {
    const auto& [observation, groups, effective, counts] = *known;
    if (!groups.Has(Group::kPregnancyIntention)) continue;
    const auto intention = IntentionOf(GroupsOf(observation.value_concept()));
    if (!effective || !intention) continue;
    const auto end = observation.effective_end(context.zone());
    if (end && end->last < context.today()) continue;
    const Day day = DayBy(context.reading, *effective, context.today());
    if (context.today() - day > IntegerOf(*context.input.parameters, Param::kIntentValidDays)) continue;
    const bool same_day_yes = newest && day == *newest && context.safety() && *intention == Intention::kYes;
    if (newest && day <= *newest && !same_day_yes) continue;
    newest = day;
    state.intention = *intention;
  }
  if (newest) return;
  for (const KnownCondition* known : context.conditions) {
    if (!known->groups.Has(Group::kPlanningPregnancy) || !known->active()) continue;
    const auto& date = known->date();
    if (date && context.today() - DayBy(context.reading, *date, context.today()) <= kPlanningDays) {
      state.intention = Intention::kYes;
    }
  }
}

void ResolveContraception(StateContext& context, State& state) {
  ContraceptionReader(context, state).Read();
}

void ResolveChildbearing(StateContext& context, State& state) {
  state.fertility_reduced = HasCurrent(context, {Group::kPrematureMenopause});
  state.childbearing = Childbearing::kNo;
  const std::int32_t min_age = IntegerOf(*context.input.parameters, Param::kCbpMinAge);
  const std::int32_t max_age = IntegerOf(*context.input.parameters, Param::kCbpMaxAge);
  if (!state.age_years || *state.age_years < min_age || *state.age_years > max_age) return;
  if (state.male_recorded || IsMaleForClinicalUse(*context.input.chart)) return;
  if (HasCurrent(context, {Group::kHysterectomy, Group::kBilateralOophorectomy, Group::kMenopause})) return;
  state.childbearing = Childbearing::kYes;
  if (HasCurrent(context, {Group::kFemaleSterilisation}) && !SterilisationFailed(context)) {
    state.childbearing = Childbearing::kLow;
    state.contraception_evidence.push_back({"female sterilisation", std::nullopt});
  }
}

}  // namespace osteon::cards::perinatal::internal
