#include "tests/cards/broken_packs.h"

#include <algorithm>

namespace osteon::testing {
namespace {

constexpr Mistake kMistakes[] = {
#include "tests/cards/broken_packs.inc"
};

}  // namespace

std::vector<Mistake> AllMistakes() {
  return {std::begin(kMistakes), std::end(kMistakes)};
}

const Mistake* FindMistake(std::string_view name) {
  const auto found = std::find_if(std::begin(kMistakes), std::end(kMistakes),
                                  [&](const Mistake& mistake) { return mistake.name == name; });
  return found == std::end(kMistakes) ? nullptr : found;
}

bool Apply(const Mistake& mistake, cards::PackFiles& files) {
  const std::string path(mistake.file);
  if (mistake.from.empty()) {
    if (mistake.to.empty()) return files.erase(path) == 1;
    files[path] = mistake.to;
    return true;
  }
  std::string& text = files[path];
  const std::size_t at = text.find(mistake.from);
  if (at == std::string::npos || text.find(mistake.from, at + 1) != std::string::npos) return false;
  text.replace(at, mistake.from.size(), mistake.to);
  return true;
}

}  // namespace osteon::testing
