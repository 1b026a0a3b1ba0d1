#include "fhir/model/ucum_unit.h"

#include <atomic>
#include <memory>
#include <new>

#include "fhir/base/text.h"
#include "fhir/model/ucum_canonical.h"
#include "fhir/model/ucum_expression.h"

namespace osteon::model::ucum {
namespace {

// Insert-only, open addressing: a reader needs one acquire load per probe, and entries live as long as the
// process. Bounded, because unit texts come from outside.
class Memory {
 public:
  const Unit* Find(std::string_view text) const {
    for (std::size_t slot = Hash(text), probes = 0; probes < kProbes; ++probes, slot = (slot + 1) % kSlots) {
      const Unit* const unit = slots_[slot].load(std::memory_order_acquire);
      if (unit == nullptr) return nullptr;
      if (unit->text == text) return unit;
    }
    return nullptr;
  }

  // The remembered unit, or null when there is no room.
  const Unit* Remember(const Unit& unit) {
    if (unit.text.size() > kLongestText || count_.fetch_add(1, std::memory_order_relaxed) >= kRoom) {
      return nullptr;
    }
    auto entry = std::make_unique<Entry>(unit);
    for (std::size_t slot = Hash(unit.text), probes = 0; probes < kProbes;
         ++probes, slot = (slot + 1) % kSlots) {
      const Unit* expected = nullptr;
      if (slots_[slot].compare_exchange_strong(expected, &entry->unit, std::memory_order_acq_rel)) {
        return &entry.release()->unit;
      }
      if (expected->text == unit.text) return expected;
    }
    return nullptr;
  }

 private:
  static constexpr std::size_t kSlots = 4096;
  static constexpr std::size_t kRoom = kSlots / 2;
  static constexpr std::size_t kProbes = 32;
  static constexpr std::size_t kLongestText = 64;

  struct Entry {
    explicit Entry(const Unit& source) : text(source.text), unit(source) { unit.text = text; }
    const std::string text;
    Unit unit;
  };

  static std::size_t Hash(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325ULL;  // FNV-1a
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return static_cast<std::size_t>(hash ^ (hash >> 32)) % kSlots;
  }

  std::array<std::atomic<const Unit*>, kSlots> slots_{};
  std::atomic<std::size_t> count_{0};
};

constinit Memory memory;

}  // namespace

const Unit* Find(std::string_view text, base::Arena& overflow) {
  const std::string_view code = base::Trim(text);
  if (const Unit* known = memory.Find(code)) return known;
  internal::CanonicalResult result = internal::Canonical(code);
  if (!result.unit) return nullptr;
  result.unit->text = code;
  if (const Unit* remembered = memory.Remember(*result.unit)) return remembered;
  result.unit->text = overflow.Copy(code);
  return new (overflow.Allocate(sizeof(Unit), alignof(Unit))) Unit(*result.unit);
}

std::string WhyInvalid(std::string_view text) {
  return text.empty() ? "the unit is empty" : internal::Canonical(text).error;
}

bool Comparable(const Unit& a, const Unit& b) {
  return a.dimensions == b.dimensions && a.arbitrary == b.arbitrary;
}

}  // namespace osteon::model::ucum
