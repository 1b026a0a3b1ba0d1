// CQL source text, places in it, and what is wrong at them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace osteon::cql {

// A library's text as its author wrote it. `name` is what findings call it until the library names itself.
struct Source {
  std::string name;
  std::string text;
};

// Bytes [begin, end) of a source text.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

enum class Phase : std::uint8_t { kParse, kCheck, kRun };

// One finding. `line` and `column` count from 1, columns in code points.
struct Diagnostic {
  Phase phase = Phase::kParse;
  std::string library;
  Span span;
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  std::string message;
  std::string hint;  // what the author may have meant, or which overloads were tried; may be empty
};

// Collects findings of one source text; a second finding at the same place is dropped, and so is what comes
// after kMostDiagnostics.
class Diagnostics {
 public:
  static constexpr std::size_t kMostDiagnostics = 100;

  explicit Diagnostics(const Source& source) : source_(&source), library_(source.name) {}

  void Add(Phase phase, Span span, std::string message, std::string hint = {});
  void SetLibrary(std::string_view name) { library_ = name; }

  bool empty() const { return found_.empty(); }
  const std::vector<Diagnostic>& found() const { return found_; }
  const Source& source() const { return *source_; }

 private:
  const Source* source_;
  std::string library_;
  std::vector<Diagnostic> found_;
};

// "Library:3:14: message", the source line, a caret under the place, and the hint if there is one.
std::string Render(const Diagnostic& diagnostic, const Source& source);

// The name among `candidates` that `name` most likely stands for, as "did you mean 'X'?"; empty when none is
// near.
std::string NearestNameHint(std::string_view name, const std::vector<std::string_view>& candidates);

}  // namespace osteon::cql
