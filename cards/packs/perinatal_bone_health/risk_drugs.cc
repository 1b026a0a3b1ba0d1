// Risk factors from medication orders and statements. Source: rules.md section 4; days of treatment by
// rules.md 3.2.
#include <algorithm>

#include "cards/packs/perinatal_bone_health/drug_interval.h"
#include "cards/packs/perinatal_bone_health/exposure_days.h"
#include "cards/packs/perinatal_bone_health/heparin_dose.h"
#include "cards/packs/perinatal_bone_health/medication_concept.h"
#include "cards/packs/perinatal_bone_health/parameters.h"
#include "cards/packs/perinatal_bone_health/risk_chart.h"
#include "fhir/base/text.h"
#include "fhir/model/ucum.h"

namespace osteon::cards::perinatal {

using base::Day;
using base::Decimal;
using json::operator""_key;

namespace {

constexpr std::int32_t kYearDays = 365;
constexpr std::int32_t kLongCourseDays = 90;

using DrugFilter = bool (*)(const model::MedicationResource& resource, json::Value code, json::Value dosages);

bool AnyDrug(const model::MedicationResource&, json::Value, json::Value) {
  return true;
}

struct Treatment {
  std::int32_t days = 0;
  std::optional<Day> last;
};

GroupSet GroupsOfDrug(const MedicationName& name) {
  GroupSet groups = GroupsOf(name.code);
  for (const json::Value ingredient : name.medication["ingredient"_key]) {
    groups |= GroupsOf(ingredient["itemCodeableConcept"_key]);
  }
  return groups;
}

std::vector<model::MedicationDispense> DispensesOf(const model::MedicationRequest& request,
                                                   ChartReader& reader) {
  std::vector<model::MedicationDispense> own;
  for (const model::Resource& resource : ReadWhenAsked(reader, "dispenses", "MedicationDispense")) {
    const model::MedicationDispense dispense{resource};
    if (CountsDispense(dispense) && IsDispenseOf(dispense, request)) own.push_back(dispense);
  }
  return own;
}

// Days of treatment with a drug of the group within the last `window_days` days, overlaps counted once.
Treatment TreatmentDays(const RiskChart& chart, Group group, std::int32_t window_days, DrugFilter filter) {
  ExposureDays days(chart.input.today - (window_days - 1), chart.input.today);
  for (const KnownDrug<model::MedicationRequest>& known : chart.drugs.requests) {
    const json::Value dosages = known.resource.dosage_instructions();
    if (!known.groups.Has(group) || !filter(known.resource, known.code, dosages)) continue;
    const CoveredDays covered = DaysOfRequest(known.resource, DispensesOf(known.resource, chart.reader),
                                              IntervalOptionsOf(chart.input));
    if (covered.days) days.Cover(*covered.days);
  }
  for (const KnownDrug<model::MedicationStatement>& known : chart.drugs.statements) {
    if (!known.groups.Has(group) || !filter(known.resource, known.code, known.resource.dosages())) continue;
    const CoveredDays covered = DaysOfStatement(known.resource, IntervalOptionsOf(chart.input));
    if (covered.days) days.Cover(*covered.days);
  }
  const ClassExposure sum = days.Sum(0, chart.input.today);
  Treatment treatment{sum.covered_days, std::nullopt};
  if (!sum.episodes.empty()) treatment.last = sum.episodes.back().last;
  return treatment;
}

std::optional<Finding> LongTreatment(const Treatment& treatment, std::int32_t at_least,
                                     std::string_view text) {
  if (treatment.days < at_least) return std::nullopt;
  return Finding{std::string(text) + " for " + std::to_string(treatment.days) + " days", treatment.last,
                 "medication order", 1};
}

// --- glucocorticoids
constexpr std::string_view kLocalRoutes[] = {
    "topical", "cutaneous", "inhalation", "inhaled",  "nasal",  "ophthalmic",  "otic",    "auricular", "eye",
    "ear",     "rectal",    "cream",      "ointment", "lotion", "nasal spray", "inhaler", "foam",
};

bool NamesLocalRoute(json::Value concept_value) {
  for (const std::string_view word : kLocalRoutes) {
    if (base::ContainsWord(concept_value["text"_key].string(), word)) return true;
    for (const json::Value coding : concept_value["coding"_key]) {
      if (base::ContainsWord(coding["display"_key].string(), word)) return true;
    }
  }
  return false;
}

// Milligrams of prednisolone that 1 mg equals, from the usual equivalence of 5 mg prednisolone with 20 mg
// hydrocortisone, 25 mg cortisone, 4 mg methylprednisolone, 0.75 mg dexamethasone, 0.6 mg betamethasone, 6 mg
// deflazacort and 4 mg triamcinolone.
struct Equivalence {
  std::string_view name;
  std::string_view rxcui;
  std::string_view atc;
  std::string_view factor;
};
constexpr Equivalence kEquivalences[] = {
    {"methylprednisolone", "6902", "H02AB04", "1.25"},
    {"prednisolone", "8638", "H02AB06", "1"},
    {"prednisone", "8640", "H02AB07", "1"},
    {"hydrocortisone", "5492", "H02AB09", "0.25"},
    {"cortisone", "2878", "H02AB10", "0.2"},
    {"dexamethasone", "3264", "H02AB02", "6.67"},
    {"betamethasone", "1514", "H02AB01", "8.33"},
    {"deflazacort", "22396", "H02AB13", "0.833"},
    {"triamcinolone", "", "H02AB08", "1.25"},
};

const Equivalence* EquivalenceOf(json::Value code) {
  for (const Equivalence& row : kEquivalences) {
    if (base::ContainsIgnoreCase(code["text"_key].string(), row.name)) return &row;
    for (const json::Value coding : code["coding"_key]) {
      const std::string_view value = coding["code"_key].string();
      if (value == row.atc || (!row.rxcui.empty() && value == row.rxcui)) return &row;
      if (base::ContainsIgnoreCase(coding["display"_key].string(), row.name)) return &row;
    }
  }
  return nullptr;
}

// Known to be below 2.5 mg/d prednisolone-equivalent; what cannot be computed is not known to be.
bool IsLowDose(json::Value code, json::Value dosages) {
  const Equivalence* equivalence = EquivalenceOf(code);
  if (equivalence == nullptr || dosages.empty()) return false;
  Decimal daily(0);
  for (const json::Value dosage : dosages) {
    const auto dose = model::QuantityOf(dosage["doseAndRate"_key].At(0)["doseQuantity"_key]);
    const auto milligrams = dose ? model::Convert(dose->value, dose->unit, "mg") : std::nullopt;
    const auto per_day = AdministrationsPerDay(dosage["timing"_key]);
    const auto amount = milligrams && per_day ? milligrams->Times(*per_day) : std::nullopt;
    const auto equivalent = amount ? amount->Times(Decimal::Of(equivalence->factor)) : std::nullopt;
    const auto sum = equivalent ? daily.Plus(*equivalent) : std::nullopt;
    if (!sum) return false;
    daily = *sum;
  }
  return daily < Decimal::Of("2.5");
}

bool IsSystemicGlucocorticoid(const model::MedicationResource&, json::Value code, json::Value dosages) {
  if (InGroup(code, Group::kGlucocorticoidTopicalOrMineraloNotCounted) || NamesLocalRoute(code)) return false;
  for (const json::Value dosage : dosages) {
    if (NamesLocalRoute(dosage["route"_key])) return false;
  }
  return !IsLowDose(code, dosages);
}

}  // namespace

KnownDrugs KnownDrugsOf(ChartReader& reader) {
  KnownDrugs known;
  const auto add = [&reader](auto& drugs, const auto& resource) {
    const MedicationName name = NameOf(resource, reader.chart());
    if (name.unresolved) reader.Doubt("medication_reference");
    const GroupSet groups = GroupsOfDrug(name);
    if (!groups.empty()) drugs.push_back({resource, groups, name.code});
  };
  ReadWhenAsked(reader, "dispenses", "MedicationDispense");
  for (const model::Resource& resource : reader.Read("meds", "MedicationRequest")) {
    const model::MedicationRequest request{resource};
    if (CountsMedicationRequest(request)) add(known.requests, request);
  }
  for (const model::Resource& resource : ReadWhenAsked(reader, "medStmts", "MedicationStatement")) {
    const model::MedicationStatement statement{resource};
    if (CountsStatement(statement)) add(known.statements, statement);
  }
  return known;
}

std::optional<Finding> FindGlucocorticoid(const RiskChart& chart) {
  const Treatment treatment =
      TreatmentDays(chart, Group::kGlucocorticoidSystemic, kYearDays, IsSystemicGlucocorticoid);
  if (auto found = LongTreatment(treatment, kLongCourseDays, "systemic glucocorticoid")) return found;
  return NewestActive(chart, "long-term systemic steroid", Group::kLongTermSteroid);
}

std::optional<Finding> FindLmwh(const RiskChart& chart) {
  const ClassExposure& lmwh = chart.exposure.lmwh;
  Treatment treatment{lmwh.covered_days, std::nullopt};
  if (!lmwh.episodes.empty()) treatment.last = lmwh.episodes.back().last;
  return LongTreatment(treatment, IntegerOf(*chart.input.parameters, Param::kLmwhMinDays),
                       "low-molecular-weight heparin");
}

std::optional<Finding> FindAntiepileptic(const RiskChart& chart) {
  return LongTreatment(TreatmentDays(chart, Group::kAntiepilepticBoneRisk, kYearDays, AnyDrug),
                       kLongCourseDays, "antiepileptic that affects bone");
}

std::optional<Finding> FindProtonPumpInhibitor(const RiskChart& chart) {
  constexpr std::int32_t kWindowDays = 400;
  return LongTreatment(TreatmentDays(chart, Group::kPpi, kWindowDays, AnyDrug), kYearDays,
                       "proton pump inhibitor");
}

std::optional<Finding> FindDmpa(const RiskChart& chart) {
  constexpr std::int32_t kWindowDays = 3660;
  return LongTreatment(TreatmentDays(chart, Group::kDmpaContraceptiveBoneRisk, kWindowDays, AnyDrug),
                       2 * kYearDays, "depot medroxyprogesterone");
}

std::optional<Finding> FindMagnesium(const RiskChart& chart) {
  if (!chart.state.window_start) return std::nullopt;
  const std::int32_t window_days = chart.input.today - *chart.state.window_start + 1;
  return LongTreatment(TreatmentDays(chart, Group::kMagnesiumSulfate, window_days, AnyDrug), 1,
                       "magnesium sulfate in this pregnancy");
}

}  // namespace osteon::cards::perinatal
