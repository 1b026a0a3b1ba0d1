// FHIRPath 2.0.0 section 5.6 "String Manipulation"; encode() to join() are of 2.1 (trial use in 2.0.0).
// Positions and lengths count code points.
#include <algorithm>
#include <functional>

#include "fhir/base/text.h"
#include "fhir/path/function_table.h"
#include "fhir/path/node.h"
#include "fhir/path/regex.h"
#include "fhir/path/text_coding.h"

namespace osteon::path {
namespace {

using model::Kind;
using model::Val;

Val Text(Evaluation& run, Span span, std::string_view text) {
  char* copy = run.AllocateText(span, text.size());
  if (copy == nullptr) return {};
  std::copy(text.begin(), text.end(), copy);
  return Val::String({copy, text.size()});
}

// The input and up to two arguments as strings; `valid` when none is empty or an error.
struct Strings {
  Strings(Evaluation& run, const CallNode& call, const Val& input_value, std::span<const Val> arguments) {
    const Val value = SingleString(run, input_value, call.span());
    valid = value.is(Kind::kString);
    if (valid) input = value.string();
    for (std::size_t i = 0; i < arguments.size() && i < 2; ++i) {
      const Val item = SingleString(run, arguments[i], call.argument(i).span());
      valid = valid && item.is(Kind::kString);
      if (item.is(Kind::kString)) argument[i] = item.string();
    }
    valid = valid && !run.failed();
  }
  bool valid = false;
  std::string_view input;
  std::string_view argument[2];
};

using Arguments = std::span<const Val>;

Val Length(Evaluation& run, const CallNode& call, const Val& input, Arguments arguments) {
  const Strings text(run, call, input, arguments);
  return text.valid ? Val::Integer(static_cast<std::int32_t>(base::CodePointCount(text.input))) : Val();
}

Val Position(const Strings& text, std::size_t byte) {
  if (!text.valid) return {};
  if (byte == std::string_view::npos) return Val::Integer(-1);
  return Val::Integer(static_cast<std::int32_t>(base::CodePointCount(text.input.substr(0, byte))));
}
Val IndexOf(Evaluation& run, const CallNode& call, const Val& input, Arguments arguments) {
  const Strings text(run, call, input, arguments);
  return Position(text, text.input.find(text.argument[0]));
}
Val LastIndexOf(Evaluation& run, const CallNode& call, const Val& input, Arguments arguments) {
  const Strings text(run, call, input, arguments);
  return Position(text, text.input.rfind(text.argument[0]));
}

Val Substring(Evaluation& run, const CallNode& call, const Val& input, Arguments arguments) {
  const Val value = SingleString(run, input, call.span());
  const auto start = SingleInteger(run, arguments[0], call.argument(0).span());
  std::optional<std::int64_t> length;
  if (arguments.size() > 1) length = SingleInteger(run, arguments[1], call.argument(1).span());
  if (run.failed() || value.is_null() || !start || *start < 0) return {};
  const std::string_view text = value.string();
  const std::string_view before = base::TakeCodePoints(text, static_cast<std::size_t>(*start));
  if (before.size() >= text.size()) return {};
  const std::string_view rest = text.substr(before.size());
  if (!length) return Val::String(rest);
  if (*length <= 0) return Val::String("");
  return Val::String(base::TakeCodePoints(rest, static_cast<std::size_t>(*length)));
}

Val StartsWith(Evaluation& run, const CallNode& call, const Val& input, Arguments arguments) {
  const Strings text(run, call, input, arguments);
  return text.valid ? Val::Boolean(text.input.starts_with(text.argument[0])) : Val();
}
Val EndsWith(Evaluation& run, const CallNode& call, const Val& input, Arguments arguments) {
  const Strings text(run, call, input, arguments);
  return text.valid ? Val::Boolean(text.input.ends_with(text.argument[0])) : Val();
}
Val ContainsText(Evaluation& run, const CallNode& call, const Val& input, Arguments arguments) {
  const Strings text(run, call, input, arguments);
  return text.valid ? Val::Boolean(text.input.find(text.argument[0]) != std::string_view::npos) : Val();
}

// A function of the input alone.
template <std::string (*kMap)(std::string_view)>
Val Mapped(Evaluation& run, const CallNode& call, const Val& input, Arguments arguments) {
  const Strings text(run, call, input, arguments);
  if (!text.valid || !run.Spend(call.span(), text.input.size() / 64)) return {};
  return Text(run, call.span(), kMap(text.input));
}

Val ReplaceText(Evaluation& run, const CallNode& call, const Val& input, Arguments arguments) {
  const Strings text(run, call, input, arguments);
  if (!text.valid) return {};
  const std::string_view pattern = text.argument[0];
  const std::string_view substitution = text.argument[1];
  std::string out;
  std::size_t at = 0;
  const auto room = [&] { return run.Spend(call.span(), 1 + substitution.size() / 64); };
  if (pattern.empty()) {
    // Between all characters, and at both ends.
    out = substitution;
    while (at < text.input.size() && room()) {
      AppendCodePoint(out, NextCodePoint(text.input, at));
      out += substitution;
    }
    return Text(run, call.span(), out);
  }
  for (;;) {
    const std::size_t found = text.input.find(pattern, at);
    out += text.input.substr(at, found - at);
    if (found == text.input.npos || !room()) break;
    out += substitution;
    at = found + pattern.size();
  }
  return Text(run, call.span(), out);
}

// --- regular expressions

// The prepared pattern, or one compiled now (whose memory is not the arena's, and is freed at once).
class Pattern {
 public:
  Pattern(Evaluation& run, const CallNode& call, std::string_view text) : regex_(call.regex()) {
    if (regex_ != nullptr) return;
    constexpr std::uint64_t kCost = 500;
    if (!run.Spend(call.span(), kCost)) return;
    std::string error;
    own_ = Regex::Compile(text, error);
    regex_ = own_.get();
    if (regex_ == nullptr) {
      run.Fail(call.argument(0).span(), ArenaText(run, {"not a regular expression: ", error}));
    }
  }
  const Regex* get() const { return regex_; }

