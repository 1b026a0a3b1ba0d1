// A JSON document for a test, with its text and arena.
#pragma once

#include <string>
#include <string_view>

#include "fhir/base/arena.h"
#include "fhir/json/tree.h"

namespace osteon::model {

class Document {
 public:
  explicit Document(std::string_view text) : text_(text) {
    const std::size_t length = text_.size();
    text_.append(json::kReadPadding, ' ');
    auto tree = json::Tree::Read(std::string_view(text_).substr(0, length), arena_);
    if (tree.ok()) root_ = tree.value()->root();
  }
  Document(const Document&) = delete;
  Document& operator=(const Document&) = delete;

  // Absent when the text is no JSON.
  json::Value root() const { return root_; }

 private:
  std::string text_;
  base::Arena arena_;
  json::Value root_;
};

}  // namespace osteon::model
