#include "fhir/base/error.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "fhir/base/result.h"

namespace osteon::base {
namespace {

Result<int> Half(int value) {
  if (value % 2 != 0) return Error{ErrorCode::kInvalidRequest, "odd", "", "value"};
  return value / 2;
}

Result<int> Quarter(int value) {
  OSTEON_ASSIGN_OR_RETURN(const int half, Half(value));
  OSTEON_RETURN_IF_ERROR(Half(half));
  return half / 2;
}

TEST(ErrorTable, NamesEachErrorOnceWithStatusesThatExist) {
  std::set<std::string_view> names;
  for (const ErrorRow& row : kErrorTable) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_GE(row.http_status, 400) << row.name;
    EXPECT_LE(row.http_status, 599) << row.name;
    EXPECT_GE(row.grpc_status, 1) << row.name;
    EXPECT_LE(row.grpc_status, 16) << row.name;
    EXPECT_FALSE(row.issue_type.empty()) << row.name;
  }
}

TEST(Result, HandsValuesAndErrorsThroughFunctions) {
  EXPECT_EQ(Quarter(12).value(), 3);
  EXPECT_EQ(Quarter(7).error().path, "value");
  EXPECT_EQ(Quarter(6).error().code, ErrorCode::kInvalidRequest);
}

}  // namespace
}  // namespace osteon::base
