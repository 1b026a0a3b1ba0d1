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

bool LibraryAnalyzer::IsInterval(const Node& value) {
  const Type* const converted = ModelConversion(*value.type);
  return value.type->kind == TypeKind::kInterval ||
         (converted != nullptr && converted->kind == TypeKind::kInterval);
}

// "A 3 days or less before B": where A ends, relative to where B starts; "after" the other way round. The two
// bounds are compared one by one: as an interval they would be none when "3 days" is less than B is precise
// to.
Node* LibraryAnalyzer::OffsetPhrase(const Syntax& syntax, Node* left, Node* right) {
  const TimingSyntax& timing = *syntax.timing;
  const Span span = syntax.span;
  const bool before = timing.side == TimingSide::kBefore;
  const auto compare = [&](bool is_before, bool or_same, Node* value, Node* bound) {
    const std::string_view name =
        is_before ? (or_same ? "SameOrBefore" : "Before") : (or_same ? "SameOrAfter" : "After");
    return Apply(name, span, {value, bound}, syntax.precision);
  };
  Node* const from = IsInterval(*left) ? Boundary(left, !before) : left;
  Node* const to = IsInterval(*right) ? Boundary(right, before) : right;
  Node* offset = timing.offset->kind == SyntaxKind::kQuantity
                     ? QuantityLiteral(*timing.offset)
                     : NumberLiteral(*timing.offset, timing.offset->text);
  Node* const shifted = Apply(before ? "Subtract" : "Add", span, {to, offset});
  switch (timing.bound) {
    case OffsetBound::kExactly:
      return Apply("SameAs", span, {from, shifted}, syntax.precision);
    case OffsetBound::kOrMore:
      return compare(before, true, from, shifted);
    case OffsetBound::kMoreThan:
      return compare(before, false, from, shifted);
    case OffsetBound::kOrLess:
    case OffsetBound::kLessThan:
      break;
  }
  Node* const far = compare(!before, timing.bound == OffsetBound::kOrLess, from, shifted);
  Node* const near = compare(before, timing.or_same, from, to);
  Node* const known = Apply("Not", span, {Apply("IsNull", span, {to})});
  return Apply("And", span, {Apply("And", span, {far, near}), known});
}

// "A within 3 days of B": A lies between 3 days before B's start and 3 days after its end.
Node* LibraryAnalyzer::Within(const Syntax& syntax, Node* left, Node* right) {
  const TimingSyntax& timing = *syntax.timing;
  const Span span = syntax.span;
  const auto bound = [&](Node* value, bool start) {
    return IsInterval(*value) ? Boundary(value, start) : value;
  };
  Node* const start = bound(right, true);
  Node* const offset = timing.offset->kind == SyntaxKind::kQuantity
                           ? QuantityLiteral(*timing.offset)
                           : NumberLiteral(*timing.offset, timing.offset->text);
  Node* const low = Apply("Subtract", span, {start, offset});
  Node* const high = Apply("Add", span, {bound(right, false), offset});
  Node* const after =
      Apply(timing.properly ? "After" : "SameOrAfter", span, {bound(left, true), low}, syntax.precision);
  Node* const before =
      Apply(timing.properly ? "Before" : "SameOrBefore", span, {bound(left, false), high}, syntax.precision);
  Node* const known = Apply("Not", span, {Apply("IsNull", span, {start})});
  return Apply("And", span, {Apply("And", span, {after, before}), known});
}

}  // namespace osteon::cql
