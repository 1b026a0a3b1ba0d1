#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "fhir/cql/ir_walk.h"
#include "fhir/cql/run.h"
#include "fhir/model/value_compare.h"
#include "fhir/model/value_quantity.h"

namespace osteon::cql {
namespace {

Val EvaluateConstant(const Step& step, Run& /*run*/) {
  return step.constant;
}

Val EvaluateOperator(const Step& step, Run& run) {
  constexpr std::size_t kFew = 4;
  Val few[kFew];
  const std::size_t count = step.children.size();
  Val* const operands = count <= kFew ? few : run.arena.AllocateArray<Val>(count);
  bool null = false;
  for (std::size_t i = 0; i < count; ++i) {
    operands[i] = Evaluate(*step.children[i], run);
    if (operands[i].is_null() && !step.nulls_pass) null = true;
  }
  if (null || run.failed()) return {};
  return step.implementation(run, step, {operands, count});
}

// The right operand is not looked at when the left one decides.
template <Truth kDeciding, Truth kDecision, Truth (*kCombine)(Truth, Truth)>
Val EvaluateLogical(const Step& step, Run& run) {
  const Truth left = model::ToTruth(Evaluate(*step.children[0], run));
  if (left == kDeciding) return model::ToVal(kDecision);
  const Truth right = model::ToTruth(Evaluate(*step.children[1], run));
  return run.failed() ? Val() : model::ToVal(kCombine(left, right));
}

Val EvaluateXor(const Step& step, Run& run) {
  const Truth left = model::ToTruth(Evaluate(*step.children[0], run));
  const Truth right = model::ToTruth(Evaluate(*step.children[1], run));
  return run.failed() ? Val() : model::ToVal(model::Xor(left, right));
}

Val EvaluateCoalesce(const Step& step, Run& run) {
  if (step.children.size() == 1) {
    const Val list = Evaluate(*step.children[0], run);
    if (list.is_null()) return {};
    for (const Val& item : model::Items(list)) {
      if (!item.is_null()) return item;
    }
    return {};
  }
  for (const Step* const child : step.children) {
    const Val value = Evaluate(*child, run);
    if (!value.is_null()) return value;
  }
  return {};
}

Val EvaluateCoerce(const Step& step, Run& run) {
  const Val value = Evaluate(*step.children[0], run);
  const Type& to = *step.node->target_type;
  if (value.is(ValueKind::kVocabulary) && to.kind == TypeKind::kList) {
    return ExpandedCodes(run, *step.node, value.vocabulary());
  }
  return CoerceValue(run, value, to);
}

Val EvaluateIs(const Step& step, Run& run) {
  return Val::Boolean(IsOfType(Evaluate(*step.children[0], run), *step.node->target_type));
}

Val EvaluateAs(const Step& step, Run& run) {
  const Val value = Evaluate(*step.children[0], run);
  if (value.is_null() || IsOfType(value, *step.node->target_type)) return value;
  if (step.node->kind == NodeKind::kCast) {
    return run.Fail(*step.node, "the value is not of the type " + ShortNameOf(*step.node->target_type));
  }
  return {};
}

Val EvaluateInterval(const Step& step, Run& run) {
  model::IntervalValue interval;
  interval.low = Evaluate(*step.children[0], run);
  interval.high = Evaluate(*step.children[1], run);
  interval.low_closed = step.node->low_closed;
  interval.high_closed = step.node->high_closed;
  if (run.failed()) return {};
  return MakeInterval(run, *step.node, interval);
}

Val EvaluateTuple(const Step& step, Run& run) {
  const std::size_t count = step.children.size();
  Val* const items = run.arena.AllocateArray<Val>(count);
  for (std::size_t i = 0; i < count; ++i) items[i] = Evaluate(*step.children[i], run);
  if (run.failed()) return {};
  if (step.node->kind == NodeKind::kInstance) {
    return MakeInstance(run, *step.node, step.names, {items, count});
  }
  return Val::Tuple(step.names, {items, count}, model::TypeId::kNone, run.arena);
}

Val EvaluateList(const Step& step, Run& run) {
  const std::size_t count = step.children.size();
  Val* const items = run.arena.AllocateArray<Val>(count);
  for (std::size_t i = 0; i < count; ++i) items[i] = Evaluate(*step.children[i], run);
  if (run.failed()) return {};
  return Val::List({items, count});
}

Val EvaluateProperty(const Step& step, Run& run) {
  const Val value = Evaluate(*step.children[0], run);
  run.TraceRead(value);
  if (value.is(ValueKind::kTuple)) return value.tuple().Find(step.names.front());
  return PropertyOf(run, value, *step.node, step.key);
}

Val EvaluateSlot(const Step& step, Run& run) {
  return run.slots[step.node->slot];
}
Val EvaluateDefine(const Step& step, Run& run) {
  return run.Define(*step.node->define);
}
Val EvaluateParameter(const Step& step, Run& run) {
  return run.Parameter(*step.node->parameter);
}
Val EvaluateSubject(const Step& /*step*/, Run& run) {
  run.Touch(run.inputs.subject_gaps);
  return run.inputs.subject;
}

Val EvaluateCall(const Step& step, Run& run) {
  const std::size_t count = step.children.size();
  const std::size_t room = std::max<std::size_t>(count, step.body->slot_count);
  Val* const slots = run.arena.AllocateArray<Val>(room);
  for (std::size_t i = 0; i < count; ++i) slots[i] = Evaluate(*step.children[i], run);
  std::fill(slots + count, slots + room, Val());
  return run.failed() ? Val() : run.BodyIn(*step.body, slots);
}

Val EvaluateIf(const Step& step, Run& run) {
  const Val condition = Evaluate(*step.children[0], run);
  const bool holds = condition.is(ValueKind::kBoolean) && condition.boolean();
  return Evaluate(*step.children[holds ? 1 : 2], run);
}

Val EvaluateCase(const Step& step, Run& run) {
  const bool compares = step.node->has_comparand;
  const Val comparand = compares ? Evaluate(*step.children[0], run) : Val();
  std::size_t i = compares ? 1 : 0;
  for (; i + 1 < step.children.size(); i += 2) {
    const Val condition = Evaluate(*step.children[i], run);
    const bool holds = compares ? model::Equal(comparand, condition, run.values) == Truth::kTrue
                                : condition.is(ValueKind::kBoolean) && condition.boolean();
    if (run.failed()) return {};
    if (holds) return Evaluate(*step.children[i + 1], run);
  }
  return Evaluate(*step.children.back(), run);
}

Val EvaluateExtreme(const Step& step, Run& run) {
  const SystemType type = step.node->type->system;
  const bool least = step.node->kind == NodeKind::kMinimum;
  Val like;
  switch (type) {
    case SystemType::kInteger:
      like = Val::Integer(0);
      break;
    case SystemType::kLong:
      like = Val::Long(0);
      break;
    case SystemType::kDecimal:
      like = run.Decimal(base::Decimal(0));
      break;
    case SystemType::kDate:
      return Val::Of(least ? model::MinimumOf(model::TemporalKind::kDate, model::kNoOffset)
                           : model::MaximumOf(model::TemporalKind::kDate, model::kNoOffset));
    case SystemType::kTime:
      return Val::Of(least ? model::MinimumOf(model::TemporalKind::kTime, model::kNoOffset)
                           : model::MaximumOf(model::TemporalKind::kTime, model::kNoOffset));
    default:
      return Val::Of(least ? model::MinimumOf(model::TemporalKind::kDateTime, run.inputs.offset_minutes)
                           : model::MaximumOf(model::TemporalKind::kDateTime, run.inputs.offset_minutes));
  }
  return least ? model::MinimumLike(like, run.values) : model::MaximumLike(like, run.values);
}

// Operators that do not want all their operands.
struct LazyRow {
  std::string_view name;
  Evaluator evaluator;
};
constexpr LazyRow kLazy[] = {
    {"And", EvaluateLogical<Truth::kFalse, Truth::kFalse, model::And>},
    {"Or", EvaluateLogical<Truth::kTrue, Truth::kTrue, model::Or>},
    {"Implies", EvaluateLogical<Truth::kFalse, Truth::kTrue, model::Implies>},
    {"Xor", EvaluateXor},
    {"Coalesce", EvaluateCoalesce},
};

Evaluator LazyEvaluator(std::string_view name) {
  const auto* const row = std::find_if(std::begin(kLazy), std::end(kLazy),
                                       [&](const LazyRow& candidate) { return candidate.name == name; });
  return row == std::end(kLazy) ? nullptr : row->evaluator;
}

Evaluator EvaluatorOf(const Node& node) {
  switch (node.kind) {
    case NodeKind::kNull:
    case NodeKind::kLiteral:
    case NodeKind::kCodeSystem:
    case NodeKind::kValueSet:
    case NodeKind::kCode:
    case NodeKind::kConcept:
      return EvaluateConstant;
    case NodeKind::kOperator: {
      if (const Evaluator first_row = EvaluatorOfFirstRow(node)) return first_row;
      const Evaluator lazy = LazyEvaluator(node.op->row->name);
      return lazy != nullptr ? lazy : EvaluateOperator;
    }
    case NodeKind::kCoerce:
    case NodeKind::kConvert:
      return EvaluateCoerce;
    case NodeKind::kAs:
    case NodeKind::kCast:
      return EvaluateAs;
    case NodeKind::kIs:
      return EvaluateIs;
    case NodeKind::kInterval:
      return EvaluateInterval;
    case NodeKind::kTuple:
    case NodeKind::kInstance:
      return EvaluateTuple;
    case NodeKind::kList:
      return EvaluateList;
    case NodeKind::kProperty:
      return EvaluateProperty;
    case NodeKind::kSlot:
      return EvaluateSlot;
    case NodeKind::kDefine:
      return EvaluateDefine;
    case NodeKind::kCall:
      return EvaluateCall;
    case NodeKind::kParameter:
      return EvaluateParameter;
    case NodeKind::kQuery:
      return EvaluateQuery;
    case NodeKind::kRetrieve:
      return EvaluateRetrieve;
    case NodeKind::kIf:
      return EvaluateIf;
    case NodeKind::kCase:
      return EvaluateCase;
    case NodeKind::kMinimum:
    case NodeKind::kMaximum:
      return EvaluateExtreme;
    case NodeKind::kSubject:
      return EvaluateSubject;
  }
  return EvaluateConstant;
}

}  // namespace

class Compiler {
 public:
  explicit Compiler(CompiledProgram& out) : out_(out) {}

