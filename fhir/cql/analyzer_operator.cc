// Operators and calls: which overload, which conversions.
#include <algorithm>

#include "fhir/cql/analyzer.h"

namespace osteon::cql {
namespace {

constexpr std::size_t kMostShownOverloads = 6;

// FHIRPath's names of operators, as methods: X.exists().
struct MethodRow {
  std::string_view method;
  std::string_view name;
};
constexpr MethodRow kMethods[] = {
    {"exists", "Exists"},
    {"count", "Count"},
    {"first", "First"},
    {"last", "Last"},
    {"distinct", "Distinct"},
    {"tail", "Tail"},
    {"skip", "Skip"},
    {"take", "Take"},
    {"length", "Length"},
    {"startsWith", "StartsWith"},
    {"endsWith", "EndsWith"},
    {"matches", "Matches"},
    {"upper", "Upper"},
    {"lower", "Lower"},
    {"toString", "ToString"},
    {"toInteger", "ToInteger"},
    {"toDecimal", "ToDecimal"},
    {"toBoolean", "ToBoolean"},
    {"toDate", "ToDate"},
    {"toDateTime", "ToDateTime"},
    {"toTime", "ToTime"},
    {"toQuantity", "ToQuantity"},
    {"substring", "Substring"},
    {"indexOf", "IndexOf"},
    {"abs", "Abs"},
    {"ceiling", "Ceiling"},
    {"floor", "Floor"},
    {"round", "Round"},
    {"truncate", "Truncate"},
    {"union", "Union"},
    {"intersect", "Intersect"},
    {"allTrue", "AllTrue"},
    {"anyTrue", "AnyTrue"},
    {"children", "Children"},
    {"descendents", "Descendents"},
    {"lowBoundary", "LowBoundary"},
    {"highBoundary", "HighBoundary"},
    {"precision", "Precision"},
};

std::vector<const Type*> TypesOf(const std::vector<Node*>& nodes) {
  std::vector<const Type*> types;
  for (const Node* const node : nodes) types.push_back(node->type);
  return types;
}

std::string TriedOverloads(const std::vector<Signature>& signatures) {
  std::string out = "tried ";
  for (std::size_t i = 0; i < signatures.size() && i < kMostShownOverloads; ++i) {
    out += (i > 0 ? ", " : "") + NamesOf(signatures[i].operands);
  }
  if (signatures.size() > kMostShownOverloads) {
    out += " and " + std::to_string(signatures.size() - kMostShownOverloads) + " more";
  }
  return out;
}

}  // namespace

Node* LibraryAnalyzer::ApplyRow(const Operator& op, Span span, std::vector<Node*> operands,
                                std::string_view precision) {
  const OperatorRow& row = *op.row;
  if (!IsImplemented(row.name)) return ErrorNode(span, std::string(row.name) + " is not supported");
  const auto overload = ResolveOverload(op.signatures, row.typing, TypesOf(operands), types());
  if (!overload) {
    return ErrorNode(span, std::string(row.name) + " takes no " + NamesOf(TypesOf(operands)),
                     TriedOverloads(op.signatures));
  }
  Node* const node = New(NodeKind::kOperator, span, overload->result);
  node->op = &op;
  node->precision = PrecisionUnit(precision);
  for (std::size_t i = 0; i < operands.size(); ++i) {
    node->children.push_back(CoerceUnchecked(operands[i], overload->operands[i]));
  }
  return node;
}

Node* LibraryAnalyzer::Apply(std::string_view name, Span span, std::vector<Node*> operands,
                             std::string_view precision) {
  const Operator* const op = FindOperator(name);
  if (op == nullptr) return ErrorNode(span, "there is no operator '" + std::string(name) + "'");
  return ApplyRow(*op, span, std::move(operands), precision);
}

Node* LibraryAnalyzer::OperatorTerm(const Syntax& syntax) {
  if (syntax.text == "Negate") return Negate(syntax);
  if (syntax.text == "Between" || syntax.text == "ProperBetween") return Between(syntax);
  if (syntax.text == "In" || syntax.text == "Contains") return Membership(syntax);
  std::vector<Node*> operands;
  for (const Syntax* const child : syntax.children) operands.push_back(Expression(*child));
  return Apply(syntax.text, syntax.span, std::move(operands), syntax.precision);
}

Node* LibraryAnalyzer::Negate(const Syntax& syntax) {
  const Syntax& operand = *syntax.children.front();
  if (operand.kind == SyntaxKind::kInteger || operand.kind == SyntaxKind::kLong ||
      operand.kind == SyntaxKind::kDecimal) {
    return NumberLiteral(operand, "-" + std::string(operand.text));
  }
  return Apply("Negate", syntax.span, {Expression(operand)});
}

Node* LibraryAnalyzer::Between(const Syntax& syntax) {
  const bool properly = syntax.text == "ProperBetween";
  Node* const value = Expression(*syntax.children[0]);
  Node* const low = Expression(*syntax.children[1]);
  Node* const high = Expression(*syntax.children[2]);
  if (value->type->kind == TypeKind::kInterval) {
    const Type* const point = Common(low->type, high->type);
    Node* const range = New(NodeKind::kInterval, syntax.span, types().Interval(point),
                            {CoerceUnchecked(low, point), CoerceUnchecked(high, point)});
    return Apply(properly ? "ProperIncludedIn" : "IncludedIn", syntax.span, {value, range});
  }
  Node* const above = Apply(properly ? "Greater" : "GreaterOrEqual", syntax.span, {value, low});
  Node* const below = Apply(properly ? "Less" : "LessOrEqual", syntax.span, {value, high});
  return Apply("And", syntax.span, {above, below});
}

Node* LibraryAnalyzer::Membership(const Syntax& syntax) {
  Node* const left = Expression(*syntax.children[0]);
  Node* const right = Expression(*syntax.children[1]);
  const bool in = syntax.text == "In";
  const Type& container = in ? *right->type : *left->type;
  if (container.Is(SystemType::kValueSet) || container.Is(SystemType::kCodeSystem)) {
    return TerminologyMembership(in ? left : right, in ? right : left, syntax.span);
  }
  return Apply(syntax.text, syntax.span, {left, right}, syntax.precision);
}

Node* LibraryAnalyzer::TerminologyMembership(Node* value, Node* vocabulary, Span span) {
  const std::string target = vocabulary->type->Is(SystemType::kValueSet) ? "InValueSet" : "InCodeSystem";
  const bool list = value->type->kind == TypeKind::kList;
  return Apply(list ? "Any" + target : target, span, {value, vocabulary});
}

Node* LibraryAnalyzer::CallIn(LibraryAnalyzer& library, std::string_view name, std::vector<Node*> operands,
                              Span span, bool fluent, bool& found) {
  const auto functions = library.FindFunctions(name, fluent);
  found = !functions.empty();
  if (!found) return nullptr;
  std::vector<Signature> signatures;
  for (const FunctionIr* const function : functions) {
    Signature& signature = signatures.emplace_back();
    for (const auto& [operand, type] : function->operands) signature.operands.push_back(type);
    signature.result = AnyType();
  }
  const auto overload = ResolveOverload(signatures, TypingRule::kSignature, TypesOf(operands), types());
  if (!overload) {
    return ErrorNode(span, "'" + std::string(name) + "' takes no " + NamesOf(TypesOf(operands)),
                     TriedOverloads(signatures));
  }
  FunctionIr& function = *functions[overload->index];
  library.EnsureAnalyzed(function);
  Node* const node = New(NodeKind::kCall, span, function.type);
  node->function = &function;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    node->children.push_back(CoerceUnchecked(operands[i], overload->operands[i]));
  }
  return node;
}

