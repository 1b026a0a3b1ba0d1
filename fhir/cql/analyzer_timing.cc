// Timing phrases as operators. Source: CQL 1.5.3, 6 "Translation Semantics", "Timing Phrases".
#include "fhir/cql/analyzer.h"

namespace osteon::cql {

Node* LibraryAnalyzer::Boundary(Node* value, bool start) {
  return Apply(start ? "Start" : "End", value->span, {value});
}

Node* LibraryAnalyzer::Timing(const Syntax& syntax) {
  const TimingSyntax& timing = *syntax.timing;
  Node* left = Expression(*syntax.children[0]);
  Node* right = Expression(*syntax.children[1]);
  if (timing.left != TimingBoundary::kWhole) left = Boundary(left, timing.left == TimingBoundary::kStart);
  if (timing.right != TimingBoundary::kWhole) right = Boundary(right, timing.right == TimingBoundary::kStart);
  const bool before = timing.side == TimingSide::kBefore;
  const auto apply = [&](std::string_view name) {
    return Apply(name, syntax.span, {left, right}, syntax.precision);
  };
  switch (timing.relation) {
    case TimingRelation::kSame:
      if (timing.side == TimingSide::kNone) return apply("SameAs");
      return apply(before ? "SameOrBefore" : "SameOrAfter");
    case TimingRelation::kIncludes:
      return apply(timing.properly ? "ProperIncludes" : "Includes");
    case TimingRelation::kIncludedIn:
      return apply(timing.properly ? "ProperIncludedIn" : "IncludedIn");
    case TimingRelation::kMeets:
      if (timing.side == TimingSide::kNone) return apply("Meets");
      return apply(before ? "MeetsBefore" : "MeetsAfter");
    case TimingRelation::kOverlaps:
      if (timing.side == TimingSide::kNone) return apply("Overlaps");
      return apply(before ? "OverlapsBefore" : "OverlapsAfter");
    case TimingRelation::kStarts:
      return apply("Starts");
    case TimingRelation::kEnds:
      return apply("Ends");
    case TimingRelation::kWithin:
      return Within(syntax, left, right);
    case TimingRelation::kBeforeOrAfter:
      if (timing.offset != nullptr) return OffsetPhrase(syntax, left, right);
      if (timing.or_same) return apply(before ? "SameOrBefore" : "SameOrAfter");
      return apply(before ? "Before" : "After");
  }
  return Null(syntax.span);
}

// "A 3 days or less before B": where A ends, relative to where B starts; "after" the other way round.
Node* LibraryAnalyzer::OffsetPhrase(const Syntax& syntax, Node* left, Node* right) {
  const TimingSyntax& timing = *syntax.timing;
  const Span span = syntax.span;
  const bool before = timing.side == TimingSide::kBefore;
  const auto point = [&](Node* value, bool start) {
    const Type* const converted = ModelConversion(*value->type);
    const bool interval = value->type->kind == TypeKind::kInterval ||
                          (converted != nullptr && converted->kind == TypeKind::kInterval);
    return interval ? Boundary(value, start) : value;
  };
  Node* const from = point(left, !before);
  Node* const to = point(right, before);
  Node* offset = timing.offset->kind == SyntaxKind::kQuantity
                     ? QuantityLiteral(*timing.offset)
                     : NumberLiteral(*timing.offset, timing.offset->text);
  Node* const shifted = Apply(before ? "Subtract" : "Add", span, {to, offset});
  switch (timing.bound) {
    case OffsetBound::kExactly:
      return Apply("SameAs", span, {from, shifted}, syntax.precision);
    case OffsetBound::kOrMore:
      return Apply(before ? "SameOrBefore" : "SameOrAfter", span, {from, shifted}, syntax.precision);
    case OffsetBound::kMoreThan:
      return Apply(before ? "Before" : "After", span, {from, shifted}, syntax.precision);
    case OffsetBound::kOrLess:
    case OffsetBound::kLessThan:
      break;
  }
  const Type* const type = Common(shifted->type, to->type);
  Node* const near = CoerceUnchecked(to, type);
  Node* const far = CoerceUnchecked(shifted, type);
  Node* const range = before ? New(NodeKind::kInterval, span, types().Interval(type), {far, near})
                             : New(NodeKind::kInterval, span, types().Interval(type), {near, far});
  const bool far_closed = timing.bound == OffsetBound::kOrLess;
  range->low_closed = before ? far_closed : timing.or_same;
  range->high_closed = before ? timing.or_same : far_closed;
  Node* const known = Apply("Not", span, {Apply("IsNull", span, {to})});
  return Apply("And", span, {Apply("In", span, {from, range}, syntax.precision), known});
}

// "A within 3 days of B": A lies between 3 days before B's start and 3 days after its end.
Node* LibraryAnalyzer::Within(const Syntax& syntax, Node* left, Node* right) {
  const TimingSyntax& timing = *syntax.timing;
  const Span span = syntax.span;
  const Type* const converted = ModelConversion(*right->type);
  const bool interval = right->type->kind == TypeKind::kInterval ||
                        (converted != nullptr && converted->kind == TypeKind::kInterval);
  Node* const start = interval ? Boundary(right, true) : right;
  Node* const end = interval ? Boundary(right, false) : right;
  Node* const offset = timing.offset->kind == SyntaxKind::kQuantity
                           ? QuantityLiteral(*timing.offset)
                           : NumberLiteral(*timing.offset, timing.offset->text);
  Node* const low = Apply("Subtract", span, {start, offset});
  Node* const high = Apply("Add", span, {end, offset});
  Node* const range = New(NodeKind::kInterval, span, types().Interval(low->type), {low, high});
  range->low_closed = !timing.properly;
  range->high_closed = !timing.properly;
  const bool whole = left->type->kind == TypeKind::kInterval;
  Node* const test = Apply(whole ? "IncludedIn" : "In", span, {left, range}, syntax.precision);
  Node* const known = Apply("Not", span, {Apply("IsNull", span, {start})});
  return Apply("And", span, {test, known});
}

}  // namespace osteon::cql
