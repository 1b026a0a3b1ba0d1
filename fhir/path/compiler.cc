#include "fhir/path/compiler.h"

#include <algorithm>
#include <charconv>

#include "fhir/model/r4_model.h"
#include "fhir/model/ucum_unit.h"
#include "fhir/model/value_text.h"
#include "fhir/path/function_table.h"
#include "fhir/path/operators.h"
#include "fhir/path/regex.h"
#include "fhir/path/steps.h"
#include "fhir/path/variables.h"

namespace osteon::path {
namespace {

using model::Val;
using model::operator""_type;

class Builder {
 public:
  Builder(Explanation explanation, base::Arena& constants, std::vector<Diagnostic>& diagnostics)
      : explanation_(explanation), constants_(constants), diagnostics_(diagnostics) {}

  NodePtr Build(const Expr& expr) {
    NodePtr node = BuildPlain(expr);
    if (explanation_ == Explanation::kOff || node->constant() != nullptr) return node;
    return MakeTracing(expr.span, std::move(node));
  }

 private:
  NodePtr BuildPlain(const Expr& expr) {
    switch (expr.kind) {
      case ExprKind::kMember:
        return BuildMember(expr);
      case ExprKind::kCall:
        return BuildCall(expr);
      case ExprKind::kIndexer: {
        NodePtr input = Build(*expr.input);
        return MakeIndexer(expr.name_span, std::move(input), Build(*expr.operands[0]));
      }
      case ExprKind::kUnary:
        return Fold(MakeUnary(expr.name_span, expr.op, Build(*expr.operands[0])), IsConstant(expr));
      case ExprKind::kBinary:
        return BuildOperator(expr);
      case ExprKind::kTypeOperator:
        return MakeTypeOperator(expr.name_span, expr.op, Build(*expr.input), expr.type_test);
      case ExprKind::kVariable:
        return BuildVariable(expr);
      case ExprKind::kThis:
        return MakeThis(expr.span);
      case ExprKind::kIndex:
        return MakeIndexVariable(expr.span);
      case ExprKind::kTotal:
        return MakeTotal(expr.span);
      default:
        return MakeConstant(expr.span, Literal(expr));
    }
  }

  void Error(Span span, std::string message, std::string hint = {}) {
    diagnostics_.push_back({Severity::kError, Phase::kCheck, span, std::move(message), std::move(hint)});
  }

  // --- literals

  template <typename Number>
  std::optional<Number> Whole(const Expr& expr) {
    Number number = 0;
    const char* end = expr.text.data() + expr.text.size();
    const auto [at, error] = std::from_chars(expr.text.data(), end, number);
    if (error == std::errc() && at == end) return number;
    Error(expr.span, "the number is too large", "Integer has 32 bits; write 5000000000L for a Long");
    return std::nullopt;
  }

  Val Temporal(const Expr& expr, const std::optional<model::Temporal>& value) {
    if (value) return Val::Of(*value);
    Error(expr.span, "there is no such date or time");
    return {};
  }

  Val Literal(const Expr& expr) {
    switch (expr.kind) {
      case ExprKind::kBoolean:
        return Val::Boolean(expr.text == "true");
      case ExprKind::kString:
        return Val::String(constants_.Copy(expr.text));
      case ExprKind::kInteger: {
        const auto number = Whole<std::int32_t>(expr);
        return number ? Val::Integer(*number) : Val();
      }
      case ExprKind::kLong: {
        const auto number = Whole<std::int64_t>(expr);
        return number ? Val::Long(*number) : Val();
      }
      case ExprKind::kDecimal: {
        const auto number = Number(expr);
        return number ? Val::Decimal(*number, constants_) : Val();
      }
      case ExprKind::kDate:
        return Temporal(expr, model::ParseDateText(expr.text));
      case ExprKind::kDateTime:
        return Temporal(expr, model::ParseDateTimeText(expr.text));
      case ExprKind::kTime:
        return Temporal(expr, model::ParseTimeText(expr.text));
      case ExprKind::kQuantity:
        return Quantity(expr);
      default:
        return {};
    }
  }

