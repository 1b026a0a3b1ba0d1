#include "fhir/model/resources.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/fhir/model/document.h"

namespace osteon::model {
namespace {

std::string Shown(const std::optional<DateSpan>& span) {
  return span ? base::FormatDay(span->first) + ".." + base::FormatDay(span->last) : "none";
}

TEST(CodeableConcept, FindsCodesBySystem) {
  const Document document(R"({"coding": [
    {"system": "http://loinc.org", "code": "82810-3", "display": "Pregnancy status"},
    {"system": "http://snomed.info/sct", "code": "77386006", "display": "Pregnant"},
    {"system": "http://snomed.info/sct", "code": "1"}, {"code": "local"}]})");
  const json::Value codes = document.root();
  EXPECT_EQ(CodeIn(codes, "http://snomed.info/sct"), "77386006");
  EXPECT_EQ(CodeIn(codes, "http://hl7.org/fhir/sid/icd-10-cm"), "");
  EXPECT_EQ(CodeIn(codes, ""), "local");
  EXPECT_TRUE(HasCode(codes, "http://snomed.info/sct", "1"));
  EXPECT_FALSE(HasCode(codes, "http://loinc.org", "1"));
  EXPECT_FALSE(HasCode(codes, "http://snomed.info/sct", ""));
  EXPECT_EQ(CodingOf(codes["coding"_key].At(0)).display, "Pregnancy status");
}

TEST(CodeableConcept, IsShownByTextThenDisplayThenCode) {
  const auto label = [](const char* text) {
    const Document document(text);
    return std::string(LabelOf(document.root()));
  };
  EXPECT_EQ(label(R"({"text": "Heparin", "coding": [{"display": "heparin sodium"}]})"), "Heparin");
  EXPECT_EQ(label(R"({"text": " ", "coding": [{"code": "5224"}, {"display": "heparin sodium"}]})"),
            "heparin sodium");
  EXPECT_EQ(label(R"({"coding": [{"system": "s"}, {"code": "5224"}, {"code": "2"}]})"), "5224");
  EXPECT_EQ(label(R"({})"), "");
}

TEST(Resource, FindsItsPatientUnderEitherName) {
  const Document subject(
      R"({"resourceType": "Condition", "id": "c1", "subject": {"reference": "Patient/1"}})");
  const Document patient(R"({"resourceType": "FamilyMemberHistory", "patient": {"reference": "Patient/2"}})");
  const Document neither(R"({"resourceType": "Bundle", "subject": {"display": "somebody"}})");
  EXPECT_EQ(Resource{subject.root()}.patient_reference(), "Patient/1");
  EXPECT_EQ(Resource{patient.root()}.patient_reference(), "Patient/2");
  EXPECT_EQ(Resource{neither.root()}.patient_reference(), "");
  EXPECT_EQ(Resource{subject.root()}.type(), "Condition");
  EXPECT_EQ(Resource{subject.root()}.id(), "c1");
  EXPECT_FALSE(Resource{});
}

TEST(Patient, ReadsBirthDateAndDeath) {
  const Document living(R"({"gender": "female", "birthDate": "1994-02", "deceasedBoolean": false})");
  EXPECT_EQ(Shown(Patient{living.root()}.birth_date({})), "1994-02-01..1994-02-28");
  EXPECT_EQ(Patient{living.root()}.gender(), "female");
  EXPECT_FALSE(Patient{living.root()}.deceased());
  const Document dead(R"({"deceasedBoolean": true})");
  EXPECT_TRUE(Patient{dead.root()}.deceased());
  const Document dated(R"({"deceasedDateTime": "2025"})");
  EXPECT_TRUE(Patient{dated.root()}.deceased());
  const Document unstated(R"({"deceasedDateTime": null})");
  EXPECT_FALSE(Patient{unstated.root()}.deceased());
}

TEST(Patient, ReadsBirthSex) {
  const Document document(R"({"extension": [{"url": "http://example.org/x", "valueCode": "M"},
    {"url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-birthsex", "valueCode": "F"}]})");
  EXPECT_EQ(Patient{document.root()}.birth_sex(), "F");
  EXPECT_EQ(Patient{document.root()}.sex_for_clinical_use(), "");
}

std::string SexOf(const std::string& extensions) {
  const Document document(R"({"extension": [)" + extensions + "]}");
  EXPECT_TRUE(document.root().is_object()) << extensions;
  return std::string(Patient{document.root()}.sex_for_clinical_use());
}

std::string SexParameter(const std::string& code) {
  return R"({"url": "http://hl7.org/fhir/StructureDefinition/patient-sexParameterForClinicalUse", "extension": [
    {"url": "period", "valuePeriod": {"start": "2020"}},
    {"url": "value", "valueCodeableConcept": {"coding": [
      {"system": "http://hl7.org/fhir/sex-parameter-for-clinical-use", "code": ")" +
         code + R"("}]}}]})";
}