  void Run(const ProgramIr& program) {
    out_.defines.resize(program.define_count);
    out_.parameters.resize(program.parameter_count);
    out_.parameter_irs.resize(program.parameter_count);
    out_.functions.resize(program.function_count);
    for (const auto& library : program.libraries) {
      for (const FunctionIr& function : library->functions) {
        out_.functions[function.index] = {Compile(function.body), function.slot_count};
      }
      for (const DefineIr& define : library->defines) {
        out_.defines[define.index] = {Compile(define.body), define.slot_count};
      }
      for (const ParameterIr& parameter : library->parameters) {
        out_.parameters[parameter.index] = {Compile(parameter.default_value), parameter.slot_count};
        out_.parameter_irs[parameter.index] = &parameter;
      }
    }
  }

 private:
  // Null for null.
  const Step* Compile(const Node* node) {
    if (node == nullptr) return nullptr;
    // A node that several others share is compiled once.
    const auto [known, added] = steps_.emplace(node, nullptr);
    if (!added) return known->second;
    Step& step = out_.steps_.emplace_back();
    steps_[node] = &step;
    step.node = node;
    step.evaluate = EvaluatorOf(*node);
    std::vector<const Step*>& children = out_.children_.emplace_back();
    for (const Node* const child : node->children) children.push_back(Compile(child));
    if (step.evaluate == EvaluateTuple) step.names = SortedNames(*node, children);
    step.children = children;
    if (step.evaluate == EvaluateConstant) {
      step.constant = Constant(*node);
      step.leaf = Step::Leaf::kConstant;
    }
    if (step.evaluate == EvaluateSlot) step.leaf = Step::Leaf::kSlot;
    Fold(step);
    if (step.evaluate == EvaluateProperty) step.names = out_.names_.emplace_back(1, NameOf(node->text));
    if (node->kind == NodeKind::kOperator) {
      step.implementation = FindImplementation(node->op->row->name);
      step.nulls_pass = node->op->row->null_rule == NullRule::kOwn;
    }
    if (node->kind == NodeKind::kCall) step.body = &out_.functions[node->function->index];
    if (node->kind == NodeKind::kProperty) step.key = json::FindKey(node->text);
    if (node->kind == NodeKind::kQuery) step.query = Query(*node->query);
    if (node->kind == NodeKind::kRetrieve && node->retrieve->terminology != nullptr) {
      children.push_back(Compile(node->retrieve->terminology));
      step.children = children;
    }
    return &step;
  }

