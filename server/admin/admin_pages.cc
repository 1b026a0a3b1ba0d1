#include "server/admin/admin_pages.h"

#include "fhir/json/writer.h"
#include "server/admin/rules_pages.h"

namespace osteon::server {
namespace {

constexpr int kRateDigits = 4;

// `part` of `whole`, four digits after the point.
void WriteRate(json::Writer& writer, std::string_view name, std::int64_t part, std::int64_t whole) {
  if (const auto rate = base::Decimal(part).DividedBy(base::Decimal(whole), kRateDigits)) {
    writer.Key(name).Number(*rate);
  }
}

void WriteCount(json::Writer& writer, const FeedbackCount& count) {
  const std::int64_t answered = count.accepted + count.overridden;
  writer.StartObject().Member("service", count.service);
  if (!count.rule.empty()) {
    writer.Member("rule", count.rule).Member("row", count.row).Member("pack_version", count.pack_version);
  } else {
    writer.Member("note", "cards that no recorded decision of this service holds");
  }
  writer.Key("shown").Integer(count.shown).Key("answered").Integer(answered);
  writer.Key("accepted").Integer(count.accepted).Key("overridden").Integer(count.overridden);
  writer.Key("rates").StartObject();
  WriteRate(writer, "accepted_of_answered", count.accepted, answered);
  WriteRate(writer, "overridden_of_answered", count.overridden, answered);
  WriteRate(writer, "answered_of_shown", answered, count.shown);
  writer.EndObject().Key("override_reasons").StartArray();
  for (const auto& [code, cards] : count.override_reasons) {
    writer.StartObject().Member("code", code).Key("cards").Integer(cards).EndObject();
  }
  writer.EndArray().EndObject();
}

}  // namespace

base::Result<std::string> FeedbackPage(Store& store) {
  OSTEON_ASSIGN_OR_RETURN(const auto counts, store.CountFeedback());
  json::Writer writer;
  writer.StartObject().Key("feedback").StartArray();
  for (const FeedbackCount& count : counts) WriteCount(writer, count);
  writer.EndArray().EndObject();
  return std::string(writer.text());
}

std::string PackPage(const cards::Pack& pack) {
  json::Writer writer;
  writer.StartObject().Member("id", pack.id).Member("version", pack.version).Member("title", pack.title);
  writer.Key("parameters");
  WriteParameters(writer, pack.parameters);
  writer.Key("services").StartArray();
  for (const auto& service : pack.services) {
    writer.StartObject().Member("id", service.id).Member("hook", service.hook).Member("title", service.title);
    writer.EndObject();
  }
  writer.EndArray().Key("rules").StartArray();
  for (const auto& rule : pack.rules) {
    writer.StartObject().Member("id", rule->id()).Member("title", rule->title()).EndObject();
  }
  writer.EndArray().EndObject();
  return std::string(writer.text());
}

}  // namespace osteon::server
