// A patient's chart from short calls, and a rule run on it at 2026-06-15T10:00:00Z. Every prefetch key of the
// pack is answered with what was added to it, or with null; Missing() takes a key away.
//
//   ChartBuilder chart;
//   chart.Condition("icd10 Z37.0", "2026-05-04").Observation("loinc 72514-3", Integer(8), "2026-06-10");
//   const auto outcomes = chart.Run(*MakeBackPainRule(), "patient-view");
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cards/chart.h"
#include "cards/packs/perinatal_bone_health/parameters.h"
#include "cards/rule.h"
#include "fhir/base/arena.h"
#include "fhir/json/tree.h"

namespace osteon::cards::perinatal::testing {

inline std::string Quoted(std::string_view text) {
  return '"' + std::string(text) + '"';
}

// "loinc 72514-3" -> {"system": ..., "code": ...}; systems: loinc, snomed, icd10, rxnorm, atc, hcpcs, local.
inline std::string CodingJson(std::string_view system_and_code) {
  static const std::map<std::string_view, std::string_view> kSystems = {
      {"loinc", "http://loinc.org"},
      {"snomed", "http://snomed.info/sct"},
      {"icd10", "http://hl7.org/fhir/sid/icd-10-cm"},
      {"rxnorm", "http://www.nlm.nih.gov/research/umls/rxnorm"},
      {"atc", "http://www.whocc.no/atc"},
      {"hcpcs", "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"},
      {"local", "urn:example:local"},
  };
  const std::size_t space = system_and_code.find(' ');
  return R"({"system":)" + Quoted(kSystems.at(system_and_code.substr(0, space))) + R"(,"code":)" +
         Quoted(system_and_code.substr(space + 1)) + "}";
}
inline std::string ConceptJson(std::string_view code) {
  return R"({"coding":[)" + CodingJson(code) + "]}";
}

// Values of an Observation, as its member.
inline std::string Concept(std::string_view code) {
  return R"("valueCodeableConcept":)" + ConceptJson(code);
}
inline std::string Integer(int value) {
  return R"("valueInteger":)" + std::to_string(value);
}
inline std::string Boolean(bool value) {
  return std::string(R"("valueBoolean":)") + (value ? "true" : "false");
}
inline std::string DateValue(std::string_view day) {
  return R"("valueDateTime":)" + Quoted(day);
}
inline std::string TextValue(std::string_view text) {
  return R"("valueString":)" + Quoted(text);
}
// "16 ng/mL"; a unit in UCUM.
inline std::string QuantityJson(std::string_view text) {
  const std::size_t space = text.find(' ');
  return R"({"value":)" + std::string(text.substr(0, space)) + R"(,"unit":)" +
         Quoted(text.substr(space + 1)) + R"(,"system":"http://unitsofmeasure.org","code":)" +
         Quoted(text.substr(space + 1)) + "}";
}
inline std::string Quantity(std::string_view text) {
  return R"("valueQuantity":)" + QuantityJson(text);
}

// Dosage: "5000 [iU]" twice a day. `timing` goes into timing.repeat beside frequency and period ("" =
// nothing).
inline std::string Dosage(std::string_view dose, int per_day, std::string_view repeat = "") {
  return R"({"timing":{"repeat":{"frequency":)" + std::to_string(per_day) +
         R"(,"period":1,"periodUnit":"d")" + (repeat.empty() ? "" : "," + std::string(repeat)) +
         R"(}},"doseAndRate":[{"doseQuantity":)" + QuantityJson(dose) + "}]}";
}
inline std::string Dosages(std::string_view dosage) {
  return R"("dosageInstruction":[)" + std::string(dosage) + "]";
}
inline std::string Bounds(std::string_view first, std::string_view last) {
  return R"("boundsPeriod":{"start":)" + Quoted(first) + R"(,"end":)" + Quoted(last) + "}";
}

// What a run works on; outcomes may point into it.
struct Scene {
  base::Arena arena;
  std::string text;
  Chart chart;
  std::vector<Draft> drafts;
  base::TimeZone zone;
  Parameters parameters;
  RuleInput input;
};

class ChartBuilder {
 public:
  ChartBuilder() { Patient("female", "1994-03-10"); }

