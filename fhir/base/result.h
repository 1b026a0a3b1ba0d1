// Result<T>: a value or an Error. g++ 12 in C++20 mode has no std::expected.
#pragma once

#include <cassert>
#include <type_traits>
#include <utility>
#include <variant>

#include "fhir/base/error.h"

namespace osteon::base {

template <typename T>
class [[nodiscard]] Result {
 public:
  static_assert(!std::is_same_v<T, Error>);
  Result(T value)
      : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Result(Error error)
      : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // REQUIRES: ok().
  T& value() & {
    assert(ok());
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    assert(ok());
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    assert(ok());
    return std::move(*std::get_if<0>(&state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  // REQUIRES: !ok().
  const Error& error() const& {
    assert(!ok());
    return *std::get_if<1>(&state_);
  }
  Error&& error() && {
    assert(!ok());
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  std::variant<T, Error> state_;
};

struct Ok {};
using Status = Result<Ok>;

}  // namespace osteon::base

#define OSTEON_CONCAT_INNER_(a, b) a##b
#define OSTEON_CONCAT_(a, b) OSTEON_CONCAT_INNER_(a, b)

// Leaves the function with the error of `expression`, if it has one.
#define OSTEON_RETURN_IF_ERROR(expression)                          \
  do {                                                              \
    if (auto osteon_status_ = (expression); !osteon_status_.ok()) { \
      return std::move(osteon_status_).error();                     \
    }                                                               \
  } while (false)

// OSTEON_ASSIGN_OR_RETURN(auto x, Expression()); binds the value, or leaves the function with the error.
#define OSTEON_ASSIGN_OR_RETURN(lhs, expression) \
  OSTEON_ASSIGN_OR_RETURN_IMPL_(OSTEON_CONCAT_(osteon_result_, __LINE__), lhs, expression)
#define OSTEON_ASSIGN_OR_RETURN_IMPL_(result, lhs, expression) \
  auto result = (expression);                                  \
  if (!result.ok()) return std::move(result).error();          \
  lhs = std::move(result).value()