  // What is made of constants alone is one: the lists and tables of a library, and "null as T".
  void Fold(Step& step) {
    const auto is_constant = [](const Step* child) { return child->leaf == Step::Leaf::kConstant; };
    if (step.children.empty() || !std::all_of(step.children.begin(), step.children.end(), is_constant))
      return;
    const std::size_t count = step.children.size();
    if (step.evaluate == EvaluateList || step.node->kind == NodeKind::kTuple) {
      Val* const items = out_.arena_.AllocateArray<Val>(count);
      std::transform(step.children.begin(), step.children.end(), items,
                     [](const Step* child) { return child->constant; });
      step.constant = step.evaluate == EvaluateList
                          ? Val::List({items, count})
                          : Val::Tuple(step.names, {items, count}, model::TypeId::kNone, out_.arena_);
    } else if ((step.evaluate != EvaluateAs && step.evaluate != EvaluateCoerce) ||
               !step.children.front()->constant.is_null()) {
      return;
    }
    step.leaf = Step::Leaf::kConstant;
  }

  std::string_view NameOf(std::string_view name) { return *names_.insert(name).first; }

  // Puts `children` in the order of the names.
  std::span<const std::string_view> SortedNames(const Node& node, std::vector<const Step*>& children) {
    std::multimap<std::string_view, const Step*> sorted;
    for (std::size_t i = 0; i < children.size(); ++i) sorted.emplace(NameOf(node.names[i]), children[i]);
    std::vector<std::string_view>& names = out_.names_.emplace_back();
    children.clear();
    for (const auto& [name, child] : sorted) {
      names.push_back(name);
      children.push_back(child);
    }
    return names;
  }

