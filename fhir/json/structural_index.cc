#include "fhir/json/structural_index.h"

#include <simdjson.h>

#include <bit>
#include <memory>

#include "fhir/json/tree.h"

namespace osteon::json::internal {
namespace {

// dom_parser_implementation is internal to simdjson, so its meaning is pinned to the version it was read in.
// A later version needs a look at stage1(), structural_indexes and n_structural_indexes, and
// structural_index_test.
static_assert(simdjson::SIMDJSON_VERSION_MAJOR == 3 && simdjson::SIMDJSON_VERSION_MINOR == 0,
              "simdjson's stage 1 is used through an internal class, known for version 3.0 only");
static_assert(kReadPadding >= simdjson::SIMDJSON_PADDING);

using Parser = simdjson::internal::dom_parser_implementation;

constexpr std::size_t kLeastCapacity = 64 * 1024;
constexpr std::size_t kKeptCapacity = 1024 * 1024;  // an index over more is given back at the next small body
constexpr std::size_t kGreatestText = simdjson::SIMDJSON_MAXSIZE_BYTES - 64;

thread_local std::unique_ptr<Parser> thread_parser;

bool HasRoomFor(std::size_t bytes) {
  const bool too_small = thread_parser == nullptr || thread_parser->capacity() < bytes;
  const bool wasteful =
      thread_parser != nullptr && thread_parser->capacity() > kKeptCapacity && bytes <= kKeptCapacity;
  if (!too_small && !wasteful) return true;
  thread_parser.reset();
  const std::size_t capacity =
      bytes <= kLeastCapacity ? kLeastCapacity : std::min(std::bit_ceil(bytes), kGreatestText);
  // The depth is of simdjson's own stage 2, which is not used.
  return simdjson::get_active_implementation()->create_dom_parser_implementation(
             capacity, 1, thread_parser) == simdjson::SUCCESS;
}

}  // namespace

StructuralIndex IndexStructure(std::string_view text) {
  using Outcome = StructuralIndex::Outcome;
  if (text.size() > kGreatestText) return {Outcome::kTooLarge, nullptr, 0};
  if (!HasRoomFor(text.size())) {
    thread_parser.reset();
    return {Outcome::kNoMemory, nullptr, 0};
  }
  // Stage 1 of an empty text is not defined.
  if (text.empty()) return {Outcome::kLexicalError, nullptr, 0};
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  if (thread_parser->stage1(bytes, text.size(), simdjson::stage1_mode::regular) != simdjson::SUCCESS) {
    return {Outcome::kLexicalError, nullptr, 0};
  }
  return {Outcome::kIndexed, thread_parser->structural_indexes.get(), thread_parser->n_structural_indexes};
}

std::size_t StructuralIndexCapacity() {
  return thread_parser == nullptr ? 0 : thread_parser->capacity();
}

}  // namespace osteon::json::internal
