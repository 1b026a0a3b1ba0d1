#include "cards/template.h"

#include <algorithm>
#include <array>

#include "fhir/model/value_node.h"
#include "fhir/model/value_text.h"

namespace osteon::cards {
namespace {

using model::Val;
using ValueKind = model::Kind;

// Past the string or quoted name that begins at `at`.
std::size_t SkipQuoted(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (++at; at < text.size() && text[at] != quote; ++at) {
    if (text[at] == '\\') ++at;
  }
  return std::min(at + 1, text.size());
}

// The "}}" that ends the expression which begins at `at`; npos when there is none.
std::size_t FindClose(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (c == '"' || c == '\'') {
      at = SkipQuoted(text, at);
      continue;
    }
    if (c == '{') ++depth;
    if (c == '}') {
      if (depth == 0) return text.substr(at).starts_with("}}") ? at : std::string_view::npos;
      --depth;
    }
    ++at;
  }
  return std::string_view::npos;
}

std::string_view LabelOf(const model::CodeValue& code) {
  return code.display.empty() ? code.code : code.display;
}

void Append(std::string_view text, Markup markup, std::string& out) {
  if (markup == Markup::kMarkdown) {
    AppendEscaped(text, out);
  } else {
    out += text;
  }
}

}  // namespace

Val ExpressionRun::Value(Expression expression, const Scope& scope) const {
  if (!expression) return {};
  const CompiledExpression& compiled = expressions_[expression.number];
  if (compiled.define != nullptr) return evaluation_.Define(*compiled.define);
  std::array<Val, 2> operands;
  std::size_t count = 0;
  if (compiled.takes_draft) operands[count++] = scope.draft;
  if (compiled.takes_it) operands[count++] = scope.it;
  return evaluation_.Call(*compiled.function, std::span(operands).first(count));
}

bool ExpressionRun::IsTrue(Expression expression, const Scope& scope) const {
  const Val value = model::ToSystem(Value(expression, scope), evaluation_.values());
  return value.is(ValueKind::kBoolean) && value.boolean();
}

TemplateSplit SplitTemplate(std::string_view text) {
  TemplateSplit split;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t open = std::min(text.find("{{", at), text.size());
    if (open > at) split.pieces.push_back({text.substr(at, open - at), at, false});
    if (open == text.size()) break;
    const std::size_t close = FindClose(text, open + 2);
    split.is_closed = split.is_closed && close != std::string_view::npos;
    const std::size_t end = std::min(close, text.size());
    split.pieces.push_back({text.substr(open + 2, end - open - 2), open + 2, true});
    at = std::min(end + 2, text.size());
  }
  return split;
}

void AppendEscaped(std::string_view text, std::string& out) {
  static constexpr auto kIsSpecial = [] {
    std::array<bool, 256> table{};
    for (const char c : std::string_view("\n\r\t<>&\\`*_[]|~#")) table[static_cast<unsigned char>(c)] = true;
    return table;
  }();
  const auto is_special = [](char c) { return kIsSpecial[static_cast<unsigned char>(c)]; };
  while (!text.empty()) {
    const auto plain =
        static_cast<std::size_t>(std::find_if(text.begin(), text.end(), is_special) - text.begin());
    out.append(text.substr(0, plain));
    if (plain == text.size()) return;
    const char c = text[plain];
    text.remove_prefix(plain + 1);
    switch (c) {
      case '\n':
      case '\r':
      case '\t':
        out += ' ';
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      default:
        out += '\\';
        out += c;
    }
  }
}

bool AppendText(const Val& given, const model::ValueContext& context, Markup markup, std::string& out) {
  const Val value = model::ToSystem(given, context);
  switch (value.kind()) {
    case ValueKind::kString:
      Append(value.string(), markup, out);
      return true;
    case ValueKind::kInteger:
      out += std::to_string(value.integer());
      return true;
    case ValueKind::kCode:
      Append(LabelOf(value.code()), markup, out);
      return true;
    case ValueKind::kConcept: {
      const model::ConceptValue& concept_value = value.concept_value();
      if (concept_value.display.empty() && concept_value.codes.empty()) return false;
      Append(concept_value.display.empty() ? LabelOf(concept_value.codes.front()) : concept_value.display,
             markup, out);
      return true;
    }
    default:
      break;
  }
  const auto text = model::ToText(value);
  if (text) Append(*text, markup, out);
  return text.has_value();
}

bool AppendFilled(const Template& text, const ExpressionRun& run, const Scope& scope, Markup markup,
                  std::string& out) {
  const std::size_t begin = out.size();
  for (const Template::Part& part : text.parts) {
    if (!part.value) {
      out += part.text;
    } else if (!AppendText(run.Value(part.value, scope), run.evaluation().values(), markup, out)) {
      out.resize(begin);
      return false;
    }
  }
  return true;
}

}  // namespace osteon::cards