  const QuerySteps* Query(const QueryIr& ir) {
    QuerySteps& query = out_.queries_.emplace_back();
    query.ir = &ir;
    const auto source = [this](const QueryIr::Source& from) {
      return QuerySteps::Source{Compile(from.value), from.slot, from.is_list};
    };
    for (const QueryIr::Source& from : ir.sources) {
      query.sources.push_back(source(from));
      query.alias_names.push_back(from.alias);
    }
    for (const QueryIr::Let& let : ir.lets) query.lets.push_back({Compile(let.value), let.slot});
    for (const QueryIr::Relationship& relationship : ir.relationships) {
      query.relationships.push_back({source(relationship.source), Compile(relationship.condition),
                                     relationship.without, !DependsOnRow(*relationship.source.value, ir)});
    }
    query.where = Compile(ir.where);
    query.result_value = Compile(ir.result_value);
    query.starting_value = Compile(ir.starting_value);
    for (const QueryIr::SortItem& item : ir.sort) query.sort_keys.push_back(Compile(item.key));
    return &query;
  }

  model::CodeValue CodeOf(const Node& node) {
    model::CodeValue code{.code = node.text, .system = {}, .version = {}, .display = node.display};
    if (node.terminology != nullptr) {
      code.system = node.terminology->id;
      code.version = node.terminology->version;
    }
    return code;
  }

