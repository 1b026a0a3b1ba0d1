#include "cards/packs/perinatal_bone_health/heparin.h"

#include <algorithm>

#include "cards/packs/perinatal_bone_health/concepts.h"
#include "cards/packs/perinatal_bone_health/counted.h"
#include "cards/packs/perinatal_bone_health/drug_interval.h"
#include "cards/packs/perinatal_bone_health/exposure_days.h"
#include "cards/packs/perinatal_bone_health/heparin_class.h"
#include "cards/packs/perinatal_bone_health/heparin_dose.h"
#include "cards/packs/perinatal_bone_health/medication_concept.h"
#include "cards/packs/perinatal_bone_health/parameters.h"
#include "cards/packs/perinatal_bone_health/request_facts.h"
#include "fhir/model/ucum.h"

namespace osteon::cards::perinatal {

using base::Day;
using base::Decimal;
using json::operator""_key;

namespace {

constexpr std::int32_t kPregnancyDays = 280;
constexpr std::int32_t kProjectionDays = 30;  // a draft without a stated length, not pregnant (rules.md 3.5)
constexpr std::int32_t kProjectionAfterBirthDays = 42;  // heparin goes on to six weeks after birth
constexpr std::int32_t kWeightDays = 90;

IntervalOptions OptionsFor(const RuleInput& input, const HeparinProduct& product) {
  IntervalOptions options = IntervalOptionsOf(input);
  options.amount = [product](const model::Quantity& quantity) { return AmountInIu(quantity, product); };
  return options;
}

// The newest body weight within 90 days, in kg.
std::optional<Decimal> WeightOf(const RuleInput& input, ChartReader& reader) {
  std::optional<Decimal> weight;
  std::optional<Day> newest;
  reader.Need("bonObs");
  for (const auto& [observation, groups, date, counts] : AllObservations(input)) {
    if (!counts || !groups.Has(Group::kBodyWeight)) continue;
    const auto value = observation.value_quantity();
    if (!date || !value || date->last > input.today || input.today - date->first > kWeightDays) continue;
    const auto kilograms = model::Convert(value->value, value->unit, "kg");
    if (!kilograms || kilograms->is_zero() || (newest && date->first < *newest)) continue;
    newest = date->first;
    weight = kilograms;
  }
  return weight;
}

// Collects what every source says; sums it up at the end.
class Collector {
 public:
  Collector(const RuleInput& input, ChartReader& reader, Day first, Day last)
      : input_(input), reader_(reader), first_(first), ufh_(first, last), lmwh_(first, last) {}

  void ReadRequests();
  void ReadStatements();
  void ReadAdministrations();
  void ReadLooseDispenses();
  void AddDraft(const model::MedicationRequest& draft, const State& state);
  HeparinExposure Result() const;

 private:
  // The kind, after noting what it tells beyond days; kNone for what covers no days.
  HeparinKind Note(const model::MedicationResource& resource);
  HeparinProduct Product(const model::MedicationResource& resource) const;
  ExposureDays& DaysOf(HeparinKind kind) { return kind == HeparinKind::kUfhSystemic ? ufh_ : lmwh_; }
  const std::optional<Decimal>& Weight();
  void Add(HeparinKind kind, const HeparinProduct& product, const CoveredDays& covered);
  void AddDosages(HeparinKind kind, const HeparinProduct& product, const std::vector<DosageSpan>& spans);

