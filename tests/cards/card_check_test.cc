// K-*, U-*, A-*, L-*, Y-*, G-04 to G-07, E-02, S-*, M-03 to M-08: what a response must be, rule by rule.
#include "cards/card_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "tests/testing/document.h"
#include "tests/testing/toy_pack.h"

namespace osteon::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Texts(const std::vector<cards::CardFinding>& findings) {
  std::vector<std::string> texts;
  for (const auto& finding : findings) texts.push_back(std::string(finding.rule) + " " + finding.path);
  return texts;
}

std::vector<std::string> Response(std::string_view json) {
  return Texts(cards::CheckResponse(Document(json)));
}

// A response with one card; `members` beside those that every card needs.
std::vector<std::string> CardWith(std::string_view members) {
  return Response(R"({"cards":[{"summary":"s","indicator":"info","source":{"label":"l"},)" +
                  std::string(members) + "}]}");
}

std::vector<std::string> ActionWith(std::string_view action) {
  return CardWith(R"("selectionBehavior":"any","suggestions":[{"label":"l","actions":[)" +
                  std::string(action) + "]}]");
}

constexpr std::string_view kAction = "cards[0].suggestions[0].actions[0]";

std::string At(std::string_view rule, std::string_view member) {
  return std::string(rule) + " " + std::string(kAction) + std::string(member);
}

struct Row {
  std::string_view json;
  std::vector<std::string> findings;
};

TEST(CheckResponse, TheSmallestResponsesAreValidS01S02) {
  EXPECT_THAT(Response(R"({"cards":[]})"), IsEmpty());
  EXPECT_THAT(Response(R"({"cards":[{"summary":"s","indicator":"info","source":{"label":"l"}}]})"),
              IsEmpty());
  EXPECT_THAT(Response("[]"), ElementsAre("S-01 "));
  EXPECT_THAT(Response(R"({"a":1})"), ElementsAre("S-01 cards"));
  EXPECT_THAT(Response(R"({"cards":{}})"), ElementsAre("S-01 cards", "G-05 cards"));
  EXPECT_THAT(Response(R"({"cards":[1]})"), ElementsAre("S-01 cards[0]"));
}

TEST(CheckResponse, ACardNeedsSummaryIndicatorSourceAndLabelK02K04K05K13) {
  EXPECT_THAT(Response(R"({"cards":[{"a":1}]})"),
              ElementsAre("K-02 cards[0].summary", "K-04 cards[0].indicator", "K-05 cards[0].source"));
  EXPECT_THAT(Response(R"({"cards":[{"summary":"s","indicator":"info","source":{"url":"https://h/"}}]})"),
              ElementsAre("K-13 cards[0].source.label"));
  EXPECT_THAT(Response(R"({"cards":[{"summary":7,"indicator":"hard-stop","source":"x"}]})"),
              ElementsAre("K-02 cards[0].summary", "K-04 cards[0].indicator", "K-05 cards[0].source"));
}

TEST(CheckResponse, ASummaryHasFewerThan140CodePointsK02) {
  const auto with_summary = [](const std::string& summary) {
    return Response(R"({"cards":[{"summary":")" + summary +
                    R"(","indicator":"info","source":{"label":"l"}}]})");
  };
  EXPECT_THAT(with_summary(std::string(139, 'x')), IsEmpty());
  EXPECT_THAT(with_summary(std::string(140, 'x')), ElementsAre("K-02 cards[0].summary"));
  std::string bones;
  for (int i = 0; i < 139; ++i) bones += "\xF0\x9F\xA6\xB4";
  EXPECT_THAT(with_summary(bones), IsEmpty());
  EXPECT_THAT(with_summary(bones + "x"), ElementsAre("K-02 cards[0].summary"));
}

TEST(CheckResponse, RequiredTextIsNotBlankG07) {
  EXPECT_THAT(Response(R"({"cards":[{"summary":" \n","indicator":"info","source":{"label":"\t"}}]})"),
              ElementsAre("G-07 cards[0].summary", "G-07 cards[0].source.label"));
}

