#include "cards/packs/perinatal_bone_health/rule_c_exposure.h"

#include <algorithm>

#include "cards/packs/perinatal_bone_health/counted.h"
#include "cards/packs/perinatal_bone_health/drug_interval.h"
#include "cards/packs/perinatal_bone_health/medication_concept.h"
#include "cards/packs/perinatal_bone_health/request_facts.h"
#include "fhir/base/text.h"

namespace osteon::cards::perinatal {

using base::Day;
using json::operator""_key;

namespace {

// rules.md section 5, rule C: an open order this old without a dispense is past.
constexpr std::int32_t kOpenOrderDays = 400;

constexpr std::string_view kIntravenousCodes[] = {
    "47625008", "255560000", "418114005", "419993007", "IV",  "IVINJ",
    "IVINFUS",  "IVINJBOL",  "IVPUSH",    "IVDRIP",    "IVB",
};

bool IsIntravenousRoute(json::Value route) {
  for (const json::Value coding : route["coding"_key]) {
    const std::string_view code = coding["code"_key].string();
    if (std::ranges::find(kIntravenousCodes, code) != std::end(kIntravenousCodes)) return true;
    if (base::ContainsIgnoreCase(coding["display"_key].string(), "intravenous")) return true;
  }
  const std::string_view text = route["text"_key].string();
  return base::ContainsIgnoreCase(text, "intravenous") || base::ContainsWord(text, "IV");
}

bool AnyIntravenous(json::Value dosages) {
  if (!dosages.is_array()) return IsIntravenousRoute(dosages["route"_key]);
  for (const json::Value dosage : dosages) {
    if (IsIntravenousRoute(dosage["route"_key])) return true;
  }
  return false;
}

// ATC classes of zoledronate and pamidronate, which exist for infusion only.
bool IsInfusionAgent(json::Value code) {
  for (const json::Value coding : code["coding"_key]) {
    const std::string_view atc = coding["code"_key].string();
    if (atc == "M05BA08" || atc == "M05BB08" || atc == "M05BA03") return true;
  }
  return false;
}

std::string_view RouteText(Route route) {
  return route == Route::kOral ? "oral" : "intravenous";
}

void KeepNewest(std::optional<Day>& newest, Day day) {
  newest = newest ? std::max(*newest, day) : day;
}

class UseFinder {
 public:
  UseFinder(const RuleInput& input, ChartReader& reader) : input_(input), reader_(reader) {
    options_.today = input.today;
    options_.zone = input.zone;
  }

  BisphosphonateUse Find() {
    for (const model::Resource& each : reader_.Read("meds", "MedicationRequest")) {
      ReadOrder(model::MedicationRequest{each});
    }
    for (const model::Resource& each : reader_.Read("medStmts", "MedicationStatement")) {
      ReadStatement(model::MedicationStatement{each});
    }
    for (const model::Resource& each : reader_.Read("medAdmins", "MedicationAdministration")) {
      ReadAdministration(model::MedicationAdministration{each});
    }
    // "Used when prefetched": a dispense without its order is rare, and many systems have no dispenses at
    // all.
    for (const model::Resource& each : input_.chart->OfType("MedicationDispense")) {
      ReadDispense(model::MedicationDispense{each});
    }
    ReadCodes();
    std::ranges::stable_sort(use_.past_items,
                             [](const Evidence& a, const Evidence& b) { return a.date > b.date; });
    return std::move(use_);
  }

 private:
  struct Drug {
    Route route = Route::kOral;
    std::string label;
  };

  std::optional<Drug> DrugOf(const model::MedicationResource& resource, json::Value dosages) {
    const DrugIdentity identity = IdentifyDrug(resource, *input_.chart, *input_.parameters);
    if (identity.unknown) reader_.Doubt("medication_reference");
    if (!IsBisphosphonate(identity.groups)) return std::nullopt;
    Drug drug{RouteOf(identity, NameOf(resource, *input_.chart).code, dosages),
              DrugLabel(resource, *input_.chart)};
    if (drug.label.empty()) drug.label = "bisphosphonate";
    return drug;
  }

