// The name of a version, and the versions on disk.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>

#include "server/activation/kept_packs.h"
#include "server/pack_bundle.h"
#include "server/sha256.h"

namespace osteon::server {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

TEST(Sha256, IsThatOfTheStandard) {
  // FIPS 180-4, examples of SHA-256.
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Sha256Hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

PackBundle Small() {
  auto bundle = ReadBundle({fs::path(OSTEON_SOURCE_DIR) / "tests/cards/small_pack", "", {}});
  EXPECT_TRUE(bundle.ok());
  return *std::move(bundle);
}

TEST(BundleHash, ChangesWithEverythingThatDecides) {
  const PackBundle small = Small();
  const std::string hash = BundleHash(small);
  EXPECT_EQ(hash.size(), kSha256HexDigits);
  EXPECT_EQ(BundleHash(Small()), hash);
  PackBundle other = small;
  other.overlay_name = "elsewhere.yaml";
  EXPECT_EQ(BundleHash(other), hash);
  other.overlay = "";
  EXPECT_NE(BundleHash(other), hash);
  other = small;
  other.parameters["s.limit"] = "42.5";
  EXPECT_NE(BundleHash(other), hash);
  other = small;
  other.files["rules/s.yaml"] += "\n";
  EXPECT_NE(BundleHash(other), hash);
  // The same bytes, cut differently.
  PackBundle one, two;
  one.files = {{"a", "bc"}};
  two.files = {{"ab", "c"}};
  EXPECT_NE(BundleHash(one), BundleHash(two));
}

TEST(LoadBundle, TheConfigurationsParametersWinOverTheOverlays) {
  PackBundle bundle = Small();
  bundle.overlay = "pack: small\nparameters: {s.limit: 40, cards.max: 3}\n";
  bundle.parameters["cards.max"] = "4";
  const BundleLoading loading = LoadBundle(bundle);
  ASSERT_NE(loading.catalog, nullptr) << loading.text;
  const cards::Parameters& parameters = loading.catalog->pack().parameters;
  for (std::size_t i = 0; i < parameters.rows().size(); ++i) {
    if (parameters.rows()[i].key == "s.limit") {
      EXPECT_EQ(parameters.TextOf(i), "40");
    } else if (parameters.rows()[i].key == "cards.max") {
      EXPECT_EQ(parameters.TextOf(i), "4");
    }
  }
  EXPECT_EQ(loading.catalog->pack().content_hash, BundleHash(bundle));
}

TEST(LoadBundle, MistakesOfAnOverlayHaveTheirPlaceAndLine) {
  PackBundle bundle = Small();
  bundle.overlay_name = "site.yaml";
  bundle.overlay = "pack: small\nrows:\n  S.1: {indicator: info}\n";
  const BundleLoading loading = LoadBundle(bundle);
  EXPECT_EQ(loading.catalog, nullptr);
  EXPECT_THAT(loading.text, HasSubstr("site.yaml:3:3: "));
  EXPECT_THAT(loading.text, HasSubstr("S.1: {indicator: info}"));
  EXPECT_EQ(BriefOf(loading.findings), "2 mistakes, the first at site.yaml:3:3");
}

class KeptPacksTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "osteon_kept_XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }
  fs::path folder_;
};

TEST_F(KeptPacksTest, AVersionComesBackAsItWas) {
  PackBundle bundle = Small();
  bundle.overlay = "pack: small\n";
  bundle.parameters = {{"s.limit", "45"}};
  const std::string hash = BundleHash(bundle);
  const KeptPacks kept(folder_ / "packs");
  EXPECT_FALSE(kept.Active());
  ASSERT_TRUE(kept.Keep(bundle, hash).ok());
  ASSERT_TRUE(kept.Keep(bundle, hash).ok());
  ASSERT_TRUE(kept.SetActive(hash).ok());
  EXPECT_EQ(kept.Active(), hash);
  const auto read = kept.Read(hash);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->files, bundle.files);
  EXPECT_EQ(read->overlay, bundle.overlay);
  EXPECT_EQ(read->parameters, bundle.parameters);
}

TEST_F(KeptPacksTest, ADamagedVersionIsNotReadAndIsReplaced) {
  const PackBundle bundle = Small();
  const std::string hash = BundleHash(bundle);
  const KeptPacks kept(folder_);
  ASSERT_TRUE(kept.Keep(bundle, hash).ok());
  fs::remove(folder_ / hash / "pack/rules/s.yaml");
  ASSERT_FALSE(kept.Read(hash).ok());
  EXPECT_EQ(kept.Read(hash).error().code, base::ErrorCode::kStore);
  ASSERT_TRUE(kept.Keep(bundle, hash).ok());
  EXPECT_TRUE(kept.Read(hash).ok());
}

TEST_F(KeptPacksTest, NamesThatAreNoHashLeadNowhere) {
  const KeptPacks kept(folder_);
  for (const char* name : {"", "..", "../packs", "/etc"}) {
    EXPECT_EQ(kept.Read(name).error().code, base::ErrorCode::kInvalidRequest) << name;
  }
}

}  // namespace
}  // namespace osteon::server