std::string UsCoreSex(const std::string& value) {
  return R"({"url": "http://hl7.org/fhir/us/core/StructureDefinition/us-core-sex", )" + value + "}";
}

TEST(Patient, ReadsTheSexParameterForClinicalUse) {
  EXPECT_EQ(SexOf(SexParameter("female-typical")), "female");
  EXPECT_EQ(SexOf(SexParameter("male-typical")), "male");
  EXPECT_EQ(SexOf(SexParameter("specified")), "");
  EXPECT_EQ(SexOf(SexParameter("unknown")), "");
  EXPECT_EQ(SexOf(SexParameter("male-typical") + "," + SexParameter("female-typical")), "female");
}

TEST(Patient, ReadsUsCoreSexWhenThereIsNoSexParameter) {
  EXPECT_EQ(SexOf(UsCoreSex(R"("valueCode": "248152002")")), "female");
  EXPECT_EQ(SexOf(UsCoreSex(R"("valueCode": "248153007")")), "male");
  EXPECT_EQ(SexOf(UsCoreSex(R"("valueCoding": {"system": "http://snomed.info/sct", "code": "248152002"})")),
            "female");
  EXPECT_EQ(SexOf(UsCoreSex(R"("valueCode": "asked-declined")")), "");
  EXPECT_EQ(SexOf(UsCoreSex(R"("valueCode": "248153007")") + "," + SexParameter("female-typical")), "female");
  EXPECT_EQ(SexOf(UsCoreSex(R"("valueCode": "248152002")") + "," + SexParameter("specified")), "female");
}

TEST(Observation, ReadsWhenAndWhat) {
  const Document document(
      R"({"status": "final", "effectivePeriod": {"start": "2026-01-01", "end": "2026-02-01"},
    "issued": "2026-03-01T00:00:00Z", "valueQuantity": {"value": 18.0, "unit": "ng/mL"}})");
  const Observation observation{document.root()};
  EXPECT_EQ(Shown(observation.effective({})), "2026-01-01..2026-01-01");
  EXPECT_EQ(Shown(observation.effective_end({})), "2026-02-01..2026-02-01");
  EXPECT_TRUE(observation.has_value());
  EXPECT_EQ(observation.value_quantity()->value.ToString(), "18.0");
  const Document issued_only(R"({"issued": "2026-03-01T00:00:00Z"})");
  EXPECT_EQ(Shown(Observation{issued_only.root()}.effective({})), "none");
  const Document instant(R"({"effectiveInstant": "2026-03-01T00:00:00Z"})");
  EXPECT_EQ(Shown(Observation{instant.root()}.effective({})), "2026-03-01..2026-03-01");
}

TEST(Observation, HasAValueOnlyWhenOneIsStated) {
  const auto has_value = [](const char* text) {
    const Document document(text);
    return Observation{document.root()}.has_value();
  };
  EXPECT_TRUE(has_value(R"({"valueBoolean": false})"));
  EXPECT_TRUE(has_value(R"({"valueInteger": 0})"));
  EXPECT_TRUE(has_value(R"({"valueSampledData": {"data": "1"}})"));
  EXPECT_FALSE(has_value(R"({"valueString": null})"));
  EXPECT_FALSE(has_value(R"({"valueString": " "})"));
  EXPECT_FALSE(has_value(R"({"valueCodeableConcept": {}})"));
  EXPECT_FALSE(has_value(R"({"values": 1, "value": 2, "component": [{"valueInteger": 1}]})"));
  EXPECT_FALSE(has_value(R"({"_valueString": {"extension": [{"url": "x"}]}})"));
}

TEST(Observation, ReadsIntegersAndDatesAsValues) {
  const Document integer(R"({"valueInteger": 7})");
  EXPECT_EQ(Observation{integer.root()}.value_quantity()->value, base::Decimal(7));
  EXPECT_EQ(Observation{integer.root()}.value_quantity()->unit, "");
  const Document due(R"({"valueDateTime": "2026-12-24"})");
  EXPECT_EQ(Shown(Observation{due.root()}.value_date({})), "2026-12-24..2026-12-24");
  const Document period(R"({"valuePeriod": {"start": "2026-12"}})");
  EXPECT_EQ(Shown(Observation{period.root()}.value_date({})), "2026-12-01..2026-12-31");
  EXPECT_FALSE(Observation{due.root()}.value_quantity().has_value());
}

TEST(Condition, ReadsStatusesByTheirSystems) {
  const auto statuses = [](const char* text) {
    const Document document(text);
    const Condition condition{document.root()};
    return std::string(condition.clinical_status()) + "|" + std::string(condition.verification_status());
  };
  EXPECT_EQ(statuses(R"({"clinicalStatus": {"coding": [{"system": "http://example.org", "code": "A"},
      {"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]},
    "verificationStatus": {"coding": [
      {"system": "http://terminology.hl7.org/CodeSystem/condition-ver-status", "code": "refuted"}]}})"),
            "active|refuted");
  EXPECT_EQ(statuses(R"({"clinicalStatus": {"text": "active"}, "verificationStatus": {"text": "refuted"}})"),
            "active|refuted");
  EXPECT_EQ(
      statuses(R"({"clinicalStatus": {"coding": [{"code": "resolved"}]}, "verificationStatus": "refuted"})"),
      "resolved|refuted");
  EXPECT_EQ(statuses(R"({"clinicalStatus": {"coding": [{"system": "http://example.org", "code": "A"}]}})"),
            "|");
  EXPECT_EQ(statuses("{}"), "|");
}

TEST(Condition, ReadsOnsetAndAbatement) {
  const Document document(R"({"onsetPeriod": {"start": "2026-02"}, "recordedDate": "2026-03-04T10:00:00Z",
    "abatementPeriod": {"start": "2026-04-01", "end": "2026-04-20"}})");
  const Condition condition{document.root()};
  EXPECT_EQ(Shown(condition.onset({})), "2026-02-01..2026-02-28");
  EXPECT_EQ(Shown(condition.recorded({})), "2026-03-04..2026-03-04");
  EXPECT_EQ(Shown(condition.abatement({})), "2026-04-20..2026-04-20");
  EXPECT_TRUE(condition.abated());
  const Document text(R"({"abatementString": "years ago"})");
  EXPECT_TRUE(Condition{text.root()}.abated());
  EXPECT_EQ(Shown(Condition{text.root()}.abatement({})), "none");
  const Document open(R"({"onsetDateTime": "2026-02-01"})");
  EXPECT_FALSE(Condition{open.root()}.abated());
}

TEST(Procedure, ReadsWhenItWasPerformed) {
  const Document period(R"({"performedPeriod": {"start": "2026-04-01", "end": "2026-04-02"}})");
  EXPECT_EQ(Shown(Procedure{period.root()}.performed({})), "2026-04-01..2026-04-01");
  EXPECT_EQ(Shown(Procedure{period.root()}.performed_end({})), "2026-04-02..2026-04-02");
  const Document date(R"({"performedDateTime": "2026-04"})");
  EXPECT_EQ(Shown(Procedure{date.root()}.performed_end({})), "2026-04-01..2026-04-30");
}

TEST(Medications, ReadWhenTheyWereGiven) {
  const Document request(R"({"intent": "order", "doNotPerform": true, "authoredOn": "2026-05-19",
    "medicationCodeableConcept": {"text": "heparin"}})");
  const MedicationRequest order{request.root()};
  EXPECT_EQ(Shown(order.authored_on({})), "2026-05-19..2026-05-19");
  EXPECT_TRUE(order.do_not_perform());
  EXPECT_EQ(LabelOf(order.medication_concept()), "heparin");

  const Document taken(R"({"effectivePeriod": {"start": "2026-01-01", "end": "2026-01-28"}})");
  EXPECT_EQ(Shown(MedicationStatement{taken.root()}.start({})), "2026-01-01..2026-01-01");
  EXPECT_EQ(Shown(MedicationStatement{taken.root()}.end({})), "2026-01-28..2026-01-28");
  EXPECT_EQ(Shown(MedicationAdministration{taken.root()}.end({})), "2026-01-28..2026-01-28");
  const Document once(R"({"effectiveDateTime": "2026-01-05"})");
  EXPECT_EQ(Shown(MedicationStatement{once.root()}.start({})), "2026-01-05..2026-01-05");
  EXPECT_EQ(Shown(MedicationStatement{once.root()}.end({})), "none");
  EXPECT_EQ(Shown(MedicationAdministration{once.root()}.end({})), "2026-01-05..2026-01-05");

  const Document dispense(R"({"whenPrepared": "2026-05-01", "daysSupply": {"value": 14, "code": "d"}})");
  EXPECT_EQ(Shown(MedicationDispense{dispense.root()}.handed_over({})), "2026-05-01..2026-05-01");
  EXPECT_EQ(MedicationDispense{dispense.root()}.days_supply()->value, base::Decimal(14));
}

TEST(Bundle, KnowsWhetherAPageFollows) {
  const Document more(
      R"({"link": [{"relation": "self", "url": "a"}, {"relation": "next", "url": "b"}], "entry": [{}]})");
  EXPECT_TRUE(Bundle{more.root()}.has_next_page());
  EXPECT_EQ(Bundle{more.root()}.entries().size(), 1u);
  const Document whole(R"({"link": [{"relation": "self", "url": "a"}]})");
  EXPECT_FALSE(Bundle{whole.root()}.has_next_page());
}

}  // namespace
}  // namespace osteon::model