  Val Constant(const Node& node) {
    base::Arena& arena = out_.arena_;
    switch (node.kind) {
      case NodeKind::kLiteral:
        return Literal(node);
      case NodeKind::kCode:
        return Val::Code(CodeOf(node), arena);
      case NodeKind::kConcept: {
        auto* const codes = arena.AllocateArray<model::CodeValue>(node.children.size());
        for (std::size_t i = 0; i < node.children.size(); ++i) codes[i] = CodeOf(*node.children[i]);
        return Val::Concept({.codes = {codes, node.children.size()}, .display = node.display}, arena);
      }
      case NodeKind::kValueSet:
      case NodeKind::kCodeSystem:
        return Val::Vocabulary({.id = node.terminology->id,
                                .version = node.terminology->version,
                                .name = node.terminology->name,
                                .is_value_set = node.kind == NodeKind::kValueSet},
                               arena);
      default:
        return {};
    }
  }

  model::QuantityValue QuantityOf(const Node& node) {
    const auto value = base::Decimal::Parse(node.text);
    const auto duration = model::FindDurationUnit(node.unit);
    const bool word = node.unit.size() > 3 || node.unit == "day";
    return {.value = value.value_or(base::Decimal()),
            .unit = node.unit,
            .is_calendar = duration.has_value() && word};
  }

  Val Literal(const Node& node) {
    base::Arena& arena = out_.arena_;
    switch (node.type->system) {
      case SystemType::kBoolean:
        return Val::Boolean(node.text == "true");
      case SystemType::kString:
        return Val::String(node.text);
      case SystemType::kInteger:
        return Val::Integer(static_cast<std::int32_t>(IntegerOf(node.text)));
      case SystemType::kLong:
        return Val::Long(IntegerOf(node.text));
      case SystemType::kDecimal:
        return Val::Decimal(base::Decimal::Parse(node.text).value_or(base::Decimal()), arena);
      case SystemType::kQuantity:
        return Val::Quantity(QuantityOf(node), arena);
      case SystemType::kRatio:
        return Val::Ratio({QuantityOf(*node.children[0]), QuantityOf(*node.children[1])}, arena);
      case SystemType::kDate:
        return Val::Of(*model::ParseDateText(node.text));
      case SystemType::kTime:
        return Val::Of(*model::ParseTimeText(node.text));
      case SystemType::kDateTime: {
        model::Temporal value = *model::ParseDateTimeText(node.text);
        value.kind = model::TemporalKind::kDateTime;
        return Val::Of(value);
      }
      default:
        return {};
    }
  }

  static std::int64_t IntegerOf(std::string_view text) {
    const auto value = base::Decimal::Parse(text);
    return value ? value->ToInteger().value_or(0) : 0;
  }

  CompiledProgram& out_;
  std::unordered_map<const Node*, const Step*> steps_;
  std::unordered_set<std::string_view> names_;  // views into the nodes
};

CompiledProgram::CompiledProgram(const ProgramIr& program) : arena_(4096) {
  Compiler(*this).Run(program);
}

CompiledLibrary::CompiledLibrary(std::shared_ptr<const ProgramIr> program)
    : program_(std::move(program)), compiled_(std::make_unique<CompiledProgram>(*program_)) {}
CompiledLibrary::~CompiledLibrary() = default;
CompiledLibrary::CompiledLibrary(CompiledLibrary&&) noexcept = default;
CompiledLibrary& CompiledLibrary::operator=(CompiledLibrary&&) noexcept = default;

Implementation FindImplementation(std::string_view name) {
  using Chapter = std::span<const ImplementationRow> (*)();
  constexpr Chapter kChapters[] = {LogicalOperators,  ComparisonOperators, ArithmeticOperators,
                                   NumberFunctions,   StringOperators,     DateTimeOperators,
                                   IntervalOperators, ListOperators,       AggregateFunctions,
                                   TypeOperators,     ClinicalOperators};
  for (const Chapter chapter : kChapters) {
    for (const ImplementationRow& row : chapter()) {
      if (row.name == name) return row.implementation;
    }
  }
  return nullptr;
}

bool IsImplemented(std::string_view name) {
  return LazyEvaluator(name) != nullptr || FindImplementation(name) != nullptr;
}

}  // namespace osteon::cql
