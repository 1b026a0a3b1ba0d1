// Where time and decision ids come from.
#include <sys/random.h>

#include <chrono>
#include <cstring>
#include <optional>
#include <random>

#include "server/call.h"

namespace osteon::server {
namespace {

std::uint64_t Seed() {
  std::uint64_t seed = 0;
  if (::getrandom(&seed, sizeof(seed), 0) == sizeof(seed)) return seed;
  return std::random_device{}();
}

base::Instant SystemNow() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return base::Instant{std::chrono::duration_cast<std::chrono::milliseconds>(now).count()};
}

// UUID version 7 (RFC 9562): ordered by time, so that the store appends to its index. Ids are names, not
// secrets; a seeded generator per thread spares a system call for each.
base::Uuid RandomId() {
  thread_local std::mt19937_64 generator(Seed());
  const auto now_ms = static_cast<std::uint64_t>(SystemNow().ms);
  const std::uint64_t low = generator();
  const std::uint64_t high = generator();
  base::Uuid id;
  for (std::size_t i = 0; i < 6; ++i) id.bytes[i] = static_cast<std::uint8_t>(now_ms >> (8 * (5 - i)));
  std::memcpy(id.bytes.data() + 6, &low, 2);
  std::memcpy(id.bytes.data() + 8, &high, 8);
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0f) | 0x70);
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3f) | 0x80);
  return id;
}

class ConfiguredSource : public Source {
 public:
  ConfiguredSource(std::optional<base::Instant> now, std::optional<std::string> seed) : now_(now) {
    if (seed) parent_ = base::Uuid::FromName(base::Uuid{}, *seed);
  }

  base::Instant Now() override { return now_ ? *now_ : SystemNow(); }

  base::Uuid DecisionId(std::string_view service_id, std::string_view body) override {
    if (!parent_) return RandomId();
    std::string name;
    name.reserve(service_id.size() + 1 + body.size());
    name.append(service_id).append(1, '\n').append(body);
    return base::Uuid::FromName(*parent_, name);
  }

 private:
  const std::optional<base::Instant> now_;
  std::optional<base::Uuid> parent_;
};

}  // namespace

std::unique_ptr<Source> MakeSource(std::optional<base::Instant> now, std::optional<std::string> seed) {
  return std::make_unique<ConfiguredSource>(now, std::move(seed));
}

std::unique_ptr<Source> MakeSystemSource() {
  return MakeSource(std::nullopt, std::nullopt);
}

std::unique_ptr<Source> MakeFixedSource(base::Instant now, std::string seed) {
  return MakeSource(now, std::move(seed));
}

}  // namespace osteon::server