Node* LibraryAnalyzer::Call(const Syntax& syntax) {
  std::vector<Node*> operands;
  const std::string_view name = syntax.text;
  LibraryAnalyzer* library = nullptr;
  bool qualified = false;
  if (syntax.has_target) {
    const Syntax& target = *syntax.children.front();
    library = IncludedLibrary(target);
    qualified = library != nullptr;
    if (!qualified && target.kind == SyntaxKind::kIdentifier && includes_.contains(target.text)) {
      return Null(syntax.span);  // the include itself failed, and said so
    }
  }
  for (std::size_t i = qualified ? 1 : 0; i < syntax.children.size(); ++i) {
    operands.push_back(Expression(*syntax.children[i]));
  }
  bool found = false;
  if (qualified) {
    if (library->is_fhir_helpers() && operands.size() == 1 && name.starts_with("To")) {
      return HelperConversion(name, operands.front());
    }
    Node* const call = CallIn(*library, name, std::move(operands), syntax.span, false, found);
    return found ? call
                 : ErrorNode(syntax.span, "there is no function '" + std::string(name) + "' in " +
                                              std::string(syntax.children.front()->text));
  }
  Node* const own = CallIn(*this, name, operands, syntax.span, syntax.has_target, found);
  if (found) return own;
  if (!syntax.has_target) return SystemFunction(name, syntax.span, std::move(operands));
  for (const auto& [local, included] : includes_) {
    if (included == nullptr) continue;
    Node* const call = CallIn(*included, name, operands, syntax.span, true, found);
    if (found) return call;
  }
  const auto* const method = std::find_if(std::begin(kMethods), std::end(kMethods),
                                          [&](const MethodRow& row) { return row.method == name; });
  return SystemFunction(method != std::end(kMethods) ? method->name : name, syntax.span, std::move(operands));
}

