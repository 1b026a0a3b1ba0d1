#include "cards/rule_yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <sstream>

#include "cards/rule_yaml_repair.h"

namespace osteon::cards {
namespace {

constexpr std::size_t kSyntaxMistakes = 50;  // of one file; then the rest of it is not read

// What yaml-cpp says, in words for whoever writes the file.
struct SyntaxRow {
  std::string_view library;
  std::string_view message;
  std::string_view hint;
};
constexpr std::string_view kQuoteIt = "put the text in double quotes";
const std::array kSyntaxRows = {
    SyntaxRow{YAML::ErrorMsg::UNKNOWN_ANCHOR, "aliases (\"*name\") are not allowed", kQuoteIt},
    SyntaxRow{YAML::ErrorMsg::ALIAS_NOT_FOUND, "a text cannot begin with \"*\"", kQuoteIt},
    SyntaxRow{YAML::ErrorMsg::ANCHOR_NOT_FOUND, "a text cannot begin with \"&\"", kQuoteIt},
    SyntaxRow{YAML::ErrorMsg::CHAR_IN_ALIAS, "aliases (\"*name\") are not allowed", kQuoteIt},
    SyntaxRow{YAML::ErrorMsg::CHAR_IN_ANCHOR, "anchors (\"&name\") are not allowed", kQuoteIt},
    SyntaxRow{YAML::ErrorMsg::UNKNOWN_TOKEN, "a text cannot begin with this character", kQuoteIt},
    SyntaxRow{YAML::ErrorMsg::MAP_VALUE, "a \": \" where no key can be",
              "put a text with \": \" in double quotes; a key stands alone on its line"},
    SyntaxRow{YAML::ErrorMsg::MAP_KEY, "a key where none can be", "check the indentation"},
    SyntaxRow{YAML::ErrorMsg::BLOCK_ENTRY, "a \"- \" where no list item can be",
              "check the indentation; put a text that begins with \"- \" in double quotes"},
    SyntaxRow{YAML::ErrorMsg::END_OF_MAP, "neither a further key nor the end of the map",
              "check the indentation, and that the quotes before it are closed"},
    SyntaxRow{YAML::ErrorMsg::END_OF_SEQ, "neither a further \"- \" item nor the end of the list",
              "check the indentation, and that the quotes before it are closed"},
    SyntaxRow{YAML::ErrorMsg::END_OF_MAP_FLOW, "a \"{\" without its \"}\"",
              "put commas between the members; put a text with \",\", \"{\" or \"}\" in double quotes"},
    SyntaxRow{YAML::ErrorMsg::END_OF_SEQ_FLOW, "a \"[\" without its \"]\"",
              "put commas between the items; put a text with \",\", \"[\" or \"]\" in double quotes"},
    SyntaxRow{YAML::ErrorMsg::FLOW_END, "a \"]\" or \"}\" that nothing opened", kQuoteIt},
    SyntaxRow{YAML::ErrorMsg::EOF_IN_SCALAR, "a quote that is never closed", ""},
    SyntaxRow{YAML::ErrorMsg::DOC_IN_SCALAR, "a quote that is not closed before the next document", ""},
    SyntaxRow{YAML::ErrorMsg::INVALID_HEX, "a \"\\x\", \"\\u\" or \"\\U\" without its hexadecimal digits",
              "in single quotes a backslash is itself"},
    SyntaxRow{YAML::ErrorMsg::INVALID_ESCAPE, "a backslash before a character that it does not belong to",
              "in single quotes a backslash is itself"},
    SyntaxRow{YAML::ErrorMsg::ZERO_INDENT_IN_BLOCK, "an indentation of 0 behind \"|\" or \">\"", ""},
    SyntaxRow{YAML::ErrorMsg::CHAR_IN_BLOCK, "text on the line of \"|\" or \">\"",
              "begin the text on the next line"},
};

// yaml-cpp's events as a tree.
class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(const YamlText& text) : text_(text) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    ++documents_;
    if (documents_ == 2) Report(At(mark), "a second document in one file", "one file, one document");
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { Value(NullNode(mark)); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    Report(At(mark), "aliases (\"*name\") are not allowed", kQuoteIt);
    Value(Damaged(mark));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                const std::string& value) override {
    CheckTag(mark, tag);
    if (!unclosed_ && !text_.ClosesQuote(mark.line, mark.column)) unclosed_ = mark;
    YamlNode node;
    node.kind = YamlNode::Kind::kScalar;
    node.text = value;
    node.place = At(mark);
    Value(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                       YAML::EmitterStyle::value) override {
    Open(mark, tag, YamlNode::Kind::kList);
  }
  void OnSequenceEnd() override { Close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  YAML::EmitterStyle::value) override {
    Open(mark, tag, YamlNode::Kind::kMap);
  }
  void OnMapEnd() override { Close(); }
  void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
    if (!name.empty()) Report(At(mark), "anchors (\"&name\") are not allowed", kQuoteIt);
  }

