// Texts with placeholders, compiled: what stands between them, and expressions. Format: docs/rule-packs.md.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/cql/evaluate.h"

namespace osteon::cards {

// An expression of a pack, by its number; none by default.
struct Expression {
  static constexpr std::uint32_t kNone = UINT32_MAX;
  std::uint32_t number = kNone;
  explicit operator bool() const { return number != kNone; }
};

// What it became: a definition, or a function of the items in scope.
struct CompiledExpression {
  const cql::DefineIr* define = nullptr;
  const cql::FunctionIr* function = nullptr;
  bool takes_draft = false;
  bool takes_it = false;
};

// The items that an expression is about.
struct Scope {
  model::Val draft;
  model::Val it;
};

// One rule's use of the request's evaluation.
class ExpressionRun {
 public:
  ExpressionRun(std::span<const CompiledExpression> expressions, cql::Evaluation& evaluation)
      : expressions_(expressions), evaluation_(evaluation) {}

  // Null for no expression.
  model::Val Value(Expression expression, const Scope& scope) const;
  // A null condition counts as not met.
  bool IsTrue(Expression expression, const Scope& scope) const;
  // The same, and true when there is no condition.
  bool Allows(Expression condition, const Scope& scope) const {
    return !condition || IsTrue(condition, scope);
  }
  cql::Evaluation& evaluation() const { return evaluation_; }

 private:
  std::span<const CompiledExpression> expressions_;
  cql::Evaluation& evaluation_;
};

struct Template {
  // A literal text, or an expression whose value stands in its place.
  struct Part {
    std::string text;
    Expression value;
  };
  std::vector<Part> parts;

  bool empty() const { return parts.empty(); }
  bool is_literal() const { return parts.empty() || (parts.size() == 1 && !parts.front().value); }
  std::string_view literal() const {
    return parts.empty() ? std::string_view() : std::string_view(parts.front().text);
  }
};

// One piece of a text as written: a literal, or what stands between "{{" and "}}".
struct TemplatePiece {
  std::string_view text;
  std::size_t offset = 0;  // of `text` in the whole
  bool is_expression = false;
};
// Braces and quotes inside an expression are minded. A "{{" without its "}}" makes the last piece an
// expression that ends with the text; `is_closed` is false then.
struct TemplateSplit {
  std::vector<TemplatePiece> pieces;
  bool is_closed = true;
};
TemplateSplit SplitTemplate(std::string_view text);

enum class Markup : std::uint8_t { kPlain, kMarkdown };  // kMarkdown: values are escaped

// The value as text, appended; false and nothing appended when it is null or has no text.
bool AppendText(const model::Val& value, const model::ValueContext& context, Markup markup, std::string& out);
// The text filled in, appended; false and nothing appended when a placeholder is null.
bool AppendFilled(const Template& text, const ExpressionRun& run, const Scope& scope, Markup markup,
                  std::string& out);
// Appends `text` so that Markdown shows it as it is: in one line, no markup, no HTML.
void AppendEscaped(std::string_view text, std::string& out);

}  // namespace osteon::cards