  ChartBuilder& Patient(std::string_view gender, std::string_view birth_date, std::string_view more = "") {
    resources_["patient"] = {R"({"resourceType":"Patient","id":"p1","gender":)" + Quoted(gender) +
                             R"(,"birthDate":)" + Quoted(birth_date) + Comma(more) + "}"};
    return *this;
  }
  // A resource as it is, under a key; subject and id are added.
  ChartBuilder& Add(std::string_view key, std::string_view type, std::string_view members) {
    resources_[std::string(key)].push_back(Resource(type, members));
    return *this;
  }
  ChartBuilder& Observation(std::string_view code, std::string_view value, std::string_view date,
                            std::string_view more = "") {
    static const std::set<std::string_view> kPregnancy = {
        "82810-3", "11778-8", "11779-6", "18185-9", "8665-2", "86645-9", "63895-7", "2106-3", "11996-6"};
    const bool pregnancy = kPregnancy.count(code.substr(code.find(' ') + 1)) > 0;
    return Add(pregnancy ? "pregObs" : "bonObs", "Observation",
               R"("status":"final","code":)" + ConceptJson(code) + R"(,"effectiveDateTime":)" + Quoted(date) +
                   Comma(value) + Comma(more));
  }
  // Active and confirmed; an empty onset leaves it undated.
  ChartBuilder& Condition(std::string_view code, std::string_view onset, std::string_view clinical = "active",
                          std::string_view verification = "confirmed", std::string_view more = "") {
    return Add("conditions", "Condition",
               R"("clinicalStatus":{"coding":[{"code":)" + Quoted(clinical) +
                   R"(}]},"verificationStatus":{"coding":[{"code":)" + Quoted(verification) +
                   R"(}]},"code":)" + ConceptJson(code) +
                   (onset.empty() ? "" : R"(,"onsetDateTime":)" + Quoted(onset)) + Comma(more));
  }
  ChartBuilder& Medication(std::string_view code, std::string_view authored,
                           std::string_view status = "active", std::string_view more = "") {
    return Add("meds", "MedicationRequest",
               R"("status":)" + Quoted(status) + R"(,"intent":"order","medicationCodeableConcept":)" +
                   ConceptJson(code) + (authored.empty() ? "" : R"(,"authoredOn":)" + Quoted(authored)) +
                   Comma(more));
  }
  ChartBuilder& Service(std::string_view code, std::string_view authored,
                        std::string_view status = "active") {
    return Add("orders", "ServiceRequest",
               R"("status":)" + Quoted(status) + R"(,"intent":"order","code":)" + ConceptJson(code) +
                   R"(,"authoredOn":)" + Quoted(authored));
  }
  ChartBuilder& Report(std::string_view code, std::string_view date) {
    return Add("reports", "DiagnosticReport",
               R"("status":"final","code":)" + ConceptJson(code) + R"(,"effectiveDateTime":)" + Quoted(date));
  }
  ChartBuilder& Procedure(std::string_view code, std::string_view performed) {
    return Add("procedures", "Procedure",
               R"("status":"completed","code":)" + ConceptJson(code) + R"(,"performedDateTime":)" +
                   Quoted(performed));
  }
  ChartBuilder& Family(std::string_view relationship, std::string_view code) {
    return Add("family", "FamilyMemberHistory",
               R"("status":"completed","relationship":{"coding":[{"system":)"
               R"("http://terminology.hl7.org/CodeSystem/v3-RoleCode","code":)" +
                   Quoted(relationship) + R"(}]},"condition":[{"code":)" + ConceptJson(code) + "}]");
  }
  // States of the vignettes.
  ChartBuilder& Pregnant(std::string_view edd, std::string_view recorded = "2026-06-01") {
    Observation("loinc 82810-3", Concept("snomed 77386006"), recorded);
    return Observation("loinc 11778-8", DateValue(edd), recorded);
  }
  ChartBuilder& Delivered(std::string_view day) { return Condition("icd10 Z37.0", day); }
  ChartBuilder& Smoker() { return Observation("loinc 72166-2", Concept("snomed 449868002"), "2026-05-16"); }

  ChartBuilder& DraftMedication(std::string_view code, std::string_view more = "",
                                bool may_raise_cards = true) {
    return Draft("MedicationRequest", R"("medicationCodeableConcept":)" + ConceptJson(code) + Comma(more),
                 may_raise_cards);
  }
  ChartBuilder& DraftService(std::string_view code, std::string_view more = "", bool may_raise_cards = true) {
    return Draft("ServiceRequest", R"("code":)" + ConceptJson(code) + Comma(more), may_raise_cards);
  }
  // Ids are d1, d2, ... in order.
  ChartBuilder& Draft(std::string_view type, std::string_view members, bool may_raise_cards = true) {
    const std::string id = "d" + std::to_string(drafts_.size() + 1);
    drafts_.push_back(R"({"resourceType":)" + Quoted(type) + R"(,"id":)" + Quoted(id) +
                      R"(,"status":"draft","intent":"order","subject":{"reference":"Patient/p1"})" +
                      Comma(members) + "}");
    draft_references_.push_back(std::string(type) + "/" + id);
    may_raise_cards_.push_back(may_raise_cards);
    return *this;
  }
  // The service asks for the key, and the request does not have it.
  ChartBuilder& Missing(std::string_view key) {
    missing_.emplace(key);
    return *this;
  }
  ChartBuilder& Set(std::string_view parameter, std::string_view value) {
    overrides_[std::string(parameter)] = value;
    return *this;
  }
  ChartBuilder& Now(std::string_view instant) {
    now_ = instant;
    return *this;
  }

