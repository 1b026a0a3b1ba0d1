// A card as the JSON that WriteCard makes of it, without the JSON: what card_check.cc asks of a json::Value
// can be asked of these. Private to cards/.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "cards/card.h"
#include "fhir/json/key.h"

namespace osteon::cards {

// One value of the card, or its absence; valid as long as the card.
class Part {
 public:
  // The member of that name of the struct behind `object`.
  using Member = Part (*)(const void* object, json::Key key);
  using Element = Part (*)(const void* array, std::size_t index);

  Part() = default;
  static Part Text(std::string_view text);
  static Part OptionalText(std::string_view text) { return text.empty() ? Part() : Text(text); }
  static Part True();
  static Part Object(const void* object, Member member);
  static Part Array(const void* array, std::size_t size, Element element);

  explicit operator bool() const { return kind_ != Kind::kAbsent; }
  bool is_string() const { return kind_ == Kind::kText; }
  bool is_bool() const { return kind_ == Kind::kTrue; }
  bool is_true() const { return kind_ == Kind::kTrue; }
  bool is_object() const { return kind_ == Kind::kObject; }
  bool is_array() const { return kind_ == Kind::kArray; }
  std::string_view string() const {
    return is_string() ? std::string_view(static_cast<const char*>(data_), size_) : std::string_view();
  }
  bool empty() const { return !is_array() || size_ == 0; }
  Part operator[](json::Key key) const { return is_object() ? member_(data_, key) : Part(); }

  // The elements of an array; nothing otherwise.
  class Iterator {
   public:
    Iterator(const Part* array, std::size_t index) : array_(array), index_(index) {}
    Part operator*() const { return array_->element_(array_->data_, index_); }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.index_ == b.index_; }

   private:
    const Part* array_;
    std::size_t index_;
  };
  Iterator begin() const { return {this, 0}; }
  Iterator end() const { return {this, is_array() ? size_ : 0}; }

 private:
  enum class Kind : std::uint8_t { kAbsent, kText, kTrue, kObject, kArray };

  Kind kind_ = Kind::kAbsent;
  const void* data_ = nullptr;
  std::size_t size_ = 0;
  union {
    Member member_ = nullptr;
    Element element_;
  };
};

Part PartOf(const Card& card);

}  // namespace osteon::cards
