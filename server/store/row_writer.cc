#include "server/store/row_writer.h"

#include <algorithm>

#include "cards/rule.h"
#include "fhir/base/uuid.h"

namespace osteon::server {
namespace {

constexpr char kInsertDecision[] =
    "INSERT INTO decision (id, time_ms, client, service, hook, hook_instance, pack, pack_version, rules, "
    "keys,"
    " warnings, dropped_other_patient, pack_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT "
    "(id) DO "
    "NOTHING";
constexpr char kInsertCard[] =
    "INSERT INTO card (uuid, decision, rule, row, indicator, suggestions) VALUES (?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (uuid) DO NOTHING";
constexpr char kInsertFeedback[] =
    "INSERT INTO feedback (service, card, card_uuid, outcome, outcome_time_ms, received_ms, client, "
    "reason_code,"
    " reason_system, user_comment, suggestions) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (service, card, outcome, outcome_time_ms) DO NOTHING";

bool NeedsEscape(char c) {
  return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

// Small JSON by hand: a json::Writer per column costs more than the row does.
void AppendString(std::string& out, std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  while (!text.empty()) {
    const auto plain =
        static_cast<std::size_t>(std::find_if(text.begin(), text.end(), NeedsEscape) - text.begin());
    out.append(text.substr(0, plain));
    text.remove_prefix(plain);
    if (text.empty()) break;
    const auto byte = static_cast<unsigned char>(text.front());
    text.remove_prefix(1);
    if (byte >= 0x20) {
      out += '\\';
      out += static_cast<char>(byte);
    } else {
      out.append("\\u00");
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
  out += '"';
}

void WriteArray(std::string& out, const std::vector<std::string>& texts) {
  out = "[";
  for (const std::string& text : texts) {
    if (out.size() > 1) out += ',';
    AppendString(out, text);
  }
  out += ']';
}

void WriteKeys(std::string& out, const std::vector<cds_hooks::KeyRecord>& keys) {
  out = "{";
  for (const auto& key : keys) {
    if (out.size() > 1) out += ',';
    AppendString(out, key.key);
    out += ':';
    AppendString(out, cards::DataStateName(key.state));
  }
  out += '}';
}

}  // namespace

base::Result<RowWriter> RowWriter::Create(Database& database) {
  RowWriter writer(database);
  OSTEON_ASSIGN_OR_RETURN(writer.decision_, database.Prepare(kInsertDecision));
  OSTEON_ASSIGN_OR_RETURN(writer.card_, database.Prepare(kInsertCard));
  OSTEON_ASSIGN_OR_RETURN(writer.feedback_, database.Prepare(kInsertFeedback));
  return writer;
}

std::string_view RowWriter::RulesJson(const cds_hooks::Decision& decision) {
  rules_ = "[";
  for (const auto& rule : decision.rules) {
    rules_ += rules_.size() > 1 ? ",[" : "[";
    for (const std::string_view part : {std::string_view(rule.rule), std::string_view(rule.row),
                                        std::string_view(rule.draft), cards::RuleStatusName(rule.status)}) {
      AppendString(rules_, part);
      rules_ += ',';
    }
    AppendString(rules_, rule.reason);
    rules_ += ']';
  }
  rules_ += ']';
  return rules_;
}

bool RowWriter::Write(const cds_hooks::Decision& decision, const std::string& client) {
  WriteKeys(keys_, decision.keys);
  WriteArray(warnings_, decision.warnings);
  decision_.BindBytes(1, decision.id.bytes);
  decision_.Bind(2, decision.now.ms);
  decision_.Bind(3, client);
  decision_.Bind(4, decision.service);
  decision_.Bind(5, decision.hook);
  decision_.Bind(6, decision.hook_instance);
  decision_.Bind(7, decision.pack);
  decision_.Bind(8, decision.pack_version);
  decision_.Bind(9, RulesJson(decision));
  decision_.Bind(10, keys_);
  decision_.Bind(11, warnings_);
  decision_.Bind(12, static_cast<std::int64_t>(decision.dropped_other_patient));
  decision_.Bind(13, decision.pack_hash);
  if (!decision_.Execute()) return false;
  if (database_->changes() == 0) return true;
  const std::int64_t seq = database_->last_row_id();
  for (const auto& card : decision.cards) {
    if (!WriteCard(card, seq)) return false;
  }
  return true;
}

bool RowWriter::WriteCard(const cds_hooks::CardRecord& card, std::int64_t decision) {
  const auto uuid = base::Uuid::Parse(card.uuid).value_or(base::Uuid{});
  WriteArray(suggestions_, card.suggestion_uuids);
  card_.BindBytes(1, uuid.bytes);
  card_.Bind(2, decision);
  card_.Bind(3, card.rule);
  card_.Bind(4, card.row);
  card_.Bind(5, cards::IndicatorCode(card.indicator));
  card_.Bind(6, suggestions_);
  return card_.Execute();
}

bool RowWriter::Write(const FeedbackBatch& batch) {
  for (const cards::FeedbackItem& item : batch.items) {
    const auto uuid = base::Uuid::Parse(item.card);
    WriteArray(suggestions_, item.accepted_suggestions);
    feedback_.Bind(1, batch.service);
    feedback_.Bind(2, item.card);
    uuid ? feedback_.BindBytes(3, uuid->bytes) : feedback_.BindNull(3);
    feedback_.Bind(4, cards::FeedbackOutcomeName(item.outcome));
    feedback_.Bind(5, item.outcome_timestamp.ms);
    feedback_.Bind(6, batch.received.ms);
    feedback_.Bind(7, batch.client);
    feedback_.Bind(8,
                   item.override_reason ? std::string_view(item.override_reason->code) : std::string_view());
    feedback_.Bind(
        9, item.override_reason ? std::string_view(item.override_reason->system) : std::string_view());
    feedback_.Bind(10, item.user_comment);
    feedback_.Bind(11, suggestions_);
    if (!feedback_.Execute()) return false;
  }
  return true;
}

}  // namespace osteon::server