TEST(CheckResponse, OptionalMembersOfACardHaveTheirShape) {
  const Row rows[] = {
      {R"("uuid":"0d3b8f0e-5b1c-4c52-9d6a-3f1f6f0c7a11")", {}},
      {R"("uuid":"0D3B8F0E-5B1C-4C52-9D6A-3F1F6F0C7A11")", {"K-01 cards[0].uuid"}},
      {R"("uuid":"1")", {"K-01 cards[0].uuid"}},
      {R"("detail":1)", {"K-03 cards[0].detail"}},
      {R"("suggestions":{"a":1})", {"K-06 cards[0].suggestions", "K-07 cards[0].selectionBehavior"}},
      {R"("suggestions":[{"label":"l"}])", {"K-07 cards[0].selectionBehavior"}},
      {R"("suggestions":[{"label":"l"}],"selectionBehavior":"any")", {}},
      {R"("suggestions":[{"label":"l"}],"selectionBehavior":"all")", {"K-08b cards[0].selectionBehavior"}},
      {R"("overrideReasons":[{"code":"c","system":"s","display":"d"}])", {}},
      {R"("overrideReasons":[{"code":"c","system":"s"}])", {"K-10 cards[0].overrideReasons[0].display"}},
      {R"("overrideReasons":[{"display":"d"}])",
       {"K-17a cards[0].overrideReasons[0].code", "K-17a cards[0].overrideReasons[0].system"}},
      {R"("overrideReasons":["x"])", {"K-09 cards[0].overrideReasons[0]"}},
      {R"("links":"x")", {"K-11 cards[0].links"}},
      {R"("extension":{"org.example":1})", {}},
      {R"("extension":[1])", {"E-02 cards[0].extension"}},
      {R"("autolaunch":true)", {}},
  };
  for (const Row& row : rows) EXPECT_EQ(CardWith(row.json), row.findings) << row.json;
}

TEST(CheckResponse, SourcesHaveAbsoluteUrlsAndWholeTopicsK14K15K16K17a) {
  const auto source = [](std::string_view members) {
    return Response(R"({"cards":[{"summary":"s","indicator":"info","source":{"label":"l",)" +
                    std::string(members) + "}}]}");
  };
  EXPECT_THAT(source(R"("url":"https://h/a","icon":"http://h/i.png","topic":{"code":"c","system":"s"})"),
              IsEmpty());
  for (const std::string_view url :
       {"/a", "h/a", "https://", "https:///a", "ftp://h/a", "https://h/a b", "urn:x"}) {
    EXPECT_THAT(source(R"("url":")" + std::string(url) + "\""), ElementsAre("K-14 cards[0].source.url"))
        << url;
  }
  EXPECT_THAT(source(R"("icon":"i.png")"), ElementsAre("K-15 cards[0].source.icon"));
  EXPECT_THAT(source(R"("topic":"t")"), ElementsAre("K-16 cards[0].source.topic"));
  EXPECT_THAT(source(R"("topic":{"code":"c"})"), ElementsAre("K-17a cards[0].source.topic.system"));
}

TEST(CheckResponse, UuidsOfCardsDifferK01) {
  EXPECT_THAT(
      Response(
          R"({"cards":[{"uuid":"0d3b8f0e-5b1c-4c52-9d6a-3f1f6f0c7a11","summary":"s","indicator":"info","source":{"label":"l"}},)"
          R"({"uuid":"0d3b8f0e-5b1c-4c52-9d6a-3f1f6f0c7a11","summary":"s","indicator":"info","source":{"label":"l"}}]})"),
      ElementsAre("K-01 cards[1].uuid"));
}

