// The syntax tree of a CQL library. Operators written as symbols, words or phrases all become kOperator nodes
// that carry the operator's name in the specification (Appendix B), so that the analysis knows one form only.
//
// Nodes are owned by the LibrarySyntax and point to each other; text views refer to its tokens and source.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/cql/lexer.h"
#include "fhir/cql/source.h"

namespace osteon::cql {

enum class SyntaxKind : std::uint8_t {
  kError,  // reported already
  kNull,
  kBoolean,  // text: "true" or "false"
  kInteger,  // text: digits; the same for kLong, kDecimal
  kLong,
  kDecimal,
  kString,    // text: unescaped
  kDate,      // text: without "@"; the same for kDateTime
  kDateTime,  //
  kTime,      // text: without "@T"
  kQuantity,  // text: number; unit: UCUM code or calendar word, "1" when none was written
  kRatio,     // children: numerator, denominator
  kIdentifier,
  kThis,
  kIndex,
  kTotal,
  kExternalConstant,
  kMember,    // children: the value; text: the element's name
  kCall,      // text: function; children: arguments, after the value it is called on when `has_target`
  kOperator,  // text: operator; children: operands; precision may be set
  kTiming,    // children: left, right; timing
  kInterval,  // children: low, high; low_closed, high_closed
  kTuple,     // names and children
  kInstance,  // type, names and children
  kList,      // children; type: element type when written
  kCode,      // text: code; children: code system; display
  kConcept,   // children: kCode nodes; display
  kRetrieve,  // retrieve
  kQuery,     // query
  kIf,        // children: condition, then, else
  kCase,      // children: [comparand,] when, then, ..., else; has_target: there is a comparand
  kIs,        // children: value; type
  kAs,        // children: value; type
  kCast,      // children: value; type
  kConvert,   // children: value, and the unit when `type` is null; type
  kMinimum,   // type; the same for kMaximum
  kMaximum,
};

struct TypeSyntax {
  enum class Kind : std::uint8_t { kNamed, kList, kInterval, kTuple, kChoice };
  Kind kind = Kind::kNamed;
  Span span;
  std::string_view qualifier;           // "FHIR" in FHIR.Patient.Contact
  std::string_view name;                // "Patient.Contact"
  std::vector<TypeSyntax*> children;    // element type, point type, element types or choices
  std::vector<std::string_view> names;  // of a tuple's elements
};

enum class TimingRelation : std::uint8_t {
  kSame,  // same [precision] as | or before | or after
  kIncludes,
  kIncludedIn,
  kBeforeOrAfter,
  kWithin,
  kMeets,
  kOverlaps,
  kStarts,
  kEnds,
};
enum class TimingSide : std::uint8_t { kNone, kBefore, kAfter };
enum class TimingBoundary : std::uint8_t { kWhole, kStart, kEnd };
enum class OffsetBound : std::uint8_t { kExactly, kOrLess, kOrMore, kLessThan, kMoreThan };

struct Syntax;

// A timing phrase: [left boundary] [properly] [offset] relation [precision of] [right boundary].
struct TimingSyntax {
  TimingRelation relation = TimingRelation::kSame;
  TimingSide side = TimingSide::kNone;
  TimingBoundary left = TimingBoundary::kWhole;   // starts, ends
  TimingBoundary right = TimingBoundary::kWhole;  // ... start, ... end
  OffsetBound bound = OffsetBound::kExactly;
  bool properly = false;
  bool or_same = false;      // "or before", "on or before", "before or on"
  Syntax* offset = nullptr;  // kQuantity
};

struct RetrieveSyntax {
  std::string_view context;  // of a related context retrieve, [context -> Type]
  TypeSyntax* type = nullptr;
  std::string_view code_path;
  std::string_view comparator;  // "in", "=", "~"; empty when not written
  Syntax* terminology = nullptr;
};

struct SourceSyntax {
  std::string_view alias;
  Span alias_span;
  Syntax* value = nullptr;
};

struct QuerySyntax {
  enum class Result : std::uint8_t { kDefault, kReturn, kAggregate };
  enum class Distinct : std::uint8_t { kDefault, kAll, kDistinct };
  struct Relationship {
    SourceSyntax source;
    Syntax* condition = nullptr;
    bool without = false;
  };
  struct Let {
    std::string_view name;
    Span span;
    Syntax* value = nullptr;
  };
  struct SortItem {
    Syntax* value = nullptr;  // null: the item itself
    bool descending = false;
  };
  std::vector<SourceSyntax> sources;
  std::vector<Let> lets;
  std::vector<Relationship> relationships;
  Syntax* where = nullptr;
  Result result = Result::kDefault;
  Distinct distinct = Distinct::kDefault;
  Syntax* result_value = nullptr;    // of return and aggregate
  std::string_view accumulator;      // of aggregate
  Syntax* starting_value = nullptr;  // of aggregate; null when not written
  std::vector<SortItem> sort;
  bool from_clause = false;
};

struct Syntax {
  SyntaxKind kind = SyntaxKind::kError;
  Span span;
  std::string_view text;
  std::string_view unit;
  std::string_view precision;  // "year" ... "millisecond", "week"; empty when none
  std::string_view display;
  std::vector<Syntax*> children;
  std::vector<std::string_view> names;
  TypeSyntax* type = nullptr;
  TimingSyntax* timing = nullptr;
  RetrieveSyntax* retrieve = nullptr;
  QuerySyntax* query = nullptr;
  bool has_target = false;
  bool low_closed = true;
  bool high_closed = true;
  std::uint16_t depth = 1;
};

enum class DefinitionKind : std::uint8_t {
  kUsing,
  kInclude,
  kCodeSystem,
  kValueSet,
  kCode,
  kConcept,
  kParameter,
  kContext,
  kExpression,
  kFunction,
};

struct OperandSyntax {
  std::string_view name;
  Span span;
  TypeSyntax* type = nullptr;
};

// One definition or statement of a library.
struct DefinitionSyntax {
  DefinitionKind kind = DefinitionKind::kExpression;
  Span span;            // of the name
  std::string name;     // qualified names are joined with "."
  std::string_view id;  // of code systems, value sets, codes
  std::string_view version;
  std::string_view display;
  std::string_view local_name;               // using and include: called
  std::vector<std::string_view> references;  // code systems of a value set or code; codes of a concept
  std::vector<std::string_view> libraries;   // alias before each of them, empty when none
  std::vector<Span> reference_spans;
  std::vector<OperandSyntax> operands;
  TypeSyntax* type = nullptr;  // of a parameter; the result of a function
  Syntax* body = nullptr;      // default of a parameter; null for external functions
  bool is_private = false;
  bool fluent = false;
  bool external = false;
  bool broken = false;  // has a syntax error, reported
};

struct LibrarySyntax {
  std::string name;  // as the library statement has it; empty without one
  std::string version;
  std::vector<DefinitionSyntax> definitions;  // in the order of the text

  // What the tree consists of.
  TokenList tokens;
  std::deque<Syntax> nodes;
  std::deque<TypeSyntax> types;
  std::deque<TimingSyntax> timings;
  std::deque<RetrieveSyntax> retrieves;
  std::deque<QuerySyntax> queries;
  std::deque<std::string> texts;
};

// Most levels of nesting a definition may have; deeper ones are a finding.
inline constexpr std::size_t kMaxSyntaxDepth = 400;

}  // namespace osteon::cql
