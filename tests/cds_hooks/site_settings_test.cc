// A rule's state and a row's setting decide what is evaluated, recorded and shown.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/cds_hooks/call.h"

namespace osteon::testing {
namespace {

using cards::Indicator;
using cards::RuleSetting;
using cards::RuleState;
using cards::RuleStatus;
using ::testing::HasSubstr;
using ::testing::Not;

class SiteSettingsTest : public ::testing::Test {
 protected:
  // Rule "A" (row "A.1", a warning that absorbs B) and rule "B" (row "B.1", a hint).
  cds_hooks::Decision Ask(const cards::SiteSettings& settings, std::string_view more_context = {},
                          std::string_view encounter = "null") {
    std::vector<std::unique_ptr<const cards::Rule>> rules;
    rules.push_back(std::make_unique<ToyRule>("A", [this](const cards::RuleInput&) {
      ++evaluations_;
      std::vector<cards::RuleOutcome> outcomes{
          Fired("A", "A.1", ToyCard("Warning of A", Indicator::kWarning))};
      outcomes[0].absorbs = {"B"};
      return outcomes;
    }));
    rules.push_back(std::make_unique<ToyRule>("B", [](const cards::RuleInput&) {
      return std::vector<cards::RuleOutcome>{Fired("B", "B.1", ToyCard("Hint of B"))};
    }));
    cards::Pack pack = MakeToyPack(std::move(rules));
    pack.settings = settings;
    const Call call(std::move(cds_hooks::Catalog::Create(std::move(pack))).value(), "toy-patient-view",
                    Body("patient-view", std::string(kChartContext) + std::string(more_context),
                         R"(,"prefetch":{"patient":{"resourceType":"Patient","id":"p1"},"conditions":null,)"
                         R"("encounter":)" +
                             std::string(encounter) + "}"));
    auto decision = call.Decide();
    EXPECT_TRUE(decision.ok());
    return std::move(decision).value();
  }

  static cards::SiteSettings StateOfA(RuleState state, cards::Pilot pilot = {}) {
    cards::SiteSettings settings;
    settings.rules["A"] = RuleSetting{state, std::move(pilot)};
    return settings;
  }

  int evaluations_ = 0;
};

std::string StatusOf(const cds_hooks::Decision& decision, std::string_view rule) {
  for (const auto& record : decision.rules) {
    if (record.rule == rule) return std::string(cards::RuleStatusName(record.status)) + " " + record.reason;
  }
  return "none";
}

TEST_F(SiteSettingsTest, WithoutSettingsEveryRuleIsActive) {
  const auto decision = Ask({});
  EXPECT_THAT(decision.response_json, HasSubstr("Warning of A"));
  EXPECT_EQ(StatusOf(decision, "B"), "suppressed folded_into:A.1");
}

TEST_F(SiteSettingsTest, ASilentRuleIsRecordedAsFiredAndHidesNothing) {
  const auto decision = Ask(StateOfA(RuleState::kSilent));
  EXPECT_THAT(decision.response_json, Not(HasSubstr("Warning of A")));
  EXPECT_THAT(decision.response_json, HasSubstr("Hint of B"));
  EXPECT_EQ(StatusOf(decision, "A"), "fired silent");
  EXPECT_EQ(decision.cards.size(), 1u);
  EXPECT_EQ(evaluations_, 1);
}

TEST_F(SiteSettingsTest, ARuleThatIsNotInUseIsNotEvaluatedAndItsStatusSaysSo) {
  EXPECT_EQ(StatusOf(Ask(StateOfA(RuleState::kDraft)), "A"), "suppressed state:draft");
  EXPECT_EQ(StatusOf(Ask(StateOfA(RuleState::kSuspended)), "A"), "suppressed state:suspended");
  EXPECT_EQ(StatusOf(Ask(StateOfA(RuleState::kRetired)), "A"), "suppressed state:retired");
  EXPECT_EQ(evaluations_, 0);
}

TEST_F(SiteSettingsTest, APilotIsSeenByItsUsersUnitsAndShareOnly) {
  cards::Pilot pilot;
  pilot.users = {"Practitioner/somebody"};
  EXPECT_EQ(StatusOf(Ask(StateOfA(RuleState::kPilot, pilot)), "A"), "fired pilot:outside");
  pilot.users = {"Practitioner/u"};
  EXPECT_EQ(StatusOf(Ask(StateOfA(RuleState::kPilot, pilot)), "A"), "fired ");
  pilot.users.clear();
  pilot.units = {"Location/icu"};
  constexpr std::string_view kEncounter =
      R"({"resourceType":"Encounter","id":"e1","subject":{"reference":"Patient/p1"},)"
      R"("location":[{"location":{"reference":"Location/icu"}}]})";
  EXPECT_EQ(StatusOf(Ask(StateOfA(RuleState::kPilot, pilot), R"(,"encounterId":"e1")", kEncounter), "A"),
            "fired ");
  EXPECT_EQ(StatusOf(Ask(StateOfA(RuleState::kPilot, pilot), R"(,"encounterId":"e1")"), "A"),
            "fired pilot:outside");
  pilot.units.clear();
  pilot.share_percent = 100;
  EXPECT_EQ(StatusOf(Ask(StateOfA(RuleState::kPilot, pilot)), "A"), "fired ");
}

TEST_F(SiteSettingsTest, ARowThatIsOffIsSuppressedAndFoldsNothing) {
  cards::SiteSettings settings;
  settings.rows["A.1"].is_off = true;
  const auto decision = Ask(settings);
  EXPECT_EQ(StatusOf(decision, "A"), "suppressed row_off");
  EXPECT_THAT(decision.response_json, HasSubstr("Hint of B"));
}

TEST_F(SiteSettingsTest, ALoweredRowIsAHintThatFoldsNothing) {
  cards::SiteSettings settings;
  settings.rows["A.1"].lowered_to = Indicator::kInfo;
  const auto decision = Ask(settings);
  ASSERT_EQ(decision.cards.size(), 2u);
  EXPECT_EQ(decision.cards[0].indicator, Indicator::kInfo);
}

}  // namespace
}  // namespace osteon::testing
