#include "cds_hooks/cases/case_shorthand.h"

#include <algorithm>
#include <iterator>
#include <sstream>
#include <utility>

#include "cards/nearest_name.h"
#include "cds_hooks/cases/case_yaml.h"
#include "fhir/base/decimal.h"

namespace osteon::cds_hooks {
namespace {

using cards::YamlNode;

struct System {
  std::string_view name;
  std::string_view url;
};
constexpr System kSystems[] = {
    {"loinc", "http://loinc.org"},
    {"snomed", "http://snomed.info/sct"},
    {"icd10", "http://hl7.org/fhir/sid/icd-10-cm"},
    {"rxnorm", "http://www.nlm.nih.gov/research/umls/rxnorm"},
    {"atc", "http://www.whocc.no/atc"},
    {"hcpcs", "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"},
};

// A kind of entry: the YAML member that names it, and the resource it makes.
struct EntryKind {
  std::string_view name;
  std::string_view resource;
};
constexpr EntryKind kKinds[] = {
    {"observation", "Observation"},       {"condition", "Condition"},
    {"medication", "MedicationRequest"},  {"medication_text", "MedicationRequest"},
    {"statement", "MedicationStatement"}, {"procedure", "Procedure"},
    {"service", "ServiceRequest"},        {"family", "FamilyMemberHistory"},
};
constexpr std::string_view kMembers[] = {
    "observation", "condition", "medication",  "medication_text", "statement", "procedure", "service",
    "family",      "concept",   "quantity",    "score",           "day",       "date",      "yes",
    "text",        "status",    "clinical",    "verification",    "onset",     "intent",    "authored",
    "dose",        "bounds",    "bounds_days", "since",           "priority",  "has",       "id",
    "fhir",        "resource",  "selected"};

class Expander {
 public:
  Expander(const YamlNode& entry, CaseRole role, int number, std::vector<cards::PackFinding>& findings)
      : entry_(entry), role_(role), number_(number), findings_(findings) {}

  std::optional<CaseResource> Expand() {
    for (const cards::YamlMember& member : entry_.members) {
      if (std::find(std::begin(kMembers), std::end(kMembers), member.name) == std::end(kMembers))
        Report(member.place, "there is no member \"" + member.name + "\" here",
               cards::NearestNameHint(member.name, kMembers));
    }
    if (const YamlNode* const whole = FindValue(entry_, "resource")) return Whole(*whole);
    for (const EntryKind& kind : kKinds) {
      if (FindValue(entry_, kind.name) != nullptr) return OfKind(kind);
    }
    Report(entry_.place, "the entry names no kind of resource",
           "observation, condition, medication, statement, procedure, service, family or resource");
    return std::nullopt;
  }

 private:
  void Report(const cards::Place& place, std::string message, std::string hint = {}) {
    findings_.push_back(cards::FindingAt(place, std::move(message), std::move(hint)));
  }

  std::string Id() const { return TextOf(entry_, "id", "r" + std::to_string(number_)); }

  // "SYSTEM CODE" of the member.
  std::pair<std::string, std::string> CodeOf(std::string_view member) {
    const YamlNode* const value = FindValue(entry_, member);
    if (value == nullptr) return {};
    const std::size_t space = value->text.find(' ');
    const auto* const system = std::find_if(std::begin(kSystems), std::end(kSystems), [&](const System& row) {
      return row.name == value->text.substr(0, space);
    });
    if (space == std::string::npos || system == std::end(kSystems)) {
      Report(value->place, "\"" + value->text + "\" is not SYSTEM CODE",
             "loinc, snomed, icd10, rxnorm, atc or hcpcs, a space, the code");
      return {};
    }
    return {std::string(system->url), value->text.substr(space + 1)};
  }

  static void Coded(json::Writer& w, std::string_view system, std::string_view code) {
    w.StartObject().Key("coding").StartArray().StartObject();
    w.Member("system", system).Member("code", code).EndObject().EndArray().EndObject();
  }
  void Concept(json::Writer& w, std::string_view member) {
    const auto [system, code] = CodeOf(member);
    Coded(w, system, code);
  }
  void Scalar(json::Writer& w, std::string_view from, std::string_view to) {
    if (const YamlNode* const value = FindValue(entry_, from)) w.Member(to, std::string_view(value->text));
  }