TEST(CheckResponse, SuggestionsU01U02U03U04U05) {
  const auto suggestion = [](std::string_view members) {
    return CardWith(R"("selectionBehavior":"at-most-one","suggestions":[)" + std::string(members) + "]");
  };
  EXPECT_THAT(suggestion(R"({"uuid":"x"})"),
              ElementsAre("U-01 cards[0].suggestions[0].label", "U-02 cards[0].suggestions[0].uuid"));
  EXPECT_THAT(suggestion(R"({"label":"l","isRecommended":"true"})"),
              ElementsAre("U-03 cards[0].suggestions[0].isRecommended"));
  EXPECT_THAT(suggestion(R"({"label":"l","isRecommended":true},{"label":"m","isRecommended":true})"),
              ElementsAre("U-04 cards[0].suggestions"));
  EXPECT_THAT(suggestion(R"({"label":"l","isRecommended":true},{"label":"m","isRecommended":false})"),
              IsEmpty());
  EXPECT_THAT(CardWith(R"("selectionBehavior":"any","suggestions":[{"label":"l","isRecommended":true},)"
                       R"({"label":"m","isRecommended":true}])"),
              IsEmpty());
  EXPECT_THAT(suggestion(R"({"label":"l","actions":7})"),
              ElementsAre("U-05 cards[0].suggestions[0].actions"));
}

TEST(CheckResponse, ActionsA01ToA08) {
  const Row rows[] = {
      {R"({"type":"create","description":"d","resource":{"resourceType":"Task","id":"x"}})", {}},
      {R"({"type":"create","description":"d","resource":{"resourceType":"Task"}})",
       {At("A-08", ".resource")}},
      {R"({"type":"create","description":"d","resource":{"id":"x"}})", {At("A-03", ".resource")}},
      {R"({"type":"create","description":"d"})", {At("A-03", ".resource")}},
      {R"({"type":"create","description":"d","resource":"Task/x"})", {At("A-03", ".resource")}},
      {R"({"type":"update","description":"d","resource":{"resourceType":"Task","id":"x"}})", {}},
      {R"({"type":"update","description":"d","resource":{"resourceType":"Task"}})",
       {At("A-08", ".resource")}},
      {R"({"type":"update","description":"d","resourceId":"Task/x"})", {At("A-04", ".resource")}},
      {R"({"type":"delete","description":"d","resourceId":"Task/x"})", {}},
      {R"({"type":"delete","description":"d","resourceId":"x"})", {At("A-06", ".resourceId")}},
      {R"({"type":"delete","description":"d","resource":"Task/x"})", {At("A-05b", ".resourceId")}},
      {R"({"type":"delete","description":"d","resourceId":"Task/x","resource":{"resourceType":"Task","id":"x"}})",
       {At("A-05b", ".resource")}},
      {R"({"type":"replace","description":"d"})", {At("A-01", ".type")}},
      {R"({"description":"d"})", {At("A-01", ".type")}},
      {R"({"type":"delete","resourceId":"Task/x"})", {At("A-02", ".description")}},
  };
  for (const Row& row : rows) EXPECT_EQ(ActionWith(row.json), row.findings) << row.json;
}

