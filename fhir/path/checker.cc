#include "fhir/path/checker.h"

#include <algorithm>

#include "fhir/path/element_types.h"
#include "fhir/path/function_table.h"
#include "fhir/path/function_types.h"
#include "fhir/path/names.h"
#include "fhir/path/operator_types.h"
#include "fhir/path/variables.h"

namespace osteon::path {
namespace {

using model::TypeId;
using model::operator""_type;

// What the names without a dot before them mean at one place.
struct Scope {
  StaticType item;  // $this
  bool has_index = false;
  bool has_total = false;
  bool is_root = true;  // $this is the context
};

class Checker {
 public:
  Checker(const CheckOptions& options, std::vector<Diagnostic>& diagnostics)
      : options_(options), diagnostics_(diagnostics) {}

  void Run(Expr& root) {
    Scope scope;
    scope.item = ContextType();
    Visit(root, scope);
  }

 private:
  StaticType ContextType() const {
    StaticType type =
        options_.context == TypeId::kNone ? StaticType::Any() : StaticType::One(options_.context);
    type.is_single = true;
    return type;
  }

  void Report(Severity severity, Span span, std::string message, std::string hint = {}) {
    diagnostics_.push_back({severity, Phase::kCheck, span, std::move(message), std::move(hint)});
  }
  void Error(Span span, std::string message, std::string hint = {}) {
    Report(Severity::kError, span, std::move(message), std::move(hint));
  }

  void Visit(Expr& expr, const Scope& scope) {
    switch (expr.kind) {
      case ExprKind::kMember:
        return VisitMember(expr, scope);
      case ExprKind::kCall:
        return VisitCall(expr, scope);
      case ExprKind::kIndexer:
        return VisitIndexer(expr, scope);
      case ExprKind::kUnary:
        return VisitUnary(expr, scope);
      case ExprKind::kBinary:
        for (Expr* operand : expr.operands) Visit(*operand, scope);
        return VisitBinary(expr);
      case ExprKind::kTypeOperator:
        Visit(*expr.input, scope);
        expr.type_test = ResolveType(expr.type_name);
        expr.result = expr.op == Operator::kIs ? StaticType::One("System.Boolean"_type)
                                               : Narrowed(expr.input->result, expr.type_test);
        return;
      case ExprKind::kVariable:
        return VisitVariable(expr);
      default:
        return VisitLeaf(expr, scope);
    }
  }

  void VisitLeaf(Expr& expr, const Scope& scope) {
    switch (expr.kind) {
      case ExprKind::kThis:
        expr.result = scope.item;
        return;
      case ExprKind::kIndex:
        if (!scope.has_index) Error(expr.span, "$index has a meaning only inside a function's criteria");
        expr.result = StaticType::One("System.Integer"_type);
        return;
      case ExprKind::kTotal:
        if (!scope.has_total) Error(expr.span, "$total has a meaning only inside aggregate()");
        return;
      default:
        expr.result = LiteralType(expr.kind);
    }
  }

  static StaticType LiteralType(ExprKind kind) {
    switch (kind) {
      case ExprKind::kBoolean:
        return StaticType::One("System.Boolean"_type);
      case ExprKind::kString:
        return StaticType::One("System.String"_type);
      case ExprKind::kInteger:
        return StaticType::One("System.Integer"_type);
      case ExprKind::kLong:
        return StaticType::One("System.Long"_type);
      case ExprKind::kDecimal:
        return StaticType::One("System.Decimal"_type);
      case ExprKind::kDate:
        return StaticType::One("System.Date"_type);
      case ExprKind::kDateTime:
        return StaticType::One("System.DateTime"_type);
      case ExprKind::kTime:
        return StaticType::One("System.Time"_type);
      case ExprKind::kQuantity:
        return StaticType::One("System.Quantity"_type);
      case ExprKind::kEmptyLiteral:
        return StaticType::Empty();
      default:
        return StaticType::Any();
    }
  }

  // --- names

