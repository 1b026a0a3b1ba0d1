// A text as Tree::Read wants it, with nothing readable beyond the padding and a padding that would do harm if
// it were read as JSON.
#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>

#include "fhir/json/tree.h"

namespace osteon::json {

class PaddedText {
 public:
  explicit PaddedText(std::string_view text)
      : size_(text.size()), bytes_(std::make_unique<char[]>(text.size() + kReadPadding)) {
    if (!text.empty()) std::memcpy(bytes_.get(), text.data(), text.size());
    constexpr std::string_view kHarm = "]}\":1,\\";
    for (std::size_t i = 0; i < kReadPadding; ++i) bytes_[size_ + i] = kHarm[i % kHarm.size()];
  }
  std::string_view view() const { return {bytes_.get(), size_}; }

 private:
  std::size_t size_;
  std::unique_ptr<char[]> bytes_;
};

}  // namespace osteon::json
