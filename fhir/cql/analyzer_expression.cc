// Terms: literals, selectors, conditions, type operators.
#include <algorithm>

#include "fhir/base/decimal.h"
#include "fhir/cql/analyzer.h"

namespace osteon::cql {
namespace {

// Recursion over syntax and over the definitions it names.
constexpr int kMaxDepth = 1200;

// CQL Decimal: 28 digits, 8 of them after the point.
constexpr std::size_t kMaxFraction = 8;
constexpr std::size_t kMaxWhole = 28;

}  // namespace

std::optional<model::DurationUnit> PrecisionUnit(std::string_view precision) {
  if (precision.empty()) return std::nullopt;
  const auto found = model::FindDurationUnit(precision);
  return found ? std::optional(found->unit) : std::nullopt;
}

Node* LibraryAnalyzer::New(NodeKind kind, Span span, const Type* type,
                           std::initializer_list<Node*> children) {
  Node& node = program_.program().nodes.emplace_back();
  node.kind = kind;
  node.span = span;
  node.library = &ir_;
  node.type = type;
  node.children = children;
  return &node;
}

Node* LibraryAnalyzer::Expression(const Syntax& syntax) {
  if (++depth_ > kMaxDepth) {
    --depth_;
    return ErrorNode(syntax.span, "definitions refer to each other too deeply");
  }
  Node* const node = ExpressionInner(syntax);
  --depth_;
  return node;
}

Node* LibraryAnalyzer::ExpressionInner(const Syntax& syntax) {
  switch (syntax.kind) {
    case SyntaxKind::kError:
    case SyntaxKind::kNull:
      return Null(syntax.span);
    case SyntaxKind::kBoolean:
    case SyntaxKind::kInteger:
    case SyntaxKind::kLong:
    case SyntaxKind::kDecimal:
    case SyntaxKind::kString:
    case SyntaxKind::kDate:
    case SyntaxKind::kDateTime:
    case SyntaxKind::kTime:
    case SyntaxKind::kQuantity:
      return Literal(syntax);
    case SyntaxKind::kRatio:
      return New(NodeKind::kLiteral, syntax.span, TypeOf(SystemType::kRatio),
                 {QuantityLiteral(*syntax.children[0]), QuantityLiteral(*syntax.children[1])});
    case SyntaxKind::kIdentifier:
      return Identifier(syntax);
    case SyntaxKind::kThis:
      if (!frame_->sort_items.empty()) {
        Node* const item = New(NodeKind::kSlot, syntax.span, frame_->sort_items.back());
        item->slot = frame_->sort_slots.back();
        return item;
      }
      return ErrorNode(syntax.span, "there is no $this here", "give the source of a query an alias");
    case SyntaxKind::kIndex:
    case SyntaxKind::kTotal:
      return ErrorNode(syntax.span, "$index and $total are not available here");
    case SyntaxKind::kExternalConstant:
      return ErrorNode(syntax.span, "there is no constant '%" + std::string(syntax.text) + "'",
                       "declare a parameter");
    case SyntaxKind::kMember:
      return Member(syntax);
    case SyntaxKind::kCall:
      return Call(syntax);
    case SyntaxKind::kOperator:
      return OperatorTerm(syntax);
    case SyntaxKind::kTiming:
      return Timing(syntax);
    case SyntaxKind::kInterval:
      return IntervalSelector(syntax);
    case SyntaxKind::kTuple:
      return TupleSelector(syntax);
    case SyntaxKind::kInstance:
      return InstanceSelector(syntax);
    case SyntaxKind::kList:
      return ListSelector(syntax);
    case SyntaxKind::kCode:
      return CodeSelector(syntax);
    case SyntaxKind::kConcept:
      return ConceptSelector(syntax);
    case SyntaxKind::kRetrieve:
      return Retrieve(syntax);
    case SyntaxKind::kQuery:
      return Query(syntax);
    case SyntaxKind::kIf:
      return If(syntax);
    case SyntaxKind::kCase:
      return Case(syntax);
    case SyntaxKind::kIs:
    case SyntaxKind::kAs:
    case SyntaxKind::kCast:
      return TypeOperator(syntax);
    case SyntaxKind::kConvert:
      return Convert(syntax);
    case SyntaxKind::kMinimum:
    case SyntaxKind::kMaximum:
      return Extreme(syntax);
  }
  return Null(syntax.span);
}

Node* LibraryAnalyzer::Literal(const Syntax& syntax) {
  switch (syntax.kind) {
    case SyntaxKind::kBoolean:
    case SyntaxKind::kString: {
      const auto type = syntax.kind == SyntaxKind::kBoolean ? SystemType::kBoolean : SystemType::kString;
      Node* const node = New(NodeKind::kLiteral, syntax.span, TypeOf(type));
      node->text = syntax.text;
      return node;
    }
    case SyntaxKind::kQuantity:
      return QuantityLiteral(syntax);
    case SyntaxKind::kDate:
    case SyntaxKind::kDateTime:
    case SyntaxKind::kTime:
      return TemporalLiteral(syntax);
    default:
      return NumberLiteral(syntax, syntax.text);
  }
}

// `digits` may have a minus sign, so that the least Integer and Long can be written.
Node* LibraryAnalyzer::NumberLiteral(const Syntax& syntax, std::string_view written) {
  const bool negative = written.starts_with('-');
  std::string digits(written.substr(negative ? 1 : 0));
  const std::size_t leading = std::min(digits.find_first_not_of('0'), digits.find('.') - 1);
  digits.erase(0, std::min(leading, digits.size() - 1));
  if (negative) digits.insert(0, "-");
  const auto decimal = base::Decimal::Parse(digits);
  SystemType type = SystemType::kDecimal;
  bool fits = decimal.has_value();
  if (syntax.kind == SyntaxKind::kDecimal) {
    const std::size_t point = digits.find('.');
    const std::size_t whole = point - (digits.starts_with('-') ? 1 : 0);
    fits = fits && whole <= kMaxWhole && digits.size() - point - 1 <= kMaxFraction;
  } else if (syntax.kind == SyntaxKind::kLong) {
    type = SystemType::kLong;
    fits = fits && decimal->ToInteger().has_value();
  } else {
    type = SystemType::kInteger;
    const auto value = fits ? decimal->ToInteger() : std::nullopt;
    fits = value && *value >= INT32_MIN && *value <= INT32_MAX;
  }
  if (!fits) {
    return ErrorNode(syntax.span, digits + " is no " + std::string(NameOf(type)),
                     type == SystemType::kInteger ? "a Long is written with an L: 2147483648L"
                     : type == SystemType::kDecimal
                         ? "a Decimal has at most 28 digits before and 8 after the point"
                         : "");
  }
  Node* const node = New(NodeKind::kLiteral, syntax.span, TypeOf(type));
  node->text = digits;
  return node;
}

Node* LibraryAnalyzer::TemporalLiteral(const Syntax& syntax) {
  const bool date = syntax.kind == SyntaxKind::kDate;
  const bool time = syntax.kind == SyntaxKind::kTime;
  const auto value = date   ? model::ParseDateText(syntax.text)
                     : time ? model::ParseTimeText(syntax.text)
                            : model::ParseDateTimeText(syntax.text);
  if (!value) {
    return ErrorNode(syntax.span, "'" + std::string(syntax.text) + "' is no " +
                                      (date   ? "date"
                                       : time ? "time of day"
                                              : "date and time"));
  }
  Node* const node = New(NodeKind::kLiteral, syntax.span,
                         TypeOf(date   ? SystemType::kDate
                                : time ? SystemType::kTime
                                       : SystemType::kDateTime));
  node->text = syntax.text;
  return node;
}

Node* LibraryAnalyzer::QuantityLiteral(const Syntax& syntax) {
  Node* const node = New(NodeKind::kLiteral, syntax.span, TypeOf(SystemType::kQuantity));
  if (!base::Decimal::Parse(syntax.text)) {
    return ErrorNode(syntax.span, "'" + std::string(syntax.text) + "' has too many digits");
  }
  node->text = syntax.text;
  node->unit = syntax.unit.empty() ? "1" : syntax.unit;
  return node;
}

Node* LibraryAnalyzer::IntervalSelector(const Syntax& syntax) {
  Node* low = Expression(*syntax.children[0]);
  Node* high = Expression(*syntax.children[1]);
  const Type* const point = Common(low->type, high->type);
  if (point->kind == TypeKind::kChoice) {
    return ErrorNode(syntax.span, "the bounds of an interval must be of one type, not " +
                                      ShortNameOf(*low->type) + " and " + ShortNameOf(*high->type));
  }
  Node* const node = New(NodeKind::kInterval, syntax.span, types().Interval(point),
                         {CoerceUnchecked(low, point), CoerceUnchecked(high, point)});
  node->low_closed = syntax.low_closed;
  node->high_closed = syntax.high_closed;
  return node;
}

Node* LibraryAnalyzer::TupleSelector(const Syntax& syntax) {
  Node* const node = New(NodeKind::kTuple, syntax.span, AnyType());
  std::vector<std::pair<std::string, const Type*>> elements;
  for (std::size_t i = 0; i < syntax.children.size() && i < syntax.names.size(); ++i) {
    Node* const value = Expression(*syntax.children[i]);
    const std::string name(syntax.names[i]);
    if (std::find(node->names.begin(), node->names.end(), name) != node->names.end()) {
      Error(syntax.children[i]->span, "the tuple has two elements '" + name + "'");
      continue;
    }
    node->children.push_back(value);
    node->names.push_back(name);
    elements.emplace_back(name, value->type);
  }
  node->type = types().Tuple(std::move(elements));
  return node;
}

Node* LibraryAnalyzer::InstanceSelector(const Syntax& syntax) {
  const Type* const type = ResolveType(*syntax.type);
  Node* const node = New(NodeKind::kInstance, syntax.span, type);
  node->target_type = type;
  for (std::size_t i = 0; i < syntax.children.size() && i < syntax.names.size(); ++i) {
    Node* value = Expression(*syntax.children[i]);
    const std::string name(syntax.names[i]);
    if (type->kind == TypeKind::kAny) continue;
    const Type* const element = ElementType(*type, name);
    if (element == nullptr) {
      std::vector<std::string> names;
      AddElementNames(*type, names);
      const std::vector<std::string_view> views(names.begin(), names.end());
      Error(syntax.children[i]->span, ShortNameOf(*type) + " has no element '" + name + "'",
            NearestNameHint(name, views));
      continue;
    }
    // A System value may stand for a FHIR primitive: it is what the primitive converts to.
    const bool primitive = element->kind == TypeKind::kFhir || element->kind == TypeKind::kList ||
                           element->kind == TypeKind::kChoice;
    value = primitive && !ConversionCost(*value->type, *element, Promotion::kAllowed)
                ? value
                : Coerce(value, element, "the element '" + name + "'");
    node->children.push_back(value);
    node->names.push_back(name);
  }
  return node;
}

Node* LibraryAnalyzer::ListSelector(const Syntax& syntax) {
  Node* const node = New(NodeKind::kList, syntax.span, AnyType());
  const Type* element = syntax.type != nullptr ? ResolveType(*syntax.type) : AnyType();
  for (const Syntax* const child : syntax.children) {
    Node* const value = Expression(*child);
    node->children.push_back(value);
    if (syntax.type == nullptr) element = Common(element, value->type);
  }
  for (Node*& child : node->children) {
    child = syntax.type != nullptr ? Coerce(child, element, "an element of the list")
                                   : CoerceUnchecked(child, element);
  }
  node->type = types().List(element);
  return node;
}

Node* LibraryAnalyzer::CodeSelector(const Syntax& syntax) {
  Node* const system = Expression(*syntax.children.front());
  Node* const node = New(NodeKind::kCode, syntax.span, TypeOf(SystemType::kCode));
  node->text = syntax.text;
  node->display = syntax.display;
  if (system->kind == NodeKind::kCodeSystem) {
    node->terminology = system->terminology;
  } else if (system->kind != NodeKind::kNull) {
    Error(syntax.span, "a code is from a code system, and this is " + ShortNameOf(*system->type));
  }
  return node;
}

Node* LibraryAnalyzer::ConceptSelector(const Syntax& syntax) {
  Node* const node = New(NodeKind::kConcept, syntax.span, TypeOf(SystemType::kConcept));
  node->display = syntax.display;
  for (const Syntax* const code : syntax.children) node->children.push_back(CodeSelector(*code));
  return node;
}

Node* LibraryAnalyzer::If(const Syntax& syntax) {
  Node* const condition =
      Coerce(Expression(*syntax.children[0]), TypeOf(SystemType::kBoolean), "the condition of 'if'");
  Node* const then_value = Expression(*syntax.children[1]);
  Node* const else_value = Expression(*syntax.children[2]);
  const Type* const type = Common(then_value->type, else_value->type);
  return New(NodeKind::kIf, syntax.span, type,
             {condition, CoerceUnchecked(then_value, type), CoerceUnchecked(else_value, type)});
}

Node* LibraryAnalyzer::Case(const Syntax& syntax) {
  Node* const node = New(NodeKind::kCase, syntax.span, AnyType());
  node->has_comparand = syntax.has_target;
  node->op = FindOperator("Equal");
  for (const Syntax* const child : syntax.children) node->children.push_back(Expression(*child));
  const std::size_t first = syntax.has_target ? 1 : 0;
  const Type* type = node->children.back()->type;
  const Type* compared = syntax.has_target ? node->children.front()->type : TypeOf(SystemType::kBoolean);
  for (std::size_t i = first; i + 1 < node->children.size(); i += 2) {
    type = Common(type, node->children[i + 1]->type);
    if (syntax.has_target) compared = Common(compared, node->children[i]->type);
  }
  for (std::size_t i = first; i + 1 < node->children.size(); i += 2) {
    node->children[i] = Coerce(node->children[i], compared, "the condition of 'when'");
    node->children[i + 1] = CoerceUnchecked(node->children[i + 1], type);
  }
  if (syntax.has_target) node->children.front() = CoerceUnchecked(node->children.front(), compared);
  node->children.back() = CoerceUnchecked(node->children.back(), type);
  node->type = type;
  return node;
}

Node* LibraryAnalyzer::TypeOperator(const Syntax& syntax) {
  Node* const value = Expression(*syntax.children.front());
  const Type* type = ResolveType(*syntax.type);
  // "5 'mg' as Quantity" can only mean the System type, whatever the model has of that name.
  const Type& from = *value->type;
  const bool is_system = from.kind == TypeKind::kSystem ||
                         (from.kind == TypeKind::kInterval && from.element->kind == TypeKind::kSystem);
  if (is_system && type->kind == TypeKind::kFhir && syntax.type->qualifier.empty()) {
    if (const auto system = FindSystemType(syntax.type->name)) type = TypeOf(*system);
  }
  const bool is = syntax.kind == SyntaxKind::kIs;
  Node* const node = New(is                               ? NodeKind::kIs
                         : syntax.kind == SyntaxKind::kAs ? NodeKind::kAs
                                                          : NodeKind::kCast,
                         syntax.span, is ? TypeOf(SystemType::kBoolean) : type, {value});
  node->target_type = type;
  return node;
}

Node* LibraryAnalyzer::Convert(const Syntax& syntax) {
  Node* const value = Expression(*syntax.children.front());
  if (syntax.type == nullptr) {
    if (syntax.children.size() < 2) return value;
    return Apply("ConvertQuantity", syntax.span, {value, Expression(*syntax.children[1])});
  }
  const Type* const type = ResolveType(*syntax.type);
  if (type->kind == TypeKind::kSystem) {
    const std::string name = "To" + std::string(NameOf(type->system));
    if (FindOperator(name) != nullptr) return SystemFunction(name, syntax.span, {value});
  }
  return Coerce(value, type, "the value to convert");
}

Node* LibraryAnalyzer::Extreme(const Syntax& syntax) {
  const Type* const type = ResolveType(*syntax.type);
  const bool has_extreme =
      type->kind == TypeKind::kSystem &&
      (type->Is(SystemType::kInteger) || type->Is(SystemType::kLong) || type->Is(SystemType::kDecimal) ||
       type->Is(SystemType::kDate) || type->Is(SystemType::kDateTime) || type->Is(SystemType::kTime));
  if (!has_extreme) {
    return ErrorNode(syntax.span, ShortNameOf(*type) + " has no least and no greatest value",
                     "Integer, Long, Decimal, Date, DateTime and Time have");
  }
  return New(syntax.kind == SyntaxKind::kMinimum ? NodeKind::kMinimum : NodeKind::kMaximum, syntax.span,
             type);
}

}  // namespace osteon::cql
