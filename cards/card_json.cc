#include "cards/card_json.h"

namespace osteon::cards {
namespace {

void OptionalMember(json::Writer& writer, json::PlainName name, std::string_view text) {
  if (!text.empty()) writer.Member(name, text);
}

void WriteCoding(const Coding& coding, json::Writer& writer) {
  writer.StartObject().Member("code", coding.code).Member("system", coding.system);
  OptionalMember(writer, "display", coding.display);
  writer.EndObject();
}

void WriteSource(const Source& source, json::Writer& writer) {
  writer.StartObject().Member("label", source.label);
  OptionalMember(writer, "url", source.url);
  if (source.topic) {
    writer.Key("topic");
    WriteCoding(*source.topic, writer);
  }
  writer.EndObject();
}

void WriteAction(const Action& action, json::Writer& writer) {
  writer.StartObject().Member("type", ActionTypeCode(action.type)).Member("description", action.description);
  if (!action.resource.empty()) writer.Key("resource").Raw(action.resource);
  OptionalMember(writer, "resourceId", action.resource_id);
  writer.EndObject();
}

void WriteSuggestion(const Suggestion& suggestion, json::Writer& writer) {
  writer.StartObject().Member("label", suggestion.label);
  OptionalMember(writer, "uuid", suggestion.uuid);
  if (suggestion.is_recommended) writer.Key("isRecommended").Bool(true);
  if (!suggestion.actions.empty()) {
    writer.Key("actions").StartArray();
    for (const Action& action : suggestion.actions) WriteAction(action, writer);
    writer.EndArray();
  }
  writer.EndObject();
}

void WriteSuggestions(const Card& card, json::Writer& writer) {
  if (card.suggestions.empty()) return;
  writer.Key("suggestions").StartArray();
  for (const Suggestion& suggestion : card.suggestions) WriteSuggestion(suggestion, writer);
  writer.EndArray();
  writer.Member("selectionBehavior", SelectionBehaviorCode(card.selection_behavior));
}

void WriteOverrideReasons(const Card& card, json::Writer& writer) {
  if (card.override_reasons.empty()) return;
  writer.Key("overrideReasons").StartArray();
  for (const Coding& reason : card.override_reasons) WriteCoding(reason, writer);
  writer.EndArray();
}

void WriteLinks(const Card& card, json::Writer& writer) {
  if (card.links.empty()) return;
  writer.Key("links").StartArray();
  for (const Link& link : card.links) {
    writer.StartObject().Member("label", link.label).Member("url", link.url);
    writer.Member("type", LinkTypeCode(link.type));
    OptionalMember(writer, "appContext", link.app_context);
    writer.EndObject();
  }
  writer.EndArray();
}

void WriteDecision(const DecisionExtension& decision, json::Writer& writer) {
  if (decision.decision.empty()) return;
  writer.Key("extension").StartObject().Key("org.osteon.decision").StartObject();
  writer.Member("decision", decision.decision).Member("rule", decision.rule);
  OptionalMember(writer, "row", decision.row);
  writer.Member("pack", decision.pack).Member("version", decision.version);
  writer.EndObject().EndObject();
}

}  // namespace

void WriteCard(const Card& card, json::Writer& writer) {
  writer.StartObject();
  OptionalMember(writer, "uuid", card.uuid);
  writer.Member("summary", card.summary);
  OptionalMember(writer, "detail", card.detail);
  writer.Member("indicator", IndicatorCode(card.indicator));
  writer.Key("source");
  WriteSource(card.source, writer);
  WriteSuggestions(card, writer);
  WriteOverrideReasons(card, writer);
  WriteLinks(card, writer);
  WriteDecision(card.decision, writer);
  writer.EndObject();
}

}  // namespace osteon::cards
