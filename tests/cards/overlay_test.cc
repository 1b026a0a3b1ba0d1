// What a site may change of a pack, and what it may not.
#include "cards/overlay.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cards/pack.h"
#include "tests/testing/toy_pack.h"

namespace osteon::testing {
namespace {

using cards::Indicator;
using cards::RuleState;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RowsRule final : public ToyRule {
 public:
  RowsRule() : ToyRule("C", [](const cards::RuleInput&) { return std::vector<cards::RuleOutcome>(); }) {}
  std::vector<cards::RowInfo> rows() const override {
    return {
        {"C.1", "", Indicator::kCritical}, {"C.2", "", Indicator::kWarning}, {"C.3", "", Indicator::kInfo}};
  }
};

cards::Pack PackWithRows() {
  std::vector<std::unique_ptr<const cards::Rule>> rules;
  rules.push_back(std::make_unique<RowsRule>());
  return MakeToyPack(std::move(rules));
}

std::vector<std::string> Texts(const std::vector<cards::PackFinding>& findings) {
  std::vector<std::string> texts;
  for (const auto& finding : findings) {
    texts.push_back(std::to_string(finding.line) + ":" + std::to_string(finding.column) + " " +
                    finding.message);
  }
  return texts;
}

std::vector<std::string> Findings(std::string_view text) {
  cards::OverlayReading reading = cards::ReadOverlay("overlay.yaml", text);
  if (!reading.findings.empty()) return Texts(reading.findings);
  return Texts(cards::CheckOverlay(reading.overlay, PackWithRows()));
}

TEST(Overlay, ReadsParametersStatesPilotsAndRows) {
  const auto reading = cards::ReadOverlay("overlay.yaml", R"(pack: toy
parameters: {a.lateGA: 200}
rules:
  C:
    state: pilot
    pilot: {users: [Practitioner/1], units: [Location/icu], share: 10}
rows:
  C.1: {indicator: warning}
  C.2: {enabled: false}
acknowledged: {C.1: agreed by the drug committee}
)");
  EXPECT_THAT(Texts(reading.findings), IsEmpty());
  EXPECT_EQ(reading.overlay.parameters.at("a.lateGA"), "200");
  const auto& rule = reading.overlay.settings.rules.at("C");
  EXPECT_EQ(rule.state, RuleState::kPilot);
  EXPECT_EQ(rule.pilot.share_percent, 10);
  EXPECT_THAT(rule.pilot.units, ElementsAre("Location/icu"));
  EXPECT_EQ(reading.overlay.settings.rows.at("C.1").lowered_to, Indicator::kWarning);
  EXPECT_TRUE(reading.overlay.settings.rows.at("C.2").is_off);
  EXPECT_THAT(Texts(cards::CheckOverlay(reading.overlay, PackWithRows())), IsEmpty());
}

TEST(Overlay, EveryMistakeIsNamedWithItsPlace) {
  EXPECT_THAT(Findings("rules: {}\n"),
              ElementsAre("1:1 \"pack\" is missing: the id of the pack that this overlay is for"));
  EXPECT_THAT(
      Findings("pack: toy\nrulez: {}\nrules:\n  C: {state: quiet}\nrows:\n  C.2: {indicator: loud}\n"),
      ElementsAre("2:1 unknown key \"rulez\"", "4:14 \"quiet\" is not a state",
                  "6:20 \"indicator\" is info, warning or critical"));
  EXPECT_THAT(Findings("pack: toy\nrules:\n  C: {state: pilot}\n"),
              ElementsAre("3:3 a rule in pilot says who sees it, in \"pilot\""));
  EXPECT_THAT(Findings("pack: toy\nrules:\n  C: {state: pilot, pilot: {share: 101}}\n"),
              ElementsAre("3:36 \"share\" is a whole number of percent, 0 to 100"));
}

TEST(Overlay, DoesNotFitAPackWithoutItsRulesAndRows) {
  EXPECT_THAT(Findings("pack: other\n"),
              ElementsAre("0:0 the overlay is for the pack \"other\", not for \"toy\""));
  EXPECT_THAT(Findings("pack: toy\nrules:\n  D: {state: silent}\nrows:\n  C.9: {enabled: false}\n"),
              ElementsAre("3:3 the pack has no rule \"D\"", "5:3 the pack has no row \"C.9\""));
}

TEST(Overlay, RowsAreLoweredByOneStepAndNeverRaised) {
  EXPECT_THAT(Findings("pack: toy\nrows:\n  C.2: {indicator: info}\n"), IsEmpty());
  EXPECT_THAT(Findings("pack: toy\nrows:\n  C.3: {indicator: warning}\n"),
              ElementsAre("3:3 row C.3 is info in the pack and cannot be raised"));
  EXPECT_THAT(Findings("pack: toy\nrows:\n  C.1: {indicator: info}\nacknowledged: {C.1: why}\n"),
              ElementsAre("3:3 row C.1 may be lowered by one step only"));
}

TEST(Overlay, ACriticalRowNeedsAnAcknowledgement) {
  const std::string refused = "3:3 row C.1 is critical: lowering it needs an acknowledgement";
  EXPECT_THAT(Findings("pack: toy\nrows:\n  C.1: {indicator: warning}\n"), ElementsAre(refused));
  EXPECT_THAT(Findings("pack: toy\nrows:\n  C.1: {enabled: false}\n"), ElementsAre(refused));
  EXPECT_THAT(Findings("pack: toy\nrows:\n  C.1: {enabled: false}\nacknowledged: {C.1: why}\n"), IsEmpty());
}

TEST(Overlay, AShareOfPatientsIsStableAndAboutAsLargeAsItSays) {
  cards::Pilot pilot;
  pilot.share_percent = 20;
  int inside = 0;
  for (int i = 0; i < 10'000; ++i) {
    inside += cards::IsInShare(pilot, "patient-" + std::to_string(i), "C") ? 1 : 0;
  }
  EXPECT_GT(inside, 1'800);
  EXPECT_LT(inside, 2'200);
  EXPECT_EQ(cards::IsInShare(pilot, "patient-1", "C"), cards::IsInShare(pilot, "patient-1", "C"));
  pilot.share_percent = 0;
  EXPECT_FALSE(cards::IsInShare(pilot, "patient-1", "C"));
  pilot.share_percent = 100;
  EXPECT_TRUE(cards::IsInShare(pilot, "patient-1", "C"));
}

}  // namespace
}  // namespace osteon::testing