  std::optional<base::Decimal> Number(const Expr& expr) {
    const auto number = model::ParseDecimalText(expr.text);
    if (!number) Error(expr.span, "the number has too many digits");
    return number;
  }

  Val Quantity(const Expr& expr) {
    const auto number = Number(expr);
    if (!number) return {};
    if (!expr.calendar_unit && !model::FindDurationUnit(expr.unit)) {
      const std::string fault = model::ucum::WhyInvalid(expr.unit);
      if (!fault.empty()) {
        diagnostics_.push_back({Severity::kWarning,
                                Phase::kCheck,
                                expr.span,
                                "'" + expr.unit + "' is no unit of UCUM: " + fault,
                                {}});
      }
    }
    return Val::Quantity({*number, constants_.Copy(expr.unit), expr.calendar_unit}, constants_);
  }

  // --- names

  NodePtr BuildMember(const Expr& expr) {
    if (expr.is_type_filter) return MakeTypeFilter(expr.name_span, expr.type_test.fhir);
    return BuildPath(expr);
  }

  // `expr` is a step, or ofType(X) after one. Unless someone wants to see every value, the steps before it
  // belong to the same path.
  NodePtr BuildPath(const Expr& expr) {
    std::vector<PathStep> steps;
    const Expr* at = &expr;
    NodePtr input;
    while (input == nullptr) {
      const model::TypeId only = TypedResources(*at);
      if (only != model::TypeId::kNone) at = at->input;
      // The static type of a context without a dot before it is the scope's, which the checker left in the
      // node.
      steps.push_back({at->name_span, at->text, &at->input_type, only});
      if (at->input == nullptr) {
        input = MakeThis(at->name_span);
      } else if (explanation_ != Explanation::kOff || !IsStep(*at->input)) {
        input = Build(*at->input);
      } else {
        at = at->input;
      }
    }
    std::reverse(steps.begin(), steps.end());
    return MakePath(steps, std::move(input));
  }

  static bool IsStep(const Expr& expr) {
    return (expr.kind == ExprKind::kMember && !expr.is_type_filter) ||
           TypedResources(expr) != model::TypeId::kNone;
  }

  // "resource.ofType(X)": X, since other resources need not be looked at any closer. Otherwise kNone.
  static model::TypeId TypedResources(const Expr& expr) {
    const model::TypeId type = expr.type_test.fhir;
    const Expr* input = expr.input;
    if (expr.kind != ExprKind::kCall || expr.text != "ofType" || input == nullptr ||
        input->kind != ExprKind::kMember || input->is_type_filter) {
      return model::TypeId::kNone;
    }
    if (model::KindOf(type) != model::TypeKind::kResource || type == "Resource"_type ||
        type == "DomainResource"_type) {
      return model::TypeId::kNone;
    }
    const auto& types = input->result.types;
    return types.size() == 1 && types[0] == "Resource"_type ? type : model::TypeId::kNone;
  }

  NodePtr BuildVariable(const Expr& expr) {
    const StandardVariable* standard = FindStandardVariable(expr.text);
    if (standard == nullptr) return MakeHostVariable(expr.name_span, expr.text);
    switch (standard->kind) {
      case VariableKind::kContext:
        return MakeContextVariable(expr.name_span, ContextPart::kContext);
      case VariableKind::kResource:
        return MakeContextVariable(expr.name_span, ContextPart::kResource);
      case VariableKind::kRootResource:
        return MakeContextVariable(expr.name_span, ContextPart::kRootResource);
      case VariableKind::kText:
        break;
    }
    return MakeConstant(expr.name_span, Val::String(constants_.Copy(TextOf(*standard, expr.text))));
  }

  // --- operators and functions

  NodePtr BuildOperator(const Expr& expr) {
    std::vector<NodePtr> operands;
    for (const Expr* operand : expr.operands) operands.push_back(Build(*operand));
    return Fold(MakeOperator(expr.name_span, expr.op, std::move(operands)), IsConstant(expr));
  }

