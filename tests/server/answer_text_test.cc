#include "server/http/answer_text.h"

#include <gtest/gtest.h>

namespace osteon::server {
namespace {

std::string Cors(std::string_view origins, std::string_view origin, CorsAnswer answer) {
  std::string out;
  CorsPolicy(origins).Append(origin, answer, out);
  return out;
}

TEST(AnswerText, AnyOriginMayReadWithoutCredentials) {
  const std::string text = Cors("*", "https://a.example", CorsAnswer::kPreflight);
  EXPECT_NE(text.find("Access-Control-Allow-Origin: *\r\n"), std::string::npos);
  EXPECT_NE(text.find("Access-Control-Allow-Headers: authorization, content-type"), std::string::npos);
  EXPECT_EQ(text.find("Credentials"), std::string::npos);
}

TEST(AnswerText, ListedOriginsAreEchoedAndOthersAreNot) {
  const std::string_view list = "https://a.example, https://b.example";
  EXPECT_NE(Cors(list, "https://b.example", CorsAnswer::kActual).find("Allow-Origin: https://b.example\r\n"),
            std::string::npos);
  EXPECT_EQ(Cors(list, "https://b.example.evil", CorsAnswer::kActual), "Vary: Origin\r\n");
  EXPECT_EQ(Cors("", "https://b.example", CorsAnswer::kActual), "");
}

TEST(AnswerText, JsonMediaTypesAreKnownWithAnyParameters) {
  for (const char* type : {"application/json", "application/json; charset=utf-8", "Application/JSON",
                           "application/fhir+json;fhirVersion=4.0"}) {
    EXPECT_TRUE(IsJsonMediaType(type)) << type;
  }
  for (const char* type : {"", "text/json", "application/jsonx", "application/xml", "json"}) {
    EXPECT_FALSE(IsJsonMediaType(type)) << type;
  }
}

TEST(AnswerText, PlainRequestIdsAreKeptAndOthersReplaced) {
  RequestIds ids;
  EXPECT_EQ(ids.Take("abc-1.2_3"), "abc-1.2_3");
  const std::string first = ids.Take("");
  EXPECT_NE(first, ids.Take(""));
  EXPECT_NE(ids.Take("a\"b"), "a\"b");
  EXPECT_NE(ids.Take(std::string(65, 'a')), std::string(65, 'a'));
}

TEST(AnswerText, ErrorsCarryWhatTheirStatusNeeds) {
  std::string out;
  AnswerHead head;
  head.allow = "GET, HEAD, OPTIONS";
  head.keep_alive = false;
  WriteAnswerHead(ErrorResponse({base::ErrorCode::kMethodNotAllowed, "x", "", ""}), head, out);
  EXPECT_NE(out.find("HTTP/1.1 405 "), std::string::npos);
  EXPECT_NE(out.find("Allow: GET, HEAD, OPTIONS\r\n"), std::string::npos);
  EXPECT_NE(out.find("Connection: close\r\n"), std::string::npos);
  WriteAnswerHead(ErrorResponse({base::ErrorCode::kUnavailable, "x", "", ""}), head, out);
  EXPECT_NE(out.find("Retry-After: 1\r\n"), std::string::npos);
}

TEST(AnswerText, EveryStatusOfTheErrorTableHasItsLine) {
  for (const base::ErrorRow& row : base::kErrorTable) {
    std::string out;
    WriteAnswerHead(ErrorResponse({row.code, "x", "", ""}), AnswerHead{}, out);
    EXPECT_EQ(out.substr(0, 13), "HTTP/1.1 " + std::to_string(row.http_status) + " ") << row.name;
  }
}

}  // namespace
}  // namespace osteon::server
