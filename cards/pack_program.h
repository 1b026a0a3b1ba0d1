// A rule pack as it runs: decision tables whose conditions, texts and resources are compiled, and what one
// request's evaluation of them needs. Made by cards/pack_compiler, read by cards/evaluator; immutable and
// shared by threads. Numbers of expressions index PackProgram::expressions.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cards/card.h"
#include "cards/resource_template.h"
#include "cards/template.h"
#include "fhir/cql/evaluate.h"
#include "fhir/terminology/terminology.h"

namespace osteon::cards {

struct DetailPlan {
  enum class Kind : std::uint8_t { kText, kEach, kGaps };
  Kind kind = Kind::kText;
  Expression when;
  Expression each;
  Template text;
};

struct ActionPlan {
  ActionType type = ActionType::kCreate;
  Expression when;
  Template description;
  Template resource_id;
  std::optional<ResourceTemplate> resource;
};

struct SuggestionPlan {
  Template label;
  Expression when;
  Expression each;
  bool is_recommended = false;
  std::vector<ActionPlan> actions;
};

struct CardPlan {
  std::string_view id;
  Template summary;
  std::vector<DetailPlan> detail;
  SelectionBehavior selection = SelectionBehavior::kAny;
  std::vector<Coding> override_reasons;
  std::vector<Link> links;
  std::vector<SuggestionPlan> suggestions;
};

struct LowerPlan {
  Expression when;
  Indicator to = Indicator::kInfo;
};

struct SuppressPlan {
  std::string_view id;
  Expression when;
  bool holds_with_gaps = false;
};

struct DoubtPlan {
  std::string_view id;
  Expression when;
  Expression each;
  std::string_view says;
};

struct RowPlan {
  std::string_view id;
  std::string_view title;
  Expression when;
  Indicator indicator = Indicator::kInfo;
  const CardPlan* card = nullptr;
  std::vector<LowerPlan> lower;
  std::vector<std::string_view> folds;
  Indicator folds_at = Indicator::kWarning;
  const CardPlan* could_not_check = nullptr;
  std::vector<const SuppressPlan*> suppress;
};

enum class Match : std::uint8_t { kFirst, kAll };

struct TablePlan {
  Expression for_each;
  std::vector<std::string_view> hooks;
  Match match = Match::kFirst;
  std::vector<RowPlan> rows;
  std::deque<CardPlan> cards;
  std::deque<SuppressPlan> suppress;
  std::vector<DoubtPlan> doubts;
  std::vector<std::uint32_t> uses;  // every expression of the table
};

struct RulePlan {
  std::string_view id;
  std::string_view title;
  std::vector<std::string_view> hooks;
  std::deque<TablePlan> tables;
};

// What the host tells the logic about the request.
enum class HostValue : std::uint8_t {
  kDraftMedications,
  kDraftServices,
  kSelected,
  kUnanswered,
  kMedicationUrls,
  kHook,
  kEncounterId,
  kUserId,
};

struct PackProgram {
  struct Key {
    std::string_view name;
    std::string_view says;
  };
  struct Host {
    std::uint32_t parameter = 0;  // ParameterIr::index
    HostValue value = HostValue::kHook;
  };
  // Where a line of a library came from, for errors at run time.
  struct Line {
    std::string library;
    std::uint32_t first = 0;
    std::uint32_t last = 0;
    std::string file;
    std::uint32_t line = 0;
  };

  std::optional<cql::CompiledLibrary> library;
  std::shared_ptr<const terminology::Index> terminology;
  std::vector<CompiledExpression> expressions;
  std::vector<Key> keys;                              // bit i of cql::Gaps; at most 64
  std::vector<cql::Gaps> retrieve_keys;               // by RetrieveIr::index: the keys that should answer it
  cql::Gaps subject_keys = 0;                         // the keys that bring the patient
  std::vector<std::optional<model::Val>> parameters;  // by ParameterIr::index; those of the pack
  std::vector<Host> host;
  std::deque<RulePlan> rules;
  std::vector<Line> lines;
  std::string_view source_label;
  std::string_view topic_system;

  std::string_view Keep(std::string_view text) { return texts_.emplace_back(text); }
  base::Arena& arena() { return arena_; }

 private:
  std::deque<std::string> texts_;
  base::Arena arena_;  // of constants
};

}  // namespace osteon::cards