TEST(CheckResponse, LinksL01ToL06) {
  const Row rows[] = {
      {R"({"label":"l","url":"https://h/","type":"absolute"})", {}},
      {R"({"label":"l","url":"https://h/","type":"smart","appContext":"x","autolaunchable":true})", {}},
      {R"({"url":"https://h/","type":"absolute"})", {"L-01 cards[0].links[0].label"}},
      {R"({"label":"l","url":"launch.html","type":"smart"})", {"L-02 cards[0].links[0].url"}},
      {R"({"label":"l","url":"https://h/"})", {"L-03 cards[0].links[0].type"}},
      {R"({"label":"l","url":"https://h/","type":"absolute","appContext":"x"})",
       {"L-04 cards[0].links[0].appContext"}},
      {R"({"label":"l","url":"https://h/","type":"smart","appContext":{"a":1}})",
       {"L-05 cards[0].links[0].appContext"}},
      {R"({"label":"l","url":"https://h/","type":"smart","autolaunchable":1})",
       {"L-06 cards[0].links[0].autolaunchable"}},
  };
  for (const Row& row : rows)
    EXPECT_EQ(CardWith(R"("links":[)" + std::string(row.json) + "]"), row.findings) << row.json;
}

TEST(CheckResponse, SystemActionsAreActionsBesideCardsS03Y01Y02) {
  EXPECT_THAT(
      Response(R"({"cards":[],"systemActions":[{"type":"delete","description":"d","resourceId":"Task/x"}]})"),
      IsEmpty());
  EXPECT_THAT(Response(R"({"cards":[],"systemActions":[{"type":"delete","resourceId":"Task/x"}]})"),
              ElementsAre("Y-02 systemActions[0].description"));
  EXPECT_THAT(Response(R"({"cards":[],"systemActions":[]})"), ElementsAre("G-05 systemActions"));
}

TEST(CheckResponse, NothingIsNullOrEmptyExceptCardsG04G05G06) {
  EXPECT_THAT(CardWith(R"("links":[])"), ElementsAre("G-05 cards[0].links"));
  EXPECT_THAT(CardWith(R"("zzz":{"a":null,"b":"","c":{}})"),
              ElementsAre("G-04 cards[0].zzz.a", "G-05 cards[0].zzz.b", "G-05 cards[0].zzz.c"));
  EXPECT_THAT(CardWith(R"("zzz":[null])"), ElementsAre("G-04 cards[0].zzz[0]"));
  EXPECT_THAT(CardWith(R"("zzz":{"cards":[]})"), ElementsAre("G-05 cards[0].zzz.cards"));
  // FHIR's own JSON holds nulls in arrays of primitives that have extensions (G-02).
  EXPECT_THAT(
      ActionWith(R"({"type":"create","description":"d","resource":{"resourceType":"Patient","id":"x",)"
                 R"("name":[{"given":["A",null],"_given":[null,{"id":"y"}]}]}})"),
      IsEmpty());
  EXPECT_THAT(
      ActionWith(
          R"({"type":"create","description":"d","resource":{"resourceType":"Patient","id":"x","name":null}})"),
      ElementsAre(At("G-04", ".resource.name")));
}

TEST(CheckCard, OurOwnCardsAreHeldToTheSameRules) {
  EXPECT_THAT(Texts(cards::CheckCard(ToyCard("s"))), IsEmpty());
  EXPECT_THAT(Texts(cards::CheckCard(cards::Card{})),
              ElementsAre("K-02 summary", "K-13 source.label", "G-05 summary", "G-05 source.label"));
  cards::Card card = ToyCard("s");
  card.suggestions.push_back({{}, "l", false, {{cards::ActionType::kDelete, "d", {}, "x"}}});
  EXPECT_THAT(Texts(cards::CheckCard(card)), ElementsAre("A-06 suggestions[0].actions[0].resourceId"));
}

TEST(CheckCard, TextThatIsNoJsonIsFoundBeforeAClientFindsIt) {
  cards::Card card = ToyCard("s");
  card.suggestions.push_back({{}, "l", false, {{cards::ActionType::kCreate, "d", "{\"resourceType\":", {}}}});
  EXPECT_THAT(Texts(cards::CheckCard(card)), ElementsAre("G-02 suggestions[0].actions[0].resource"));
  EXPECT_THAT(Texts(cards::CheckCard(ToyCard("\xFF"))), ElementsAre("G-01 "));
}

cards::Coding Reason(std::string code) {
  return {"urn:x", std::move(code), "Reason"};
}

constexpr std::string_view kTask =
    R"({"resourceType":"Task","id":"t1","note":[{"text":"a \"quoted\" one"}]})";

