#include "fhir/json/writer.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <string>
#include <utility>

#include "fhir/json/escape.h"

namespace osteon::json {
namespace {

constexpr std::size_t kFirstCapacity = 8 * 1024;
constexpr std::size_t kLargestKept = 256 * 1024;  // one huge answer does not stay in memory
constexpr std::size_t kBlock = internal::kEscapeBlock;

// Memory that the thread's last writer left.
struct Spare {
  std::unique_ptr<char[]> bytes;
  std::size_t capacity = 0;
};
thread_local Spare spare;

// The place of the first character of [at, at + length) to be escaped, or `length`. Bytes up to the end of
// the last block are read.
std::size_t FindEscapedInBlocks(const char* at, std::size_t length) {
  for (std::size_t i = 0; i < length; i += kBlock) {
    const unsigned found = internal::EscapedInBlock(at + i);
    if (found != 0) return std::min(i + static_cast<std::size_t>(__builtin_ctz(found)), length);
  }
  return length;
}

// The letter of the short escapes, or '\0'.
constexpr char ShortEscape(char c) {
  switch (c) {
    case '"':
    case '\\':
      return c;
    case '\b':
      return 'b';
    case '\f':
      return 'f';
    case '\n':
      return 'n';
    case '\r':
      return 'r';
    case '\t':
      return 't';
    default:
      return '\0';
  }
}

constexpr std::size_t kLongestEscape = 6;

// Writes the escape of `c`; returns its length.
std::size_t WriteEscape(char c, char* to) {
  if (const char letter = ShortEscape(c); letter != '\0') {
    to[0] = '\\';
    to[1] = letter;
    return 2;
  }
  constexpr char kHex[] = "0123456789ABCDEF";
  std::memcpy(to, "\\u00", 4);
  to[4] = kHex[static_cast<unsigned char>(c) >> 4];
  to[5] = kHex[static_cast<unsigned char>(c) & 0x0F];
  return kLongestEscape;
}

}  // namespace

Writer::Writer() : bytes_(std::move(spare.bytes)), capacity_(std::exchange(spare.capacity, 0)) {
  if (bytes_ == nullptr) Grow(kFirstCapacity);
}

Writer::~Writer() {
  if (capacity_ > kLargestKept || capacity_ <= spare.capacity) return;
  spare.bytes = std::move(bytes_);
  spare.capacity = capacity_;
}

void Writer::Grow(std::size_t more) {
  const std::size_t capacity = std::max(capacity_ * 2, size_ + more);
  std::unique_ptr<char[]> bytes(new char[capacity]);
  if (size_ != 0) std::memcpy(bytes.get(), bytes_.get(), size_);
  bytes_ = std::move(bytes);
  capacity_ = capacity;
}

// The text is copied first and looked at in the copy, where whole blocks may be read.
void Writer::PutQuoted(std::string_view text) {
  Put('"');
  char* const copy = bytes_.get() + size_;
  if (!text.empty()) std::memcpy(copy, text.data(), text.size());
  const std::size_t plain = FindEscapedInBlocks(copy, text.size());
  size_ += plain;
  if (plain != text.size()) [[unlikely]]
    PutEscaped(text.substr(plain));
  Put('"');
}

void Writer::PutEscaped(std::string_view text) {
  while (!text.empty()) {
    const char* const stop = internal::FindEscaped(text.data(), text.data() + text.size());
    const auto plain = static_cast<std::size_t>(stop - text.data());
    // Room for the rest as well, and what follows a string: most need no more than one escape here.
    Reserve(text.size() + kLongestEscape + kBlock);
    std::memcpy(bytes_.get() + size_, text.data(), plain);
    size_ += plain;
    if (plain == text.size()) return;
    size_ += WriteEscape(text[plain], bytes_.get() + size_);
    text.remove_prefix(plain + 1);
  }
}

Writer& Writer::AnyKey(std::string_view name) {
  assert(depth_ > 0);
  Reserve(name.size() + 4 + kBlock);
  PutComma();
  PutQuoted(name);
  Put(':');
  needs_comma_ = false;
  return *this;
}

Writer& Writer::String(std::string_view text) {
  Reserve(text.size() + 3 + kBlock);
  PutComma();
  PutQuoted(text);
  needs_comma_ = true;
  wrote_empty_ = wrote_empty_ || text.empty();
  return *this;
}

Writer& Writer::Plain(std::string_view token) {
  Reserve(token.size() + 1);
  PutComma();
  if (!token.empty()) std::memcpy(bytes_.get() + size_, token.data(), token.size());
  size_ += token.size();
  needs_comma_ = true;
  return *this;
}

Writer& Writer::Integer(std::int64_t value) {
  char digits[20];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), value);
  return Plain(std::string_view(digits, static_cast<std::size_t>(end.ptr - digits)));
}

Writer& Writer::Number(const base::Decimal& value) {
  return Plain(value.ToString());
}

void Writer::Clear() {
  size_ = 0;
  depth_ = 0;
  needs_comma_ = false;
  wrote_empty_ = false;
}

}  // namespace osteon::json