  void AddActive(const Drug& drug, std::string_view source, const std::optional<Day>& since) {
    use_.active = true;
    use_.active_items.push_back({TextOf(drug, source), since});
  }
  void AddPast(const Drug& drug, std::string_view source, Day last) {
    KeepNewest(drug.route == Route::kOral ? use_.last_oral : use_.last_intravenous, last);
    use_.past_items.push_back({TextOf(drug, source), last});
  }
  static std::string TextOf(const Drug& drug, std::string_view source) {
    return drug.label + ", " + std::string(RouteText(drug.route)) + " (" + std::string(source) + ")";
  }

  void ReadOrder(const model::MedicationRequest& request);
  void ReadOpenOrder(const model::MedicationRequest& request, const Drug& drug, const CoveredDays& covered);
  bool DispensedLately(const model::MedicationRequest& request);
  void ReadStatement(const model::MedicationStatement& statement);
  void ReadAdministration(const model::MedicationAdministration& administration);
  void ReadDispense(const model::MedicationDispense& dispense);
  void ReadCodes();

  const RuleInput& input_;
  ChartReader& reader_;
  IntervalOptions options_;
  BisphosphonateUse use_;
};

// The day an order began: by its timing, else when it was written.
std::optional<Day> StartOf(const model::MedicationRequest& request, const CoveredDays& covered,
                           const base::TimeZone& zone) {
  if (covered.days) return covered.days->first;
  const auto authored = request.authored_on(zone);
  std::optional<Day> start;
  if (authored) start = authored->last;
  return start;
}

void UseFinder::ReadOrder(const model::MedicationRequest& request) {
  if (!CountsMedicationRequest(request)) return;
  const auto drug = DrugOf(request, request.dosage_instructions());
  if (!drug) return;
  std::vector<model::MedicationDispense> dispenses;
  for (const model::Resource& each : input_.chart->OfType("MedicationDispense")) {
    const model::MedicationDispense dispense{each};
    if (CountsDispense(dispense) && IsDispenseOf(dispense, request)) dispenses.push_back(dispense);
  }
  const CoveredDays covered = DaysOfRequest(request, dispenses, options_);
  const std::optional<Day> start = StartOf(request, covered, *input_.zone);
  if (drug->route == Route::kIntravenous) {
    // Clarification 58: every intravenous order is one dose on its start day.
    if (request.status() == "active" && (!start || *start >= input_.today)) {
      AddActive(*drug, "medication order", start);
    }
    if (start && *start <= input_.today) AddPast(*drug, "medication order", *start);
    if (!start && request.status() != "active") reader_.Doubt("medication_date");
    return;
  }
  if (request.status() == "active" && !covered.explicit_end_past) {
    ReadOpenOrder(request, *drug, covered);
  } else if (covered.days) {
    AddPast(*drug, "medication order, " + std::string(request.status()), covered.days->last);
  } else {
    reader_.Doubt("medication_date");
  }
}

void UseFinder::ReadOpenOrder(const model::MedicationRequest& request, const Drug& drug,
                              const CoveredDays& covered) {
  const std::optional<Day> start = StartOf(request, covered, *input_.zone);
  const bool is_old = start && input_.today - *start > kOpenOrderDays;
  if (is_old && !DispensedLately(request)) {
    AddPast(drug, "medication order", *start);
    return;
  }
  AddActive(drug, "medication order", start);
}

bool UseFinder::DispensedLately(const model::MedicationRequest& request) {
  for (const model::Resource& each : reader_.Read("dispenses", "MedicationDispense")) {
    const model::MedicationDispense dispense{each};
    const auto handed_over = dispense.handed_over(*input_.zone);
    if (!CountsDispense(dispense) || !handed_over || input_.today - handed_over->last > kOpenOrderDays)
      continue;
    if (IsDispenseOf(dispense, request)) return true;
    // Not linked to another order: the same kind of drug is taken as this one.
    const DrugIdentity identity = IdentifyDrug(dispense, *input_.chart, *input_.parameters);
    if (dispense.authorizing_prescriptions().empty() && IsBisphosphonate(identity.groups)) return true;
  }
  return false;
}

void UseFinder::ReadStatement(const model::MedicationStatement& statement) {
  if (!CountsStatement(statement)) return;
  const auto drug = DrugOf(statement, statement.dosages());
  if (!drug) return;
  const CoveredDays covered = DaysOfStatement(statement, options_);
  const bool is_active = statement.status() == "active" && !covered.explicit_end_past;
  if (is_active && drug->route == Route::kOral) {
    AddActive(*drug, "medication statement",
              covered.days ? std::optional(covered.days->first) : std::nullopt);
  } else if (covered.days) {
    AddPast(*drug, "medication statement",
            drug->route == Route::kIntravenous ? covered.days->first : covered.days->last);
  } else {
    reader_.Doubt("medication_date");
  }
}

void UseFinder::ReadAdministration(const model::MedicationAdministration& administration) {
  if (!CountsAdministration(administration)) return;
  const auto drug = DrugOf(administration, administration.dosage());
  const auto start = administration.start(*input_.zone);
  if (!drug || !start || IsFuture(*start, input_.today)) return;
  AddPast(*drug, "administration", DayBy(Reading::kSafety, *start, input_.today));
}

void UseFinder::ReadDispense(const model::MedicationDispense& dispense) {
  if (!CountsDispense(dispense)) return;
  const auto drug = DrugOf(dispense, dispense.json["dosageInstruction"_key]);
  if (!drug) return;
  const CoveredDays covered = DaysOfDispense(dispense, options_);
  if (covered.days) {
    AddPast(*drug, "dispense", drug->route == Route::kIntravenous ? covered.days->first : covered.days->last);
  }
}

// Z79.83, and infusions that were billed as a procedure (HCPCS).
void UseFinder::ReadCodes() {
  for (const KnownCondition& known : KnownConditions(input_, reader_)) {
    if (!known.groups.Has(Group::kLongTermBisphosphonate) || !known.active()) continue;
    use_.long_term_code = true;
    std::optional<Day> day;
    if (known.date()) day = known.date()->first;
    use_.active_items.push_back({"long-term use of bisphosphonates (diagnosis Z79.83)", day});
  }
  for (const model::Resource& each : reader_.Read("procedures", "Procedure")) {
    const model::Procedure procedure{each};
    if (!InGroup(procedure.code(), Group::kBisphosphonateIv)) continue;
    if (!CountsProcedure(procedure, input_.today, *input_.zone)) continue;
    if (const auto performed = procedure.performed(*input_.zone)) {
      AddPast({Route::kIntravenous, "bisphosphonate injection"}, "procedure",
              DayBy(Reading::kSafety, *performed, input_.today));
    }
  }
}

}  // namespace

bool IsBisphosphonate(const GroupSet& groups) {
  return groups.HasAny(Group::kBisphosphonate, Group::kBisphosphonateOral, Group::kBisphosphonateIv);
}

Route RouteOf(const DrugIdentity& identity, json::Value medication_code, json::Value dosages) {
  if (identity.groups.Has(Group::kBisphosphonateIv) || IsInfusionAgent(medication_code) ||
      AnyIntravenous(dosages)) {
    return Route::kIntravenous;
  }
  return Route::kOral;
}

BisphosphonateUse FindBisphosphonateUse(const RuleInput& input, ChartReader& reader) {
  return UseFinder(input, reader).Find();
}

std::optional<DraftDrug> BisphosphonateOf(const Draft& draft, const RuleInput& input, bool& unknown) {
  const std::string_view type = draft.resource.type();
  if (type == "ServiceRequest") {
    const model::ServiceRequest request{draft.resource};
    if (!CountsDraft(request) || !IsBisphosphonate(GroupsOf(request.code()))) return std::nullopt;
    return DraftDrug{Route::kIntravenous, "bisphosphonate injection"};
  }
  if (type != "MedicationRequest") return std::nullopt;
  const model::MedicationRequest request{draft.resource};
  if (!CountsDraft(request)) return std::nullopt;
  const DrugIdentity identity = IdentifyDrug(request, *input.chart, *input.parameters);
  if (!IsBisphosphonate(identity.groups)) {
    unknown = identity.unknown;
    return std::nullopt;
  }
  DraftDrug drug{RouteOf(identity, NameOf(request, *input.chart).code, request.dosage_instructions()),
                 DrugLabel(request, *input.chart)};
  if (drug.label.empty()) drug.label = "bisphosphonate";
  return drug;
}

}  // namespace osteon::cards::perinatal
