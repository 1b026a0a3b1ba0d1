#include "server/backtest/journal.h"

#include <filesystem>
#include <iterator>
#include <optional>

#include "fhir/json/tree.h"
#include "fhir/json/writer.h"

namespace osteon::server {
namespace {

base::Error Unusable(const std::string& path, std::string text) {
  return {base::ErrorCode::kInvalidConfig, std::move(text), {}, path};
}

std::string HeadOf(const BacktestPlan& plan) {
  const auto name = [](const cds_hooks::Catalog& catalog) {
    return std::string(catalog.pack().id) + " " + std::string(catalog.pack().version);
  };
  json::Writer out;
  out.StartObject().Member("pack", name(*plan.catalog)).Member("hook", plan.hook);
  out.Member("moment", BacktestMomentName(plan.moment)).Member("now", base::FormatInstant(plan.now));
  if (plan.against != nullptr) out.Member("against", name(*plan.against));
  out.Key("drafts").StartArray();
  for (const std::string& draft : plan.drafts) out.String(draft);
  out.EndArray().EndObject();
  return std::string(out.text());
}

void WriteCards(const std::vector<BacktestCard>& cards, json::Writer& out) {
  out.StartArray();
  for (const BacktestCard& card : cards) {
    out.StartObject().Member("rule", card.rule).Member("row", card.row).Member("draft", card.draft);
    out.Member("indicator", card.indicator).Member("summary", card.summary).EndObject();
  }
  out.EndArray();
}

std::vector<BacktestCard> ReadCards(json::Value list) {
  std::vector<BacktestCard> cards;
  const auto text = [](json::Value card, std::string_view name) {
    return std::string(card.Find(name).string());
  };
  for (const json::Value card : list) {
    cards.push_back({text(card, "rule"), text(card, "row"), text(card, "draft"), text(card, "indicator"),
                     text(card, "summary")});
  }
  return cards;
}

std::optional<BacktestResult> ReadLine(std::string line) {
  line.reserve(line.size() + json::kReadPadding);
  base::Arena arena;
  const auto tree = json::Tree::Read(line, arena);
  if (!tree.ok()) return std::nullopt;
  const json::Value root = (*tree)->root();
  BacktestResult result;
  result.source = root.Find("source").string();
  result.patient = root.Find("patient").string();
  result.day = root.Find("day").string();
  result.failure = root.Find("failure").string();
  for (const json::Value status : root.Find("statuses")) {
    result.statuses[std::string(status.name())] = status.string();
  }
  result.cards = ReadCards(root.Find("cards"));
  result.other_cards = ReadCards(root.Find("other_cards"));
  result.microseconds = std::atoll(std::string(root.Find("microseconds").raw()).c_str());
  if (result.source.empty()) return std::nullopt;
  return result;
}

}  // namespace

base::Status Journal::Open(const BacktestPlan& plan) {
  path_ = plan.journal;
  if (path_.empty()) return base::Ok{};
  const std::string head = HeadOf(plan);
  std::string text;
  if (std::ifstream in(path_, std::ios::binary); in) text.assign(std::istreambuf_iterator<char>(in), {});
  std::string kept = head + "\n";
  if (!text.empty()) {
    std::size_t at = text.find('\n');
    if (text.substr(0, at) != head)
      return Unusable(path_, "is the journal of another backtest; remove it or name another");
    // Results of one source are written together: without the last source nothing is half there.
    while (at != std::string::npos && at + 1 < text.size()) {
      const std::size_t end = text.find('\n', at + 1);
      if (end == std::string::npos) break;
      if (auto result = ReadLine(text.substr(at + 1, end - at - 1))) earlier_.push_back(std::move(*result));
      at = end;
    }
    if (!earlier_.empty()) {
      const std::string last = earlier_.back().source;
      std::erase_if(earlier_, [&](const BacktestResult& result) { return result.source == last; });
    }
  }
  file_.open(path_, std::ios::binary | std::ios::trunc);
  file_ << kept;
  for (const BacktestResult& result : earlier_) Append(result);
  if (!file_) return Unusable(path_, "cannot be written");
  return base::Ok{};
}

void Journal::Append(const BacktestResult& result) {
  if (path_.empty()) return;
  json::Writer out;
  out.StartObject().Member("source", result.source).Member("patient", result.patient);
  out.Member("day", result.day).Member("failure", result.failure).Key("statuses").StartObject();
  for (const auto& [rule, status] : result.statuses) out.Member(rule, status);
  out.EndObject().Key("cards");
  WriteCards(result.cards, out);
  out.Key("other_cards");
  WriteCards(result.other_cards, out);
  out.Key("microseconds").Integer(result.microseconds).EndObject();
  file_ << out.text() << '\n';
}

void Journal::Flush() {
  if (!path_.empty()) file_.flush();
}

base::Status Journal::Close() {
  if (path_.empty()) return base::Ok{};
  file_.close();
  if (!file_) return Unusable(path_, "could not be written to its end");
  return base::Ok{};
}

}  // namespace osteon::server
