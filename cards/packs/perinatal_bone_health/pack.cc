#include "cards/pack.h"

#include "cards/packs/perinatal_bone_health/concepts.h"
#include "cards/packs/perinatal_bone_health/parameters.h"
#include "cards/packs/perinatal_bone_health/rules.h"

namespace osteon::cards::perinatal {

namespace {

// rules.md section 1 in the portable subset of CDS Hooks 2.0.1 ("Prefetch query restrictions"): no date
// arithmetic and no _include. Medications that arrive as references are resolved when the client includes
// them in the answer.
const std::string& PregnancyObservations() {
  using enum Group;
  static const std::string kQuery =
      "Observation?patient={{context.patientId}}&code=" +
      LoincTokens({kPregnancyStatus, kEdd, kLmp, kGestationalAge, kPregnancyIntention,
                   kContraceptiveMethodAtIntake, kLactationStatus, kHcgQualitative, kHcgQuantitative,
                   kGravidity, kParity}) +
      ",http://snomed.info/sct|249197004&_sort=-date&_count=200";
  return kQuery;
}

const std::string& BoneObservations() {
  using enum Group;
  static const std::string kQuery = "Observation?patient={{context.patientId}}&code=" +
                                    LoincTokens({k25ohdNgMl,
                                                 k25ohdNmolL,
                                                 k25ohd2Component,
                                                 kCalciumTotal,
                                                 kCalciumAlbuminAdjusted,
                                                 kCalciumIonized,
                                                 kAlbumin,
                                                 kCreatinine,
                                                 kPthIntact,
                                                 kTsh,
                                                 kPhosphate,
                                                 kAlp,
                                                 kSpepPanel,
                                                 kBmdTScoreFemurHip,
                                                 kBmdTScoreSpine,
                                                 kBmdZScoreHip,
                                                 kBmdZScoreSpine,
                                                 kDxaStudy,
                                                 kBodyHeight,
                                                 kBodyWeight,
                                                 kBmi,
                                                 kPainSeverityNrs,
                                                 kPainSeverityVas,
                                                 kPainSeverityFaces,
                                                 kPainSeverityOrdinal,
                                                 kChiefComplaint,
                                                 kTobaccoSmokingStatus,
                                                 kTobaccoUseHistory}) +
                                    "&_sort=-date&_count=300";
  return kQuery;
}

std::vector<PrefetchTemplate> Prefetch() {
  return {
      {"patient", "Patient/{{context.patientId}}", {"Patient"}},
      {"pregObs", PregnancyObservations(), {"Observation"}},
      {"conditions", "Condition?patient={{context.patientId}}&_count=500", {"Condition"}},
      {"bonObs", BoneObservations(), {"Observation"}},
      {"meds",
       "MedicationRequest?patient={{context.patientId}}&status=active,completed,stopped,on-hold&_count=500",
       {"MedicationRequest", "Medication"}},
      {"medStmts",
       "MedicationStatement?patient={{context.patientId}}&status=active,completed&_count=200",
       {"MedicationStatement", "Medication"}},
      {"medAdmins",
       "MedicationAdministration?patient={{context.patientId}}&status=completed,in-progress&_count=300",
       {"MedicationAdministration", "Medication"}},
      {"dispenses",
       "MedicationDispense?patient={{context.patientId}}&status=completed,in-progress&_count=300",
       {"MedicationDispense", "Medication"}},
      {"orders",
       "ServiceRequest?patient={{context.patientId}}&status=active,completed&_count=200",
       {"ServiceRequest"}},
      {"reports", "DiagnosticReport?patient={{context.patientId}}&_count=200", {"DiagnosticReport"}},
      {"procedures", "Procedure?patient={{context.patientId}}&_count=200", {"Procedure"}},
      {"family", "FamilyMemberHistory?patient={{context.patientId}}", {"FamilyMemberHistory"}},
      {"encounter", "Encounter/{{context.encounterId}}", {"Encounter"}},
  };
}

struct ServiceRow {
  std::string_view id;
  std::string_view hook;
  std::string_view title;
  std::string_view description;
};
constexpr ServiceRow kServices[] = {
    {"perinatal-bone-health-patient-view", "patient-view", "Bone health in pregnancy: chart opened",
     "Looks for signs of pregnancy and lactation associated osteoporosis, for long heparin use, and for "
     "bisphosphonates "
     "that meet a pregnancy or a wish for one."},
    {"perinatal-bone-health-encounter-start", "encounter-start",
     "Bone health in pregnancy: encounter started",
     "As when the chart is opened, with a management checklist for known pregnancy and lactation associated "
     "osteoporosis."},
    {"perinatal-bone-health-order-select", "order-select", "Bone health in pregnancy: order selected",
     "Checks selected bisphosphonate and heparin orders against pregnancy, planning, lactation and "
     "childbearing "
     "potential."},
    {"perinatal-bone-health-order-sign", "order-sign", "Bone health in pregnancy: orders to sign",
     "Checks bisphosphonate and heparin orders against pregnancy, planning, lactation and childbearing "
     "potential before "
     "they are signed."},
};
constexpr std::string_view kUsage =
    "Needs R4. Data that prefetch does not bring are named as not checked; no card then does not mean no "
    "risk.";

std::vector<ServiceSpec> Services() {
  std::vector<ServiceSpec> services;
  for (const ServiceRow& row : kServices) {
    services.push_back({row.id, row.hook, row.title, row.description, kUsage, Prefetch()});
  }
  return services;
}

}  // namespace

base::Result<Pack> MakePack(const std::map<std::string, std::string>& parameter_overrides) {
  OSTEON_ASSIGN_OR_RETURN(Parameters parameters, MakeParameters(parameter_overrides));
  Pack pack;
  pack.id = "perinatal_bone_health";
  pack.version = "0.1.0";
  pack.title = "Bone health in pregnancy, lactation and pregnancy planning";
  pack.services = Services();
  // In order of precedence (rules.md 0.4).
  if (FlagOf(parameters, Param::kCEnabled)) pack.rules.push_back(MakeBisphosphonateRule());
  if (FlagOf(parameters, Param::kAEnabled)) pack.rules.push_back(MakeBackPainRule());
  if (FlagOf(parameters, Param::kBEnabled)) pack.rules.push_back(MakeHeparinRule());
  pack.max_cards = static_cast<std::size_t>(IntegerOf(parameters, Param::kCardsMax));
  pack.parameters = std::move(parameters);
  return pack;
}

}  // namespace osteon::cards::perinatal
