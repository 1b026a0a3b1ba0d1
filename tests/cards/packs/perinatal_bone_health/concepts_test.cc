#include "cards/packs/perinatal_bone_health/concepts.h"

#include <gtest/gtest.h>

#include "tests/testing/document.h"

namespace osteon::cards::perinatal {
namespace {

constexpr std::string_view kIcd = "http://hl7.org/fhir/sid/icd-10-cm";

bool Icd(std::string_view code, Group group) {
  return CodeInGroup(kIcd, code, group);
}

TEST(Concepts, FindsListedCodesOfEverySystem) {
  EXPECT_TRUE(CodeInGroup("http://loinc.org", "82810-3", Group::kPregnancyStatus));
  EXPECT_TRUE(CodeInGroup("http://snomed.info/sct", "77386006", Group::kPregnancyCondition));
  EXPECT_TRUE(
      CodeInGroup("http://www.nlm.nih.gov/research/umls/rxnorm", "904431", Group::kBisphosphonateOral));
  EXPECT_TRUE(CodeInGroup("http://www.whocc.no/atc", "M05BA08", Group::kBisphosphonate));
  EXPECT_TRUE(CodeInGroup("http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "J3489",
                          Group::kBisphosphonateIv));
  EXPECT_TRUE(Icd("Z79.83", Group::kLongTermBisphosphonate));
}

TEST(Concepts, NeedTheRightSystem) {
  EXPECT_TRUE(GroupsOf("http://loinc.org", "77386006").empty());
  EXPECT_TRUE(GroupsOf("", "77386006").empty());
  EXPECT_TRUE(GroupsOf("urn:example", "904431").empty());
}

TEST(Concepts, AcceptTheSpellingsOfASystem) {
  for (const std::string_view system :
       {"http://snomed.info/sct", "https://snomed.info/sct", "http://snomed.info/sct/",
        "http://snomed.info/sct|2025-09", "http://snomed.info/sct/731000124108/version/20250901",
        "urn:oid:2.16.840.1.113883.6.96"}) {
    EXPECT_TRUE(CodeInGroup(system, "77386006", Group::kPregnancyCondition)) << system;
  }
  EXPECT_TRUE(CodeInGroup("urn:oid:2.16.840.1.113883.6.90", "Z37.0", Group::kDeliveryOutcome));
}

TEST(Concepts, AcceptIcd10WithoutTheDotAndInLowerCase) {
  EXPECT_TRUE(Icd("Z370", Group::kDeliveryOutcome));
  EXPECT_TRUE(Icd("z37.0", Group::kDeliveryOutcome));
  EXPECT_TRUE(Icd("M4856XA", Group::kVertebralOrPathologicalFracture));
  EXPECT_TRUE(GroupsOf(kIcd, "Z37.0000000000000000000000000").empty());
}

TEST(Concepts, TellStillbirthFromLiveBirth) {
  for (const std::string_view code : {"Z37.0", "Z37.2", "Z37.3", "Z37.50", "Z37.69", "Z37.9", "O80", "O82"}) {
    EXPECT_TRUE(Icd(code, Group::kDeliveryOutcome)) << code;
    EXPECT_FALSE(Icd(code, Group::kStillbirth)) << code;
  }
  for (const std::string_view code : {"Z37.1", "Z37.4", "Z37.7"}) {
    EXPECT_TRUE(Icd(code, Group::kStillbirth)) << code;
    EXPECT_FALSE(Icd(code, Group::kDeliveryOutcome)) << code;
  }
}

TEST(Concepts, FollowTheFamiliesOfIcd10) {
  EXPECT_TRUE(Icd("M54.51", Group::kBackPain));
  EXPECT_FALSE(Icd("M54.16", Group::kBackPain));
  EXPECT_FALSE(Icd("M54.41", Group::kBackPain));
  EXPECT_TRUE(Icd("O09.521", Group::kPregnancyCondition));
  EXPECT_TRUE(Icd("Z34.82", Group::kPregnancyCondition));
  EXPECT_TRUE(Icd("Z3A.31", Group::kGestationalAgeCode));
  EXPECT_TRUE(Icd("F17.219", Group::kSmokerCurrent));
  EXPECT_FALSE(Icd("F17.211", Group::kSmokerCurrent));
  EXPECT_TRUE(Icd("M81.8", Group::kOsteoporosis));
  EXPECT_TRUE(Icd("O22.33", Group::kDvt));
}

TEST(Concepts, TakeOnlyTheInitialEncounterForANewFracture) {
  for (const std::string_view code : {"M80.08XA", "M80.88XA", "M48.54XA", "S22.060A", "S32.030B"}) {
    EXPECT_TRUE(Icd(code, Group::kVertebralOrPathologicalFracture)) << code;
  }
  for (const std::string_view code : {"M80.08XD", "M48.54XS", "S22.060D", "S32.030S"}) {
    EXPECT_FALSE(Icd(code, Group::kVertebralOrPathologicalFracture)) << code;
  }
  EXPECT_TRUE(Icd("M80.08XD", Group::kHistoryFragilityFracture));
  EXPECT_FALSE(Icd("S32.030D", Group::kHistoryFragilityFracture));
  EXPECT_FALSE(Icd("M80.051A", Group::kVertebralOrPathologicalFracture));
}

TEST(Concepts, KeepLookAlikesApart) {
  EXPECT_FALSE(Icd("Z90.712", Group::kHysterectomy));
  EXPECT_TRUE(Icd("Z90.711", Group::kHysterectomy));
  EXPECT_FALSE(CodeInGroup("http://loinc.org", "1990-1", Group::k25ohdNgMl));
  EXPECT_FALSE(CodeInGroup("http://snomed.info/sct", "83152002", Group::kBilateralOophorectomy));
  EXPECT_TRUE(Icd("Z39.0", Group::kPostpartumState));
}

TEST(Concepts, ReadAllCodingsAndNeverTheText) {
  const testing::Document document(
      R"({"a":{"coding":[{"system":"urn:x","code":"1"},{"system":"http://loinc.org","code":"2106-3"}]},)"
      R"("b":{"text":"82810-3"},"c":{"coding":{"code":7}},"d":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm",)"
      R"("code":"Z3A.31"}]}})");
  EXPECT_TRUE(InGroup(document.root().Find("a"), Group::kHcgQualitative));
  EXPECT_TRUE(GroupsOf(document.root().Find("b")).empty());
  EXPECT_TRUE(GroupsOf(document.root().Find("c")).empty());
  EXPECT_TRUE(GroupsOf(document.root().Find("absent")).empty());
  EXPECT_EQ(GestationWeeksOf(document.root().Find("d")), 31);
  EXPECT_EQ(GestationWeeksOf(document.root().Find("a")), 0);
}

TEST(Concepts, NameTheirGroups) {
  EXPECT_EQ(GroupName(Group::kBackPain), "back-pain");
}

TEST(Concepts, WriteSearchTokens) {
  EXPECT_EQ(LoincTokens({Group::kLmp, Group::kParity}), "http://loinc.org|11977-6,http://loinc.org|8665-2");
}

}  // namespace
}  // namespace osteon::cards::perinatal
