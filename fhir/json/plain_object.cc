#include "fhir/json/plain_object.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "fhir/json/escape.h"
#include "fhir/json/scan.h"

namespace osteon::json {
namespace {

constexpr std::size_t kDeepest = 24;
constexpr std::size_t kMostNames = 256;  // of all open objects

constexpr bool IsShortEscape(char c) {
  return c == '"' || c == '\\' || c == '/' || c == 'b' || c == 'f' || c == 'n' || c == 'r' || c == 't';
}

// Like names have like prints; unlike ones nearly always not. The quotes around the name are readable.
std::uint64_t Print(std::string_view name) {
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  if (name.size() >= sizeof(first)) {
    std::memcpy(&first, name.data(), sizeof(first));
    std::memcpy(&last, name.data() + name.size() - sizeof(last), sizeof(last));
  } else if (name.size() >= 3) {
    std::uint32_t head = 0;
    std::uint32_t tail = 0;
    std::memcpy(&head, name.data(), sizeof(head));
    std::memcpy(&tail, name.data() + name.size() - sizeof(tail) + 1, sizeof(tail));
    first = head;
    last = tail;
  } else {
    for (const char c : name) first = first << 8 | static_cast<unsigned char>(c);
  }
  return (first * 0x9E3779B97F4A7C15 ^ last) + name.size();
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  bool WholeObject() {
    SkipSpace();
    if (!IsAt('{') || !Object(0)) return false;
    SkipSpace();
    return at_ == end_;
  }

  std::string_view Member(std::string_view wanted) {
    SkipSpace();
    if (!IsAt('{')) return {};
    std::string_view name;
    do {
      if (!Name(name)) return {};
      const bool is_text = IsAt('"');
      const char* const begin = at_ + 1;
      has_escape_ = false;
      if (!Value(1)) return {};
      if (name != wanted) continue;
      const std::string_view text(begin, static_cast<std::size_t>(at_ - begin) - 1);
      return is_text && !has_escape_ ? text : std::string_view();
    } while (Continues());
    return {};
  }

 private:
  bool IsAt(char c) const { return at_ != end_ && *at_ == c; }

  void SkipSpace() {
    while (at_ != end_ && *at_ <= ' ' && internal::IsWhiteSpace(*at_)) ++at_;
  }

  // After a value of an object or array: true at a comma.
  bool Continues() {
    SkipSpace();
    return IsAt(',');
  }

  bool Closes(char bracket) {
    if (!IsAt(bracket)) return false;
    ++at_;
    return true;
  }

  // From the brace or comma before it to the value after it.
  bool Name(std::string_view& name) {
    ++at_;
    SkipSpace();
    const char* const begin = at_ + 1;
    has_escape_ = false;
    // A name with an escape might be another one in disguise.
    if (!IsAt('"') || !String() || has_escape_) return false;
    name = std::string_view(begin, static_cast<std::size_t>(at_ - begin) - 1);
    SkipSpace();
    if (!IsAt(':')) return false;
    ++at_;
    SkipSpace();
    return true;
  }

  bool Object(std::size_t depth) {
    if (depth == kDeepest) return false;
    const std::size_t first_name = names_;
    std::string_view name;
    do {
      if (!Name(name) || !IsNew(name, first_name) || !Value(depth + 1)) return false;
    } while (Continues());
    names_ = first_name;
    return Closes('}');
  }

  bool Array(std::size_t depth) {
    if (depth == kDeepest) return false;
    do {
      ++at_;
      SkipSpace();
      if (!Value(depth + 1)) return false;
    } while (Continues());
    return Closes(']');
  }

  bool Value(std::size_t depth) {
    if (at_ == end_) return false;
    switch (*at_) {
      case '"':
        return String();
      case '{':
        return Object(depth);
      case '[':
        return Array(depth);
      case 't':
        return Literal("true");
      case 'f':
        return Literal("false");
      default:
        return Number();
    }
  }

  // Not the empty one.
  bool String() {
    const char* const begin = ++at_;
    for (;;) {
      at_ = internal::FindEscaped(at_, end_);
      if (at_ == end_) return false;
      if (*at_ == '"') break;
      if (*at_ != '\\' || end_ - at_ < 2 || !IsShortEscape(at_[1])) return false;
      at_ += 2;
      has_escape_ = true;
    }
    return at_++ != begin;
  }

  bool Literal(std::string_view literal) {
    if (!std::string_view(at_, static_cast<std::size_t>(end_ - at_)).starts_with(literal)) return false;
    at_ += literal.size();
    return true;
  }

  bool Number() {
    const char* const begin = at_;
    while (at_ != end_ && (internal::IsDigit(*at_) || *at_ == '-' || *at_ == '+' || *at_ == '.' ||
                           *at_ == 'e' || *at_ == 'E')) {
      ++at_;
    }
    return internal::IsNumber(begin, at_);
  }

  // Names of one object differ.
  bool IsNew(std::string_view name, std::size_t first_name) {
    if (names_ == kMostNames) return false;
    const std::uint64_t print = Print(name);
    for (std::size_t i = first_name; i < names_; ++i) {
      if (prints_[i] == print) return false;
    }
    prints_[names_++] = print;
    return true;
  }

  const char* at_;
  const char* const end_;
  bool has_escape_ = false;  // in a string since it was last cleared
  std::size_t names_ = 0;
  std::array<std::uint64_t, kMostNames> prints_;
};

}  // namespace

bool IsPlainObject(std::string_view text) {
  return Scanner(text).WholeObject();
}

std::string_view PlainMember(std::string_view text, std::string_view name) {
  return Scanner(text).Member(name);
}

}  // namespace osteon::json