  static void Subject(json::Writer& w, std::string_view member = "subject") {
    w.Key(member).StartObject().Member("reference", "Patient/p1").EndObject();
  }

  void Number(json::Writer& w, const cards::Place& place, std::string_view text) {
    const auto number = base::Decimal::Parse(text);
    if (number) {
      w.Number(*number);
    } else {
      Report(place, "\"" + std::string(text) + "\" is no number");
      w.Null();
    }
  }

  // "16 ng/mL"
  void Quantity(json::Writer& w, const cards::Place& place, const std::string& text) {
    const std::size_t space = std::min(text.find(' '), text.size());
    const std::string unit = text.substr(std::min(space + 1, text.size()));
    w.StartObject().Key("value");
    Number(w, place, text.substr(0, space));
    w.Member("unit", unit).Member("system", "http://unitsofmeasure.org").Member("code", unit).EndObject();
  }

  void Observation(json::Writer& w) {
    w.Member("status", TextOf(entry_, "status", "final"));
    w.Key("code");
    Concept(w, "observation");
    Subject(w);
    Scalar(w, "date", "effectiveDateTime");
    if (FindValue(entry_, "concept") != nullptr) {
      w.Key("valueCodeableConcept");
      Concept(w, "concept");
    }
    if (const YamlNode* const quantity = FindValue(entry_, "quantity")) {
      w.Key("valueQuantity");
      Quantity(w, quantity->place, quantity->text);
    }
    if (const YamlNode* const score = FindValue(entry_, "score")) {
      w.Key("valueInteger");
      Number(w, score->place, score->text);
    }
    Scalar(w, "day", "valueDateTime");
    if (FindValue(entry_, "yes") != nullptr) w.Key("valueBoolean").Bool(TextOf(entry_, "yes") == "true");
    Scalar(w, "text", "valueString");
  }

  void Condition(json::Writer& w) {
    w.Key("clinicalStatus");
    Coded(w, "http://terminology.hl7.org/CodeSystem/condition-clinical",
          TextOf(entry_, "clinical", "active"));
    w.Key("verificationStatus");
    Coded(w, "http://terminology.hl7.org/CodeSystem/condition-ver-status",
          TextOf(entry_, "verification", "confirmed"));
    w.Key("code");
    Concept(w, "condition");
    Subject(w);
    Scalar(w, "onset", "onsetDateTime");
  }

  void Timing(json::Writer& w, const std::string& often) {
    struct Row {
      std::string_view name;
      int frequency;
      std::string_view unit;
    };
    static constexpr Row kRows[] = {{"daily", 1, "d"}, {"BID", 2, "d"}, {"TID", 3, "d"}, {"weekly", 1, "wk"}};
    const auto* const row =
        std::find_if(std::begin(kRows), std::end(kRows), [&](const Row& each) { return each.name == often; });
    if (row == std::end(kRows))
      return Report(FindValue(entry_, "dose")->place, "\"" + often + "\" is no timing",
                    "daily, BID, TID or weekly");
    w.Key("frequency").Integer(row->frequency).Key("period").Integer(1).Member("periodUnit", row->unit);
  }

  // "5000 [iU] BID": dose, unit, how often.
  void Dose(json::Writer& w) {
    std::istringstream parts(TextOf(entry_, "dose"));
    std::string value, unit, often;
    parts >> value >> unit >> often;
    w.Key("dosageInstruction").StartArray().StartObject();
    w.Key("timing").StartObject().Key("repeat").StartObject();
    if (const YamlNode* const bounds = FindValue(entry_, "bounds")) {
      const std::size_t dots = std::min(bounds->text.find(".."), bounds->text.size());
      w.Key("boundsPeriod").StartObject().Member("start", bounds->text.substr(0, dots));
      w.Member("end", bounds->text.substr(std::min(dots + 2, bounds->text.size()))).EndObject();
    }
    if (const YamlNode* const days = FindValue(entry_, "bounds_days")) {
      w.Key("boundsDuration");
      Quantity(w, days->place, days->text + " d");
    }
    if (!often.empty()) Timing(w, often);
    w.EndObject().EndObject();
    if (!value.empty()) {
      w.Key("doseAndRate").StartArray().StartObject().Key("doseQuantity");
      Quantity(w, FindValue(entry_, "dose")->place, value + " " + unit);
      w.EndObject().EndArray();
    }
    w.EndObject().EndArray();
  }

