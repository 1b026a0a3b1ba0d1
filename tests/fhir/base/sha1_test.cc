#include "fhir/base/sha1.h"

#include <gtest/gtest.h>

#include <boost/uuid/detail/sha1.hpp>
#include <string>

namespace osteon::base::internal {
namespace {

std::string Hex(const Sha1Digest& digest) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  for (const std::uint8_t byte : digest) {
    text += kHex[byte >> 4];
    text += kHex[byte & 0x0F];
  }
  return text;
}

TEST(Sha1, GivesThePublishedDigests) {
  // FIPS 180-4 examples, and RFC 3174 section 7.3.
  EXPECT_EQ(Hex(Sha1("abc", "")), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(Hex(Sha1("", "")), "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  EXPECT_EQ(Hex(Sha1("abcdbcdecdefdefgefghfghighijhijk", "ijkljklmklmnlmnomnopnopq")),
            "84983e441c3bd26ebaae4aa1f95129e5e54670f1");
  EXPECT_EQ(Hex(Sha1(std::string(1'000'000, 'a'), "")), "34aa973cd4c4daa4f61eeb2bdbad27316534016f");
}

Sha1Digest ByBoost(const std::string& text) {
  boost::uuids::detail::sha1 sha1;
  sha1.process_bytes(text.data(), text.size());
  unsigned int words[5];
  sha1.get_digest(words);
  Sha1Digest digest;
  for (std::size_t i = 0; i < digest.size(); ++i)
    digest[i] = static_cast<std::uint8_t>(words[i / 4] >> (24 - 8 * (i % 4)));
  return digest;
}

// Every length around the borders of blocks, cut anywhere into head and tail.
TEST(Sha1, AgreesWithAnotherImplementationForEveryLengthAndCut) {
  std::string text;
  for (int length = 0; length < 200; ++length) {
    const Sha1Digest expected = ByBoost(text);
    for (std::size_t cut = 0; cut <= text.size(); cut += 7) {
      const std::string_view whole = text;
      EXPECT_EQ(Sha1(whole.substr(0, cut), whole.substr(cut)), expected) << length << " " << cut;
    }
    text += static_cast<char>(length * 37);
  }
}

}  // namespace
}  // namespace osteon::base::internal
