#include "cards/card_check.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "cards/card_json.h"
#include "cards/card_part.h"
#include "fhir/base/arena.h"
#include "fhir/base/text.h"
#include "fhir/base/uuid.h"
#include "fhir/json/plain_object.h"
#include "fhir/json/utf8.h"
#include "fhir/json/writer.h"
#include "fhir/model/reference.h"

namespace osteon::cards {
namespace {

using json::operator""_key;

// Where a value is; spelled out only when there is something to report.
struct Place {
  const Place* parent = nullptr;
  std::string_view member;
  std::size_t index = 0;

  std::string ToString() const {
    std::string text = parent == nullptr ? std::string() : parent->ToString();
    if (!member.empty()) {
      if (!text.empty()) text += '.';
      text += member;
    } else if (parent != nullptr) {
      text += '[' + std::to_string(index) + ']';
    }
    return text;
  }
};

using Findings = std::vector<CardFinding>;

void Report(Findings& findings, std::string_view rule, const Place& at) {
  findings.push_back(CardFinding{rule, at.ToString()});
}

enum class ObjectKind : std::uint8_t {
  kResponse,
  kCard,
  kSource,
  kTopic,
  kOverrideReason,
  kSuggestion,
  kAction,
  kSystemAction,
  kLink,
};

enum class Shape : std::uint8_t {
  kText,
  kSummary,      // text of fewer than 140 code points
  kUuid,         // lower-case RFC 4122
  kCode,         // one of `codes`
  kAbsoluteUrl,  // http or https, with a host
  kLocalReference,
  kBoolean,
  kObject,
  kObjects,  // array of objects of kind `of`
};

enum class Need : std::uint8_t { kRequired, kOptional };

struct MemberRule {
  ObjectKind object;
  json::Key member;
  Need need;
  Shape shape;
  std::string_view rule;                  // checklist id of the requirement
  std::string_view codes;                 // kCode: the allowed ones, "|"-separated
  ObjectKind of = ObjectKind::kResponse;  // kObject, kObjects; kResponse: not looked into
};

// Source: CDS Hooks 2.0.1 "CDS Service Response", "Card Attributes", "Source", "Suggestion", "Action",
// "Link", "System Action", "Coding", "Extensions".
constexpr MemberRule kMemberRules[] = {
    {ObjectKind::kResponse, "cards"_key, Need::kRequired, Shape::kObjects, "S-01", {}, ObjectKind::kCard},
    {ObjectKind::kResponse,
     "systemActions"_key,
     Need::kOptional,
     Shape::kObjects,
     "S-03",
     {},
     ObjectKind::kSystemAction},
    {ObjectKind::kResponse, "extension"_key, Need::kOptional, Shape::kObject, "E-02", {}},

    {ObjectKind::kCard, "uuid"_key, Need::kOptional, Shape::kUuid, "K-01", {}},
    {ObjectKind::kCard, "summary"_key, Need::kRequired, Shape::kSummary, "K-02", {}},
    {ObjectKind::kCard, "detail"_key, Need::kOptional, Shape::kText, "K-03", {}},
    {ObjectKind::kCard, "indicator"_key, Need::kRequired, Shape::kCode, "K-04", "info|warning|critical"},
    {ObjectKind::kCard, "source"_key, Need::kRequired, Shape::kObject, "K-05", {}, ObjectKind::kSource},
    {ObjectKind::kCard,
     "suggestions"_key,
     Need::kOptional,
     Shape::kObjects,
     "K-06",
     {},
     ObjectKind::kSuggestion},
    {ObjectKind::kCard, "selectionBehavior"_key, Need::kOptional, Shape::kCode, "K-08b", "at-most-one|any"},
    {ObjectKind::kCard,
     "overrideReasons"_key,
     Need::kOptional,
     Shape::kObjects,
     "K-09",
     {},
     ObjectKind::kOverrideReason},
    {ObjectKind::kCard, "links"_key, Need::kOptional, Shape::kObjects, "K-11", {}, ObjectKind::kLink},
    {ObjectKind::kCard, "extension"_key, Need::kOptional, Shape::kObject, "E-02", {}},

    {ObjectKind::kSource, "label"_key, Need::kRequired, Shape::kText, "K-13", {}},
    {ObjectKind::kSource, "url"_key, Need::kOptional, Shape::kAbsoluteUrl, "K-14", {}},
    {ObjectKind::kSource, "icon"_key, Need::kOptional, Shape::kAbsoluteUrl, "K-15", {}},
    {ObjectKind::kSource, "topic"_key, Need::kOptional, Shape::kObject, "K-16", {}, ObjectKind::kTopic},
    {ObjectKind::kSource, "extension"_key, Need::kOptional, Shape::kObject, "E-02", {}},

    {ObjectKind::kTopic, "code"_key, Need::kRequired, Shape::kText, "K-17a", {}},
    {ObjectKind::kTopic, "system"_key, Need::kRequired, Shape::kText, "K-17a", {}},
    {ObjectKind::kTopic, "display"_key, Need::kOptional, Shape::kText, "K-17a", {}},

    {ObjectKind::kOverrideReason, "code"_key, Need::kRequired, Shape::kText, "K-17a", {}},
    {ObjectKind::kOverrideReason, "system"_key, Need::kRequired, Shape::kText, "K-17a", {}},
    {ObjectKind::kOverrideReason, "display"_key, Need::kRequired, Shape::kText, "K-10", {}},  // M-06
                                                                                              // cds-resp-4

    {ObjectKind::kSuggestion, "label"_key, Need::kRequired, Shape::kText, "U-01", {}},
    {ObjectKind::kSuggestion, "uuid"_key, Need::kOptional, Shape::kUuid, "U-02", {}},
    {ObjectKind::kSuggestion, "isRecommended"_key, Need::kOptional, Shape::kBoolean, "U-03", {}},
    {ObjectKind::kSuggestion,
     "actions"_key,
     Need::kOptional,
     Shape::kObjects,
     "U-05",
     {},
     ObjectKind::kAction},
    {ObjectKind::kSuggestion, "extension"_key, Need::kOptional, Shape::kObject, "E-02", {}},

    {ObjectKind::kAction, "type"_key, Need::kRequired, Shape::kCode, "A-01", "create|update|delete"},
    {ObjectKind::kAction, "description"_key, Need::kRequired, Shape::kText, "A-02", {}},  // M-07 cds-resp-5
    {ObjectKind::kAction, "resourceId"_key, Need::kOptional, Shape::kLocalReference, "A-06", {}},
    {ObjectKind::kAction, "extension"_key, Need::kOptional, Shape::kObject, "E-02", {}},

    {ObjectKind::kSystemAction, "type"_key, Need::kRequired, Shape::kCode, "A-01", "create|update|delete"},
    {ObjectKind::kSystemAction, "description"_key, Need::kRequired, Shape::kText, "Y-02", {}},
    {ObjectKind::kSystemAction, "resourceId"_key, Need::kOptional, Shape::kLocalReference, "A-06", {}},
    {ObjectKind::kSystemAction, "extension"_key, Need::kOptional, Shape::kObject, "E-02", {}},

    {ObjectKind::kLink, "label"_key, Need::kRequired, Shape::kText, "L-01", {}},
    {ObjectKind::kLink, "url"_key, Need::kRequired, Shape::kAbsoluteUrl, "L-02", {}},
    {ObjectKind::kLink, "type"_key, Need::kRequired, Shape::kCode, "L-03", "absolute|smart"},
    {ObjectKind::kLink, "appContext"_key, Need::kOptional, Shape::kText, "L-05", {}},
    {ObjectKind::kLink, "autolaunchable"_key, Need::kOptional, Shape::kBoolean, "L-06", {}},
    {ObjectKind::kLink, "extension"_key, Need::kOptional, Shape::kObject, "E-02", {}},
};

// The rows of one kind of object; they stand together.
constexpr std::span<const MemberRule> MemberRulesOf(ObjectKind kind) {
  const MemberRule* first = std::begin(kMemberRules);
  while (first != std::end(kMemberRules) && first->object != kind) ++first;
  const MemberRule* last = first;
  while (last != std::end(kMemberRules) && last->object == kind) ++last;
  return {first, last};
}

constexpr auto kMemberRulesByKind = [] {
  std::array<std::span<const MemberRule>, static_cast<std::size_t>(ObjectKind::kLink) + 1> rules;
  for (std::size_t kind = 0; kind < rules.size(); ++kind)
    rules[kind] = MemberRulesOf(static_cast<ObjectKind>(kind));
  return rules;
}();
static_assert(
    [] {
      std::size_t rows = 0;
      for (const auto& rules : kMemberRulesByKind) rows += rules.size();
      return rows == std::size(kMemberRules);
    }(),
    "the rows of one kind of object stand together");

// The rules below hold for a json::Value and for a Part alike.

// Requirements between members. `breaks` names the member to report, or is empty when the object is fine.
template <typename View>
struct ObjectRule {
  ObjectKind object;
  std::string_view rule;
  std::string_view (*breaks)(View object);
};

template <typename View>
std::string_view SuggestionsWithoutBehavior(View card) {
  return !card["suggestions"_key].empty() && !card["selectionBehavior"_key] ? "selectionBehavior" : "";
}

template <typename View>
std::string_view SeveralRecommended(View card) {
  if (card["selectionBehavior"_key].string() != "at-most-one") return "";
  int recommended = 0;
  const View suggestions = card["suggestions"_key];
  for (const View suggestion : suggestions) {
    if (suggestion["isRecommended"_key].is_true()) ++recommended;
  }
  return recommended > 1 ? "suggestions" : "";
}

template <typename View>
std::string_view CreateWithoutResource(View action) {
  if (action["type"_key].string() != "create") return "";
  return action["resource"_key]["resourceType"_key].string().empty() ? "resource" : "";
}

template <typename View>
std::string_view UpdateWithoutResource(View action) {
  if (action["type"_key].string() != "update") return "";
  return action["resource"_key]["resourceType"_key].string().empty() ? "resource" : "";
}

template <typename View>
std::string_view ResourceWithoutId(View action) {
  const View resource = action["resource"_key];
  return resource.is_object() && action["type"_key].string() != "delete" &&
                 !model::IsFhirId(resource["id"_key].string())
             ? "resource"
             : "";
}

template <typename View>
std::string_view DeleteWithoutResourceId(View action) {
  if (action["type"_key].string() != "delete") return "";
  if (!action["resourceId"_key]) return "resourceId";
  return action["resource"_key] ? "resource" : "";
}

template <typename View>
std::string_view AppContextWithoutSmart(View link) {
  return link["appContext"_key] && link["type"_key].string() != "smart" ? "appContext" : "";
}

template <typename View>
constexpr ObjectRule<View> kObjectRules[] = {
    {ObjectKind::kCard, "K-07", SuggestionsWithoutBehavior<View>},  // M-08 cds-resp-6
    {ObjectKind::kCard, "U-04", SeveralRecommended<View>},          // M-03 cds-resp-1
    {ObjectKind::kAction, "A-03", CreateWithoutResource<View>},
    {ObjectKind::kAction, "A-04", UpdateWithoutResource<View>},
    {ObjectKind::kAction, "A-08", ResourceWithoutId<View>},
    {ObjectKind::kAction, "A-05b", DeleteWithoutResourceId<View>},  // M-04 cds-resp-2
    {ObjectKind::kSystemAction, "A-03", CreateWithoutResource<View>},
    {ObjectKind::kSystemAction, "A-04", UpdateWithoutResource<View>},
    {ObjectKind::kSystemAction, "A-08", ResourceWithoutId<View>},
    {ObjectKind::kSystemAction, "A-05b", DeleteWithoutResourceId<View>},
    {ObjectKind::kLink, "L-04", AppContextWithoutSmart<View>},  // M-05 cds-resp-3
};

constexpr std::size_t kSummaryLimit = 140;

bool IsLowerCaseUuid(std::string_view text) {
  return base::Uuid::Parse(text) &&
         std::none_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool IsOneOf(std::string_view codes, std::string_view text) {
  while (true) {
    const std::size_t bar = codes.find('|');
    if (codes.substr(0, bar) == text) return true;
    if (bar == std::string_view::npos) return false;
    codes.remove_prefix(bar + 1);
  }
}

bool IsAbsoluteUrl(std::string_view text) {
  for (const std::string_view scheme : {"https://", "http://"}) {
    if (!base::AsciiEqualsIgnoreCase(text.substr(0, scheme.size()), scheme)) continue;
    const std::string_view rest = text.substr(scheme.size());
    if (rest.empty() || rest.front() == '/' || rest.front() == '?' || rest.front() == '#') return false;
    return std::all_of(rest.begin(), rest.end(), [](char c) { return static_cast<unsigned char>(c) > ' '; });
  }
  return false;
}

template <typename View>
bool HasShape(View value, const MemberRule& rule) {
  switch (rule.shape) {
    case Shape::kText:
      return !value.string().empty();
    case Shape::kSummary:
      return !value.string().empty() && base::CodePointCount(value.string()) < kSummaryLimit;
    case Shape::kUuid:
      return IsLowerCaseUuid(value.string());
    case Shape::kCode:
      return value.is_string() && IsOneOf(rule.codes, value.string());
    case Shape::kAbsoluteUrl:
      return IsAbsoluteUrl(value.string());
    case Shape::kLocalReference:
      return model::IsLocalReference(value.string());
    case Shape::kBoolean:
      return value.is_bool();
    case Shape::kObject:
      return value.is_object();
    case Shape::kObjects:
      return value.is_array();
  }
  return false;
}

template <typename View>
void CheckObject(View object, ObjectKind kind, const Place& at, Findings& findings);

template <typename View>
void CheckElements(View array, const MemberRule& rule, const Place& at, Findings& findings) {
  std::size_t index = 0;
  for (const View element : array) {
    const Place place{&at, {}, index++};
    if (element.is_object()) {
      CheckObject(element, rule.of, place, findings);
    } else {
      Report(findings, rule.rule, place);
    }
  }
}

template <typename View>
void CheckMember(View object, const MemberRule& rule, const Place& at, Findings& findings) {
  const View value = object[rule.member];
  if (!value && rule.need == Need::kOptional) return;
  const Place place{&at, json::KeyName(rule.member)};
  if (!HasShape(value, rule)) {
    Report(findings, rule.rule, place);
    return;
  }
  if (value.is_string() && base::IsBlank(value.string())) Report(findings, "G-07", place);
  if (rule.shape == Shape::kObjects) CheckElements(value, rule, place, findings);
  if (rule.shape == Shape::kObject && rule.of != ObjectKind::kResponse)
    CheckObject(value, rule.of, place, findings);
}

template <typename View>
void CheckObject(View object, ObjectKind kind, const Place& at, Findings& findings) {
  for (const MemberRule& rule : kMemberRulesByKind[static_cast<std::size_t>(kind)])
    CheckMember(object, rule, at, findings);
  for (const ObjectRule<View>& rule : kObjectRules<View>) {
    if (rule.object != kind) continue;
    if (const std::string_view member = rule.breaks(object); !member.empty()) {
      Report(findings, rule.rule, Place{&at, member});
    }
  }
}

enum class Inside : std::uint8_t { kCdsHooks, kResource };

// G-04 to G-06 over everything that is sent. FHIR JSON itself needs nulls in arrays of primitives with
// extensions.
void CheckNoEmpties(json::Value value, Inside inside, const Place& at, Findings& findings) {
  const bool may_be_null = inside == Inside::kResource && at.member.empty();
  if (value.is_null() && !may_be_null) Report(findings, "G-04", at);
  const bool is_empty = (value.is_string() && value.string().empty()) ||
                        ((value.is_array() || value.is_object()) && value.empty());
  const bool is_cards =
      value.is_array() && at.member == "cards" && at.parent != nullptr && at.parent->parent == nullptr;
  if (is_empty && !is_cards) Report(findings, "G-05", at);
  std::size_t index = 0;
  for (const json::Value child : value) {
    const bool is_resource = value.is_object() && child.name() == "resource";
    const Place place{&at, child.name(), index++};
    CheckNoEmpties(child, is_resource ? Inside::kResource : inside, place, findings);
  }
}

// K-01: unique per response. Few cards: comparing each pair is the cheapest.
void CheckUuidsDiffer(json::Value cards, const Place& at, Findings& findings) {
  std::size_t index = 0;
  for (auto card = cards.begin(); card != cards.end(); ++card, ++index) {
    const std::string_view uuid = (*card)["uuid"_key].string();
    if (uuid.empty()) continue;
    for (auto before = cards.begin(); before != card; ++before) {
      if ((*before)["uuid"_key].string() != uuid) continue;
      const Place element{&at, {}, index};
      Report(findings, "K-01", Place{&element, "uuid"});
      break;
    }
  }
}

// The card's text could not be read back: which action's resource is to blame, or else the text itself.
Findings UnreadableCard(const Card& card) {
  Findings findings;
  const Place root;
  const Place suggestions{&root, "suggestions"};
  for (std::size_t s = 0; s < card.suggestions.size(); ++s) {
    const Place suggestion{&suggestions, {}, s};
    const Place actions{&suggestion, "actions"};
    for (std::size_t a = 0; a < card.suggestions[s].actions.size(); ++a) {
      std::string text = card.suggestions[s].actions[a].resource;
      if (text.empty()) continue;
      const std::size_t length = text.size();
      text.append(json::kReadPadding, '\0');
      base::Arena arena;
      if (json::Tree::Read(std::string_view(text).substr(0, length), arena).ok()) continue;
      const Place action{&actions, {}, a};
      Report(findings, "G-02", Place{&action, "resource"});
    }
  }
  if (findings.empty()) Report(findings, "G-01", root);
  return findings;
}

// Needs no UTF-8; looks for nothing that Writer::wrote_empty reports.
bool IsSound(const Card& card) {
  for (const Suggestion& suggestion : card.suggestions) {
    for (const Action& action : suggestion.actions) {
      if (!action.resource.empty() && !json::IsPlainObject(action.resource)) return false;
    }
  }
  Findings findings;
  CheckObject(PartOf(card), ObjectKind::kCard, Place{}, findings);
  return findings.empty();
}

bool UuidsDiffer(std::span<const Card* const> cards) {
  for (std::size_t i = 0; i < cards.size(); ++i) {
    const auto is_same = [&](const Card* other) { return other->uuid == cards[i]->uuid; };
    if (!cards[i]->uuid.empty() &&
        std::any_of(cards.begin() + static_cast<std::ptrdiff_t>(i) + 1, cards.end(), is_same))
      return false;
  }
  return true;
}

}  // namespace

CardResponse WriteResponse(std::span<const Card* const> cards) {
  json::Writer writer;
  writer.StartObject().Key("cards").StartArray();
  for (const Card* card : cards) WriteCard(*card, writer);
  // That no card is shown is the one emptiness that may be sent.
  const bool wrote_empty = writer.wrote_empty();
  writer.EndArray().EndObject();
  CardResponse response;
  response.json = writer.text();
  response.is_sound =
      !wrote_empty && json::IsUtf8(response.json) && UuidsDiffer(cards) &&
      std::all_of(cards.begin(), cards.end(), [](const Card* card) { return IsSound(*card); });
  return response;
}

std::vector<CardFinding> CheckCard(const Card& card) {
  json::Writer writer;
  WriteCard(card, writer);
  std::string text(writer.text());
  const std::size_t length = text.size();
  text.append(json::kReadPadding, '\0');
  base::Arena arena(32 * 1024);
  const auto tree = json::Tree::Read(std::string_view(text).substr(0, length), arena);
  if (!tree.ok()) return UnreadableCard(card);
  Findings findings;
  const Place root;
  CheckObject((*tree)->root(), ObjectKind::kCard, root, findings);
  CheckNoEmpties((*tree)->root(), Inside::kCdsHooks, root, findings);
  return findings;
}

std::vector<CardFinding> CheckResponse(json::Value response) {
  Findings findings;
  const Place root;
  if (!response.is_object()) {
    Report(findings, "S-01", root);
    return findings;
  }
  CheckObject(response, ObjectKind::kResponse, root, findings);
  CheckNoEmpties(response, Inside::kCdsHooks, root, findings);
  CheckUuidsDiffer(response["cards"_key], Place{&root, "cards"}, findings);
  return findings;
}

}  // namespace osteon::cards
