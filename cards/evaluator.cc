#include "cards/evaluator.h"

#include <algorithm>
#include <utility>

#include "cards/card_maker.h"
#include "cards/pack_run.h"
#include "fhir/model/value_node.h"

namespace osteon::cards {
namespace {

using model::Val;

// What a table's rows are tried for.
struct Item {
  Scope scope;
  const Draft* draft = nullptr;
  std::string_view reference;
  std::size_t number = 0;
};

// What could not be read or judged.
struct Unknown {
  cql::Gaps gaps = 0;
  struct Doubt {
    std::string id;
    std::string says;
  };
  std::vector<Doubt> doubts;

  bool any() const { return gaps != 0 || !doubts.empty(); }
};

class Judge {
 public:
  Judge(const PackProgram& program, const RulePlan& plan, PackRun& run, const RuleInput& input)
      : program_(program),
        plan_(plan),
        run_(run),
        input_(input),
        evaluation_(run.evaluation()),
        expressions_(program.expressions, evaluation_) {}

  std::vector<RuleOutcome> Run() && {
    for (const TablePlan& table : plan_.tables) {
      if (std::find(table.hooks.begin(), table.hooks.end(), input_.hook) != table.hooks.end()) Table(table);
    }
    if (outcomes_.empty()) {
      outcomes_.push_back(std::move(quiet_));
      outcomes_.back().rule = plan_.id;
    }
    return std::move(outcomes_);
  }

 private:
  void Table(const TablePlan& table) {
    evaluation_.BeginRule();
    base_gaps_ = 0;
    if (!table.for_each) {
      Rows(table, Item{});
      return;
    }
    const Val list = expressions_.Value(table.for_each, {});
    if (evaluation_.error()) return Fail({}, {});
    base_gaps_ = evaluation_.gaps();
    std::size_t number = 0;
    for (const Val& value : model::Items(list)) {
      if (value.is_null()) continue;
      if (number != 0) evaluation_.BeginRule();
      Rows(table, ItemOf(value, number++));
    }
    if (number == 0) Nothing(table, Item{}, nullptr, false);
  }

  Item ItemOf(const Val& value, std::size_t number) {
    Item item{{value, {}}, run_.FindDraft(value), {}, number};
    if (value.is(model::Kind::kTuple)) {
      const Val reference = model::ToSystem(value.tuple().Find("reference"), evaluation_.values());
      if (reference.is(model::Kind::kString)) {
        item.reference = reference.string();
        item.draft = run_.FindDraft(item.reference);
      }
    }
    if (item.draft != nullptr) item.reference = item.draft->reference;
    return item;
  }

  void Rows(const TablePlan& table, const Item& item) {
    cql::Gaps gaps = base_gaps_;
    const RowPlan* unjudged = nullptr;
    bool met_any = false;
    for (const RowPlan& row : table.rows) {
      // For itself, when it matters what this row's condition alone could not read.
      if (row.could_not_check != nullptr) {
        gaps |= evaluation_.gaps();
        evaluation_.BeginRule();
      }
      const bool met = expressions_.IsTrue(row.when, item.scope);
      if (evaluation_.error()) return Fail(row.id, item.reference);
      if (input_.observer != nullptr) input_.observer->OnRow(plan_.id, row.id, met);
      if (!met) {
        if (row.could_not_check != nullptr && unjudged == nullptr && evaluation_.gaps() != 0) unjudged = &row;
        continue;
      }
      met_any = true;
      Met(table, row, item, gaps);
      if (table.match == Match::kFirst) return;
    }
    if (met_any) return;
    base_gaps_ = gaps;
    Nothing(table, item, unjudged, true);
  }

  RuleOutcome Outcome(std::string_view row, std::string_view draft, RuleStatus status) const {
    RuleOutcome outcome;
    outcome.rule = plan_.id;
    outcome.row = row;
    outcome.draft = draft;
    outcome.status = status;
    return outcome;
  }

  void Met(const TablePlan& table, const RowPlan& row, const Item& item, cql::Gaps gaps_before) {
    RuleOutcome outcome = Outcome(row.id, item.reference, RuleStatus::kSuppressed);
    if (item.draft != nullptr && !item.draft->may_raise_cards) {
      outcome.reason = "not_selected";
      outcomes_.push_back(std::move(outcome));
      return;
    }
    const SuppressPlan* const suppressed = Suppressed(row, item, gaps_before);
    if (evaluation_.error()) return Fail(row.id, item.reference);
    if (suppressed != nullptr) {
      outcome.reason = suppressed->id;
      outcomes_.push_back(std::move(outcome));
      return;
    }
    const Indicator indicator = Lowered(row, item);
    outcome.status = RuleStatus::kFired;
    if (indicator >= row.folds_at) outcome.absorbs = row.folds;
    Unknown unknown;
    const auto gap_texts = [&] {
      unknown = UnknownOf(table, item, gaps_before | evaluation_.gaps());
      return Words(unknown);
    };
    outcome.card = MakeCard(*row.card, row, item, indicator, gap_texts);
    if (!outcome.card) return Fail(row.id, item.reference);
    outcome.reason = Reason("unchecked", unknown);
    outcomes_.push_back(std::move(outcome));
  }

  template <typename GapTexts>
  std::optional<Card> MakeCard(const CardPlan& card, const RowPlan& row, const Item& item,
                               Indicator indicator, const GapTexts& gap_texts) {
    const CardMaker maker(program_, run_, input_);
    return maker.Make(card, CardSubject{plan_, row, item.reference, item.number}, indicator, item.scope,
                      gap_texts);
  }