  NodePtr BuildCall(const Expr& expr) {
    if (explanation_ == Explanation::kOff && TypedResources(expr) != model::TypeId::kNone) {
      return BuildPath(expr);
    }
    const FunctionRow& row = *expr.function;
    NodePtr input = expr.input != nullptr ? Build(*expr.input) : MakeThis(expr.name_span);
    std::vector<NodePtr> arguments;
    std::vector<SortDirection> directions;
    for (std::size_t i = 0; i < expr.operands.size(); ++i) {
      const Argument kind = row.arguments[std::min<std::size_t>(i, row.arguments.size() - 1)];
      if (kind == Argument::kType) continue;
      const Expr& argument = *expr.operands[i];
      const SortDirection direction = DirectionOf(argument);
      if (kind == Argument::kSortKey) directions.push_back(direction);
      arguments.push_back(Build(direction == SortDirection::kAscending ? argument : *argument.operands[0]));
    }
    auto call = std::make_unique<CallNode>(expr.name_span, row, std::move(input), std::move(arguments),
                                           expr.type_test);
    call->set_directions(std::move(directions));
    if (IsPattern(row.name)) PrepareRegex(*call, expr);
    return Fold(std::move(call), IsConstant(expr));
  }

  static SortDirection DirectionOf(const Expr& argument) {
    if (argument.kind == ExprKind::kUnary && argument.op == Operator::kDescending)
      return SortDirection::kDescending;
    if (argument.kind == ExprKind::kUnary && argument.op == Operator::kNegatedKey)
      return SortDirection::kNegated;
    return SortDirection::kAscending;
  }

  static bool IsPattern(std::string_view name) {
    return name == "matches" || name == "matchesFull" || name == "replaceMatches";
  }
  void PrepareRegex(CallNode& call, const Expr& expr) {
    const Val* pattern = call.argument(0).constant();
    if (pattern == nullptr || !pattern->is(model::Kind::kString)) return;
    std::string error;
    auto regex = Regex::Compile(pattern->string(), error);
    if (regex == nullptr) Error(expr.operands[0]->span, "not a regular expression: " + error);
    call.set_regex(std::move(regex));
  }

  // --- folding

  // Depends on nothing but literals, and always gives the same.
  static bool IsConstant(const Expr& expr) {
    switch (expr.kind) {
      case ExprKind::kThis:
      case ExprKind::kIndex:
      case ExprKind::kTotal:
      case ExprKind::kMember:
      case ExprKind::kVariable:
      case ExprKind::kTypeOperator:
        return false;
      case ExprKind::kCall: {
        // Functions of values only: those that evaluate their arguments themselves look at more.
        if (expr.function->eager == nullptr || expr.input == nullptr) return false;
        const auto& kinds = expr.function->arguments;
        if (std::find(kinds.begin(), kinds.end(), Argument::kType) != kinds.end()) return false;
        if (expr.text == "conformsTo" || expr.text == "memberOf" || expr.text == "subsumes") return false;
        break;
      }
      default:
        break;
    }
    if (expr.input != nullptr && !IsConstant(*expr.input)) return false;
    return std::all_of(expr.operands.begin(), expr.operands.end(),
                       [](const Expr* operand) { return IsConstant(*operand); });
  }

  // An expression that fails stays as it is, and fails when it is reached.
  NodePtr Fold(NodePtr node, bool is_constant) {
    constexpr std::uint64_t kSteps = 10'000;
    constexpr std::size_t kBytes = 64 * 1024;
    if (!is_constant || HasErrors(diagnostics_)) return node;
    Input input;
    input.limits = {kSteps, kBytes};
    Evaluation run(input, constants_);
    const Val value = node->Eval(run);
    return run.failed() ? std::move(node) : MakeConstant(node->span(), value);
  }

  Explanation explanation_;
  base::Arena& constants_;
  std::vector<Diagnostic>& diagnostics_;
};

}  // namespace

NodePtr BuildNodes(const Expr& root, Explanation explanation, base::Arena& constants,
                   std::vector<Diagnostic>& diagnostics) {
  return Builder(explanation, constants, diagnostics).Build(root);
}

}  // namespace osteon::path
