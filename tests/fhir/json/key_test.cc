#include "fhir/json/key.h"

#include <gtest/gtest.h>

#include <string>

#include "fhir/json/key_lookup.h"

namespace osteon::json {
namespace {

static_assert(KeyName("birthDate"_key) == "birthDate");
static_assert("id"_key == FindKey("id"));
static_assert(FindKey("noSuchName") == Key(kNoKey));
static_assert(FindKey("") == Key(kNoKey));
static_assert(KeyName(Key(kNoKey)).empty());
static_assert(KeyName(Key(kFirstLocalKey)).empty());

TEST(Key, TheTableIsSortedAndWithoutDuplicates) {
  for (std::uint16_t id = 2; id <= internal::kKeyCount; ++id) {
    EXPECT_LT(KeyName(Key(static_cast<std::uint16_t>(id - 1))), KeyName(Key(id)));
  }
}

TEST(Key, TheHashFindsEveryNameAtItsNumber) {
  for (std::uint16_t id = 1; id <= internal::kKeyCount; ++id) {
    std::string name(KeyName(Key(id)));
    const std::size_t length = name.size();
    name += "\":[{\"x\":1}]";  // what may follow a name in a text
    EXPECT_EQ(internal::LookUpKey(name.data(), length), id) << name;
    EXPECT_EQ(FindKey({name.data(), length}), Key(id));
  }
}

TEST(Key, TheHashFindsNoNameWithOneByteChangedOrMissing) {
  for (std::uint16_t id = 1; id <= internal::kKeyCount; ++id) {
    const std::string name(KeyName(Key(id)));
    for (std::size_t i = 0; i < name.size(); ++i) {
      std::string changed = name;
      changed[i] = '~';
      EXPECT_EQ(internal::LookUpKey((changed + std::string(8, '~')).data(), changed.size()), kNoKey)
          << changed;
    }
    const std::string shorter = name.substr(0, name.size() - 1);
    EXPECT_EQ(internal::LookUpKey((shorter + std::string(8, '~')).data(), shorter.size()),
              FindKey(shorter).id());
  }
}

TEST(Key, HoldsTheNamesOfFhirR4) {
  for (std::string_view name : {"resourceType",
                                "fullUrl",
                                "valueQuantity",
                                "valueCodeableConcept",
                                "medicationCodeableConcept",
                                "medicationReference",
                                "deceasedDateTime",
                                "onsetAge",
                                "abatementString",
                                "doseQuantity",
                                "asNeededBoolean",
                                "effectiveDateTime",
                                "_effectiveDateTime",
                                "_birthDate",
                                "_value",
                                "_id",
                                "_url",
                                "valueString",
                                "_valueString",
                                "contentReference",
                                "div",
                                "contained",
                                "modifierExtension",
                                "implicitRules",
                                "fhir_comments",
                                "value",
                                "medication",
                                "multipleBirthInteger",
                                "class",
                                "for",
                                "import",
                                "_deceasedBoolean"}) {
    EXPECT_NE(FindKey(name), Key(kNoKey)) << name;
  }
}

TEST(Key, HoldsTheMembersOfCdsHooks) {
  for (std::string_view name : {"services",
                                "hook",
                                "hookInstance",
                                "fhirServer",
                                "fhirAuthorization",
                                "access_token",
                                "token_type",
                                "expires_in",
                                "scope",
                                "context",
                                "prefetch",
                                "userId",
                                "patientId",
                                "encounterId",
                                "selections",
                                "draftOrders",
                                "cards",
                                "summary",
                                "indicator",
                                "detail",
                                "source",
                                "topic",
                                "suggestions",
                                "selectionBehavior",
                                "overrideReasons",
                                "links",
                                "actions",
                                "systemActions",
                                "isRecommended",
                                "appContext",
                                "autolaunchable",
                                "feedback",
                                "outcome",
                                "acceptedSuggestions",
                                "overrideReason",
                                "userComment",
                                "outcomeTimestamp",
                                "usageRequirements",
                                "resourceId",
                                "uuid"}) {
    EXPECT_NE(FindKey(name), Key(kNoKey)) << name;
  }
}

}  // namespace
}  // namespace osteon::json
