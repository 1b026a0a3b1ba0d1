#include "fhir/path/evaluation.h"

namespace osteon::path {

char* Evaluation::AllocateText(Span span, std::size_t bytes) {
  // One step for each kilobyte, so that time is bounded too.
  if (!Spend(span, 1 + bytes / 1024)) return nullptr;
  if (bytes > arena_limit_ - arena.used_bytes()) {
    Fail(span, "the expression needs more memory than it may take");
    return nullptr;
  }
  return static_cast<char*>(arena.Allocate(bytes == 0 ? 1 : bytes, 1));
}

bool Evaluation::Exhausted(Span span) {
  Fail(span, arena.used_bytes() >= arena_limit_ ? "the expression needs more memory than it may take"
                                                : "the expression takes more steps than it may");
  return false;
}

}  // namespace osteon::path
