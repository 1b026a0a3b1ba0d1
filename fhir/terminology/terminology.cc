#include "fhir/terminology/terminology.h"

#include <algorithm>
#include <array>

namespace osteon::terminology {
namespace {

constexpr std::string_view kSnomed = "http://snomed.info/sct";

// Other writings of code systems that real senders use. Source: R4 terminologies-systems.html (OIDs).
struct SystemAlias {
  std::string_view name;  // without scheme and trailing slash
  std::string_view canonical;
};
constexpr SystemAlias kAliases[] = {
    {"snomed.info/sct", kSnomed},
    {"urn:oid:2.16.840.1.113883.6.96", kSnomed},
    {"loinc.org", "http://loinc.org"},
    {"urn:oid:2.16.840.1.113883.6.1", "http://loinc.org"},
    {"www.nlm.nih.gov/research/umls/rxnorm", "http://www.nlm.nih.gov/research/umls/rxnorm"},
    {"urn:oid:2.16.840.1.113883.6.88", "http://www.nlm.nih.gov/research/umls/rxnorm"},
    {"hl7.org/fhir/sid/icd-10-cm", "http://hl7.org/fhir/sid/icd-10-cm"},
    {"urn:oid:2.16.840.1.113883.6.90", "http://hl7.org/fhir/sid/icd-10-cm"},
    {"hl7.org/fhir/sid/icd-10", "http://hl7.org/fhir/sid/icd-10"},
    {"urn:oid:2.16.840.1.113883.6.3", "http://hl7.org/fhir/sid/icd-10"},
    {"www.whocc.no/atc", "http://www.whocc.no/atc"},
    {"urn:oid:2.16.840.1.113883.6.73", "http://www.whocc.no/atc"},
    {"www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
     "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"},
    {"terminology.hl7.org/CodeSystem/HCPCS", "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"},
    {"urn:oid:2.16.840.1.113883.6.285", "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"},
};

std::string_view NameOfSystem(std::string_view system) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (system.starts_with(scheme)) {
      system.remove_prefix(scheme.size());
      break;
    }
  }
  if (system.ends_with('/')) system.remove_suffix(1);
  return system;
}

std::uint64_t Hash(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  return hash ^ (hash >> 32);
}

bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}

// ICD-10 and its national forms ("http://hl7.org/fhir/sid/icd-10-cm"): dots are only written to read more
// easily, and many systems leave them out.
bool IgnoresDots(std::string_view system) {
  constexpr std::string_view kIcd10 = "http://hl7.org/fhir/sid/icd-10";
  return system.size() >= kIcd10.size() && system[kIcd10.size() - 1] == '0' && system.starts_with(kIcd10);
}

// What is compared of a code of such a system. Codes are short; what does not fit is no code of it.
class DotlessKey {
 public:
  explicit DotlessKey(std::string_view code) {
    for (const char c : code) {
      if (c == '.') continue;
      if (size_ == bytes_.size()) {
        size_ = 0;
        return;
      }
      bytes_[size_++] = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    }
  }
  std::string_view text() const { return {bytes_.data(), size_}; }

 private:
  std::array<char, 32> bytes_;
  std::size_t size_ = 0;
};

constexpr std::array<std::string_view, 9> kOperators = {"=",  "is-a",   "descendent-of", "is-not-a", "regex",
                                                        "in", "not-in", "generalizes",   "exists"};

}  // namespace

std::optional<FilterOperator> FindFilterOperator(std::string_view code) {
  const auto found = std::find(kOperators.begin(), kOperators.end(), code);
  if (found == kOperators.end()) return std::nullopt;
  return static_cast<FilterOperator>(found - kOperators.begin());
}

