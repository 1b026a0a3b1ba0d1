#include "cards/card_part.h"

#include "cards/card_json.h"
#include "fhir/json/plain_object.h"

namespace osteon::cards {

using json::operator""_key;

Part Part::Text(std::string_view text) {
  Part part;
  part.kind_ = Kind::kText;
  part.data_ = text.data();
  part.size_ = text.size();
  return part;
}

Part Part::True() {
  Part part;
  part.kind_ = Kind::kTrue;
  return part;
}

Part Part::Object(const void* object, Member member) {
  Part part;
  part.kind_ = Kind::kObject;
  part.data_ = object;
  part.member_ = member;
  return part;
}

Part Part::Array(const void* array, std::size_t size, Element element) {
  Part part;
  part.kind_ = Kind::kArray;
  part.data_ = array;
  part.size_ = size;
  part.element_ = element;
  return part;
}

namespace {

// The member as card_json.cc writes it, absent when it does not.
Part MemberOf(const Coding& coding, json::Key key);
Part MemberOf(const Source& source, json::Key key);
Part MemberOf(const Action& action, json::Key key);
Part MemberOf(const Suggestion& suggestion, json::Key key);
Part MemberOf(const Link& link, json::Key key);
Part MemberOf(const DecisionExtension& decision, json::Key key);
Part MemberOf(const Card& card, json::Key key);

template <typename T>
Part ObjectPart(const T& object) {
  return Part::Object(
      &object, [](const void* at, json::Key key) { return MemberOf(*static_cast<const T*>(at), key); });
}

template <typename T>
Part OptionalArray(const std::vector<T>& elements) {
  if (elements.empty()) return {};
  return Part::Array(&elements, elements.size(), [](const void* at, std::size_t index) {
    return ObjectPart((*static_cast<const std::vector<T>*>(at))[index]);
  });
}

Part MemberOf(const Coding& coding, json::Key key) {
  switch (key.id()) {
    case "code"_key.id():
      return Part::Text(coding.code);
    case "system"_key.id():
      return Part::Text(coding.system);
    case "display"_key.id():
      return Part::OptionalText(coding.display);
    default:
      return {};
  }
}

Part MemberOf(const Source& source, json::Key key) {
  switch (key.id()) {
    case "label"_key.id():
      return Part::Text(source.label);
    case "url"_key.id():
      return Part::OptionalText(source.url);
    case "topic"_key.id():
      return source.topic ? ObjectPart(*source.topic) : Part();
    default:
      return {};
  }
}

// A resource is text in the card already; what is in it beyond its top level, IsPlainObject has seen.
Part ResourcePart(const std::string& text) {
  if (text.empty()) return {};
  return Part::Object(&text, [](const void* at, json::Key key) {
    return Part::OptionalText(json::PlainMember(*static_cast<const std::string*>(at), json::KeyName(key)));
  });
}

Part MemberOf(const Action& action, json::Key key) {
  switch (key.id()) {
    case "type"_key.id():
      return Part::Text(ActionTypeCode(action.type));
    case "description"_key.id():
      return Part::Text(action.description);
    case "resource"_key.id():
      return ResourcePart(action.resource);
    case "resourceId"_key.id():
      return Part::OptionalText(action.resource_id);
    default:
      return {};
  }
}

Part MemberOf(const Suggestion& suggestion, json::Key key) {
  switch (key.id()) {
    case "label"_key.id():
      return Part::Text(suggestion.label);
    case "uuid"_key.id():
      return Part::OptionalText(suggestion.uuid);
    case "isRecommended"_key.id():
      return suggestion.is_recommended ? Part::True() : Part();
    case "actions"_key.id():
      return OptionalArray(suggestion.actions);
    default:
      return {};
  }
}

Part MemberOf(const Link& link, json::Key key) {
  switch (key.id()) {
    case "label"_key.id():
      return Part::Text(link.label);
    case "url"_key.id():
      return Part::Text(link.url);
    case "type"_key.id():
      return Part::Text(LinkTypeCode(link.type));
    case "appContext"_key.id():
      return Part::OptionalText(link.app_context);
    default:
      return {};
  }
}

// No rule looks into an extension.
Part MemberOf(const DecisionExtension&, json::Key) {
  return {};
}

Part MemberOf(const Card& card, json::Key key) {
  switch (key.id()) {
    case "uuid"_key.id():
      return Part::OptionalText(card.uuid);
    case "summary"_key.id():
      return Part::Text(card.summary);
    case "detail"_key.id():
      return Part::OptionalText(card.detail);
    case "indicator"_key.id():
      return Part::Text(IndicatorCode(card.indicator));
    case "source"_key.id():
      return ObjectPart(card.source);
    case "suggestions"_key.id():
      return OptionalArray(card.suggestions);
    case "selectionBehavior"_key.id():
      return card.suggestions.empty() ? Part() : Part::Text(SelectionBehaviorCode(card.selection_behavior));
    case "overrideReasons"_key.id():
      return OptionalArray(card.override_reasons);
    case "links"_key.id():
      return OptionalArray(card.links);
    case "extension"_key.id():
      return card.decision.decision.empty() ? Part() : ObjectPart(card.decision);
    default:
      return {};
  }
}

}  // namespace

Part PartOf(const Card& card) {
  return ObjectPart(card);
}

}  // namespace osteon::cards