  const SuppressPlan* Suppressed(const RowPlan& row, const Item& item, cql::Gaps gaps_before) {
    for (const SuppressPlan* const entry : row.suppress) {
      if (!expressions_.IsTrue(entry->when, item.scope)) continue;
      if (entry->holds_with_gaps || (gaps_before | evaluation_.gaps()) == 0) return entry;
    }
    return nullptr;
  }

  Indicator Lowered(const RowPlan& row, const Item& item) {
    for (const LowerPlan& lower : row.lower) {
      if (expressions_.IsTrue(lower.when, item.scope)) return std::min(row.indicator, lower.to);
    }
    return row.indicator;
  }

  // What a doubt's own condition could not read is no gap of the rule.
  Unknown UnknownOf(const TablePlan& table, const Item& item, cql::Gaps gaps) {
    Unknown unknown;
    unknown.gaps = gaps;
    for (const DoubtPlan& doubt : table.doubts) {
      if (doubt.each) {
        const Val list = expressions_.Value(doubt.each, item.scope);
        for (const Val& value : model::Items(list)) {
          std::string id;
          if (AppendText(value, evaluation_.values(), Markup::kPlain, id)) Add(unknown, id, doubt.says);
        }
      } else if (expressions_.IsTrue(doubt.when, item.scope)) {
        Add(unknown, std::string(doubt.id), doubt.says);
      }
    }
    return unknown;
  }

  static void Add(Unknown& unknown, const std::string& id, std::string_view says) {
    const auto same = [&](const Unknown::Doubt& known) { return known.id == id; };
    if (std::any_of(unknown.doubts.begin(), unknown.doubts.end(), same)) return;
    unknown.doubts.push_back({id, says.empty() ? id : std::string(says)});
  }

  // visit(name, words) for every gap and doubt.
  template <typename Visit>
  void ForEachUnknown(const Unknown& unknown, Visit visit) const {
    for (std::size_t i = 0; i < program_.keys.size(); ++i) {
      if ((unknown.gaps >> i & 1) != 0) visit(program_.keys[i].name, program_.keys[i].says);
    }
    for (const Unknown::Doubt& doubt : unknown.doubts) visit(doubt.id, doubt.says);
  }

  std::string Words(const Unknown& unknown) const {
    std::string words;
    ForEachUnknown(unknown, [&](std::string_view, std::string_view says) {
      if (!words.empty()) words += ", ";
      words += says;
    });
    return words;
  }

  std::string Reason(std::string_view prefix, const Unknown& unknown) const {
    std::string reason;
    ForEachUnknown(unknown, [&](std::string_view name, std::string_view) {
      reason += reason.empty() ? std::string(prefix) + ":" : ",";
      reason += name;
    });
    return reason;
  }

  // No row of the table was met.
  void Nothing(const TablePlan& table, const Item& item, const RowPlan* unjudged, bool tried) {
    Unknown unknown = UnknownOf(table, item, base_gaps_ | evaluation_.gaps());
    if (evaluation_.error()) return Fail({}, item.reference);
    RuleOutcome outcome =
        Outcome({}, item.reference, unknown.any() ? RuleStatus::kNotEvaluated : RuleStatus::kNotFired);
    outcome.reason = Reason("missing", unknown);
    if (tried && unjudged == nullptr && !unknown.doubts.empty()) {
      const auto row = std::find_if(table.rows.begin(), table.rows.end(),
                                    [](const RowPlan& each) { return each.could_not_check != nullptr; });
      if (row != table.rows.end()) unjudged = &*row;
    }
    if (unjudged != nullptr && (item.draft == nullptr || item.draft->may_raise_cards)) {
      outcome.row = unjudged->id;
      outcome.card = MakeCard(*unjudged->could_not_check, *unjudged, item, Indicator::kInfo,
                              [&] { return Words(unknown); });
      if (!outcome.card) return Fail(unjudged->id, item.reference);
    }
    // A list without items says something only when nothing else does.
    if (!tried && !unknown.any()) return;
    outcomes_.push_back(std::move(outcome));
  }

  void Fail(std::string_view row, std::string_view draft) {
    RuleOutcome outcome = Outcome(row, draft, RuleStatus::kError);
    const auto& error = evaluation_.error();
    outcome.reason = error ? PlaceOf(*error) : "null_in_summary";
    outcomes_.push_back(std::move(outcome));
  }

  // "logic_error:rules/c.yaml:12": stable, and nothing of the patient.
  std::string PlaceOf(const cql::Diagnostic& error) const {
    const auto from_yaml = std::find_if(program_.lines.begin(), program_.lines.end(), [&](const auto& line) {
      return line.library == error.library && line.first <= error.line && error.line <= line.last;
    });
    if (from_yaml != program_.lines.end()) {
      return "logic_error:" + from_yaml->file + ":" + std::to_string(from_yaml->line);
    }
    return "logic_error:" + error.library + ":" + std::to_string(error.line);
  }

  const PackProgram& program_;
  const RulePlan& plan_;
  PackRun& run_;
  const RuleInput& input_;
  cql::Evaluation& evaluation_;
  ExpressionRun expressions_;
  cql::Gaps base_gaps_ = 0;  // of what was read before the item's rows
  RuleOutcome quiet_;
  std::vector<RuleOutcome> outcomes_;
};

}  // namespace

std::vector<RowInfo> TableRule::rows() const {
  std::vector<RowInfo> rows;
  for (const TablePlan& table : plan_.tables) {
    for (const RowPlan& row : table.rows) rows.push_back({row.id, row.title, row.indicator});
  }
  return rows;
}

std::vector<RuleOutcome> TableRule::Evaluate(const RuleInput& input) const {
  PackRun& run = input.facts.Get<PackRun>();
  run.Begin(*program_, input);
  return Judge(*program_, plan_, run, input).Run();
}

}  // namespace osteon::cards