// A card with everything a card can have.
cards::Card WholeCard() {
  cards::Card card = ToyCard("Take \xE2\x89\xA5 1 look");
  card.uuid = "0d3b8f0e-5b1c-4c52-9d6a-3f1f6f0c7a11";
  card.detail = "**Why**\n\n- because";
  card.source = {"Guide", "https://example.org/rules/A", cards::Coding{"urn:x", "A", "Rule A"}};
  card.selection_behavior = cards::SelectionBehavior::kAtMostOne;
  card.suggestions.push_back({"1d3b8f0e-5b1c-4c52-9d6a-3f1f6f0c7a11",
                              "Order",
                              true,
                              {{cards::ActionType::kCreate, "Create", std::string(kTask), {}},
                               {cards::ActionType::kUpdate, "Update", std::string(kTask), {}}}});
  card.suggestions.push_back({"2d3b8f0e-5b1c-4c52-9d6a-3f1f6f0c7a11",
                              "Cancel",
                              false,
                              {{cards::ActionType::kDelete, "Delete", {}, "MedicationRequest/m1"}}});
  card.override_reasons = {Reason("a"), Reason("b")};
  card.links.push_back({"Read", "https://example.org/", cards::LinkType::kAbsolute, {}});
  card.links.push_back({"Open", "https://example.org/launch", cards::LinkType::kSmart, "x=1"});
  card.decision = {"3d3b8f0e-5b1c-4c52-9d6a-3f1f6f0c7a11", "A", "A.1", "toy", "1.0.0"};
  return card;
}

cards::CardResponse Write(const std::vector<cards::Card>& cards) {
  std::vector<const cards::Card*> pointers;
  for (const cards::Card& card : cards) pointers.push_back(&card);
  return cards::WriteResponse(pointers);
}

// What CheckResponse makes of the answer's text, "unreadable" when it is no JSON.
std::vector<std::string> ReadBack(const cards::CardResponse& response) {
  const Padded text(response.json);
  base::Arena arena;
  const auto tree = json::Tree::Read(text.text(), arena);
  if (!tree.ok()) return {"unreadable"};
  return Texts(cards::CheckResponse((*tree)->root()));
}

TEST(WriteResponse, KnowsWithoutReadingThatAWholeCardIsSound) {
  for (const auto& cards :
       std::vector<std::vector<cards::Card>>{{}, {WholeCard()}, {ToyCard("a"), ToyCard("b")}}) {
    const cards::CardResponse response = Write(cards);
    EXPECT_TRUE(response.is_sound) << response.json;
    EXPECT_THAT(ReadBack(response), IsEmpty());
  }
}

// Every text of a card, so that each can be broken in turn.
std::vector<std::string*> TextsOf(cards::Card& card) {
  std::vector<std::string*> texts = {
      &card.uuid,          &card.summary,           &card.detail,        &card.source.label,
      &card.source.url,    &card.decision.decision, &card.decision.rule, &card.decision.row,
      &card.decision.pack, &card.decision.version};
  const auto add_coding = [&](cards::Coding& coding) {
    texts.insert(texts.end(), {&coding.system, &coding.code, &coding.display});
  };
  add_coding(*card.source.topic);
  for (cards::Coding& reason : card.override_reasons) add_coding(reason);
  for (cards::Link& link : card.links) texts.insert(texts.end(), {&link.label, &link.url, &link.app_context});
  for (cards::Suggestion& suggestion : card.suggestions) {
    texts.insert(texts.end(), {&suggestion.uuid, &suggestion.label});
    for (cards::Action& action : suggestion.actions)
      texts.insert(texts.end(), {&action.description, &action.resource, &action.resource_id});
  }
  return texts;
}

