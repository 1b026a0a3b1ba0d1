#include "cards/resource_template.h"

#include "fhir/base/decimal.h"
#include "fhir/json/escape.h"

namespace osteon::cards {
namespace {

using Node = ResourceTemplate::Node;
using Kind = ResourceTemplate::Kind;

class Filler {
 public:
  Filler(const ExpressionRun& run, const Scope& scope, const ResourceFacts& facts, std::string& out)
      : run_(run), scope_(scope), facts_(facts), out_(out) {}

  // False and nothing appended when the node has no value.
  bool Fill(const Node& node) {
    switch (node.kind) {
      case Kind::kFixed:
        out_ += node.json;
        return true;
      case Kind::kText:
        return Text(node);
      case Kind::kNumber:
        return Number(node);
      case Kind::kObject:
        return Object(node);
      case Kind::kArray:
        return Array(node);
      case Kind::kId:
        AppendJsonString(facts_.id, out_);
        return true;
      case Kind::kSubject:
        out_ += "{\"reference\":";
        AppendJsonString("Patient/" + std::string(facts_.patient_id), out_);
        out_ += '}';
        return true;
      case Kind::kAuthoredOn:
        AppendJsonString(facts_.authored_on, out_);
        return true;
    }
    return false;
  }

 private:
  bool Text(const Node& node) {
    std::string text;
    if (!AppendFilled(node.text, run_, scope_, Markup::kPlain, text) || text.empty()) return false;
    AppendJsonString(text, out_);
    return true;
  }

  // Data decide what comes out, so it is looked at again.
  bool Number(const Node& node) {
    std::string text;
    if (!AppendFilled(node.text, run_, scope_, Markup::kPlain, text)) return false;
    if (text != "true" && text != "false" && !base::Decimal::Parse(text)) return false;
    out_ += text;
    return true;
  }

  bool Object(const Node& node) {
    const std::size_t begin = out_.size();
    char separator = '{';
    for (const auto& [name, member] : node.members) {
      const std::size_t before = out_.size();
      out_ += separator;
      out_ += name;
      if (Fill(member)) {
        separator = ',';
      } else {
        out_.resize(before);
      }
    }
    if (out_.size() == begin) return false;
    out_ += '}';
    return true;
  }

  bool Array(const Node& node) {
    const std::size_t begin = out_.size();
    char separator = '[';
    for (const Node& item : node.items) {
      const std::size_t before = out_.size();
      out_ += separator;
      if (Fill(item)) {
        separator = ',';
      } else {
        out_.resize(before);
      }
    }
    if (out_.size() == begin) return false;
    out_ += ']';
    return true;
  }

  const ExpressionRun& run_;
  const Scope& scope_;
  const ResourceFacts& facts_;
  std::string& out_;
};

}  // namespace

void AppendJsonString(std::string_view text, std::string& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += '"';
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    const char* const plain_end = json::internal::FindEscaped(at, end);
    out.append(at, plain_end);
    if (plain_end == end) break;
    const char c = *plain_end;
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 0xF];
    }
    at = plain_end + 1;
  }
  out += '"';
}

void AppendResource(const ResourceTemplate& resource, const ExpressionRun& run, const Scope& scope,
                    const ResourceFacts& facts, std::string& out) {
  if (!Filler(run, scope, facts, out).Fill(resource.root)) out += "{}";
}

}  // namespace osteon::cards