  void VisitMember(Expr& expr, const Scope& scope) {
    if (expr.input != nullptr) {
      Visit(*expr.input, scope);
    } else if (StartsWithType(expr, scope)) {
      return;
    }
    const StaticType& input = expr.input != nullptr ? expr.input->result : scope.item;
    ElementTypes element = TypesOfElement(input, expr.text);
    AddInput(expr.input_type, input);
    if (!element.found && !input.is_empty()) {
      // Hints are for people; a text with a hundred faults is none of theirs.
      constexpr std::size_t kHinted = 20;
      if (element.hint.empty() && diagnostics_.size() < kHinted) {
        element.hint = NearestElementHint(input, expr.text);
      }
      Error(expr.name_span, "no element '" + expr.text + "' in " + Describe(input), element.hint);
      element.result = StaticType::Any();
    }
    expr.result = std::move(element.result);
  }

  // A projection of repeat() is visited twice, with more types the second time.
  static void AddInput(StaticType& known, const StaticType& input) {
    if (known.types.empty()) {
      known = input;
    } else {
      known.Add(input);
    }
  }

  // "Patient.name": the context's type may stand first.
  bool StartsWithType(Expr& expr, const Scope& scope) {
    const TypeTest test = FindTypeByName("FHIR", expr.text);
    // Elements of R4 begin with a small letter; "code" is an element, not the type.
    const bool is_capital = !expr.text.empty() && expr.text[0] >= 'A' && expr.text[0] <= 'Z';
    if (test.fhir == TypeId::kNone || !is_capital) return false;
    expr.is_type_filter = true;
    expr.type_test = test;
    expr.result = StaticType::One(test.fhir);
    expr.result.is_single = scope.item.is_single;
    if (!scope.item.is_known) return true;
    const bool may_be = std::any_of(scope.item.types.begin(), scope.item.types.end(), [&](TypeId type) {
      return model::IsA(type, test.fhir) || model::IsA(test.fhir, type);
    });
    if (may_be) {
      // "Resource.id" where the context is a Patient is about the Patient.
      if (scope.item.types.size() == 1 && model::IsA(scope.item.types[0], test.fhir))
        expr.result = scope.item;
      return true;
    }
    const bool is_error = options_.strictness == Strictness::kStrict;
    Report(is_error ? Severity::kError : Severity::kWarning, expr.name_span,
           "the context is " + Describe(scope.item) + ", never " + expr.text);
    return true;
  }

  void VisitVariable(Expr& expr) {
    const StandardVariable* standard = FindStandardVariable(expr.text);
    if (standard != nullptr && standard->kind == VariableKind::kText) {
      expr.result = StaticType::One("System.String"_type);
      return;
    }
    if (standard != nullptr) {
      const bool is_resource = model::KindOf(options_.context) == model::TypeKind::kResource;
      expr.result =
          standard->kind == VariableKind::kContext || is_resource ? ContextType() : StaticType::Any();
      return;
    }
    NearestName nearest(expr.text);
    for (const VariableDeclaration& variable : options_.variables) {
      if (variable.name == expr.text) {
        expr.result = variable.type == TypeId::kNone ? StaticType::Any() : StaticType::One(variable.type);
        expr.result.is_single = false;
        return;
      }
      nearest.Offer(variable.name);
    }
    for (const StandardVariable& variable : StandardVariables()) nearest.Offer(variable.name);
    Error(expr.name_span, "unknown variable '%" + expr.text + "'", nearest.Hint());
  }

  TypeTest ResolveType(const TypeName& name) {
    const TypeTest test = FindTypeByName(name.space, name.name);
    if (test.found()) return test;
    const std::string written = (name.space.empty() ? "" : name.space + ".") + name.name;
    if (name.space == "System" || name.space == "FHIR") {
      const TypeTest other = FindTypeByName("", name.name);
      if (other.found()) {
        // Known elsewhere: a question with the answer no, as the specification's own tests ask it.
        Report(Severity::kWarning, name.span, "there is no type " + written,
               "the type is " + std::string(name.space == "FHIR" ? "System." : "FHIR.") + name.name);
        return {};
      }
    }
    Error(name.span, "unknown type '" + written + "'", NearestTypeHint(name.name));
    return {};
  }

  // --- operators

  void VisitIndexer(Expr& expr, const Scope& scope) {
    Visit(*expr.input, scope);
    Visit(*expr.operands[0], scope);
    RequireArgument(*expr.operands[0], Argument::kInteger, "the index");
    RequireOrder(*expr.input, expr.name_span, "an index");
    expr.result = expr.input->result;
    expr.result.is_single = true;
  }

