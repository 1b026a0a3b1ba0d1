// Writes JSON text: compact, RFC 8259, members in the order written.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "fhir/base/decimal.h"

namespace osteon::json {

// Calls must nest properly (StartObject, Key, value, ..., EndObject); asserted in debug builds.
class Writer {
 public:
  Writer();
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  Writer& StartObject();
  Writer& EndObject();
  Writer& StartArray();
  Writer& EndArray();
  Writer& Key(std::string_view name);
  // `text` is valid UTF-8.
  Writer& String(std::string_view text);
  Writer& Integer(std::int64_t value);
  Writer& Number(const base::Decimal& value);
  Writer& Bool(bool value);
  Writer& Null();
  // A value that is JSON text already; the caller vouches for it.
  Writer& Raw(std::string_view json);

  // Key and String at once; the most common pair.
  Writer& Member(std::string_view name, std::string_view text) { return Key(name).String(text); }

  // The text written so far; valid until the next call.
  std::string_view text() const;
  // Starts anew, keeping the memory.
  void Clear();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace osteon::json
