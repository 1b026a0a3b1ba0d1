#include "cards/pack_reader.h"

#include <gtest/gtest.h>

#include "tests/cards/pack_folder.h"

namespace osteon::testing {
namespace {

TEST(PackReader, ReadsEveryFileOfASmallPack) {
  const cards::PackFiles files = SmallPack();
  const cards::PackReading reading = cards::ReadPack(files);
  EXPECT_EQ(Told(reading.findings), "");
  const cards::PackSource& pack = reading.source;
  EXPECT_EQ(pack.id.text, "small");
  EXPECT_EQ(pack.source_label.text, "Small pack");
  EXPECT_EQ(pack.topic_system.text, "urn:small:rule");
  EXPECT_EQ(pack.max_cards.text, "cards.max");
  ASSERT_EQ(pack.services.size(), 2u);
  EXPECT_EQ(pack.services[1].hook.text, "order-sign");
  ASSERT_EQ(pack.prefetch.size(), 3u);
  EXPECT_EQ(pack.prefetch[1].key.text, "weights");
  EXPECT_EQ(pack.prefetch[1].search[0].second.text, "-date");
  ASSERT_EQ(pack.parameters.size(), 4u);
  EXPECT_EQ(pack.parameters[1].default_value.text, "42.5");
  EXPECT_EQ(pack.parameters[1].high->text, "60");
  EXPECT_EQ(pack.parameters[2].choices.size(), 2u);
  EXPECT_EQ(pack.override_reasons[1].display.text, "Another reason");
  EXPECT_EQ(pack.links[0].url.text, "https://example.org/guide");
  EXPECT_EQ(pack.libraries[0].name, "Small");
  ASSERT_TRUE(pack.resources.contains("weighing"));
  EXPECT_EQ(pack.resources.at("weighing").members[0].first.text, "resourceType");
  ASSERT_EQ(pack.value_sets.size(), 3u);
  EXPECT_EQ(pack.value_sets[0].include[1].value_set.text, "dry-weight");
  EXPECT_EQ(pack.value_sets[2].include[0].prefixes[0].text, "E66.0");
}

TEST(PackReader, ReadsARule) {
  const cards::PackFiles files = SmallPack();
  const cards::PackReading reading = cards::ReadPack(files);
  ASSERT_EQ(reading.source.rules.size(), 2u);
  const cards::RuleSource& rule = reading.source.rules[0];
  EXPECT_EQ(rule.id.text, "S");
  ASSERT_EQ(rule.tables.size(), 2u);
  EXPECT_EQ(rule.tables[0].for_each.text, "Orders");
  EXPECT_EQ(rule.tables[0].place.line, 7u);
  EXPECT_EQ(rule.tables[0].place.column, 5u);
  EXPECT_EQ(rule.tables[0].rows[0].lower[0].to.text, "warning");
  EXPECT_EQ(rule.tables[0].rows[0].folds[0].text, "W");
  EXPECT_EQ(rule.tables[1].rows[0].could_not_check.text, "unknown");
  EXPECT_EQ(rule.suppress[0].rows[0].text, "S.2");
  EXPECT_EQ(rule.doubts[0].says.text, "the unit of the weight");
  ASSERT_EQ(rule.cards.size(), 2u);
  const cards::CardSource& card = rule.cards[0];
  EXPECT_EQ(card.id.text, "low");
  ASSERT_EQ(card.detail.size(), 4u);
  EXPECT_EQ(card.detail[1].kind, cards::DetailPart::Kind::kEach);
  EXPECT_EQ(card.detail[2].text.text, "A text\nof two lines.");
  EXPECT_EQ(card.detail[3].kind, cards::DetailPart::Kind::kGaps);
  ASSERT_EQ(card.suggestions.size(), 2u);
  EXPECT_EQ(card.suggestions[0].actions[0].resource_id.text, "{{Draft.reference}}");
  EXPECT_EQ(card.suggestions[0].actions[0].resource_id.place.line, 42u);
  EXPECT_EQ(card.suggestions[1].actions[0].include.text, "weighing");
  EXPECT_EQ(rule.cards[1].detail[0].text.text, "Weigh the patient.");
  EXPECT_EQ(rule.evidence[0].date.text, "2021-05");
  ASSERT_TRUE(reading.source.rules[1].cards[0].suggestions[0].actions[0].resource.has_value());
}

}  // namespace
}  // namespace osteon::testing