  void VisitUnary(Expr& expr, const Scope& scope) {
    Expr& operand = *expr.operands[0];
    Visit(operand, scope);
    expr.result = operand.result;
    if (expr.op == Operator::kDescending || expr.op == Operator::kNegatedKey) return;
    const StaticType& type = operand.result;
    const bool fits = type.is_empty() || type.MayBe(Category::kInteger) || type.MayBe(Category::kLong) ||
                      type.MayBe(Category::kDecimal) || type.MayBe(Category::kQuantity);
    if (!fits || type.is_type_info) {
      Error(expr.name_span, "'" + std::string(OperatorText(expr.op)) + "' needs a number, and this is " +
                                Describe(operand.result));
    }
  }

  void VisitBinary(Expr& expr) {
    OperatorTypes types = TypesOfOperator(expr);
    if (!types.fits) {
      Error(expr.name_span,
            "'" + std::string(OperatorText(expr.op)) + "' does not take " +
                Describe(expr.operands[0]->result) + " and " + Describe(expr.operands[1]->result),
            std::move(types.hint));
    }
    expr.result = std::move(types.result);
  }

  void RequireOrder(const Expr& input, Span span, std::string_view what) {
    if (input.result.is_ordered) return;
    const bool is_error = options_.strictness == Strictness::kStrict;
    Report(is_error ? Severity::kError : Severity::kWarning, span,
           std::string(what) + " of items in no particular order",
           "children() and descendants() come in the order of the text that was received");
  }

  // --- functions

  void VisitCall(Expr& expr, const Scope& scope) {
    if (expr.input != nullptr) Visit(*expr.input, scope);
    const FunctionRow* row = FindFunction(expr.text);
    expr.function = row;
    if (row == nullptr) {
      const std::string nearest(NearestFunction(expr.text));
      Error(expr.name_span, "unknown function '" + expr.text + "'",
            nearest.empty() ? nearest : "did you mean '" + nearest + "'?");
      // Whatever was meant, its arguments are likelier about the items than about the context.
      Scope inner = scope;
      inner.has_index = inner.has_total = true;
      if (expr.input != nullptr) inner.item = expr.input->result;
      for (Expr* operand : expr.operands) Visit(*operand, inner);
      return;
    }
    if (!row->is_implemented()) {
      Error(expr.name_span, expr.text + "() is not supported", std::string(row->refusal));
    }
    const StaticType& input = expr.input != nullptr ? expr.input->result : scope.item;
    CheckCount(expr, *row);
    CheckInput(expr, *row, input);
    for (std::size_t i = 0; i < expr.operands.size(); ++i) VisitArgument(expr, *row, i, input, scope);
    CheckValueSet(expr);
    expr.result = ResultOfCall(expr, *row, input);
  }

  void CheckValueSet(const Expr& expr) {
    if (expr.text != "memberOf" || options_.terminology == nullptr || expr.operands.size() != 1) return;
    const Expr& url = *expr.operands[0];
    if (url.kind != ExprKind::kString || options_.terminology->FindValueSet(url.text) != nullptr) return;
    NearestName nearest(url.text);
    for (const auto& value_set : options_.terminology->value_sets()) nearest.Offer(value_set->url());
    Error(url.span, "value set '" + url.text + "' is not loaded", nearest.Hint());
  }

  void CheckCount(const Expr& expr, const FunctionRow& row) {
    const std::size_t count = expr.operands.size();
    if (count >= row.min_arguments && count <= row.max_arguments) return;
    std::string wanted = std::to_string(row.min_arguments);
    if (row.max_arguments == kManyArguments) {
      wanted = "at least " + wanted;
    } else if (row.max_arguments != row.min_arguments) {
      wanted += " to " + std::to_string(row.max_arguments);
    }
    Error(expr.name_span, expr.text + "() takes " + wanted + " arguments, not " + std::to_string(count));
  }

  void CheckInput(const Expr& expr, const FunctionRow& row, const StaticType& input) {
    if (expr.text == "first" || expr.text == "last" || expr.text == "tail" || expr.text == "skip" ||
        expr.text == "take") {
      if (expr.input != nullptr) RequireOrder(*expr.input, expr.name_span, expr.text + "()");
    }
    if (input.is_empty() || Accepts(row.subject, input)) return;
    Error(expr.name_span, expr.text + "() does not work on " + Describe(input));
  }

