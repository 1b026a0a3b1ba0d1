#include "cds_hooks/cases/mutants.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>

#include "fhir/base/decimal.h"
#include "fhir/base/text.h"

namespace osteon::cds_hooks {
namespace {

struct Swap {
  std::string_view was;
  std::string_view is;
};
// Longer ones first.
constexpr Swap kSwaps[] = {{"<=", "<"}, {">=", ">"},       {"<", "<="},
                           {">", ">="}, {" and ", " or "}, {" or ", " and "}};

class Finder {
 public:
  explicit Finder(std::vector<Mutant>& found) : found_(found) {}

  void Cql(const std::string& file, std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
      if (const std::size_t skipped = Skip(text, at); skipped != at) {
        at = skipped;
      } else {
        at += Take(file, text, at);
      }
    }
  }

  // The conditions of a rule: what stands behind "when:" on a line.
  void Rule(const std::string& file, std::string_view text) {
    constexpr std::string_view kWhen = "when: ";
    for (std::size_t at = text.find(kWhen); at != std::string_view::npos; at = text.find(kWhen, at)) {
      const std::size_t end = std::min(text.find_first_of("\n,}", at), text.size());
      while (at < end) at += Take(file, text.substr(0, end), at);
    }
  }

  // The numbers of the parameters, one step of their last digit up and down.
  void Parameters(const std::string& file, std::string_view text) {
    constexpr std::string_view kDefault = "default: ";
    for (std::size_t at = text.find(kDefault); at != std::string_view::npos; at = text.find(kDefault, at)) {
      at += kDefault.size();
      const std::size_t end = std::min(text.find_first_not_of("-.0123456789", at), text.size());
      const auto number = base::Decimal::Parse(text.substr(at, end - at));
      if (!number) continue;
      std::string step = "1";
      if (number->scale() > 0)
        step = "0." + std::string(static_cast<std::size_t>(number->scale()) - 1, '0') + "1";
      const auto one = base::Decimal::Parse(step);
      for (const auto& changed : {number->Plus(*one), number->Minus(*one)}) {
        if (changed)
          found_.push_back({file, at, std::string(text.substr(at, end - at)), changed->ToString()});
      }
    }
  }

 private:
  // Past a comment, a string or a quoted name that begins here; `at` itself when none does.
  static std::size_t Skip(std::string_view text, std::size_t at) {
    const std::string_view rest = text.substr(at);
    if (rest.starts_with("//")) return std::min(text.find('\n', at), text.size());
    if (rest.starts_with("/*")) return std::min(text.find("*/", at + 2), text.size() - 2) + 2;
    if (rest.front() != '\'' && rest.front() != '"') return at;
    std::size_t end = at + 1;
    while (end < text.size() && text[end] != rest.front()) end += text[end] == '\\' ? 2 : 1;
    return std::min(end + 1, text.size());
  }

  // Bytes to go on by.
  std::size_t Take(const std::string& file, std::string_view text, std::size_t at) {
    for (const Swap& swap : kSwaps) {
      if (!text.substr(at).starts_with(swap.was)) continue;
      found_.push_back({file, at, std::string(swap.was), std::string(swap.is)});
      // The blank behind a word may begin the next one.
      return swap.was.back() == ' ' ? swap.was.size() - 1 : swap.was.size();
    }
    return 1;
  }

  std::vector<Mutant>& found_;
};

}  // namespace

std::vector<Mutant> MutantsOf(const cards::PackFiles& files) {
  std::vector<Mutant> mutants;
  Finder finder(mutants);
  for (const auto& [file, text] : files) {
    if (file.starts_with("logic/")) finder.Cql(file, text);
    if (file.starts_with("rules/")) finder.Rule(file, text);
    if (file == "pack.yaml") finder.Parameters(file, text);
  }
  return mutants;
}

cards::PackFiles Mutated(const cards::PackFiles& files, const Mutant& mutant) {
  cards::PackFiles mutated = files;
  mutated[mutant.file].replace(mutant.offset, mutant.was.size(), mutant.is);
  return mutated;
}

std::string PlaceText(const cards::PackFiles& files, const Mutant& mutant) {
  const auto file = files.find(mutant.file);
  if (file == files.end()) return mutant.file;
  const std::string_view before = std::string_view(file->second).substr(0, mutant.offset);
  const std::size_t line_begin = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  return mutant.file + ":" + std::to_string(1 + std::count(before.begin(), before.end(), '\n')) + ":" +
         std::to_string(1 + base::CodePointCount(before.substr(line_begin)));
}

}  // namespace osteon::cds_hooks