// A card is sent on WriteResponse's word alone, so it must never say yes where CheckResponse finds something.
TEST(WriteResponse, AgreesWithCheckResponseOnEveryTextBrokenInEveryWay) {
  const std::string long_text(140, 'x');
  const std::string resource(kTask);
  const std::string_view variants[] = {"",
                                       " ",
                                       "\t\n",
                                       "x",
                                       long_text,
                                       "\xFF",
                                       "\xE2\x89",
                                       "a\"b\\c\x01",
                                       "https://h/",
                                       "ftp://h/",
                                       "urn:x",
                                       "Type/id",
                                       "0d3b8f0e-5b1c-4c52-9d6a-3f1f6f0c7a11",
                                       "0D3B8F0E-5B1C-4C52-9D6A-3F1F6F0C7A11",
                                       resource,
                                       R"({"resourceType":"Task"})",
                                       R"({"id":"x"})",
                                       R"({"resourceType":"Task","id":"a b"})",
                                       R"({"id":"x","meta":{"tag":[{"code":"c"}]},"resourceType":"Task"})",
                                       R"({"resourceType":"Task","id":"x","a":""})",
                                       R"({"resourceType":"Task","id":"x","a":[]})",
                                       R"({"resourceType":"Task","id":"x","a":{"b":null}})",
                                       R"({"resourceType":"Task","id":"x","id":"x"})",
                                       R"({"resourceType":"Task","id":1})",
                                       R"({"resourceType":)",
                                       R"({"resourceType":"","id":"x"})",
                                       "{}",
                                       "[]",
                                       "null",
                                       "\"\"",
                                       "1",
                                       "true"};
  std::size_t sound = 0;
  const std::size_t count = [] {
    cards::Card card = WholeCard();
    return TextsOf(card).size();
  }();
  for (std::size_t i = 0; i < count; ++i) {
    for (const std::string_view variant : variants) {
      cards::Card card = WholeCard();
      *TextsOf(card)[i] = variant;
      const cards::CardResponse response = Write({card});
      EXPECT_EQ(response.is_sound, ReadBack(response).empty()) << i << " " << response.json;
      sound += response.is_sound ? 1 : 0;
    }
  }
  EXPECT_GT(sound, 100u);
}

TEST(WriteResponse, AgreesWithCheckResponseOnWhatIsNoText) {
  const std::function<void(cards::Card&)> changes[] = {
      [](cards::Card& c) { c.suggestions[1].is_recommended = true; },
      [](cards::Card& c) {
        c.suggestions[1].is_recommended = true;
        c.selection_behavior = cards::SelectionBehavior::kAny;
      },
      [](cards::Card& c) { c.suggestions.clear(); },
      [](cards::Card& c) { c.suggestions[0].actions.clear(); },
      [](cards::Card& c) { c.suggestions[0].actions[0].type = cards::ActionType::kDelete; },
      [](cards::Card& c) { c.suggestions[1].actions[0].type = cards::ActionType::kCreate; },
      [](cards::Card& c) { c.suggestions[1].actions[0].type = cards::ActionType::kUpdate; },
      [](cards::Card& c) { c.suggestions[0].actions[0].resource_id = "Task/t1"; },
      [](cards::Card& c) { c.suggestions[1].actions[0].resource = kTask; },
      [](cards::Card& c) { c.links[0].app_context = "x"; },
      [](cards::Card& c) { c.links[1].type = cards::LinkType::kAbsolute; },
      [](cards::Card& c) { c.links.clear(); },
      [](cards::Card& c) { c.override_reasons.clear(); },
      [](cards::Card& c) { c.source.topic.reset(); },
      [](cards::Card& c) { c.decision = {}; },
      [](cards::Card& c) { c.indicator = static_cast<cards::Indicator>(7); },
  };
  for (const auto& change : changes) {
    cards::Card card = WholeCard();
    change(card);
    const cards::CardResponse response = Write({card});
    EXPECT_EQ(response.is_sound, ReadBack(response).empty()) << response.json;
  }
  const cards::CardResponse twice = Write({WholeCard(), WholeCard()});
  EXPECT_FALSE(twice.is_sound);
  EXPECT_THAT(ReadBack(twice), ElementsAre("K-01 cards[1].uuid"));
}

}  // namespace
}  // namespace osteon::testing
