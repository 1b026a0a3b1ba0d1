#include "fhir/model/resources.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/fhir/model/document.h"

namespace osteon::model {
namespace {

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

TEST(Patient, ReadsDeath) {
  const Document living(R"({"gender": "female", "birthDate": "1994-02", "deceasedBoolean": false})");
  EXPECT_FALSE(Patient{living.root()}.deceased());
  const Document dead(R"({"deceasedBoolean": true})");
  EXPECT_TRUE(Patient{dead.root()}.deceased());
  const Document dated(R"({"deceasedDateTime": "2025"})");
  EXPECT_TRUE(Patient{dated.root()}.deceased());
  const Document unstated(R"({"deceasedDateTime": null})");
  EXPECT_FALSE(Patient{unstated.root()}.deceased());
}

TEST(Bundle, KnowsWhetherAPageFollows) {
  const Document more(
      R"({"link": [{"relation": "self", "url": "a"}, {"relation": "next", "url": "b"}], "entry": [{}]})");
  EXPECT_TRUE(Bundle{more.root()}.has_next_page());
  EXPECT_EQ(Bundle{more.root()}.entries().size(), 1u);
  const Document whole(R"({"link": [{"relation": "self", "url": "a"}]})");
  EXPECT_FALSE(Bundle{whole.root()}.has_next_page());
}

// Wrong shapes read as absent.
TEST(OddShapes, EveryNameWithEveryWrongValueIsRead) {
  for (const char* value : {"null", "true", "0", "-1e400", R"("")", R"("x")", "[]", "{}", "[[]]", "[null]",
                            R"({"reference": ["Patient/1"]})", R"([{"url": null}, 5])"}) {
    for (const char* name :
         {"resourceType", "id", "subject", "patient", "deceasedBoolean", "link", "entry"}) {
      const Document document(std::string(R"({")") + name + R"(": )" + value + "}");
      ASSERT_TRUE(document.root().is_object()) << name << " " << value;
      const Bundle bundle{document.root()};
      EXPECT_EQ(bundle.patient_reference(), "");
      EXPECT_FALSE(bundle.has_next_page());
      EXPECT_LT(bundle.type().size() + bundle.id().size() + bundle.entries().size(), 3u);
    }
  }
  EXPECT_FALSE(Patient{}.deceased());
}

}  // namespace
}  // namespace osteon::model
