#include "fhir/json/writer.h"

#include <rapidjson/writer.h>

#include <algorithm>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace osteon::json {
namespace {

// What RapidJSON writes into. Its own StringBuffer does not survive running out of memory.
class Output {
 public:
  using Ch = char;

  void Put(char c) {
    if (size_ == bytes_.size()) bytes_.resize(bytes_.size() * 2);
    bytes_[size_++] = c;
  }
  void Append(const char* text, std::size_t length) {
    if (bytes_.size() - size_ < length) bytes_.resize(std::max(bytes_.size() * 2, size_ + length));
    if (length != 0) std::memcpy(bytes_.data() + size_, text, length);
    size_ += length;
  }
  void Flush() {}

  std::string_view text() const { return {bytes_.data(), size_}; }
  void Clear() { size_ = 0; }

 private:
  std::string bytes_ = std::string(4096, '\0');
  std::size_t size_ = 0;
};

// Characters that RFC 8259 section 7 wants escaped.
constexpr bool IsEscaped(char c) {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

// The first character of [at, end) to be escaped, or end.
const char* FindEscaped(const char* at, const char* end) {
#if defined(__SSE2__)
  for (; end - at >= 16; at += 16) {
    const __m128i chunk = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
    const __m128i quotes = _mm_cmpeq_epi8(chunk, _mm_set1_epi8('"'));
    const __m128i backslashes = _mm_cmpeq_epi8(chunk, _mm_set1_epi8('\\'));
    const __m128i controls = _mm_cmpeq_epi8(_mm_max_epu8(chunk, _mm_set1_epi8(0x1F)), _mm_set1_epi8(0x1F));
    const int found = _mm_movemask_epi8(_mm_or_si128(_mm_or_si128(quotes, backslashes), controls));
    if (found != 0) return at + __builtin_ctz(static_cast<unsigned>(found));
  }
#endif
  while (at != end && !IsEscaped(*at)) ++at;
  return at;
}

}  // namespace
}  // namespace osteon::json

// RapidJSON's own hooks for a faster path, which it has for its StringBuffer only: whole runs instead of
// single characters.
namespace rapidjson {

template <>
inline bool Writer<osteon::json::Output>::ScanWriteUnescapedString(StringStream& is, std::size_t length) {
  const char* const end = is.head_ + length;
  const char* const stop = osteon::json::FindEscaped(is.src_, end);
  os_->Append(is.src_, static_cast<std::size_t>(stop - is.src_));
  is.src_ = stop;
  return stop != end;
}

template <>
inline bool Writer<osteon::json::Output>::WriteRawValue(const char* json, std::size_t length) {
  os_->Append(json, length);
  return true;
}

}  // namespace rapidjson

namespace osteon::json {

struct Writer::Impl {
  Output output;
  rapidjson::Writer<Output> rapid{output};
};

Writer::Writer() : impl_(std::make_unique<Impl>()) {}
Writer::~Writer() = default;

Writer& Writer::StartObject() {
  impl_->rapid.StartObject();
  return *this;
}

Writer& Writer::EndObject() {
  impl_->rapid.EndObject();
  return *this;
}

Writer& Writer::StartArray() {
  impl_->rapid.StartArray();
  return *this;
}

Writer& Writer::EndArray() {
  impl_->rapid.EndArray();
  return *this;
}

Writer& Writer::Key(std::string_view name) {
  return String(name);
}

Writer& Writer::String(std::string_view text) {
  // RapidJSON wants a pointer even for nothing.
  const char* const bytes = text.data() == nullptr ? "" : text.data();
  impl_->rapid.String(bytes, static_cast<rapidjson::SizeType>(text.size()));
  return *this;
}

Writer& Writer::Integer(std::int64_t value) {
  impl_->rapid.Int64(value);
  return *this;
}

Writer& Writer::Number(const base::Decimal& value) {
  const std::string digits = value.ToString();
  impl_->rapid.RawValue(digits.data(), digits.size(), rapidjson::kNumberType);
  return *this;
}

Writer& Writer::Bool(bool value) {
  impl_->rapid.Bool(value);
  return *this;
}

Writer& Writer::Null() {
  impl_->rapid.Null();
  return *this;
}

Writer& Writer::Raw(std::string_view json) {
  impl_->rapid.RawValue(json.data(), json.size(), rapidjson::kObjectType);
  return *this;
}

std::string_view Writer::text() const {
  return impl_->output.text();
}

void Writer::Clear() {
  impl_->output.Clear();
  impl_->rapid.Reset(impl_->output);
}

}  // namespace osteon::json