bool VersionLess(std::string_view a, std::string_view b) {
  while (!a.empty() && !b.empty()) {
    if (IsDigit(a.front()) && IsDigit(b.front())) {
      const auto take = [](std::string_view& text) {
        const std::size_t zeros = std::min(text.find_first_not_of('0'), text.size());
        text.remove_prefix(zeros);
        std::size_t length = 0;
        while (length < text.size() && IsDigit(text[length])) ++length;
        const std::string_view digits = text.substr(0, length);
        text.remove_prefix(length);
        return digits;
      };
      const std::string_view left = take(a);
      const std::string_view right = take(b);
      if (left.size() != right.size()) return left.size() < right.size();
      if (left != right) return left < right;
      continue;
    }
    if (a.front() != b.front()) return a.front() < b.front();
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  return a.size() < b.size();
}

bool ValueSet::Contains(CodeId code) const {
  return std::binary_search(codes_.begin(), codes_.end(), code);
}

const CodeSystem::Concept* CodeSystem::Find(CodeId code) const {
  const auto found = std::lower_bound(concepts_.begin(), concepts_.end(), code,
                                      [](const Concept& entry, CodeId id) { return entry.code < id; });
  return found != concepts_.end() && found->code == code ? &*found : nullptr;
}
bool CodeSystem::Contains(CodeId code) const {
  return Find(code) != nullptr;
}
std::optional<bool> CodeSystem::Subsumes(CodeId a, CodeId b) const {
  const Concept* below = Find(b);
  if (below == nullptr || Find(a) == nullptr) return std::nullopt;
  return a == b || std::binary_search(below->ancestors.begin(), below->ancestors.end(), a);
}

std::string_view CanonicalSystem(std::string_view system) {
  constexpr std::string_view kPlain = "http://";
  const bool is_edition = system.size() > kSnomed.size() && system.starts_with(kSnomed);
  if (system.starts_with(kPlain) && !system.ends_with('/') && !is_edition) return system;
  if (is_edition && system[kSnomed.size()] == '/') return kSnomed;
  const std::string_view name = NameOfSystem(system);
  for (const SystemAlias& alias : kAliases) {
    if (alias.name == name) return alias.canonical;
  }
  return system;
}

std::optional<CodeId> Index::Find(std::string_view system, std::string_view code) const {
  if (slots_.empty()) return std::nullopt;
  system = CanonicalSystem(system);
  if (IgnoresDots(system)) return Probe(system, DotlessKey(code).text());
  return Probe(system, code);
}

std::optional<CodeId> Index::Probe(std::string_view system, std::string_view key) const {
  for (std::size_t slot = Hash(key) & (slots_.size() - 1); slots_[slot] != 0;
       slot = (slot + 1) & (slots_.size() - 1)) {
    const Entry& entry = entries_[slots_[slot] - 1];
    if (entry.Key() == key && systems_[entry.system] == system) return static_cast<CodeId>(slots_[slot] - 1);
  }
  return std::nullopt;
}

std::vector<CodeId> Index::FindInAnySystem(std::string_view code) const {
  std::vector<CodeId> found;
  if (slots_.empty()) return found;
  const DotlessKey dotless(code);
  const auto probe = [&](std::string_view key, bool dots_matter) {
    for (std::size_t slot = Hash(key) & (slots_.size() - 1); slots_[slot] != 0;
         slot = (slot + 1) & (slots_.size() - 1)) {
      const Entry& entry = entries_[slots_[slot] - 1];
      if (entry.Key() == key && IgnoresDots(systems_[entry.system]) != dots_matter)
        found.push_back(static_cast<CodeId>(slots_[slot] - 1));
    }
  };
  probe(code, true);
  probe(dotless.text(), false);
  return found;
}

Index::Text Index::Describe(CodeId code) const {
  const Entry& entry = entries_[static_cast<std::size_t>(code)];
  return {systems_[entry.system], entry.code};
}

const ValueSet* Index::FindValueSet(std::string_view canonical) const {
  const std::size_t bar = canonical.find('|');
  const std::string_view url = canonical.substr(0, bar);
  const std::string_view version =
      bar == std::string_view::npos ? std::string_view() : canonical.substr(bar + 1);
  const ValueSet* found = nullptr;
  auto candidate =
      std::lower_bound(value_sets_.begin(), value_sets_.end(), url,
                       [](const auto& set, std::string_view wanted) { return set->url() < wanted; });
  for (; candidate != value_sets_.end() && (*candidate)->url() == url; ++candidate) {
    if (!version.empty() && (*candidate)->version() != version) continue;
    if (found == nullptr || VersionLess(found->version(), (*candidate)->version())) found = candidate->get();
  }
  return found;
}

const CodeSystem* Index::FindCodeSystem(std::string_view url) const {
  for (const auto& candidate : code_systems_) {
    if (candidate->url() == url) return candidate.get();
  }
  return nullptr;
}

bool Index::Contains(const ValueSet& value_set, std::string_view system, std::string_view code) const {
  if (const auto id = Find(system, code)) return value_set.Contains(*id);
  return value_set.is_open() && Begins(value_set, system, code);
}

bool Index::ContainsInAnySystem(const ValueSet& value_set, std::string_view code) const {
  const auto ids = FindInAnySystem(code);
  if (std::any_of(ids.begin(), ids.end(), [&](CodeId id) { return value_set.Contains(id); })) return true;
  return std::any_of(value_set.prefixes_.begin(), value_set.prefixes_.end(),
                     [&](const auto& prefix) { return Contains(value_set, systems_[prefix.system], code); });
}

bool Index::Begins(const ValueSet& value_set, std::string_view system, std::string_view code) const {
  system = CanonicalSystem(system);
  const DotlessKey dotless(code);
  const std::string_view key = IgnoresDots(system) ? dotless.text() : code;
  return std::any_of(value_set.prefixes_.begin(), value_set.prefixes_.end(), [&](const auto& prefix) {
    return key.starts_with(prefix.prefix) && systems_[prefix.system] == system &&
           std::none_of(prefix.except.begin(), prefix.except.end(),
                        [&](const std::string& except) { return key.starts_with(except); });
  });
}

std::string Index::KeyOf(std::string_view system, std::string_view code) {
  return std::string(IgnoresDots(system) ? DotlessKey(code).text() : code);
}

std::uint32_t Index::SystemOf(std::string_view system) {
  auto at = std::find(systems_.begin(), systems_.end(), system);
  if (at == systems_.end()) at = systems_.insert(systems_.end(), std::string(system));
  return static_cast<std::uint32_t>(at - systems_.begin());
}

CodeId Index::Intern(std::string_view system, std::string_view code) {
  if (const auto known = Find(system, code)) return *known;
  if (2 * (entries_.size() + 1) > slots_.size()) Grow();
  Entry& entry = entries_.emplace_back();
  entry.code = code;
  entry.system = SystemOf(system);
  if (std::string key = KeyOf(system, code); key != code) entry.key = std::move(key);
  std::size_t slot = Hash(entry.Key()) & (slots_.size() - 1);
  while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
  slots_[slot] = static_cast<std::uint32_t>(entries_.size());
  return static_cast<CodeId>(entries_.size() - 1);
}

void Index::Grow() {
  slots_.assign(slots_.empty() ? 64 : 2 * slots_.size(), 0);
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    std::size_t slot = Hash(entries_[i].Key()) & (slots_.size() - 1);
    while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = static_cast<std::uint32_t>(i + 1);
  }
}

}  // namespace osteon::terminology
