// Writes JSON text: compact, RFC 8259, members in the order written.
#pragma once

#include <cassert>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <type_traits>

#include "fhir/base/decimal.h"
#include "fhir/json/escape.h"

namespace osteon::json {

// A member name written in the source: checked by the compiler to need no escapes.
class PlainName {
 public:
  template <std::size_t kSize>
  consteval PlainName(const char (&name)[kSize]) : name_(name), size_(kSize - 1) {  // NOLINT
    for (const char c : std::string_view(name, kSize - 1)) {
      if (internal::IsEscaped(c)) throw "a name with characters to be escaped: give it as a std::string_view";
    }
  }
  constexpr const char* data() const { return name_; }
  constexpr std::size_t size() const { return size_; }

 private:
  const char* name_;
  std::size_t size_;
};

// Any other text.
template <typename T>
concept NameText = std::convertible_to<const T&, std::string_view> && !std::is_array_v<T>;

// Calls must nest properly (StartObject, Key, value, ..., EndObject); asserted in debug builds.
// The memory is the thread's, lent to one writer after another: making one costs next to nothing, and it
// stays on its thread.
class Writer {
 public:
  Writer();
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  Writer& StartObject() { return Start('{'); }
  Writer& EndObject() { return End('}'); }
  Writer& StartArray() { return Start('['); }
  Writer& EndArray() { return End(']'); }
  Writer& Key(PlainName name);
  template <NameText T>
  Writer& Key(const T& name) {
    return AnyKey(name);
  }
  // `text` is valid UTF-8.
  Writer& String(std::string_view text);
  Writer& Integer(std::int64_t value);
  Writer& Number(const base::Decimal& value);
  Writer& Bool(bool value) { return Plain(value ? std::string_view("true") : std::string_view("false")); }
  Writer& Null() {
    wrote_empty_ = true;
    return Plain("null");
  }
  // A value that is JSON text already; the caller vouches for it.
  Writer& Raw(std::string_view json) { return Plain(json); }

  // Key and String at once; the most common pair.
  Writer& Member(PlainName name, std::string_view text) { return Key(name).String(text); }
  template <NameText T>
  Writer& Member(const T& name, std::string_view text) {
    return AnyKey(name).String(text);
  }

  // True when a null, "", [] or {} was written; those inside Raw are not seen.
  bool wrote_empty() const { return wrote_empty_; }
  // The text written so far; valid until the next call.
  std::string_view text() const { return {bytes_.get(), size_}; }
  // Starts anew, keeping the memory.
  void Clear();

 private:
  Writer& Start(char bracket);
  Writer& End(char bracket);
  Writer& Plain(std::string_view token);
  Writer& AnyKey(std::string_view name);
  void Reserve(std::size_t more) {
    if (capacity_ - size_ < more) Grow(more);
  }
  void Grow(std::size_t more);
  void Put(char c) { bytes_[size_++] = c; }
  void PutComma() {
    if (needs_comma_) Put(',');
  }
  void PutQuoted(std::string_view text);
  void PutEscaped(std::string_view text);

  std::unique_ptr<char[]> bytes_;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
  std::size_t depth_ = 0;     // open arrays and objects
  bool needs_comma_ = false;  // a value stands right before
  bool wrote_empty_ = false;
};

inline Writer& Writer::Start(char bracket) {
  Reserve(2);
  PutComma();
  Put(bracket);
  needs_comma_ = false;
  ++depth_;
  return *this;
}

inline Writer& Writer::Key(PlainName name) {
  assert(depth_ > 0);
  Reserve(name.size() + 4);
  char* at = bytes_.get() + size_;
  *at = ',';
  at += needs_comma_ ? 1 : 0;
  *at++ = '"';
  std::memcpy(at, name.data(), name.size());
  at += name.size();
  *at++ = '"';
  *at++ = ':';
  size_ = static_cast<std::size_t>(at - bytes_.get());
  needs_comma_ = false;
  return *this;
}

inline Writer& Writer::End(char bracket) {
  assert(depth_ > 0);  // what came raw may end in anything
  Reserve(1);
  wrote_empty_ = wrote_empty_ || !needs_comma_;
  Put(bracket);
  needs_comma_ = true;
  --depth_;
  return *this;
}

}  // namespace osteon::json