  void VisitArgument(Expr& call, const FunctionRow& row, std::size_t index, const StaticType& input,
                     const Scope& scope) {
    Expr& argument = *call.operands[index];
    const Argument kind = row.arguments[std::min<std::size_t>(index, row.arguments.size() - 1)];
    if (kind == Argument::kType) {
      call.type_test = TypeArgument(argument, call);
      return;
    }
    const bool is_each =
        kind == Argument::kEach || kind == Argument::kCondition || kind == Argument::kSortKey;
    if (is_each || (kind == Argument::kBranch && call.input != nullptr)) {
      Scope inner = scope;
      inner.item = input;
      inner.item.is_single = true;
      inner.is_root = false;
      if (is_each) inner.has_index = true;
      if (call.text == "aggregate") inner.has_total = true;
      // repeat(item) goes on with what it found.
      if (call.text == "repeat" || call.text == "repeatAll") return VisitRepeat(argument, inner);
      Visit(argument, inner);
      if (call.text == "iif" && index == 0) RequireArgument(argument, Argument::kBoolean, "the criterion");
      return;
    }
    Visit(argument, scope);
    const bool is_criterion = call.text == "iif" && index == 0;
    RequireArgument(argument, is_criterion ? Argument::kBoolean : kind,
                    "argument " + std::to_string(index + 1) + " of " + call.text + "()");
  }

  void VisitRepeat(Expr& projection, Scope inner) {
    // Each level is visited twice, so few of them: below, anything may come.
    constexpr int kTypedLevels = 3;
    if (repeat_levels_ == kTypedLevels) {
      inner.item = StaticType::Any();
      inner.item.is_single = true;
      return Visit(projection, inner);
    }
    ++repeat_levels_;
    const std::size_t reported = diagnostics_.size();
    Visit(projection, inner);
    --repeat_levels_;
    if (diagnostics_.size() != reported) return;
    // What the projection leads to is its next input; twice is enough for R4's recursive elements.
    std::vector<Diagnostic> kept = std::move(diagnostics_);
    diagnostics_.clear();
    inner.item.Add(projection.result);
    inner.item.is_single = true;
    ++repeat_levels_;
    Visit(projection, inner);
    --repeat_levels_;
    diagnostics_ = std::move(kept);
  }

  TypeTest TypeArgument(Expr& argument, const Expr& call) {
    TypeName name;
    name.span = argument.span;
    const bool is_name = argument.kind == ExprKind::kMember;
    const bool is_qualified = is_name && argument.input != nullptr &&
                              argument.input->kind == ExprKind::kMember && argument.input->input == nullptr;
    if (!is_name || (argument.input != nullptr && !is_qualified)) {
      Error(argument.span, call.text + "() takes a type's name", "such as Patient or System.String");
      return {};
    }
    name.name = argument.text;
    if (is_qualified) name.space = argument.input->text;
    return ResolveType(name);
  }

  void RequireArgument(const Expr& argument, Argument kind, const std::string& what) {
    const StaticType& type = argument.result;
    if (type.is_empty()) return;
    const auto require = [&](bool fits, std::string_view wanted) {
      if (!fits) Error(argument.span, what + " must be " + std::string(wanted) + ", not " + Describe(type));
    };
    switch (kind) {
      case Argument::kString:
        return require(type.MayBe(Category::kString), "String");
      case Argument::kInteger:
        return require(type.MayBe(Category::kInteger) || type.MayBe(Category::kLong), "Integer");
      case Argument::kNumber:
        return require(Accepts(Subject::kNumber, type), "a number");
      case Argument::kBoolean:
        return require(type.MayBe(Category::kBoolean), "Boolean");
      case Argument::kQuantity:
        return require(Accepts(Subject::kNumberOrQuantity, type), "Quantity");
      default:
        return;
    }
  }

  const CheckOptions& options_;
  std::vector<Diagnostic>& diagnostics_;
  int repeat_levels_ = 0;
};

}  // namespace

void Check(Ast& ast, const CheckOptions& options, std::vector<Diagnostic>& diagnostics) {
  Checker(options, diagnostics).Run(*ast.root);
}

}  // namespace osteon::path
