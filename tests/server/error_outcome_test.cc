#include "server/error_outcome.h"

#include <gtest/gtest.h>

#include "server/http/message.h"
#include "tests/testing/document.h"

namespace osteon::server {
namespace {

TEST(ErrorOutcome, EveryRowOfTheTableIsAnOperationOutcome) {
  for (const base::ErrorRow& row : base::kErrorTable) {
    SCOPED_TRACE(row.name);
    const base::Error error{row.code, "what \"went\" wrong", "secret detail", "context.patientId"};
    const std::string json = OperationOutcomeJson(error);
    const testing::Document document(json);
    const json::Value root = document.root();
    EXPECT_EQ(root.Find("resourceType").string(), "OperationOutcome");
    const json::Value issue = root.Find("issue").At(0);
    EXPECT_EQ(issue.Find("severity").string(), "error");
    EXPECT_EQ(issue.Find("code").string(), row.issue_type);
    EXPECT_EQ(issue.Find("details").Find("coding").At(0).Find("code").string(), row.name);
    EXPECT_EQ(issue.Find("details").Find("text").string(), "what \"went\" wrong");
    EXPECT_EQ(issue.Find("expression").At(0).string(), "context.patientId");
    EXPECT_EQ(json.find("secret"), std::string::npos);

    const HttpResponse response = ErrorResponse(error);
    EXPECT_EQ(response.status, row.http_status);
    EXPECT_EQ(response.content_type, "application/fhir+json");
    EXPECT_EQ(response.body, json);
  }
}

TEST(ErrorOutcome, EmptyTextsAreNotWritten) {
  const std::string json = OperationOutcomeJson({base::ErrorCode::kInternal, "", "", ""});
  const testing::Document document(json);
  const json::Value issue = document.root().Find("issue").At(0);
  EXPECT_EQ(issue.Find("details").Find("text").string(), "internal");
  EXPECT_FALSE(issue.Find("expression").exists());
}

}  // namespace
}  // namespace osteon::server
