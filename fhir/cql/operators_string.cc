// CQL 1.5.3, Appendix B: String Operators. Positions count code points.
#include <algorithm>
#include <memory>
#include <unordered_map>

#include "fhir/base/text.h"
#include "fhir/cql/run.h"
#include "fhir/path/regex.h"
#include "fhir/path/text_coding.h"

namespace osteon::cql {
namespace {

using Operands = std::span<const Val>;

bool IsContinuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

// The byte where the code point of that position begins; text.size() when there are not so many.
std::size_t ByteOf(std::string_view text, std::int64_t position) {
  std::size_t at = 0;
  for (; position > 0 && at < text.size(); --position) {
    ++at;
    while (at < text.size() && IsContinuation(text[at])) ++at;
  }
  return at;
}

std::int32_t PositionOfByte(std::string_view text, std::size_t byte) {
  return static_cast<std::int32_t>(base::CodePointCount(text.substr(0, byte)));
}

Val Combine(Run& run, const Step& /*step*/, Operands operands) {
  if (operands[0].is_null() || (operands.size() > 1 && operands[1].is_null())) return {};
  const std::string_view separator = operands.size() > 1 ? operands[1].string() : std::string_view();
  std::string text;
  bool any = false;
  for (const Val& item : operands[0].list()) {
    if (!item.is(ValueKind::kString)) continue;
    if (any) text += separator;
    text += item.string();
    any = true;
  }
  return any ? run.Text(text) : Val();
}

Val Concatenate(Run& run, const Step& /*step*/, Operands operands) {
  return run.Text(std::string(operands[0].string()) + std::string(operands[1].string()));
}

Val ConcatenateNotNull(Run& run, const Step& /*step*/, Operands operands) {
  std::string text;
  for (const Val& part : operands) {
    if (part.is(ValueKind::kString)) text += part.string();
  }
  return run.Text(text);
}

Val StartsWith(Run& /*run*/, const Step& /*step*/, Operands operands) {
  return Val::Boolean(operands[0].string().starts_with(operands[1].string()));
}

Val EndsWith(Run& /*run*/, const Step& /*step*/, Operands operands) {
  return Val::Boolean(operands[0].string().ends_with(operands[1].string()));
}

Val Lower(Run& run, const Step& /*step*/, Operands operands) {
  return run.Text(path::ToLower(operands[0].string()));
}

Val Upper(Run& run, const Step& /*step*/, Operands operands) {
  return run.Text(path::ToUpper(operands[0].string()));
}

Val PositionOf(Run& /*run*/, const Step& /*step*/, Operands operands) {
  const std::size_t at = operands[1].string().find(operands[0].string());
  return Val::Integer(at == std::string_view::npos ? -1 : PositionOfByte(operands[1].string(), at));
}

Val LastPositionOf(Run& /*run*/, const Step& /*step*/, Operands operands) {
  const std::size_t at = operands[1].string().rfind(operands[0].string());
  return Val::Integer(at == std::string_view::npos ? -1 : PositionOfByte(operands[1].string(), at));
}

// Null beyond the end, but the empty text begins at 0.
Val Substring(Run& /*run*/, const Step& /*step*/, Operands operands) {
  const std::string_view text = operands[0].string();
  const std::int32_t start = operands[1].integer();
  if (start < 0) return {};
  const std::size_t begin = ByteOf(text, start);
  if (begin >= text.size() && !(text.empty() && start == 0)) return {};
  std::string_view rest = text.substr(begin);
  if (operands.size() > 2) {
    if (operands[2].integer() < 0) return {};
    rest = rest.substr(0, ByteOf(rest, operands[2].integer()));
  }
  return Val::String(rest);
}

Val Split(Run& run, const Step& step, Operands operands) {
  if (operands[0].is_null()) return {};
  std::string_view text = operands[0].string();
  const std::string_view separator = operands[1].is_null() ? std::string_view() : operands[1].string();
  model::ListBuilder parts(run.arena);
  while (!separator.empty()) {
    const std::size_t at = text.find(separator);
    if (at == std::string_view::npos || !run.Spend(*step.node)) break;
    parts.Add(Val::String(text.substr(0, at)));
    text.remove_prefix(at + separator.size());
  }
  parts.Add(Val::String(text));
  return parts.Finish();
}

Val ToChars(Run& run, const Step& /*step*/, Operands operands) {
  std::string_view text = operands[0].string();
  model::ListBuilder characters(run.arena);
  while (!text.empty()) {
    const std::size_t length = ByteOf(text, 1);
    characters.Add(Val::String(text.substr(0, length)));
    text.remove_prefix(length);
  }
  return characters.Finish();
}

// The pattern compiled; null with an error when it is not valid. Patterns are few and mostly literals, so
// each thread keeps those it has seen.
const path::Regex* PatternOf(Run& run, const Step& step, std::string_view pattern) {
  constexpr std::size_t kMostPatterns = 256;
  thread_local std::unordered_map<std::string, std::unique_ptr<const path::Regex>> known;
  std::string key(pattern);
  if (const auto found = known.find(key); found != known.end()) return found->second.get();
  std::string error;
  auto regex = path::Regex::Compile(pattern, error);
  if (regex == nullptr) {
    (void)run.Fail(*step.node, "the regular expression is not valid: " + error);
    return nullptr;
  }
  if (known.size() >= kMostPatterns) known.clear();
  return known.emplace(std::move(key), std::move(regex)).first->second.get();
}

Val Matches(Run& run, const Step& step, Operands operands) {
  const path::Regex* const regex = PatternOf(run, step, operands[1].string());
  return regex == nullptr ? Val() : Val::Boolean(regex->MatchesAll(operands[0].string()));
}

Val ReplaceMatches(Run& run, const Step& step, Operands operands) {
  const path::Regex* const regex = PatternOf(run, step, operands[1].string());
  if (regex == nullptr) return {};
  const auto replaced =
      regex->Replace(operands[0].string(), operands[2].string(), run.inputs.limits.arena_bytes);
  if (!replaced) return run.Fail(*step.node, "the substitution names a group that the pattern lacks");
  return run.Text(*replaced);
}

// A byte that no UTF-8 text holds marks the matches.
Val SplitOnMatches(Run& run, const Step& step, Operands operands) {
  const path::Regex* const regex = PatternOf(run, step, operands[1].string());
  if (regex == nullptr) return {};
  const auto marked = regex->Replace(operands[0].string(), "\xFF", run.inputs.limits.arena_bytes);
  if (!marked) return run.Fail(*step.node, "the result is too long");
  const Val pieces[] = {run.Text(*marked), Val::String("\xFF")};
  return Split(run, step, pieces);
}

constexpr ImplementationRow kRows[] = {
    {"SplitOnMatches", SplitOnMatches},
    {"Combine", Combine},
    {"Concatenate", Concatenate},
    {"ConcatenateNotNull", ConcatenateNotNull},
    {"StartsWith", StartsWith},
    {"EndsWith", EndsWith},
    {"Lower", Lower},
    {"Upper", Upper},
    {"PositionOf", PositionOf},
    {"LastPositionOf", LastPositionOf},
    {"Substring", Substring},
    {"Split", Split},
    {"ToChars", ToChars},
    {"Matches", Matches},
    {"ReplaceMatches", ReplaceMatches},
};

}  // namespace

std::span<const ImplementationRow> StringOperators() {
  return kRows;
}

}  // namespace osteon::cql
