#include "fhir/model/reference.h"

#include <gtest/gtest.h>

#include <string>

namespace osteon::model {
namespace {

std::string Split(std::string_view reference) {
  const ReferenceParts parts = SplitReference(reference);
  return std::string(parts.type) + "|" + std::string(parts.id);
}

TEST(SplitReference, ReadsLiteralReferences) {
  EXPECT_EQ(Split("Patient/1"), "Patient|1");
  EXPECT_EQ(Split("Patient/1/_history/2"), "Patient|1");
  EXPECT_EQ(Split("http://h/fhir/Patient/1"), "Patient|1");
  EXPECT_EQ(Split("https://h/fhir/Patient/1/_history/2"), "Patient|1");
  EXPECT_EQ(Split("http://h:8080/Patient/a.b-C"), "Patient|a.b-C");
}

TEST(SplitReference, KeepsContainedAndUrnReferences) {
  EXPECT_EQ(Split("#c"), "|c");
  EXPECT_EQ(Split("urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a"),
            "|urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a");
  EXPECT_EQ(Split("urn:oid:1.2.3"), "|urn:oid:1.2.3");
}

TEST(SplitReference, GivesNothingForEverythingElse) {
  for (const char* reference : {"",
                                "Patient",
                                "Patient/",
                                "/1",
                                "/Patient/1",
                                "fhir/Patient/1",
                                "patient/1",
                                "Patient/a b",
                                "Patient/1?x=y",
                                "Patient?identifier=1",
                                "http://",
                                "http://h",
                                "http://h/",
                                "http:///Patient/1",
                                "http://Patient/1",
                                "ftp://h/Patient/1",
                                "Patient/1/_history",
                                "_history/2",
                                "Patient/1/_history/2/3",
                                "#",
                                "Patient/1/2",
                                "Patient//1"}) {
    EXPECT_EQ(Split(reference), "|") << reference;
  }
  EXPECT_EQ(Split("Patient/" + std::string(65, 'a')), "|");
}

TEST(IsFhirId, TakesOneToSixtyFourLegalCharacters) {
  EXPECT_TRUE(IsFhirId("a"));
  EXPECT_TRUE(IsFhirId(std::string(64, '9')));
  EXPECT_FALSE(IsFhirId(std::string(65, '9')));
  EXPECT_FALSE(IsFhirId(""));
  EXPECT_FALSE(IsFhirId("a_b"));
  EXPECT_FALSE(IsFhirId("a/b"));
  EXPECT_FALSE(IsFhirId("\u00E9"));
}

TEST(IsLocalReference, TakesTypeAndIdOnly) {
  EXPECT_TRUE(IsLocalReference("Practitioner/abc-1"));
  EXPECT_FALSE(IsLocalReference("Practitioner/abc/_history/1"));
  EXPECT_FALSE(IsLocalReference("http://h/Practitioner/abc"));
  EXPECT_FALSE(IsLocalReference("practitioner/abc"));
  EXPECT_FALSE(IsLocalReference("Practitioner1/abc"));
  EXPECT_FALSE(IsLocalReference("Practitioner"));
  EXPECT_FALSE(IsLocalReference("/abc"));
  EXPECT_FALSE(IsLocalReference(""));
}

}  // namespace
}  // namespace osteon::model
