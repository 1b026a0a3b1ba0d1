#include "tests/cases/case_shorthand.h"

#include <map>
#include <sstream>
#include <stdexcept>

#include "fhir/base/decimal.h"
#include "fhir/json/writer.h"

namespace osteon::testing {
namespace {

const std::map<std::string, std::string>& Systems() {
  static const std::map<std::string, std::string> systems = {
      {"loinc", "http://loinc.org"},
      {"snomed", "http://snomed.info/sct"},
      {"icd10", "http://hl7.org/fhir/sid/icd-10-cm"},
      {"rxnorm", "http://www.nlm.nih.gov/research/umls/rxnorm"},
      {"atc", "http://www.whocc.no/atc"},
      {"hcpcs", "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"},
  };
  return systems;
}

[[noreturn]] void Fail(const YAML::Node& node, const std::string& what) {
  throw std::runtime_error("case file line " + std::to_string(node.Mark().line + 1) + ": " + what);
}

std::pair<std::string, std::string> SplitCode(const YAML::Node& node) {
  const auto text = node.as<std::string>();
  const auto space = text.find(' ');
  const auto system = Systems().find(text.substr(0, space));
  if (space == std::string::npos || system == Systems().end()) Fail(node, "not SYSTEM CODE: " + text);
  return {system->second, text.substr(space + 1)};
}

void WriteConcept(json::Writer& w, const YAML::Node& code) {
  const auto [system, value] = SplitCode(code);
  w.StartObject().Key("coding").StartArray().StartObject();
  w.Member("system", system).Member("code", value).EndObject().EndArray().EndObject();
}

void WriteStatusConcept(json::Writer& w, std::string_view name, std::string_view system,
                        const std::string& code) {
  w.Key(name).StartObject().Key("coding").StartArray().StartObject();
  w.Member("system", system).Member("code", code).EndObject().EndArray().EndObject();
}

void WriteQuantity(json::Writer& w, const std::string& text) {
  const auto space = text.find(' ');
  const std::string unit = text.substr(space + 1);
  w.StartObject().Key("value").Number(base::Decimal::Of(text.substr(0, space)));
  w.Member("unit", unit).Member("system", "http://unitsofmeasure.org").Member("code", unit).EndObject();
}

void WriteScalarMember(json::Writer& w, const YAML::Node& entry, const char* from, std::string_view to) {
  if (entry[from]) w.Member(to, entry[from].as<std::string>());
}

void WriteSubject(json::Writer& w) {
  w.Key("subject").StartObject().Member("reference", "Patient/p1").EndObject();
}

void WriteObservation(json::Writer& w, const YAML::Node& e) {
  w.Member("status", e["status"].as<std::string>("final"));
  w.Key("code");
  WriteConcept(w, e["observation"]);
  WriteSubject(w);
  WriteScalarMember(w, e, "date", "effectiveDateTime");
  if (e["concept"]) {
    w.Key("valueCodeableConcept");
    WriteConcept(w, e["concept"]);
  }
  if (e["quantity"]) {
    w.Key("valueQuantity");
    WriteQuantity(w, e["quantity"].as<std::string>());
  }
  if (e["score"]) w.Key("valueInteger").Integer(e["score"].as<int>());
  WriteScalarMember(w, e, "day", "valueDateTime");
  if (e["yes"]) w.Key("valueBoolean").Bool(e["yes"].as<bool>());
  WriteScalarMember(w, e, "text", "valueString");
}

void WriteCondition(json::Writer& w, const YAML::Node& e) {
  WriteStatusConcept(w, "clinicalStatus", "http://terminology.hl7.org/CodeSystem/condition-clinical",
                     e["clinical"].as<std::string>("active"));
  WriteStatusConcept(w, "verificationStatus", "http://terminology.hl7.org/CodeSystem/condition-ver-status",
                     e["verification"].as<std::string>("confirmed"));
  w.Key("code");
  WriteConcept(w, e["condition"]);
  WriteSubject(w);
  WriteScalarMember(w, e, "onset", "onsetDateTime");
}

// "5000 [iU] BID": dose, unit, how often.
void WriteDose(json::Writer& w, const YAML::Node& e) {
  static const std::map<std::string, std::pair<int, std::string>> timings = {
      {"daily", {1, "d"}}, {"BID", {2, "d"}}, {"TID", {3, "d"}}, {"weekly", {1, "wk"}}};
  std::istringstream parts(e["dose"] ? e["dose"].as<std::string>() : "");
  std::string value, unit, timing;
  parts >> value >> unit >> timing;
  w.Key("dosageInstruction").StartArray().StartObject();
  w.Key("timing").StartObject().Key("repeat").StartObject();
  if (e["bounds"]) {
    const auto bounds = e["bounds"].as<std::string>();
    w.Key("boundsPeriod")
        .StartObject()
        .Member("start", bounds.substr(0, 10))
        .Member("end", bounds.substr(12));
    w.EndObject();
  }
  if (e["bounds_days"]) {
    w.Key("boundsDuration");
    WriteQuantity(w, e["bounds_days"].as<std::string>() + " d");
  }
  if (!timing.empty()) {
    const auto found = timings.find(timing);
    if (found == timings.end()) Fail(e["dose"], "unknown timing " + timing);
    w.Key("frequency").Integer(found->second.first).Key("period").Integer(1);
    w.Member("periodUnit", found->second.second);
  }
  w.EndObject().EndObject();
  if (!value.empty()) {
    w.Key("doseAndRate").StartArray().StartObject().Key("doseQuantity");
    WriteQuantity(w, value + " " + unit);
    w.EndObject().EndArray();
  }
  w.EndObject().EndArray();
}

void WriteMedication(json::Writer& w, const YAML::Node& e, Role role) {
  w.Member("status", e["status"].as<std::string>(role == Role::kDraft ? "draft" : "active"));
  w.Member("intent", e["intent"].as<std::string>("order"));
  w.Key("medicationCodeableConcept");
  if (e["medication"]) {
    WriteConcept(w, e["medication"]);
  } else {
    w.StartObject().Member("text", e["medication_text"].as<std::string>()).EndObject();
  }
  WriteSubject(w);
  WriteScalarMember(w, e, "authored", "authoredOn");
  if (e["dose"] || e["bounds"] || e["bounds_days"]) WriteDose(w, e);
}

void WriteStatement(json::Writer& w, const YAML::Node& e) {
  w.Member("status", e["status"].as<std::string>("active"));
  w.Key("medicationCodeableConcept");
  WriteConcept(w, e["statement"]);
  WriteSubject(w);
  if (e["since"])
    w.Key("effectivePeriod").StartObject().Member("start", e["since"].as<std::string>()).EndObject();
}

void WriteProcedure(json::Writer& w, const YAML::Node& e) {
  w.Member("status", e["status"].as<std::string>("completed"));
  w.Key("code");
  WriteConcept(w, e["procedure"]);
  WriteSubject(w);
  WriteScalarMember(w, e, "date", "performedDateTime");
}

void WriteService(json::Writer& w, const YAML::Node& e, Role role) {
  w.Member("status", e["status"].as<std::string>(role == Role::kDraft ? "draft" : "active"));
  w.Member("intent", e["intent"].as<std::string>("order"));
  w.Key("code");
  WriteConcept(w, e["service"]);
  WriteSubject(w);
  WriteScalarMember(w, e, "authored", "authoredOn");
  WriteScalarMember(w, e, "priority", "priority");
}

void WriteFamily(json::Writer& w, const YAML::Node& e) {
  w.Member("status", e["status"].as<std::string>("completed"));
  w.Key("patient").StartObject().Member("reference", "Patient/p1").EndObject();
  WriteStatusConcept(w, "relationship", "http://terminology.hl7.org/CodeSystem/v3-RoleCode",
                     e["family"].as<std::string>());
  w.Key("condition").StartArray().StartObject().Key("code");
  WriteConcept(w, e["has"]);
  w.EndObject().EndArray();
}

// A kind of entry: the YAML member that names it, and the resource it makes.
struct Kind {
  const char* name;
  const char* resource;
};
constexpr Kind kKinds[] = {
    {"observation", "Observation"},       {"condition", "Condition"},
    {"medication", "MedicationRequest"},  {"medication_text", "MedicationRequest"},
    {"statement", "MedicationStatement"}, {"procedure", "Procedure"},
    {"service", "ServiceRequest"},        {"family", "FamilyMemberHistory"},
};

void CheckMembers(const YAML::Node& entry) {
  static const std::string known =
      " observation condition medication medication_text statement procedure service family concept quantity "
      "score "
      "day date yes text status clinical verification onset intent authored dose bounds bounds_days since "
      "priority "
      "has id fhir resource selected ";
  for (const auto& member : entry) {
    const auto name = member.first.as<std::string>();
    if (known.find(" " + name + " ") == std::string::npos) Fail(member.first, "unknown member " + name);
  }
}

// `resource: {...}`, a whole resource for what the shorthand has no words for; id and patient are added.
CaseResource ExpandWhole(const YAML::Node& entry, int number) {
  const YAML::Node node = entry["resource"];
  CaseResource result{node["resourceType"].as<std::string>(), "", ""};
  json::Writer w;
  w.StartObject();
  for (const auto& member : node) w.Key(member.first.as<std::string>()).Raw(YamlAsJson(member.second));
  if (!node["id"]) w.Member("id", entry["id"].as<std::string>("r" + std::to_string(number)));
  if (!node["subject"]) WriteSubject(w);
  w.EndObject();
  result.json = w.text();
  if (node["code"]) {
    const YAML::Node coding = node["code"]["coding"][0];
    result.code = coding["system"].as<std::string>("") + "|" + coding["code"].as<std::string>("");
  }
  return result;
}

}  // namespace

CaseResource ExpandEntry(const YAML::Node& entry, Role role, int number) {
  CheckMembers(entry);
  if (entry["resource"]) return ExpandWhole(entry, number);
  for (const Kind& kind : kKinds) {
    if (!entry[kind.name]) continue;
    CaseResource result{kind.resource, "", ""};
    json::Writer w;
    w.StartObject().Member("resourceType", kind.resource);
    w.Member("id", entry["id"].as<std::string>("r" + std::to_string(number)));
    const std::string name = kind.name;
    if (name == "observation") WriteObservation(w, entry);
    if (name == "condition") WriteCondition(w, entry);
    if (result.type == "MedicationRequest") WriteMedication(w, entry, role);
    if (name == "statement") WriteStatement(w, entry);
    if (name == "procedure") WriteProcedure(w, entry);
    if (name == "service") WriteService(w, entry, role);
    if (name == "family") WriteFamily(w, entry);
    for (const auto& member : entry["fhir"]) {
      w.Key(member.first.as<std::string>()).Raw(YamlAsJson(member.second));
    }
    w.EndObject();
    result.json = w.text();
    if (name != "family" && name != "medication_text") {
      const auto [system, code] = SplitCode(entry[kind.name]);
      result.code = system + "|" + code;
    }
    return result;
  }
  Fail(entry, "no kind of resource named");
}

std::string YamlAsJson(const YAML::Node& node) {
  json::Writer w;
  if (node.IsMap()) {
    w.StartObject();
    for (const auto& member : node) w.Key(member.first.as<std::string>()).Raw(YamlAsJson(member.second));
    w.EndObject();
  } else if (node.IsSequence()) {
    w.StartArray();
    for (const auto& element : node) w.Raw(YamlAsJson(element));
    w.EndArray();
  } else {
    const auto text = node.as<std::string>("");
    const bool quoted = node.Tag() == "!";
    if (!quoted && (text == "true" || text == "false")) {
      w.Bool(text == "true");
    } else if (const auto number = base::Decimal::Parse(text); number && !quoted) {
      w.Number(*number);
    } else {
      w.String(text);
    }
  }
  return std::string(w.text());
}

}  // namespace osteon::testing
