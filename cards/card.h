// What a CDS Hooks card is, as plain data. Wire names are in card_json.cc only; the specification's rules in
// card_check.cc only. Source: CDS Hooks 2.0.1, "Card Attributes", "Suggestion", "Action", "Link", "Coding".
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace osteon::cards {

enum class Indicator : std::uint8_t { kInfo, kWarning, kCritical };
std::string_view IndicatorCode(Indicator indicator);  // "info", "warning", "critical"

enum class SelectionBehavior : std::uint8_t { kAny, kAtMostOne };
std::string_view SelectionBehaviorCode(SelectionBehavior behavior);  // "any", "at-most-one"

struct Coding {
  std::string system;
  std::string code;
  std::string display;
};

struct Source {
  std::string label;
  std::string url;  // absolute, or empty
  std::optional<Coding> topic;
};

enum class ActionType : std::uint8_t { kCreate, kUpdate, kDelete };
std::string_view ActionTypeCode(ActionType type);  // "create", "update", "delete"

struct Action {
  ActionType type = ActionType::kCreate;
  std::string description;
  std::string resource;     // create, update: the whole FHIR resource as JSON text, with its id
  std::string resource_id;  // delete: "Type/id"
};

struct Suggestion {
  std::string uuid;  // set by the engine from the card's
  std::string label;
  bool is_recommended = false;
  std::vector<Action> actions;
};

enum class LinkType : std::uint8_t { kAbsolute, kSmart };
std::string_view LinkTypeCode(LinkType type);  // "absolute", "smart"

struct Link {
  std::string label;
  std::string url;
  LinkType type = LinkType::kAbsolute;
  std::string app_context;  // smart links only
};

// extension["org.osteon.decision"]: what a later question about this card needs.
struct DecisionExtension {
  std::string decision;  // decision id
  std::string rule;
  std::string row;
  std::string pack;
  std::string version;
};

struct Card {
  std::string uuid;     // set by the engine: UUIDv5(decision id, rule, row, draft)
  std::string summary;  // 1 to 139 code points
  std::string detail;   // GitHub Flavored Markdown, no HTML
  Indicator indicator = Indicator::kInfo;
  Source source;
  std::vector<Suggestion> suggestions;
  SelectionBehavior selection_behavior = SelectionBehavior::kAny;  // written when there are suggestions
  std::vector<Coding> override_reasons;
  std::vector<Link> links;
  DecisionExtension decision;  // set by the engine
};

}  // namespace osteon::cards