  // The first text that runs on over what is not its own.
  const std::optional<YAML::Mark>& unclosed() const { return unclosed_; }
  // Something stands behind the first document.
  bool lost_documents() const { return lost_documents_; }
  YamlNode TakeRoot() { return std::move(root_); }
  std::vector<PackFinding> TakeFindings() { return std::move(findings_); }

 private:
  struct Frame {
    YamlNode node;
    std::optional<YamlNode> key;  // of a map, between a key and its value
  };

  Place At(const YAML::Mark& mark) const { return text_.PlaceOf(mark.line, mark.column); }
  void Report(const Place& place, std::string message, std::string_view hint) {
    if (documents_ <= 1 || message.starts_with("a second document"))
      findings_.push_back(FindingAt(place, std::move(message), std::string(hint)));
  }

  void CheckTag(const YAML::Mark& mark, const std::string& tag) {
    if ((tag == "?" || tag == "!" || tag.empty()) && !text_.From(mark.line, mark.column).starts_with('!'))
      return;
    Report(At(mark), "tags (\"!name\") are not allowed", kQuoteIt);
  }

  YamlNode Damaged(const YAML::Mark& mark) const {
    YamlNode node;
    node.place = At(mark);
    node.is_damaged = true;
    return node;
  }

  // yaml-cpp takes "null" and "~" for nothing; here they are texts like any other.
  YamlNode NullNode(const YAML::Mark& mark) const {
    YamlNode node;
    node.place = At(mark);
    const bool is_key = !open_.empty() && open_.back().node.kind == YamlNode::Kind::kMap && !open_.back().key;
    const std::string_view here = text_.From(mark.line, mark.column);
    for (const std::string_view word : {"null", "Null", "NULL", "~"}) {
      if (!here.starts_with(word)) continue;
      const std::string_view rest = here.substr(word.size());
      const std::size_t next = rest.find_first_not_of(' ');
      if (!rest.empty() && std::string_view(" ,:]}\r\n").find(rest.front()) == std::string_view::npos)
        continue;
      // A key of that name, before which a value was left out.
      if (!is_key && next != std::string_view::npos && rest[next] == ':') continue;
      node.kind = YamlNode::Kind::kScalar;
      node.text = word;
      return node;
    }
    return node;
  }

  void Open(const YAML::Mark& mark, const std::string& tag, YamlNode::Kind kind) {
    CheckTag(mark, tag);
    Frame& frame = open_.emplace_back();
    frame.node.kind = kind;
    frame.node.place = At(mark);
  }
  void Close() {
    YamlNode node = std::move(open_.back().node);
    open_.pop_back();
    Value(std::move(node));
  }

  void Value(YamlNode node) {
    if (open_.empty()) {
      if (documents_ <= 1) {
        root_ = std::move(node);
      } else {
        lost_documents_ = true;
      }
      return;
    }
    Frame& frame = open_.back();
    if (frame.node.kind == YamlNode::Kind::kList) {
      if (node.kind == YamlNode::Kind::kNone && !node.is_damaged) node.place = text_.DashBefore(node.place);
      frame.node.items.push_back(std::move(node));
    } else if (!frame.key) {
      frame.key = std::move(node);
    } else {
      const YamlNode key = std::move(*frame.key);
      frame.key.reset();
      AddMember(frame.node, key, std::move(node));
    }
  }

  void AddMember(YamlNode& map, const YamlNode& key, YamlNode value) {
    if (key.kind != YamlNode::Kind::kScalar) {
      const bool is_placeholder = key.kind == YamlNode::Kind::kMap;
      Report(map.place, is_placeholder ? "a text with {{...}} that is not in quotes" : "a key is a text",
             is_placeholder ? kQuoteIt : std::string_view());
      map.is_damaged = true;
      if (is_placeholder) map.kind = YamlNode::Kind::kNone;
      return;
    }
    if (const YamlMember* first = map.Find(key.text)) {
      Report(key.place, "\"" + key.text + "\" is given twice",
             "the first is in line " + std::to_string(first->place.line));
      return;
    }
    if (value.kind == YamlNode::Kind::kNone && !value.is_damaged) value.place = key.place;
    map.members.push_back({key.text, key.place, std::move(value)});
  }

