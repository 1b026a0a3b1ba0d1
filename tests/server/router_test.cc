#include "server/http/router.h"

#include <gtest/gtest.h>

namespace osteon::server {
namespace {

Router MakeRouter() {
  std::vector<Route> routes;
  routes.push_back({"POST", "/cds-services/{id}", RouteBody::kJson, RouteLog::kByHandler, {}});
  routes.push_back({"POST", "/cds-services/{id}/feedback", RouteBody::kJson, RouteLog::kByHandler, {}});
  routes.push_back({"GET", "/cds-services", RouteBody::kNone, RouteLog::kByListener, {}});
  routes.push_back({"GET", "/both", RouteBody::kNone, RouteLog::kByListener, {}});
  routes.push_back({"POST", "/both", RouteBody::kNone, RouteLog::kByListener, {}});
  return Router(std::move(routes));
}

TEST(Router, FindsRoutesByMethodAndPath) {
  const Router router = MakeRouter();
  ASSERT_NE(router.Find("GET", "/cds-services").route, nullptr);
  EXPECT_EQ(router.Find("GET", "/cds-services").route->pattern, "/cds-services");
  const RouteMatch call = router.Find("POST", "/cds-services/abc");
  ASSERT_NE(call.route, nullptr);
  EXPECT_EQ(call.route->pattern, "/cds-services/{id}");
  EXPECT_EQ(call.id, "abc");
  EXPECT_EQ(router.Find("POST", "/cds-services/abc/feedback").route->pattern, "/cds-services/{id}/feedback");
}

TEST(Router, HeadIsAnsweredByGet) {
  EXPECT_NE(MakeRouter().Find("HEAD", "/cds-services").route, nullptr);
}

TEST(Router, IdsAreDecodedAndQueriesIgnored) {
  const RouteMatch match = MakeRouter().Find("POST", "/cds-services/a%2Fb%20c?x=/y");
  ASSERT_NE(match.route, nullptr);
  EXPECT_EQ(match.id, "a/b c");
}

TEST(Router, AbsoluteFormIsAccepted) {
  EXPECT_NE(MakeRouter().Find("GET", "http://host:80/cds-services").route, nullptr);
  EXPECT_EQ(MakeRouter().Find("GET", "http://host").error->code, base::ErrorCode::kRouteNotFound);
}

TEST(Router, UnknownPathsAreNotFound) {
  for (const char* target :
       {"/", "", "//cds-services", "/cds-services/", "/CDS-services", "/cds-services/a/b",
        "/cds-services/a/feedback/", "/cds-services/..;/x", "cds-services", "*"}) {
    const RouteMatch match = MakeRouter().Find("GET", target);
    ASSERT_TRUE(match.error) << target;
    EXPECT_EQ(match.error->code, base::ErrorCode::kRouteNotFound) << target;
    EXPECT_EQ(match.allow, "") << target;
  }
}

TEST(Router, OtherMethodsAreToldWhatIsAllowed) {
  const Router router = MakeRouter();
  for (const char* method : {"DELETE", "PUT", "TRACE", "POST", "get", "CONNECT"}) {
    const RouteMatch match = router.Find(method, "/cds-services");
    ASSERT_TRUE(match.error) << method;
    EXPECT_EQ(match.error->code, base::ErrorCode::kMethodNotAllowed);
    EXPECT_EQ(match.allow, "GET, HEAD, OPTIONS");
  }
  EXPECT_EQ(router.Find("GET", "/cds-services/x").allow, "POST, OPTIONS");
  EXPECT_EQ(router.Find("PUT", "/both").allow, "GET, HEAD, POST, OPTIONS");
}

TEST(Router, OptionsIsKnownForEveryPath) {
  for (const char* target : {"/cds-services", "/cds-services/x", "/cds-services/x/feedback", "*"}) {
    const RouteMatch match = MakeRouter().Find("OPTIONS", target);
    EXPECT_FALSE(match.error) << target;
    EXPECT_FALSE(match.allow.empty()) << target;
  }
  EXPECT_TRUE(MakeRouter().Find("OPTIONS", "/nowhere").error);
}

TEST(Router, BrokenEscapesAreRefused) {
  for (const char* target :
       {"/cds-services/%", "/cds-services/%4", "/cds-services/%zz", "/cds-services/%00"}) {
    const RouteMatch match = MakeRouter().Find("POST", target);
    ASSERT_TRUE(match.error) << target;
    EXPECT_EQ(match.error->code, base::ErrorCode::kInvalidRequest) << target;
  }
}

}  // namespace
}  // namespace osteon::server
