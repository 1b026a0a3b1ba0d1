#include "server/admin/rules_pages.h"

namespace osteon::server {
namespace {

std::string RangeOf(const cards::ParameterRow& row) {
  if (row.kind == cards::ParameterKind::kText) return {};
  if (row.kind == cards::ParameterKind::kChoice) return std::string(row.low);
  if (row.kind == cards::ParameterKind::kBoolean) return "true|false";
  return std::string(row.low) + ".." + std::string(row.high);
}

void WriteTexts(json::Writer& writer, const std::vector<std::string>& texts) {
  writer.StartArray();
  for (const std::string& text : texts) writer.String(text);
  writer.EndArray();
}

void WriteRow(json::Writer& writer, const cards::RowInfo& row, const cards::SiteSettings& settings) {
  const auto setting = settings.rows.find(row.id);
  const bool is_set = setting != settings.rows.end();
  writer.StartObject().Member("id", row.id);
  if (!row.title.empty()) writer.Member("title", row.title);
  writer.Member("indicator", cards::IndicatorCode(row.indicator));
  if (is_set && setting->second.lowered_to) {
    writer.Member("lowered_to", cards::IndicatorCode(*setting->second.lowered_to));
  }
  writer.Key("enabled").Bool(!is_set || !setting->second.is_off).EndObject();
}

void WriteRule(json::Writer& writer, const cards::Rule& rule, const cards::SiteSettings& settings) {
  const auto setting = settings.rules.find(rule.id());
  const cards::RuleSetting shown = setting == settings.rules.end() ? cards::RuleSetting{} : setting->second;
  writer.StartObject().Member("id", rule.id()).Member("title", rule.title());
  writer.Member("state", cards::RuleStateName(shown.state));
  if (shown.state == cards::RuleState::kPilot) {
    writer.Key("pilot").StartObject().Key("users");
    WriteTexts(writer, shown.pilot.users);
    writer.Key("units");
    WriteTexts(writer, shown.pilot.units);
    writer.Key("share").Integer(shown.pilot.share_percent).EndObject();
  }
  writer.Key("hooks").StartArray();
  for (const std::string_view hook : rule.hooks()) writer.String(hook);
  writer.EndArray().Key("rows").StartArray();
  for (const cards::RowInfo& row : rule.rows()) WriteRow(writer, row, settings);
  writer.EndArray().EndObject();
}

}  // namespace

void WriteParameters(json::Writer& writer, const cards::Parameters& parameters) {
  writer.StartArray();
  for (std::size_t i = 0; i < parameters.rows().size(); ++i) {
    const cards::ParameterRow& row = parameters.rows()[i];
    writer.StartObject().Member("key", row.key).Member("value", parameters.TextOf(i));
    writer.Member("default", row.default_value).Member("range", RangeOf(row));
    if (!row.unit.empty()) writer.Member("unit", row.unit);
    writer.Member("meaning", row.meaning).EndObject();
  }
  writer.EndArray();
}

std::string RulesPage(const cards::Pack& pack, RulesOrigin origin) {
  json::Writer writer;
  writer.StartObject().Member("pack", pack.id).Member("version", pack.version).Member("title", pack.title);
  writer.Member("hash", pack.content_hash).Member("serves", RulesOriginName(origin)).Key("parameters");
  WriteParameters(writer, pack.parameters);
  writer.Key("rules").StartArray();
  for (const auto& rule : pack.rules) WriteRule(writer, *rule, pack.settings);
  writer.EndArray().EndObject();
  return std::string(writer.text());
}

std::string HistoryPage(const std::vector<Activation>& activations) {
  json::Writer writer;
  writer.StartObject().Key("activations").StartArray();
  for (const Activation& one : activations) {
    writer.StartObject().Member("when", base::FormatInstant(one.when)).Member("action", one.action);
    writer.Member("who", one.who).Member("why", one.why).Member("before", one.before);
    writer.Member("after", one.after).Member("wanted", one.wanted).Member("result", one.result);
    if (!one.detail.empty()) writer.Member("detail", one.detail);
    writer.EndObject();
  }
  writer.EndArray().EndObject();
  return std::string(writer.text());
}

std::string OutcomePage(const ActivationOutcome& outcome) {
  json::Writer writer;
  writer.StartObject().Member("result", outcome.record.result);
  writer.Member("before", outcome.record.before).Member("after", outcome.record.after);
  if (!outcome.record.detail.empty()) writer.Member("detail", outcome.record.detail);
  if (!outcome.findings.empty()) {
    writer.Key("findings").StartArray();
    for (const cards::PackFinding& finding : outcome.findings) {
      writer.StartObject().Member("file", finding.file);
      writer.Key("line").Integer(finding.line).Key("column").Integer(finding.column);
      writer.Member("message", finding.message);
      if (!finding.hint.empty()) writer.Member("hint", finding.hint);
      writer.EndObject();
    }
    writer.EndArray();
  }
  writer.EndObject();
  return std::string(writer.text());
}

}  // namespace osteon::server
