#include "fhir/model/resources.h"

#include "fhir/base/text.h"

namespace osteon::model {
namespace {

constexpr std::string_view kClinicalStatusSystem = "http://terminology.hl7.org/CodeSystem/condition-clinical";
constexpr std::string_view kVerificationStatusSystem =
    "http://terminology.hl7.org/CodeSystem/condition-ver-status";
constexpr std::string_view kBirthSexUrl = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex";
constexpr std::string_view kUsCoreSexUrl = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-sex";
constexpr std::string_view kSexParameterUrl =
    "http://hl7.org/fhir/StructureDefinition/patient-sexParameterForClinicalUse";

bool IsStated(json::Value value) {
  if (!value.exists() || value.is_null()) return false;
  if (value.is_string()) return !base::IsBlank(value.string());
  return !(value.is_array() || value.is_object()) || !value.empty();
}

// A choice has one type; when a sender fills more, the first that can be read counts.
std::optional<DateSpan> StartOfEither(json::Value first, json::Value second, const base::TimeZone& zone) {
  const auto start = StartOf(first, zone);
  return start ? start : StartOf(second, zone);
}

std::optional<DateSpan> EndOfEither(json::Value first, json::Value second, const base::TimeZone& zone) {
  const auto end = EndOf(first, zone);
  return end ? end : EndOf(second, zone);
}

// A status the rules decide by. Without a coding of its system, a coding without any, a bare text, and the
// plain code of older FHIR releases are read: to overlook "refuted" would make a refuted diagnosis count.
std::string_view StatusIn(json::Value concept_value, std::string_view system) {
  if (concept_value.is_string()) return concept_value.string();
  if (const std::string_view code = CodeIn(concept_value, system); !code.empty()) return code;
  if (const std::string_view code = CodeIn(concept_value, {}); !code.empty()) return code;
  return base::Trim(concept_value["text"_key].string());
}

enum class Sex : std::uint8_t { kNotStated, kFemale, kMale };

Sex SexOfCode(std::string_view code) {
  if (code == "female-typical" || code == "248152002") return Sex::kFemale;
  if (code == "male-typical" || code == "248153007") return Sex::kMale;
  return Sex::kNotStated;
}

Sex SexOfParameter(json::Value extension) {
  for (const json::Value part : extension["extension"_key]) {
    if (part["url"_key].string() != "value") continue;
    for (const json::Value coding : part["valueCodeableConcept"_key]["coding"_key]) {
      if (const Sex sex = SexOfCode(coding["code"_key].string()); sex != Sex::kNotStated) return sex;
    }
  }
  return Sex::kNotStated;
}

Sex SexOfUsCore(json::Value extension) {
  const Sex sex = SexOfCode(extension["valueCode"_key].string());
  return sex != Sex::kNotStated ? sex : SexOfCode(extension["valueCoding"_key]["code"_key].string());
}

// Extensions may repeat, one per clinical use; "female" anywhere keeps the patient in the rules' population.
Sex SexInExtensions(json::Value patient, std::string_view url, Sex (*read)(json::Value)) {
  Sex found = Sex::kNotStated;
  for (const json::Value extension : patient["extension"_key]) {
    if (extension["url"_key].string() != url) continue;
    const Sex sex = read(extension);
    if (sex == Sex::kFemale) return sex;
    if (sex != Sex::kNotStated) found = sex;
  }
  return found;
}

// A value of the choice element `prefix`[x]: a member named prefix + a capital.
bool HasChoice(json::Value resource, std::string_view prefix) {
  for (const json::Value member : resource) {
    const std::string_view name = member.name();
    if (name.size() <= prefix.size() || !name.starts_with(prefix)) continue;
    const char next = name[prefix.size()];
    if (next >= 'A' && next <= 'Z' && IsStated(member)) return true;
  }
  return false;
}

}  // namespace

std::string_view Resource::patient_reference() const {
  const std::string_view subject = json["subject"_key]["reference"_key].string();
  return !subject.empty() ? subject : json["patient"_key]["reference"_key].string();
}

Coding CodingOf(json::Value coding) {
  return {coding["system"_key].string(), coding["code"_key].string(), coding["display"_key].string()};
}

std::string_view CodeIn(json::Value codeable_concept, std::string_view system) {
  for (const json::Value coding : codeable_concept["coding"_key]) {
    const std::string_view code = coding["code"_key].string();
    if (!code.empty() && coding["system"_key].string() == system) return code;
  }
  return {};
}

bool HasCode(json::Value codeable_concept, std::string_view system, std::string_view code) {
  for (const json::Value coding : codeable_concept["coding"_key]) {
    const json::Value coded = coding["code"_key];
    if (coded.is_string() && coded.string() == code && coding["system"_key].string() == system) return true;
  }
  return false;
}

std::string_view LabelOf(json::Value codeable_concept) {
  if (const std::string_view text = codeable_concept["text"_key].string(); !base::IsBlank(text)) return text;
  std::string_view first_code;
  for (const json::Value coding : codeable_concept["coding"_key]) {
    const std::string_view display = coding["display"_key].string();
    if (!base::IsBlank(display)) return display;
    if (first_code.empty()) first_code = coding["code"_key].string();
  }
  return first_code;
}

std::optional<DateSpan> Patient::birth_date(const base::TimeZone& zone) const {
  return ParseDate(json["birthDate"_key].string(), zone);
}

bool Patient::deceased() const {
  return json["deceasedBoolean"_key].is_true() || IsStated(json["deceasedDateTime"_key]);
}

std::string_view Patient::birth_sex() const {
  for (const json::Value extension : json["extension"_key]) {
    if (extension["url"_key].string() != kBirthSexUrl) continue;
    const std::string_view code = extension["valueCode"_key].string();
    if (!code.empty()) return code;
  }
  return {};
}

std::string_view Patient::sex_for_clinical_use() const {
  Sex sex = SexInExtensions(json, kSexParameterUrl, SexOfParameter);
  if (sex == Sex::kNotStated) sex = SexInExtensions(json, kUsCoreSexUrl, SexOfUsCore);
  switch (sex) {
    case Sex::kFemale:
      return "female";
    case Sex::kMale:
      return "male";
    case Sex::kNotStated:
      break;
  }
  return {};
}

std::optional<DateSpan> Observation::effective(const base::TimeZone& zone) const {
  if (const auto instant = StartOf(json["effectiveInstant"_key], zone)) return instant;
  return StartOfEither(json["effectiveDateTime"_key], json["effectivePeriod"_key], zone);
}

std::optional<DateSpan> Observation::effective_end(const base::TimeZone& zone) const {
  return ParseDate(json["effectivePeriod"_key]["end"_key].string(), zone);
}

bool Observation::has_value() const {
  return HasChoice(json, "value");
}

std::optional<Quantity> Observation::value_quantity() const {
  if (const json::Value quantity = json["valueQuantity"_key]; quantity.exists()) return QuantityOf(quantity);
  const auto integer = base::Decimal::Parse(json["valueInteger"_key].number());
  if (!integer) return std::nullopt;
  return Quantity{*integer, Comparator::kNone, {}};
}

std::optional<DateSpan> Observation::value_date(const base::TimeZone& zone) const {
  return StartOfEither(json["valueDateTime"_key], json["valuePeriod"_key], zone);
}

std::string_view Condition::clinical_status() const {
  return StatusIn(json["clinicalStatus"_key], kClinicalStatusSystem);
}

std::string_view Condition::verification_status() const {
  return StatusIn(json["verificationStatus"_key], kVerificationStatusSystem);
}

std::optional<DateSpan> Condition::onset(const base::TimeZone& zone) const {
  return StartOfEither(json["onsetDateTime"_key], json["onsetPeriod"_key], zone);
}

std::optional<DateSpan> Condition::recorded(const base::TimeZone& zone) const {
  return ParseDate(json["recordedDate"_key].string(), zone);
}

std::optional<DateSpan> Condition::abatement(const base::TimeZone& zone) const {
  const auto end = EndOfEither(json["abatementDateTime"_key], json["abatementPeriod"_key], zone);
  return end ? end : StartOf(json["abatementPeriod"_key], zone);
}

bool Condition::abated() const {
  return HasChoice(json, "abatement");
}

std::optional<DateSpan> Procedure::performed(const base::TimeZone& zone) const {
  return StartOfEither(json["performedDateTime"_key], json["performedPeriod"_key], zone);
}

std::optional<DateSpan> Procedure::performed_end(const base::TimeZone& zone) const {
  return EndOfEither(json["performedDateTime"_key], json["performedPeriod"_key], zone);
}

std::optional<DateSpan> MedicationRequest::authored_on(const base::TimeZone& zone) const {
  return ParseDate(json["authoredOn"_key].string(), zone);
}

std::optional<DateSpan> MedicationStatement::start(const base::TimeZone& zone) const {
  return StartOfEither(json["effectiveDateTime"_key], json["effectivePeriod"_key], zone);
}

std::optional<DateSpan> MedicationStatement::end(const base::TimeZone& zone) const {
  return ParseDate(json["effectivePeriod"_key]["end"_key].string(), zone);
}

std::optional<DateSpan> MedicationAdministration::start(const base::TimeZone& zone) const {
  return StartOfEither(json["effectiveDateTime"_key], json["effectivePeriod"_key], zone);
}

std::optional<DateSpan> MedicationAdministration::end(const base::TimeZone& zone) const {
  return EndOfEither(json["effectiveDateTime"_key], json["effectivePeriod"_key], zone);
}

std::optional<DateSpan> MedicationDispense::handed_over(const base::TimeZone& zone) const {
  return StartOfEither(json["whenHandedOver"_key], json["whenPrepared"_key], zone);
}

std::optional<Quantity> MedicationDispense::days_supply() const {
  return QuantityOf(json["daysSupply"_key]);
}

std::optional<DateSpan> ServiceRequest::authored_on(const base::TimeZone& zone) const {
  return ParseDate(json["authoredOn"_key].string(), zone);
}

std::optional<DateSpan> DiagnosticReport::effective(const base::TimeZone& zone) const {
  return StartOfEither(json["effectiveDateTime"_key], json["effectivePeriod"_key], zone);
}

std::optional<DateSpan> Encounter::start(const base::TimeZone& zone) const {
  return ParseDate(json["period"_key]["start"_key].string(), zone);
}

std::optional<DateSpan> Encounter::end(const base::TimeZone& zone) const {
  return ParseDate(json["period"_key]["end"_key].string(), zone);
}

bool Bundle::has_next_page() const {
  for (const json::Value link : json["link"_key]) {
    if (link["relation"_key].string() == "next") return true;
  }
  return false;
}

}  // namespace osteon::model
