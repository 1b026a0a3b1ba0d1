// Timing phrases. Source: CQL 1.5.3, 2.5.5 "Timing and Interval Operators", grammar "intervalOperatorPhrase".
#include "fhir/cql/parser_internal.h"

namespace osteon::cql {
namespace {

bool IsNumber(const Token& token) {
  return token.kind == TokenKind::kInteger || token.kind == TokenKind::kDecimal;
}

}  // namespace

// Whether the words after a complete expression go on with a timing phrase.
bool Parser::AtTimingPhrase() const {
  if (IsNumber(Peek())) return true;
  if (IsAnyWord({"starts", "ends", "occurs", "includes", "during", "before", "after", "within", "meets",
                 "overlaps", "same"})) {
    return true;
  }
  if (IsWord("properly")) return IsAnyWord({"includes", "included", "during", "within"}, 1);
  if (IsWord("included")) return IsWord("in", 1);
  if (IsWord("on")) return IsWord("or", 1) || IsAnyWord({"before", "after"}, 1);
  return IsAnyWord({"less", "more"}) && IsWord("than", 1);
}

Syntax* Parser::TimingExpression(Syntax* left) {
  TimingSyntax& timing = library_.timings.emplace_back();
  std::string_view precision;
  if (IsAnyWord({"starts", "ends"})) {
    const bool starts = Take().text == "starts";
    if (AtTimingPhrase() && !IsAnyWord({"starts", "ends", "occurs", "meets", "overlaps", "includes"})) {
      timing.left = starts ? TimingBoundary::kStart : TimingBoundary::kEnd;
      TimingRelationOf(timing, precision);
    } else {
      timing.relation = starts ? TimingRelation::kStarts : TimingRelation::kEnds;
      precision = PrecisionOf();
    }
  } else {
    AcceptWord("occurs");
    TimingRelationOf(timing, precision);
  }
  Syntax* const right = Expression(static_cast<Power>(static_cast<int>(Power::kTiming) + 1));
  Syntax* const node = New(SyntaxKind::kTiming, left->span);
  node->timing = &timing;
  node->precision = precision;
  Adopt(node, left);
  Adopt(node, right);
  if (timing.offset != nullptr) Adopt(node, timing.offset);
  return Close(node);
}

void Parser::TimingRelationOf(TimingSyntax& timing, std::string_view& precision) {
  if (AcceptWord("same")) return SameAs(timing, precision);
  timing.properly = AcceptWord("properly");
  if (AcceptWord("includes")) {
    timing.relation = TimingRelation::kIncludes;
    precision = PrecisionOf();
    return RightBoundary(timing);
  }
  if (IsAnyWord({"during", "included"})) {
    if (Take().text == "included") ExpectWord("in", "after 'included'");
    timing.relation = TimingRelation::kIncludedIn;
    precision = PrecisionOf();
    return;
  }
  if (AcceptWord("within")) {
    timing.relation = TimingRelation::kWithin;
    if (!IsNumber(Peek())) FailHere("a quantity after 'within'");
    timing.offset = NumberLiteral(false);
    ExpectWord("of", "after the quantity of 'within'");
    return RightBoundary(timing);
  }
  if (!timing.properly && IsAnyWord({"meets", "overlaps"})) {
    timing.relation = Take().text == "meets" ? TimingRelation::kMeets : TimingRelation::kOverlaps;
    if (IsAnyWord({"before", "after"})) {
      timing.side = Take().text == "before" ? TimingSide::kBefore : TimingSide::kAfter;
    }
    precision = PrecisionOf();
    return;
  }
  if (timing.properly) return FailHere("includes, included in, during or within after 'properly'");
  BeforeOrAfter(timing, precision);
}

// same [precision] (as | or before | or after)
void Parser::SameAs(TimingSyntax& timing, std::string_view& precision) {
  timing.relation = TimingRelation::kSame;
  if (Peek().kind == TokenKind::kWord && SingularPrecision(Peek().text) == Peek().text) {
    precision = SingularPrecision(Take().text);
  }
  if (AcceptWord("or")) {
    timing.or_same = true;
    if (!IsAnyWord({"before", "after"})) return FailHere("before or after");
    timing.side = Take().text == "before" ? TimingSide::kBefore : TimingSide::kAfter;
  } else {
    ExpectWord("as", "or 'or before' or 'or after'");
  }
  // "same day as start of x" is a term; "same day as start x" a boundary.
  RightBoundary(timing);
}

// [offset] (on or)? (before | after) (or on)?
void Parser::BeforeOrAfter(TimingSyntax& timing, std::string_view& precision) {
  timing.relation = TimingRelation::kBeforeOrAfter;
  Offset(timing);
  if (AcceptWord("on")) {
    AcceptWord("or");
    timing.or_same = true;
  }
  if (!IsAnyWord({"before", "after"})) {
    return FailHere("a timing phrase", "such as before, 3 days or less after, during, same day as, overlaps");
  }
  timing.side = Take().text == "before" ? TimingSide::kBefore : TimingSide::kAfter;
  if (IsWord("or") && IsWord("on", 1)) {
    Take();
    Take();
    timing.or_same = true;
  }
  precision = PrecisionOf();
  RightBoundary(timing);
}

// quantity [or (less | more)] | (less | more) than quantity
void Parser::Offset(TimingSyntax& timing) {
  if (IsAnyWord({"less", "more"})) {
    timing.bound = Take().text == "less" ? OffsetBound::kLessThan : OffsetBound::kMoreThan;
    ExpectWord("than", "before the quantity");
    if (!IsNumber(Peek())) return FailHere("a quantity");
    timing.offset = NumberLiteral(false);
    return;
  }
  if (!IsNumber(Peek())) return;
  timing.offset = NumberLiteral(false);
  if (!IsWord("or") || !IsAnyWord({"less", "more"}, 1)) return;
  Take();
  timing.bound = Take().text == "less" ? OffsetBound::kOrLess : OffsetBound::kOrMore;
}

// [precision of]
std::string_view Parser::PrecisionOf() {
  if (Peek().kind != TokenKind::kWord || !IsWord("of", 1)) return {};
  const std::string_view precision = SingularPrecision(Peek().text);
  if (precision.empty() || precision != Peek().text) return {};
  Take();
  Take();
  return precision;
}

void Parser::RightBoundary(TimingSyntax& timing) {
  if (!IsAnyWord({"start", "end"}) || IsWord("of", 1)) return;
  timing.right = Take().text == "start" ? TimingBoundary::kStart : TimingBoundary::kEnd;
}

}  // namespace osteon::cql
