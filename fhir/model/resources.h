// Typed read-only views of FHIR R4 resources in the tree. A view is two pointers; a missing element reads as
// absent. Views do not judge: which status counts is the rules' business. Source:
// http://hl7.org/fhir/R4/resourcelist.html, elements by the names given there.
#pragma once

#include <optional>
#include <string_view>

#include "fhir/base/instant.h"
#include "fhir/json/tree.h"
#include "fhir/model/date_time.h"
#include "fhir/model/quantity.h"

namespace osteon::model {

using json::operator""_key;

struct Resource {
  json::Value json;

  explicit operator bool() const { return json.is_object(); }
  std::string_view type() const { return json["resourceType"_key].string(); }
  std::string_view id() const { return json["id"_key].string(); }
  // subject.reference or patient.reference, whichever the resource has; empty when neither.
  std::string_view patient_reference() const;
  std::string_view status() const { return json["status"_key].string(); }
};

// --- CodeableConcept
// -------------------------------------------------------------------------------------------
struct Coding {
  std::string_view system;
  std::string_view code;
  std::string_view display;
};
Coding CodingOf(json::Value coding);
// The first coding's code of that system, or empty.
std::string_view CodeIn(json::Value codeable_concept, std::string_view system);
// True when any coding of the concept has this system and code.
bool HasCode(json::Value codeable_concept, std::string_view system, std::string_view code);
// text, else the first display, else the first code; for showing to a person.
std::string_view LabelOf(json::Value codeable_concept);

// --- views
// -------------------------------------------------------------------------------------------------------
struct Patient : Resource {
  std::string_view gender() const { return json["gender"_key].string(); }
  std::optional<DateSpan> birth_date(const base::TimeZone& zone) const;
  // deceasedBoolean true, or any deceasedDateTime.
  bool deceased() const;
  // us-core-birthsex value ("F", "M", "UNK", ...), or empty.
  std::string_view birth_sex() const;
  // patient-sexParameterForClinicalUse, else us-core-sex: "female", "male", or empty when neither is stated.
  // Of several parameters that disagree, "female" holds.
  std::string_view sex_for_clinical_use() const;
};

struct Observation : Resource {
  json::Value code() const { return json["code"_key]; }
  json::Value body_site() const { return json["bodySite"_key]; }
  json::Value components() const { return json["component"_key]; }
  json::Value data_absent_reason() const { return json["dataAbsentReason"_key]; }
  // effective[x]; a Period counts from its start. `issued` is no substitute.
  std::optional<DateSpan> effective(const base::TimeZone& zone) const;
  std::optional<DateSpan> effective_end(const base::TimeZone& zone) const;  // effectivePeriod.end
  bool has_value() const;                                                   // any value[x]
  json::Value value_concept() const { return json["valueCodeableConcept"_key]; }
  std::optional<Quantity> value_quantity() const;  // valueQuantity, or valueInteger without a unit
  std::optional<DateSpan> value_date(const base::TimeZone& zone) const;  // valueDateTime, valuePeriod.start
  std::string_view value_string() const { return json["valueString"_key].string(); }
  json::Value value_boolean() const { return json["valueBoolean"_key]; }
};

struct Condition : Resource {
  json::Value code() const { return json["code"_key]; }
  json::Value severity() const { return json["severity"_key]; }
  json::Value category() const { return json["category"_key]; }
  json::Value body_site() const { return json["bodySite"_key]; }
  // Codes of condition-clinical and condition-ver-status; else a code without system, else the text (as
  // written, so compare without case), else a plain string as older FHIR releases had it; "" = absent.
  std::string_view clinical_status() const;
  std::string_view verification_status() const;
  std::optional<DateSpan> onset(const base::TimeZone& zone) const;     // onsetDateTime, onsetPeriod.start
  std::optional<DateSpan> recorded(const base::TimeZone& zone) const;  // recordedDate
  // abatementDateTime, abatementPeriod.end, or its start when the end is open; `abated` also covers
  // abatementString and the rest.
  std::optional<DateSpan> abatement(const base::TimeZone& zone) const;
  bool abated() const;
  std::string_view encounter_reference() const { return json["encounter"_key]["reference"_key].string(); }
};

struct Procedure : Resource {
  json::Value code() const { return json["code"_key]; }
  std::optional<DateSpan> performed(
      const base::TimeZone& zone) const;  // performedDateTime, performedPeriod.start
  std::optional<DateSpan> performed_end(
      const base::TimeZone& zone) const;  // performedDateTime, performedPeriod.end
};

// MedicationRequest, MedicationStatement, MedicationAdministration, MedicationDispense: what names the drug.
struct MedicationResource : Resource {
  json::Value medication_concept() const { return json["medicationCodeableConcept"_key]; }
  json::Value medication_reference() const { return json["medicationReference"_key]; }
};

struct MedicationRequest : MedicationResource {
  std::string_view intent() const { return json["intent"_key].string(); }
  std::string_view priority() const { return json["priority"_key].string(); }
  bool do_not_perform() const { return json["doNotPerform"_key].is_true(); }
  std::optional<DateSpan> authored_on(const base::TimeZone& zone) const;
  json::Value dosage_instructions() const { return json["dosageInstruction"_key]; }
  json::Value dispense_request() const { return json["dispenseRequest"_key]; }
  json::Value reason_codes() const { return json["reasonCode"_key]; }
  json::Value reason_references() const { return json["reasonReference"_key]; }
};

struct MedicationStatement : MedicationResource {
  std::optional<DateSpan> start(
      const base::TimeZone& zone) const;                          // effectiveDateTime, effectivePeriod.start
  std::optional<DateSpan> end(const base::TimeZone& zone) const;  // effectivePeriod.end
  json::Value dosages() const { return json["dosage"_key]; }
};

struct MedicationAdministration : MedicationResource {
  std::optional<DateSpan> start(const base::TimeZone& zone) const;
  std::optional<DateSpan> end(const base::TimeZone& zone) const;
  json::Value dosage() const { return json["dosage"_key]; }
};

struct MedicationDispense : MedicationResource {
  std::optional<DateSpan> handed_over(const base::TimeZone& zone) const;  // whenHandedOver, else whenPrepared
  std::optional<Quantity> days_supply() const;
  // References in authorizingPrescription.
  json::Value authorizing_prescriptions() const { return json["authorizingPrescription"_key]; }
};

struct ServiceRequest : Resource {
  std::string_view intent() const { return json["intent"_key].string(); }
  std::string_view priority() const { return json["priority"_key].string(); }
  bool do_not_perform() const { return json["doNotPerform"_key].is_true(); }
  json::Value code() const { return json["code"_key]; }
  std::optional<DateSpan> authored_on(const base::TimeZone& zone) const;
  json::Value reason_codes() const { return json["reasonCode"_key]; }
  json::Value reason_references() const { return json["reasonReference"_key]; }
};

struct DiagnosticReport : Resource {
  json::Value code() const { return json["code"_key]; }
  std::optional<DateSpan> effective(const base::TimeZone& zone) const;
};

struct Encounter : Resource {
  json::Value reason_codes() const { return json["reasonCode"_key]; }
  json::Value reason_references() const { return json["reasonReference"_key]; }
  json::Value types() const { return json["type"_key]; }
  std::optional<DateSpan> start(const base::TimeZone& zone) const;
  std::optional<DateSpan> end(const base::TimeZone& zone) const;
};

struct FamilyMemberHistory : Resource {
  json::Value relationship() const { return json["relationship"_key]; }
  json::Value conditions() const { return json["condition"_key]; }
};

// A Bundle's entries with a resource. `next`: the searchset has a further page (link.relation = next).
struct Bundle : Resource {
  json::Value entries() const { return json["entry"_key]; }
  bool has_next_page() const;
};

}  // namespace osteon::model