 private:
  const Regex* regex_;
  std::unique_ptr<const Regex> own_;
};

Val Matches(Evaluation& run, const CallNode& call, const Val& input, Arguments arguments) {
  const Strings text(run, call, input, arguments);
  if (!text.valid || !run.Spend(call.span(), text.input.size() / 64)) return {};
  const Pattern pattern(run, call, text.argument[0]);
  return pattern.get() != nullptr ? Val::Boolean(pattern.get()->FindIn(text.input)) : Val();
}
Val MatchesFull(Evaluation& run, const CallNode& call, const Val& input, Arguments arguments) {
  const Strings text(run, call, input, arguments);
  if (!text.valid || !run.Spend(call.span(), text.input.size() / 64)) return {};
  const Pattern pattern(run, call, text.argument[0]);
  return pattern.get() != nullptr ? Val::Boolean(pattern.get()->MatchesAll(text.input)) : Val();
}
Val ReplaceMatches(Evaluation& run, const CallNode& call, const Val& input, Arguments arguments) {
  const Strings text(run, call, input, arguments);
  if (!text.valid || !run.Spend(call.span(), text.input.size() / 64)) return {};
  const Pattern pattern(run, call, text.argument[0]);
  if (pattern.get() == nullptr) return {};
  constexpr std::size_t kMaxBytes = 1 << 20;
  const auto replaced = pattern.get()->Replace(text.input, text.argument[1], kMaxBytes);
  if (replaced) return Text(run, call.span(), *replaced);
  return run.Fail(call.span(), "the substitution names no group of the pattern, or the result is too long");
}

// --- to several strings and back

Val ToChars(Evaluation& run, const CallNode& call, const Val& input, Arguments arguments) {
  const Strings text(run, call, input, arguments);
  model::ListBuilder characters(run.arena);
  for (std::size_t at = 0; text.valid && at < text.input.size();) {
    if (!run.Spend(call.span())) return {};
    const std::size_t begin = at;
    NextCodePoint(text.input, at);
    characters.Add(Val::String(text.input.substr(begin, at - begin)));
  }
  return characters.FinishCollection();
}

Val Split(Evaluation& run, const CallNode& call, const Val& input, Arguments arguments) {
  const Strings text(run, call, input, arguments);
  if (!text.valid) return {};
  const std::string_view separator = text.argument[0];
  if (separator.empty()) return ToChars(run, call, input, {});
  model::ListBuilder parts(run.arena);
  for (std::size_t at = 0;;) {
    if (!run.Spend(call.span())) return {};
    const std::size_t found = text.input.find(separator, at);
    parts.Add(Val::String(text.input.substr(at, found - at)));
    if (found == text.input.npos) return parts.FinishCollection();
    at = found + separator.size();
  }
}

Val Join(Evaluation& run, const CallNode& call, const Val& input, Arguments arguments) {
  if (model::Items(input).empty()) return {};
  std::string_view separator;
  if (!arguments.empty()) {
    const Val value = SingleString(run, arguments[0], call.argument(0).span());
    if (value.is(Kind::kString)) separator = value.string();
  }
  std::string out;
  bool is_first = true;
  for (const Val& item : model::Items(input)) {
    const Val value = SingleString(run, item, call.span());
    if (!run.Spend(call.span())) return {};
    if (value.is_null()) continue;
    if (!is_first) out += separator;
    out += value.string();
    is_first = false;
  }
  return Text(run, call.span(), out);
}

std::string TrimText(std::string_view text) {
  constexpr std::string_view kSpace = " \t\n\v\f\r";
  const std::size_t begin = text.find_first_not_of(kSpace);
  if (begin == text.npos) return {};
  return std::string(text.substr(begin, text.find_last_not_of(kSpace) - begin + 1));
}

// --- codings

struct Format {
  std::string_view name;
  std::optional<std::string> (*function)(std::string_view);
};
constexpr Format kEncoders[] = {
    {"hex", [](std::string_view t) { return std::optional(EncodeHex(t)); }},
    {"base64", [](std::string_view t) { return std::optional(EncodeBase64(t, Base64Alphabet::kStandard)); }},
    {"urlbase64", [](std::string_view t) { return std::optional(EncodeBase64(t, Base64Alphabet::kUrl)); }},
};
constexpr Format kDecoders[] = {
    {"hex", DecodeHex},
    {"base64", [](std::string_view t) { return DecodeBase64(t, Base64Alphabet::kStandard); }},
    {"urlbase64", [](std::string_view t) { return DecodeBase64(t, Base64Alphabet::kUrl); }},
};
constexpr Format kEscapers[] = {
    {"html", [](std::string_view t) { return std::optional(EscapeHtml(t)); }},
    {"json", [](std::string_view t) { return std::optional(EscapeJson(t)); }},
};
constexpr Format kUnescapers[] = {
    {"html", [](std::string_view t) { return std::optional(UnescapeHtml(t)); }},
    {"json", [](std::string_view t) { return std::optional(UnescapeJson(t)); }},
};

Val Transform(Evaluation& run, const CallNode& call, const Val& input, Arguments arguments,
              std::span<const Format> formats) {
  const Strings text(run, call, input, arguments);
  if (!text.valid || !run.Spend(call.span(), text.input.size() / 64)) return {};
  for (const Format& format : formats) {
    if (format.name != text.argument[0]) continue;
    const auto result = format.function(text.input);
    return result ? Text(run, call.span(), *result) : Val();
  }
  return run.Fail(call.argument(0).span(), "unknown format");
}
Val Encode(Evaluation& run, const CallNode& call, const Val& input, Arguments arguments) {
  return Transform(run, call, input, arguments, kEncoders);
}
Val Decode(Evaluation& run, const CallNode& call, const Val& input, Arguments arguments) {
  return Transform(run, call, input, arguments, kDecoders);
}
Val Escape(Evaluation& run, const CallNode& call, const Val& input, Arguments arguments) {
  return Transform(run, call, input, arguments, kEscapers);
}
Val Unescape(Evaluation& run, const CallNode& call, const Val& input, Arguments arguments) {
  return Transform(run, call, input, arguments, kUnescapers);
}

constexpr std::array<Argument, 3> kText = {Argument::kString, Argument::kString, Argument::kString};

constexpr FunctionRow kRows[] = {
    {"indexOf", 1, 1, Subject::kString, kText, Yields::kInteger, Count::kOne, "2.0.0#indexof", IndexOf},
    {"lastIndexOf", 1, 1, Subject::kString, kText, Yields::kInteger, Count::kOne, "3.0.0-ballot#lastindexof",
     LastIndexOf},
    {"substring",
     1,
     2,
     Subject::kString,
     {Argument::kInteger, Argument::kInteger, Argument::kInteger},
     Yields::kString,
     Count::kOne,
     "2.0.0#substring",
     Substring},
    {"startsWith", 1, 1, Subject::kString, kText, Yields::kBoolean, Count::kOne, "2.0.0#startswith",
     StartsWith},
    {"endsWith", 1, 1, Subject::kString, kText, Yields::kBoolean, Count::kOne, "2.0.0#endswith", EndsWith},
    {"contains", 1, 1, Subject::kString, kText, Yields::kBoolean, Count::kOne, "2.0.0#contains",
     ContainsText},
    {"upper", 0, 0, Subject::kString, {}, Yields::kString, Count::kOne, "2.0.0#upper", Mapped<ToUpper>},
    {"lower", 0, 0, Subject::kString, {}, Yields::kString, Count::kOne, "2.0.0#lower", Mapped<ToLower>},
    {"replace", 2, 2, Subject::kString, kText, Yields::kString, Count::kOne, "2.0.0#replace", ReplaceText},
    {"matches", 1, 1, Subject::kString, kText, Yields::kBoolean, Count::kOne, "2.0.0#matches", Matches},
    {"matchesFull", 1, 1, Subject::kString, kText, Yields::kBoolean, Count::kOne, "3.0.0-ballot#matchesfull",
     MatchesFull},
    {"replaceMatches", 2, 2, Subject::kString, kText, Yields::kString, Count::kOne, "2.0.0#replacematches",
     ReplaceMatches},
    {"length", 0, 0, Subject::kString, {}, Yields::kInteger, Count::kOne, "2.0.0#length", Length},
    {"toChars", 0, 0, Subject::kString, {}, Yields::kString, Count::kMany, "2.0.0#tochars", ToChars},
    {"encode", 1, 1, Subject::kString, kText, Yields::kString, Count::kOne, "2.1.0#encode", Encode},
    {"decode", 1, 1, Subject::kString, kText, Yields::kString, Count::kOne, "2.1.0#decode", Decode},
    {"escape", 1, 1, Subject::kString, kText, Yields::kString, Count::kOne, "2.1.0#escape", Escape},
    {"unescape", 1, 1, Subject::kString, kText, Yields::kString, Count::kOne, "2.1.0#unescape", Unescape},
    {"trim", 0, 0, Subject::kString, {}, Yields::kString, Count::kOne, "2.1.0#trim", Mapped<TrimText>},
    {"split", 1, 1, Subject::kString, kText, Yields::kString, Count::kMany, "2.1.0#split", Split},
    {"join", 0, 1, Subject::kString, kText, Yields::kString, Count::kOne, "2.1.0#join", Join},
};

}  // namespace

std::span<const FunctionRow> StringFunctions() {
  return kRows;
}

}  // namespace osteon::path