// FHIRHelpers' conversions are native, whichever text of that library is at hand.
Node* LibraryAnalyzer::HelperConversion(std::string_view name, Node* operand) {
  if (const Type* const converted = ModelConversion(*operand->type))
    return CoerceUnchecked(operand, converted);
  const auto system = FindSystemType(name.substr(2));
  if (system && ConversionCost(*operand->type, *TypeOf(*system), Promotion::kForbidden)) {
    return CoerceUnchecked(operand, TypeOf(*system));
  }
  if (system) return SystemFunction(name, operand->span, {operand});
  if (operand->type->kind == TypeKind::kChoice) {
    for (const Type* const choice : operand->type->choices) {
      const Type* const converted = ModelConversion(*choice);
      if (converted != nullptr && converted->kind == TypeKind::kInterval) {
        return CoerceUnchecked(operand, converted);
      }
    }
  }
  return operand;
}

Node* LibraryAnalyzer::Coalesce(Span span, std::vector<Node*> operands) {
  const Operator& op = *FindOperator("Coalesce");
  if (operands.size() == 1 && operands.front()->type->kind == TypeKind::kList) {
    return ApplyRow(op, span, std::move(operands), {});
  }
  if (operands.empty()) return ErrorNode(span, "Coalesce needs an operand");
  const Type* type = AnyType();
  for (const Node* const operand : operands) type = Common(type, operand->type);
  Node* const node = New(NodeKind::kOperator, span, type);
  node->op = &op;
  for (Node* const operand : operands) node->children.push_back(CoerceUnchecked(operand, type));
  return node;
}

// AgeInYears(), AgeInYearsAt(date): of the patient of the context.
Node* LibraryAnalyzer::AgeFunction(std::string_view name, Span span, std::vector<Node*> operands) {
  const bool at = name.ends_with("At");
  const std::string calculate = "Calculate" + std::string(name) + (at ? "" : "At");
  const Operator* const op = FindOperator(calculate);
  if (op == nullptr || operands.size() != (at ? 1U : 0U)) return nullptr;
  if (!ir_.uses_fhir || frame_->context != "Patient") {
    return ErrorNode(span, std::string(name) + " needs the patient of a context",
                     "using FHIR version '4.0.1' and context Patient");
  }
  Node* const patient = New(NodeKind::kSubject, span, types().Fhir(model::FindType("Patient")));
  const bool time = name.find("Hours") != std::string_view::npos ||
                    name.find("Minutes") != std::string_view::npos ||
                    name.find("Seconds") != std::string_view::npos;
  Node* const moment = at ? operands.front() : Apply(time ? "Now" : "Today", span, {});
  Node* birth = Property(patient, "birthDate", span);
  if (at && ConversionCost(*moment->type, *TypeOf(SystemType::kDate), Promotion::kForbidden)) {
    birth = CoerceUnchecked(birth, TypeOf(SystemType::kDate));
  }
  return ApplyRow(*op, span, {birth, moment}, {});
}

Node* LibraryAnalyzer::SystemFunction(std::string_view name, Span span, std::vector<Node*> operands) {
  if (name == "Coalesce") return Coalesce(span, std::move(operands));
  if (name.starts_with("AgeIn")) {
    if (Node* const age = AgeFunction(name, span, operands)) return age;
  }
  if (const Operator* const op = FindOperator(name)) return ApplyRow(*op, span, std::move(operands), {});
  std::vector<std::string_view> names;
  for (const Operator& op : Operators()) names.push_back(op.row->name);
  for (const auto& [function, entry] : functions_) names.push_back(function);
  return ErrorNode(span, "there is no function '" + std::string(name) + "'", NearestNameHint(name, names));
}

}  // namespace osteon::cql