  // Everything a rule needs; keep it as long as anything that came out of it.
  std::unique_ptr<Scene> Build(std::string_view hook) const {
    auto scene = std::make_unique<Scene>();
    scene->text = Document() + std::string(json::kReadPadding, ' ');
    const std::string_view document(scene->text.data(), scene->text.size() - json::kReadPadding);
    const json::Value root = json::Tree::Read(document, scene->arena).value()->root();
    for (const Key& key : kKeys) {
      if (missing_.count(std::string(key.name)) > 0) {
        scene->chart.AddWithout(key.name, DataState::kMissing);
      } else {
        scene->chart.Add(key.name, root.Find("prefetch").Find(key.name), key.types, "p1");
      }
    }
    std::size_t i = 0;
    for (const json::Value draft : root.Find("drafts")) {
      scene->drafts.push_back({model::Resource{draft}, scene->arena.Copy(draft_references_[i]),
                               static_cast<bool>(may_raise_cards_[i])});
      ++i;
    }
    scene->parameters = MakeParameters(overrides_).value();
    RuleInput& input = scene->input;
    input.hook = scene->arena.Copy(hook);
    input.now = *base::ParseInstant(now_);
    input.today = base::DayOf(input.now, scene->zone);
    input.zone = &scene->zone;
    input.patient_id = "p1";
    input.user_id = "Practitioner/1";
    input.encounter_id = "e1";
    input.drafts = scene->drafts;
    input.chart = &scene->chart;
    input.parameters = &scene->parameters;
    input.source_url = "https://cds.example.org/rules/";
    return scene;
  }
  // The scene of the last run lives as long as the builder.
  std::vector<RuleOutcome> Run(const Rule& rule, std::string_view hook) {
    scene_ = Build(hook);
    return rule.Evaluate(scene_->input);
  }

 private:
  struct Key {
    std::string_view name;
    std::vector<std::string_view> types;
  };
  inline static const std::vector<Key> kKeys = {
      {"patient", {"Patient"}},
      {"pregObs", {"Observation"}},
      {"conditions", {"Condition"}},
      {"bonObs", {"Observation"}},
      {"meds", {"MedicationRequest", "Medication"}},
      {"medStmts", {"MedicationStatement", "Medication"}},
      {"medAdmins", {"MedicationAdministration"}},
      {"dispenses", {"MedicationDispense"}},
      {"orders", {"ServiceRequest"}},
      {"reports", {"DiagnosticReport"}},
      {"procedures", {"Procedure"}},
      {"family", {"FamilyMemberHistory"}},
      {"encounter", {"Encounter"}},
  };

  static std::string Comma(std::string_view members) {
    return members.empty() ? "" : "," + std::string(members);
  }
  std::string Resource(std::string_view type, std::string_view members) {
    const bool has_id = members.find(R"("id":)") == 0;
    const std::string_view owner = type == "MedicationStatement" || type == "Observation" ||
                                           type == "Condition" || type == "Procedure" ||
                                           type == "DiagnosticReport" || type == "Encounter" ||
                                           type.starts_with("Medication") || type == "ServiceRequest"
                                       ? "subject"
                                       : "patient";
    return R"({"resourceType":)" + Quoted(type) +
           (has_id ? std::string() : R"(,"id":"r)" + std::to_string(++last_id_) + '"') + "," + Quoted(owner) +
           R"(:{"reference":"Patient/p1"})" + Comma(members) + "}";
  }
  std::string Document() const {
    std::string text = R"({"prefetch":{)";
    for (const Key& key : kKeys) {
      if (&key != &kKeys.front()) text += ',';
      text += Quoted(key.name) + ':' + ValueOf(std::string(key.name));
    }
    text += R"(},"drafts":[)";
    for (const std::string& draft : drafts_) {
      if (&draft != &drafts_.front()) text += ',';
      text += draft;
    }
    return text + "]}";
  }
  std::string ValueOf(const std::string& key) const {
    const auto found = resources_.find(key);
    if (found == resources_.end()) return "null";
    if (key == "patient" || key == "encounter") return found->second.front();
    std::string text = R"({"resourceType":"Bundle","type":"searchset","entry":[)";
    for (const std::string& resource : found->second) {
      if (&resource != &found->second.front()) text += ',';
      text += R"({"resource":)" + resource + "}";
    }
    return text + "]}";
  }

  std::map<std::string, std::vector<std::string>> resources_;
  std::vector<std::string> drafts_;
  std::vector<std::string> draft_references_;
  std::vector<bool> may_raise_cards_;
  std::set<std::string> missing_;
  std::map<std::string, std::string> overrides_;
  std::string now_ = "2026-06-15T10:00:00Z";
  int last_id_ = 0;
  std::shared_ptr<Scene> scene_;  // shared: a builder may be copied
};

}  // namespace osteon::cards::perinatal::testing