  const RuleInput& input_;
  ChartReader& reader_;
  Day first_;
  ExposureDays ufh_;
  ExposureDays lmwh_;
  bool ufh_duration_unknown_ = false;
  bool lmwh_duration_unknown_ = false;
  bool seen_flush_ = false;
  bool seen_systemic_ = false;
  bool current_undated_ = false;
  bool other_anticoagulant_current_ = false;
  bool weight_read_ = false;
  std::optional<Decimal> weight_;
};

HeparinKind Collector::Note(const model::MedicationResource& resource) {
  const HeparinKind kind = KindOf(resource, reader_.chart());
  if (const std::string_view doubt = DoubtOf(kind); !doubt.empty()) reader_.Doubt(doubt);
  seen_flush_ = seen_flush_ || kind == HeparinKind::kFlush;
  if (kind != HeparinKind::kUfhSystemic && kind != HeparinKind::kLmwh) {
    return kind == HeparinKind::kNotCounted ? kind : HeparinKind::kNone;
  }
  seen_systemic_ = true;
  return kind;
}

HeparinProduct Collector::Product(const model::MedicationResource& resource) const {
  const MedicationName name = NameOf(resource, reader_.chart());
  HeparinProduct product = ProductOf(name.code);
  for (const json::Value ingredient : name.medication["ingredient"_key]) {
    if (product.agent == HeparinAgent::kOther) product = ProductOf(ingredient["itemCodeableConcept"_key]);
  }
  return product;
}

const std::optional<Decimal>& Collector::Weight() {
  if (!weight_read_) weight_ = WeightOf(input_, reader_);
  weight_read_ = true;
  return weight_;
}

// Dosages of one order on the same days are taken together, unless numbered as alternatives; those of
// different orders are not (clarification 31c).
void Collector::AddDosages(HeparinKind kind, const HeparinProduct& product,
                           const std::vector<DosageSpan>& spans) {
  ExposureDays& days = DaysOf(kind);
  const std::optional<Decimal> weight = kind == HeparinKind::kLmwh ? Weight() : std::nullopt;
  for (const DosageSpan& span : spans) {
    DailyDose dose = DailyDoseOf(span.dosage, product, weight);
    for (const DosageSpan& other : spans) {
      const bool together = &other != &span && !other.alternative && !span.alternative &&
                            other.days.first <= span.days.first && other.days.last >= span.days.last;
      if (!together) continue;
      const DailyDose more = DailyDoseOf(other.dosage, product, weight);
      if (dose.iu && more.iu) dose.iu = dose.iu->Plus(*more.iu);
      if (dose.iu_per_kg && more.iu_per_kg) dose.iu_per_kg = dose.iu_per_kg->Plus(*more.iu_per_kg);
    }
    days.CoverWithDose(span.days, dose.iu);
    if (kind == HeparinKind::kLmwh && IsTherapeuticLmwh(dose, product.agent, weight)) {
      days.MarkTherapeutic(span.days);
    }
  }
}

void Collector::Add(HeparinKind kind, const HeparinProduct& product, const CoveredDays& covered) {
  if (!covered.days) return;
  DaysOf(kind).Cover(*covered.days);
  bool& unknown = kind == HeparinKind::kUfhSystemic ? ufh_duration_unknown_ : lmwh_duration_unknown_;
  unknown = unknown || (covered.duration_unknown && covered.days->last >= first_);
  AddDosages(kind, product, covered.dosages);
}

void Collector::ReadRequests() {
  std::vector<model::MedicationDispense> dispenses;
  for (const model::Resource& resource : ReadWhenAsked(reader_, "dispenses", "MedicationDispense")) {
    const model::MedicationDispense dispense{resource};
    if (CountsDispense(dispense)) dispenses.push_back(dispense);
  }
  for (const model::Resource& resource : reader_.Read("meds", "MedicationRequest")) {
    const model::MedicationRequest request{resource};
    if (!CountsMedicationRequest(request)) continue;
    const HeparinKind kind = Note(request);
    if (kind == HeparinKind::kNone) continue;
    std::vector<model::MedicationDispense> own;
    for (const model::MedicationDispense& dispense : dispenses) {
      if (IsDispenseOf(dispense, request)) own.push_back(dispense);
    }
    const HeparinProduct product = Product(request);
    const CoveredDays covered = DaysOfRequest(request, own, OptionsFor(input_, product));
    const bool active = request.status() == "active";
    if (kind == HeparinKind::kNotCounted) {
      const bool begun = covered.undated || covered.days;
      if (active && begun && !covered.explicit_end_past) other_anticoagulant_current_ = true;
      continue;
    }
    if (covered.undated && active) current_undated_ = true;
    Add(kind, product, covered);
  }
}

void Collector::ReadStatements() {
  for (const model::Resource& resource : ReadWhenAsked(reader_, "medStmts", "MedicationStatement")) {
    const model::MedicationStatement statement{resource};
    if (!CountsStatement(statement)) continue;
    const HeparinKind kind = Note(statement);
    if (kind == HeparinKind::kNone || kind == HeparinKind::kNotCounted) continue;
    const HeparinProduct product = Product(statement);
    const CoveredDays covered = DaysOfStatement(statement, OptionsFor(input_, product));
    if (covered.undated && statement.status() == "active") current_undated_ = true;
    Add(kind, product, covered);
  }
}

void Collector::ReadLooseDispenses() {
  const auto requests = reader_.chart().OfType("MedicationRequest");
  for (const model::Resource& resource : ReadWhenAsked(reader_, "dispenses", "MedicationDispense")) {
    const model::MedicationDispense dispense{resource};
    if (!CountsDispense(dispense)) continue;
    const bool of_an_order = std::any_of(requests.begin(), requests.end(), [&](const model::Resource& each) {
      const model::MedicationRequest request{each};
      return CountsMedicationRequest(request) && IsDispenseOf(dispense, request);
    });
    if (of_an_order) continue;
    const HeparinKind kind = Note(dispense);
    if (kind == HeparinKind::kNone || kind == HeparinKind::kNotCounted) continue;
    const HeparinProduct product = Product(dispense);
    Add(kind, product, DaysOfDispense(dispense, OptionsFor(input_, product)));
  }
}

// Units given on each of those days: a rate runs all day, a dose counts once, on the day it was given.
std::optional<Decimal> GivenPerDay(const model::MedicationAdministration& administration,
                                   const HeparinProduct& product) {
  const json::Value dosage = administration.dosage();
  if (const auto rate = model::QuantityOf(dosage["rateQuantity"_key])) {
    if (const auto hourly = model::Convert(rate->value, rate->unit, "[iU]/h")) return hourly->Times(24);
  }
  const auto dose = model::QuantityOf(dosage["dose"_key]);
  return dose ? AmountInIu(*dose, product) : std::nullopt;
}

void Collector::ReadAdministrations() {
  for (const model::Resource& resource : ReadWhenAsked(reader_, "medAdmins", "MedicationAdministration")) {
    const model::MedicationAdministration administration{resource};
    if (!CountsAdministration(administration)) continue;
    const HeparinKind kind = Note(administration);
    if (kind == HeparinKind::kNone || kind == HeparinKind::kNotCounted) continue;
    const HeparinProduct product = Product(administration);
    const CoveredDays covered = DaysOfAdministration(administration, OptionsFor(input_, product));
    if (covered.days) DaysOf(kind).AddGiven(*covered.days, GivenPerDay(administration, product));
  }
}

// Rules.md 3.5.
void Collector::AddDraft(const model::MedicationRequest& draft, const State& state) {
  const HeparinKind kind = KindOf(draft, reader_.chart());
  if (kind != HeparinKind::kUfhSystemic && kind != HeparinKind::kLmwh) return;
  seen_systemic_ = true;
  const HeparinProduct product = Product(draft);
  const DraftDays stated = DaysOfDraft(draft, OptionsFor(input_, product));
  if (stated.as_needed) return;
  Day last = stated.start + (stated.days.value_or(kProjectionDays) - 1);
  if (!stated.days && state.pregnancy == Pregnancy::kPregnant) {
    const bool after_birth = FlagOf(*input_.parameters, Param::kHepProjectToPostpartum);
    const auto edd = state.edd   ? state.edd
                     : state.lmp ? std::optional(*state.lmp + kPregnancyDays)
                                 : std::nullopt;
    if (edd) last = std::max(last, *edd + (after_birth ? kProjectionAfterBirthDays : 0));
  }
  CoveredDays covered;
  covered.days = DayInterval{stated.start, last};
  covered.dosages = DosageSpansOf(draft, *covered.days, *input_.zone);
  Add(kind, product, covered);
}

HeparinExposure Collector::Result() const {
  HeparinExposure exposure;
  const auto gap_days = IntegerOf(*input_.parameters, Param::kHepGapDays);
  exposure.ufh = ufh_.Sum(gap_days, input_.today);
  exposure.lmwh = lmwh_.Sum(gap_days, input_.today);
  exposure.ufh.duration_unknown = ufh_duration_unknown_;
  exposure.lmwh.duration_unknown = lmwh_duration_unknown_;
  exposure.lookback_start = first_;
  exposure.current_undated = current_undated_;
  exposure.other_anticoagulant_current = other_anticoagulant_current_;
  exposure.flush_only = seen_flush_ && !seen_systemic_;
  return exposure;
}

// Rules.md 3.3, clarification 60: PREGNANT or a conflicting pregnancy looks back from the LMP.
Day LookbackStart(const RuleInput& input, const State& state) {
  const bool pregnant = state.pregnancy == Pregnancy::kPregnant ||
                        (state.pregnancy == Pregnancy::kPossiblyPregnant && state.conflict);
  if (pregnant && state.lmp) return *state.lmp;
  if (state.pregnancy == Pregnancy::kPostpartum && state.delivery) return *state.delivery - kPregnancyDays;
  return input.today - IntegerOf(*input.parameters, Param::kHepLookbackDays);
}

HeparinExposure Compute(const RuleInput& input, ChartReader& reader, const State& state,
                        std::span<const model::MedicationRequest> drafts) {
  constexpr std::int32_t kProjectionRoom = 400;  // longest projection: a whole pregnancy and six weeks
  const Day start = LookbackStart(input, state);
  Collector collector(input, reader, start, drafts.empty() ? input.today : input.today + kProjectionRoom);
  collector.ReadRequests();
  collector.ReadStatements();
  collector.ReadAdministrations();
  collector.ReadLooseDispenses();
  for (const model::MedicationRequest& draft : drafts) collector.AddDraft(draft, state);
  return collector.Result();
}

}  // namespace

HeparinExposure ComputeExposure(const RuleInput& input, ChartReader& reader, const State& state) {
  return Compute(input, reader, state, {});
}

HeparinExposure ProjectExposure(const RuleInput& input, ChartReader& reader, const State& state,
                                std::span<const model::MedicationRequest> drafts) {
  return Compute(input, reader, state, drafts);
}

}  // namespace osteon::cards::perinatal
