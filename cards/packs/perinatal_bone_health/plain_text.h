// A text of the pack itself that JSON takes without an escape: the compiler checks it, so writing it is
// copying.
#pragma once

#include <stdexcept>
#include <string_view>

namespace osteon::cards::perinatal {

class PlainText {
 public:
  // A literal, in UTF-8.
  consteval PlainText(const char* literal) : text_(literal) {  // NOLINT(google-explicit-constructor)
    for (const char c : text_) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte < 0x20 || c == '"' || c == '\\') throw std::invalid_argument("JSON would escape it");
    }
  }
  constexpr operator std::string_view() const { return text_; }  // NOLINT(google-explicit-constructor)
  constexpr bool empty() const { return text_.empty(); }

 private:
  std::string_view text_;
};

}  // namespace osteon::cards::perinatal
