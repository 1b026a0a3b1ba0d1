#include "fhir/base/sha1.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstring>

namespace osteon::base::internal {
namespace {

constexpr std::size_t kBlock = 64;
constexpr std::size_t kLengthAt = kBlock - 8;  // of the message, in bits, at the end of the last block

using State = std::array<std::uint32_t, 5>;

std::uint32_t LoadBigEndian(const std::uint8_t* at) {
  std::uint32_t word = 0;
  std::memcpy(&word, at, sizeof(word));
  if constexpr (std::endian::native == std::endian::little) word = __builtin_bswap32(word);
  return word;
}

void StoreBigEndian(std::uint32_t word, std::uint8_t* at) {
  if constexpr (std::endian::native == std::endian::little) word = __builtin_bswap32(word);
  std::memcpy(at, &word, sizeof(word));
}

// The five working variables; the names rotate from one call to the next instead of the values.
template <typename Mix>
inline void Round(std::uint32_t a, std::uint32_t& b, std::uint32_t c, std::uint32_t d, std::uint32_t& e,
                  std::uint32_t word, std::uint32_t constant, Mix mix) {
  e += std::rotl(a, 5) + mix(b, c, d) + constant + word;
  b = std::rotl(b, 30);
}

class Compression {
 public:
  explicit Compression(const std::uint8_t* block) {
    for (std::size_t i = 0; i < words_.size(); ++i) words_[i] = LoadBigEndian(block + 4 * i);
  }

  void AddTo(State& state) {
    auto [a, b, c, d, e] = state;
    const auto choose = [](std::uint32_t x, std::uint32_t y, std::uint32_t z) { return z ^ (x & (y ^ z)); };
    const auto parity = [](std::uint32_t x, std::uint32_t y, std::uint32_t z) { return x ^ y ^ z; };
    const auto majority = [](std::uint32_t x, std::uint32_t y, std::uint32_t z) {
      return (x & y) | (z & (x | y));
    };
    TwentyRounds<0>(a, b, c, d, e, 0x5A827999, choose);
    TwentyRounds<20>(a, b, c, d, e, 0x6ED9EBA1, parity);
    TwentyRounds<40>(a, b, c, d, e, 0x8F1BBCDC, majority);
    TwentyRounds<60>(a, b, c, d, e, 0xCA62C1D6, parity);
    state = {state[0] + a, state[1] + b, state[2] + c, state[3] + d, state[4] + e};
  }

 private:
  // The message schedule, sixteen words at a time.
  template <std::size_t kRound>
  std::uint32_t Word() {
    constexpr std::size_t at = kRound % 16;
    if constexpr (kRound >= 16) {
      words_[at] =
          std::rotl(words_[(at + 13) % 16] ^ words_[(at + 8) % 16] ^ words_[(at + 2) % 16] ^ words_[at], 1);
    }
    return words_[at];
  }

  template <std::size_t kFirst, typename Mix>
  void FiveRounds(std::uint32_t& a, std::uint32_t& b, std::uint32_t& c, std::uint32_t& d, std::uint32_t& e,
                  std::uint32_t constant, Mix mix) {
    Round(a, b, c, d, e, Word<kFirst>(), constant, mix);
    Round(e, a, b, c, d, Word<kFirst + 1>(), constant, mix);
    Round(d, e, a, b, c, Word<kFirst + 2>(), constant, mix);
    Round(c, d, e, a, b, Word<kFirst + 3>(), constant, mix);
    Round(b, c, d, e, a, Word<kFirst + 4>(), constant, mix);
  }

  template <std::size_t kFirst, typename Mix>
  void TwentyRounds(std::uint32_t& a, std::uint32_t& b, std::uint32_t& c, std::uint32_t& d, std::uint32_t& e,
                    std::uint32_t constant, Mix mix) {
    FiveRounds<kFirst>(a, b, c, d, e, constant, mix);
    FiveRounds<kFirst + 5>(a, b, c, d, e, constant, mix);
    FiveRounds<kFirst + 10>(a, b, c, d, e, constant, mix);
    FiveRounds<kFirst + 15>(a, b, c, d, e, constant, mix);
  }

  std::array<std::uint32_t, 16> words_;
};

class Message {
 public:
  void Append(std::string_view text) {
    length_ += text.size();
    while (!text.empty()) {
      const std::size_t count = std::min(text.size(), kBlock - filled_);
      std::memcpy(block_.data() + filled_, text.data(), count);
      text.remove_prefix(count);
      filled_ += count;
      if (filled_ == kBlock) Flush();
    }
  }

  Sha1Digest Finish() {
    block_[filled_++] = 0x80;
    if (filled_ > kLengthAt) {
      std::memset(block_.data() + filled_, 0, kBlock - filled_);
      Flush();
    }
    std::memset(block_.data() + filled_, 0, kLengthAt - filled_);
    const std::uint64_t bits = length_ * 8;
    StoreBigEndian(static_cast<std::uint32_t>(bits >> 32), block_.data() + kLengthAt);
    StoreBigEndian(static_cast<std::uint32_t>(bits), block_.data() + kLengthAt + 4);
    Flush();
    Sha1Digest digest;
    for (std::size_t i = 0; i < state_.size(); ++i) StoreBigEndian(state_[i], digest.data() + 4 * i);
    return digest;
  }

 private:
  void Flush() {
    Compression(block_.data()).AddTo(state_);
    filled_ = 0;
  }

  State state_{0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476, 0xC3D2E1F0};
  std::array<std::uint8_t, kBlock> block_;
  std::size_t filled_ = 0;
  std::uint64_t length_ = 0;
};

}  // namespace

Sha1Digest Sha1(std::string_view head, std::string_view tail) {
  Message message;
  message.Append(head);
  message.Append(tail);
  return message.Finish();
}

}  // namespace osteon::base::internal