  void Order(json::Writer& w) {
    w.Member("status", TextOf(entry_, "status", role_ == CaseRole::kDraft ? "draft" : "active"));
    w.Member("intent", TextOf(entry_, "intent", "order"));
  }

  void Medication(json::Writer& w) {
    Order(w);
    w.Key("medicationCodeableConcept");
    if (FindValue(entry_, "medication") != nullptr) {
      Concept(w, "medication");
    } else {
      w.StartObject().Member("text", TextOf(entry_, "medication_text")).EndObject();
    }
    Subject(w);
    Scalar(w, "authored", "authoredOn");
    for (const std::string_view member : {"dose", "bounds", "bounds_days"}) {
      if (FindValue(entry_, member) != nullptr) return Dose(w);
    }
  }

  void Statement(json::Writer& w) {
    w.Member("status", TextOf(entry_, "status", "active")).Key("medicationCodeableConcept");
    Concept(w, "statement");
    Subject(w);
    if (const YamlNode* const since = FindValue(entry_, "since"))
      w.Key("effectivePeriod").StartObject().Member("start", std::string_view(since->text)).EndObject();
  }

  void Procedure(json::Writer& w) {
    w.Member("status", TextOf(entry_, "status", "completed")).Key("code");
    Concept(w, "procedure");
    Subject(w);
    Scalar(w, "date", "performedDateTime");
  }

  void Service(json::Writer& w) {
    Order(w);
    w.Key("code");
    Concept(w, "service");
    Subject(w);
    Scalar(w, "authored", "authoredOn");
    Scalar(w, "priority", "priority");
  }

  void Family(json::Writer& w) {
    w.Member("status", TextOf(entry_, "status", "completed"));
    Subject(w, "patient");
    w.Key("relationship");
    Coded(w, "http://terminology.hl7.org/CodeSystem/v3-RoleCode", TextOf(entry_, "family"));
    w.Key("condition").StartArray().StartObject().Key("code");
    Concept(w, "has");
    w.EndObject().EndArray();
  }

  void Members(json::Writer& w, std::string_view kind) {
    if (kind == "observation") return Observation(w);
    if (kind == "condition") return Condition(w);
    if (kind == "statement") return Statement(w);
    if (kind == "procedure") return Procedure(w);
    if (kind == "service") return Service(w);
    if (kind == "family") return Family(w);
    Medication(w);
  }

  CaseResource OfKind(const EntryKind& kind) {
    CaseResource result{std::string(kind.resource), "", Id(), ""};
    json::Writer w;
    w.StartObject().Member("resourceType", kind.resource).Member("id", result.id);
    Members(w, kind.name);
    if (const YamlNode* const fhir = FindValue(entry_, "fhir"))
      WriteMembers(w, *fhir, model::FindType(kind.resource));
    w.EndObject();
    result.json = w.text();
    if (kind.name != "family" && kind.name != "medication_text") {
      const auto [system, code] = CodeOf(kind.name);
      result.code = system + "|" + code;
    }
    return result;
  }

  // `resource: {...}`: a whole resource for what the shorthand has no words for; id and patient are added.
  CaseResource Whole(const YamlNode& node) {
    CaseResource result{TextOf(node, "resourceType"), "", TextOf(node, "id", Id()), ""};
    json::Writer w;
    w.StartObject();
    WriteMembers(w, node, model::FindType(result.type));
    if (FindValue(node, "id") == nullptr) w.Member("id", result.id);
    if (FindValue(node, "subject") == nullptr) Subject(w);
    w.EndObject();
    result.json = w.text();
    const YamlNode* const code = FindValue(node, "code");
    const YamlNode* const coding = code != nullptr ? FindValue(*code, "coding") : nullptr;
    if (coding != nullptr && !coding->items.empty())
      result.code = TextOf(coding->items.front(), "system") + "|" + TextOf(coding->items.front(), "code");
    return result;
  }

  const YamlNode& entry_;
  CaseRole role_;
  int number_;
  std::vector<cards::PackFinding>& findings_;
};

}  // namespace

std::optional<CaseResource> ExpandEntry(const YamlNode& entry, CaseRole role, int number,
                                        std::vector<cards::PackFinding>& findings) {
  return Expander(entry, role, number, findings).Expand();
}

}  // namespace osteon::cds_hooks
