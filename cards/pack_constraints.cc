#include "cards/pack_constraints.h"

#include <optional>
#include <string_view>
#include <vector>

#include "cards/nearest_name.h"

namespace osteon::cards {
namespace {

std::vector<std::string_view> WordsOf(std::string_view text) {
  std::vector<std::string_view> words;
  while (true) {
    const std::size_t begin = text.find_first_not_of(' ');
    if (begin == std::string_view::npos) return words;
    text.remove_prefix(begin);
    const std::size_t length = std::min(text.find(' '), text.size());
    words.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
}

class Checker {
 public:
  Checker(const Parameters& parameters, PackFindings& findings)
      : parameters_(parameters), findings_(findings) {}

  void Check(const Text& constraint) {
    const std::vector<std::string_view> words = WordsOf(constraint.text);
    if (words.size() < 3 || words.size() % 2 == 0) return Unreadable(constraint);
    for (std::size_t i = 1; i < words.size(); i += 2) {
      if (words[i] != "<" && words[i] != "<=") return Unreadable(constraint);
    }
    std::vector<std::size_t> indexes;
    for (std::size_t i = 0; i < words.size(); i += 2) {
      const auto index = IndexOf(constraint, words[i]);
      if (!index) return;
      indexes.push_back(*index);
    }
    for (std::size_t i = 0; i + 1 < indexes.size(); ++i)
      Compare(constraint, indexes[i], words[2 * i + 1], indexes[i + 1]);
  }

 private:
  void Unreadable(const Text& constraint) {
    findings_.Add(constraint, "a constraint is parameters with < or <= between them", "a.low < a.high");
  }

  std::optional<std::size_t> IndexOf(const Text& constraint, std::string_view name) {
    std::vector<std::string_view> names;
    const auto rows = parameters_.rows();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const bool is_number =
          rows[i].kind == ParameterKind::kInteger || rows[i].kind == ParameterKind::kDecimal;
      if (!is_number) continue;
      if (rows[i].key == name) return i;
      names.push_back(rows[i].key);
    }
    findings_.Add(constraint, "\"" + std::string(name) + "\" is not a numeric parameter of the pack",
                  NearestNameHint(name, names));
    return std::nullopt;
  }

  std::string Shown(std::size_t index) const {
    return std::string(parameters_.rows()[index].key) + " (" + std::string(parameters_.TextOf(index)) + ")";
  }

  void Compare(const Text& constraint, std::size_t low, std::string_view operation, std::size_t high) {
    const base::Decimal& a = parameters_.Number(low);
    const base::Decimal& b = parameters_.Number(high);
    const bool holds = operation == "<" ? a < b : !(b < a);
    if (holds) return;
    findings_.Add(constraint, "parameters contradict each other: " + Shown(low) + " " +
                                  std::string(operation) + " " + Shown(high) + " does not hold");
  }

  const Parameters& parameters_;
  PackFindings& findings_;
};

}  // namespace

void CheckConstraints(const PackSource& source, const Parameters& parameters, PackFindings& findings) {
  Checker checker(parameters, findings);
  for (const Text& constraint : source.constraints) checker.Check(constraint);
}

}  // namespace osteon::cards