  const YamlText& text_;
  int documents_ = 0;
  bool lost_documents_ = false;
  std::vector<Frame> open_;
  std::optional<YAML::Mark> unclosed_;
  YamlNode root_;
  std::vector<PackFinding> findings_;
};

struct SyntaxError {
  YAML::Mark mark;
  std::string message;
};

std::optional<SyntaxError> Parse(const std::string& text, TreeBuilder& builder) {
  std::istringstream in(text);
  try {
    YAML::Parser parser(in);
    for (int documents = 0; documents < 2 && parser.HandleNextDocument(builder); ++documents) {
    }
    if (builder.unclosed()) return SyntaxError{*builder.unclosed(), YAML::ErrorMsg::EOF_IN_SCALAR};
    return std::nullopt;
  } catch (const YAML::Exception& error) {
    if (builder.unclosed()) return SyntaxError{*builder.unclosed(), YAML::ErrorMsg::EOF_IN_SCALAR};
    return SyntaxError{error.mark, error.msg};
  } catch (const std::exception&) {
    return SyntaxError{YAML::Mark::null_mark(), ""};
  }
}

bool IsAboutBrackets(const std::string& message) {
  return message == YAML::ErrorMsg::END_OF_MAP_FLOW || message == YAML::ErrorMsg::END_OF_SEQ_FLOW;
}

PackFinding Describe(const SyntaxError& error, const YamlText& text) {
  const bool is_placed = !error.mark.is_null();
  if (is_placed) {
    if (const auto quote = text.OpenQuoteBefore(error.mark.line)) {
      return FindingAt(*quote, "a quote that is not closed where its text ends",
                       "close it; inside double quotes write \\\", inside single quotes ''");
    }
  }
  Place place = is_placed ? text.PlaceOf(error.mark.line, error.mark.column) : text.PlaceOf(0, 0);
  if (is_placed && IsAboutBrackets(error.message)) {
    if (const auto bracket = text.OpenBracketBefore(error.mark.line)) place = *bracket;
  }
  for (const SyntaxRow& row : kSyntaxRows) {
    if (error.message.starts_with(row.library))
      return FindingAt(place, std::string(row.message), std::string(row.hint));
  }
  return FindingAt(place, "this is not YAML", "check quotes, brackets and indentation");
}

// A node is damaged when a line from its first to the one before `end` is. Lines count from 1.
void MarkDamage(YamlNode& node, std::uint32_t end, const std::set<std::uint32_t>& lines) {
  const auto next = lines.lower_bound(node.place.line);
  if (next == lines.end() || *next >= end) return;
  node.is_damaged = true;
  for (std::size_t i = 0; i < node.members.size(); ++i) {
    const std::uint32_t until = i + 1 < node.members.size() ? node.members[i + 1].place.line : end;
    YamlNode& value = node.members[i].value;
    const auto inside = lines.lower_bound(node.members[i].place.line);
    if (value.kind == YamlNode::Kind::kNone && inside != lines.end() && *inside < until)
      value.is_damaged = true;
    MarkDamage(value, until, lines);
  }
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    MarkDamage(node.items[i], i + 1 < node.items.size() ? node.items[i + 1].place.line : end, lines);
  }
}

}  // namespace

const YamlMember* YamlNode::Find(std::string_view name) const {
  const auto found =
      std::find_if(members.begin(), members.end(), [&](const auto& member) { return member.name == name; });
  return found == members.end() ? nullptr : &*found;
}

YamlReading ReadYaml(std::string_view file, std::string_view text) {
  YamlReading reading;
  YamlText source(file, text, reading.findings);
  if (!source.is_text()) {
    reading.root.place = source.PlaceOf(0, 0);
    reading.root.is_damaged = true;
    reading.lost = text;
    return reading;
  }
  for (std::size_t mistakes = 0;; ++mistakes) {
    TreeBuilder builder(source);
    const auto error = Parse(source.text(), builder);
    if (!error) {
      reading.root = builder.TakeRoot();
      if (builder.lost_documents()) {
        reading.root.is_damaged = true;
        reading.lost = source.text();
      }
      for (PackFinding& finding : builder.TakeFindings()) reading.findings.push_back(std::move(finding));
      break;
    }
    PackFinding finding = Describe(*error, source);
    const std::uint32_t line = finding.line;
    if (!source.IsBlanked(line)) reading.findings.push_back(std::move(finding));
    if (mistakes == kSyntaxMistakes || !source.Blank(line)) {
      reading.root.is_damaged = true;
      reading.lost = source.text();
      break;
    }
  }
  reading.lost += source.lost();
  if (reading.root.place.line == 0) reading.root.place = source.PlaceOf(0, 0);
  if (!source.blanked().empty()) {
    reading.root.is_damaged = true;
    MarkDamage(reading.root, static_cast<std::uint32_t>(source.line_count() + 1), source.blanked());
  }
  return reading;
}

}  // namespace osteon::cards
