// D-*: discovery.
#include "cds_hooks/catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <utility>

#include "tests/testing/document.h"
#include "tests/testing/toy_pack.h"

namespace osteon::testing {
namespace {

using cds_hooks::Catalog;
using ::testing::HasSubstr;

TEST(Catalog, DiscoveryListsEveryServiceWithItsMembersInOrderD03D05D06D07D08D10) {
  cards::Pack pack = MakeToyPack();
  pack.services.resize(1);
  const auto catalog = std::move(Catalog::Create(std::move(pack))).value();
  EXPECT_EQ(catalog->discovery_json(),
            R"({"services":[{"hook":"patient-view","title":"Toy","description":"Looks at the chart.",)"
            R"("id":"toy-patient-view","prefetch":{"patient":"Patient/{{context.patientId}}",)"
            R"("conditions":"Condition?patient={{context.patientId}}&_count=100",)"
            R"("encounter":"Encounter/{{context.encounterId}}"},"usageRequirements":"Nothing."}]})");
}

TEST(Catalog, NoServicesAreAnEmptyArrayAndNothingElseIsEmptyD04D09G05) {
  cards::Pack empty = MakeToyPack();
  empty.services.clear();
  EXPECT_EQ((*Catalog::Create(std::move(empty)))->discovery_json(), R"({"services":[]})");
  cards::Pack bare = MakeToyPack();
  bare.services.resize(1);
  bare.services[0].prefetch.clear();
  bare.services[0].title = {};
  bare.services[0].usage_requirements = {};
  EXPECT_EQ(
      (*Catalog::Create(std::move(bare)))->discovery_json(),
      R"({"services":[{"hook":"patient-view","description":"Looks at the chart.","id":"toy-patient-view"}]})");
}

TEST(Catalog, FindsByIdAndHook) {
  const auto catalog = std::move(Catalog::Create(MakeToyPack())).value();
  EXPECT_TRUE(catalog->HasService("toy-order-sign"));
  EXPECT_FALSE(catalog->HasService("toy"));
  ASSERT_NE(catalog->Find("toy-order-sign", "order-sign"), nullptr);
  EXPECT_EQ(catalog->Find("toy-order-sign", "order-sign")->rules.size(), 1u);
  EXPECT_EQ(catalog->Find("toy-order-sign", "patient-view"), nullptr);
}

std::string Refusal(void (*change)(cards::Pack&)) {
  cards::Pack pack = MakeToyPack();
  change(pack);
  const auto catalog = Catalog::Create(std::move(pack));
  if (catalog.ok()) return "accepted";
  EXPECT_EQ(catalog.error().code, base::ErrorCode::kInvalidConfig);
  return catalog.error().path + ": " + catalog.error().public_text;
}

TEST(Catalog, RefusesAPackThatBreaksDiscovery) {
  EXPECT_THAT(Refusal([](cards::Pack& pack) { pack.services[0].id = "a b"; }),
              HasSubstr("path segment"));  // D-08
  EXPECT_THAT(Refusal([](cards::Pack& pack) { pack.services[0].id = ""; }), HasSubstr("path segment"));
  EXPECT_THAT(Refusal([](cards::Pack& pack) { pack.services[0].id = ".."; }), HasSubstr("path segment"));
  EXPECT_THAT(Refusal([](cards::Pack& pack) { pack.services[0].description = " "; }),
              HasSubstr("description"));
  EXPECT_THAT(Refusal([](cards::Pack& pack) { pack.services[0].hook = "order-dispatch"; }),
              HasSubstr("order-dispatch"));
  EXPECT_THAT(Refusal([](cards::Pack& pack) { pack.services[1] = pack.services[0]; }),
              HasSubstr("twice"));  // D-14
  EXPECT_THAT(Refusal([](cards::Pack& pack) { pack.services[0].prefetch[1].key = "patient"; }),
              HasSubstr("twice"));
  EXPECT_THAT(
      Refusal([](cards::Pack& pack) { pack.services[0].prefetch[0].query = "Patient/{{context.zzz}}"; }),
      HasSubstr("services.toy-patient-view.prefetch.patient: "));
}

}  // namespace
}  // namespace osteon::testing
