// A JSON text with its tree: what json::Tree::Read needs to stay alive, in one object.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "fhir/base/arena.h"
#include "fhir/json/tree.h"

namespace osteon::testing {

// A copy of a text with the padding the reader needs.
class Padded {
 public:
  explicit Padded(std::string_view text);
  std::string_view text() const { return std::string_view(bytes_).substr(0, size_); }

 private:
  std::string bytes_;
  std::size_t size_;
};

class Document {
 public:
  // Throws std::runtime_error when the text is no JSON: a test's own data must be right.
  explicit Document(std::string_view text);
  Document(Document&&) = default;

  json::Value root() const { return root_; }
  operator json::Value() const { return root_; }  // NOLINT(google-explicit-constructor)

 private:
  std::unique_ptr<Padded> text_;
  std::unique_ptr<base::Arena> arena_;
  json::Value root_;
};

}  // namespace osteon::testing
