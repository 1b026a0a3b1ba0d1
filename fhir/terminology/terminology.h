// Which codes are in which value set: immutable, shared by all threads, one hash probe and one bisection per
// question.
//
// Loading is strict. A value set whose content cannot be known - a code system that is missing or a fragment
// behind a filter or behind "all codes", a value set that is included but not there, a cycle, an incomplete
// expansion - fails with the reason; it is never an empty set.
//
// Codes of ICD-10 and its national forms are the same with and without dots, and in either case.
//
// Source: R4 valueset.html#compositions, FHIRPath R4 memberOf and subsumes, CQL 1.5.3 "In (Valueset)".
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/terminology/definition.h"

namespace osteon::terminology {

// A (system, code) that some value set or code system names. Ask once per coding of the request, then probe
// many value sets.
enum class CodeId : std::uint32_t {};

class ValueSet {
 public:
  std::string_view url() const { return url_; }
  std::string_view version() const { return version_; }
  std::string_view name() const { return name_; }
  bool Contains(CodeId code) const;
  // Ascending; texts by Index::Describe. All of them, unless the set is open.
  std::span<const CodeId> codes() const { return codes_; }
  std::size_t size() const { return codes_.size(); }
  // It also holds codes that begin in some way, which no list can name.
  bool is_open() const { return !prefixes_.empty(); }

 private:
  friend class Builder;
  std::string url_;
  std::string version_;
  std::string name_;
  std::vector<CodeId> codes_;  // with every code of the index that begins in a way below
  struct Prefix {
    std::uint32_t system = 0;
    std::string prefix;
    std::vector<std::string> except;
  };
  std::vector<Prefix> prefixes_;

  friend class Index;
};

class CodeSystem {
 public:
  std::string_view url() const { return url_; }
  bool is_complete() const { return is_complete_; }
  bool Contains(CodeId code) const;
  // a is b or above it. nullopt when either is not in this code system.
  std::optional<bool> Subsumes(CodeId a, CodeId b) const;

 private:
  friend class Builder;
  struct Concept {
    CodeId code;
    std::vector<CodeId> ancestors;  // ascending, without itself
  };
  const Concept* Find(CodeId code) const;

  std::string url_;
  bool is_complete_ = true;
  std::vector<Concept> concepts_;  // ascending by code
};

// The URL by which value sets name a code system that a sender wrote with https, a trailing slash, its OID or
// (SNOMED CT) its edition; anything else as it is.
std::string_view CanonicalSystem(std::string_view system);

class Index {
 public:
  // nullopt for a code that nothing here names; such a code is in open value sets at most.
  std::optional<CodeId> Find(std::string_view system, std::string_view code) const;
  // All systems' codes of that text: for a bare code (FHIRPath memberOf on a code, CQL "in" with a String).
  std::vector<CodeId> FindInAnySystem(std::string_view code) const;

  struct Text {
    std::string_view system;
    std::string_view code;
  };
  Text Describe(CodeId code) const;

  // By canonical URL, "|version" allowed. Without a version the greatest one; null when there is none.
  const ValueSet* FindValueSet(std::string_view canonical) const;
  const CodeSystem* FindCodeSystem(std::string_view url) const;
  std::span<const std::unique_ptr<const ValueSet>> value_sets() const { return value_sets_; }

  // Also for codes that nothing here names.
  bool Contains(const ValueSet& value_set, std::string_view system, std::string_view code) const;
  // For a bare code: whether it is in the value set in any system.
  bool ContainsInAnySystem(const ValueSet& value_set, std::string_view code) const;

 private:
  friend class Builder;
  CodeId Intern(std::string_view system, std::string_view code);
  std::uint32_t SystemOf(std::string_view system);
  static std::string KeyOf(std::string_view system, std::string_view code);
  std::optional<CodeId> Probe(std::string_view system, std::string_view key) const;
  void Grow();
  bool Begins(const ValueSet& value_set, std::string_view system, std::string_view code) const;

  struct Entry {
    std::string code;  // as first written
    std::string key;   // what is compared, where that is not the code itself
    std::uint32_t system = 0;

    std::string_view Key() const { return key.empty() ? code : key; }
  };
  std::vector<std::string> systems_;
  std::vector<Entry> entries_;        // by CodeId
  std::vector<std::uint32_t> slots_;  // CodeId + 1; open addressing by the key alone
  std::vector<std::unique_ptr<const ValueSet>> value_sets_;
  std::vector<std::unique_ptr<const CodeSystem>> code_systems_;
};

// What keeps one value set or code system from being loaded.
struct Problem {
  std::string origin;  // as given
  std::string url;     // of the value set or code system
  std::string reason;  // a sentence for whoever wrote it
};

struct BuildResult {
  std::shared_ptr<const Index> index;  // null when there is any problem
  std::vector<Problem> problems;       // all of them
};
BuildResult Build(const Definitions& definitions);

}  // namespace osteon::terminology
