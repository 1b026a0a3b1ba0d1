// The reader of request bodies: no crash and no read beyond the padding on any bytes, and the same
// understanding of them as an independent reader.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "fhir/json/tree.h"
#include "tests/fhir/json/canonical.h"
#include "tests/fhir/json/padded_text.h"
#include "tests/fhir/json/rapid_reader.h"

namespace {

using namespace osteon;
using json::operator""_key;

[[noreturn]] void Report(const char* what) {
  std::fprintf(stderr, "json_fuzz: %s\n", what);
  std::abort();
}

// Look-ups of every kind on every value; none of them may leave the tree.
std::size_t Visit(json::Value value) {
  std::size_t found = value["id"_key].size() + value.Find(value.string()).size() + value.At(1).size() +
                      value.raw().size() + value.number().size();
  std::size_t children = 0;
  for (json::Value child : value) {
    if (value.is_object() && !(value.Find(child.name()) == child))
      Report("a member is not found by its name");
    if (value.is_array() && !(value.At(children) == child)) Report("an element is not found by its index");
    ++children;
    found += Visit(child);
  }
  if (children != value.size()) Report("size() is not the number of children");
  return found;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const json::PaddedText text({reinterpret_cast<const char*>(data), size});
  base::Arena arena(1024);
  const auto tree = json::Tree::Read(text.view(), arena);
  if (tree.ok()) Visit((*tree)->root());

  const json::RapidResult rapid = json::ReadWithRapid(text.view());
  if (rapid.known == json::Known::kNumberBeyondDouble) return 0;
  if (tree.ok() != rapid.accepted) Report("one reader refuses what the other accepts");
  if (tree.ok() && json::Canonical((*tree)->root()) != rapid.canonical)
    Report("the readers understood different things");
  return 0;
}
