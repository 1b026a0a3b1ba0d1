// All functions of FHIRPath and of its use in FHIR R4: one row each, in the family file of its chapter. What
// the specifications know and we lack is a row with a refusal.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "fhir/model/value.h"
#include "fhir/path/evaluation.h"

namespace osteon::path {

// What a function can be called on. Booleans etc. take FHIR primitives of that kind too.
enum class Subject : std::uint8_t { kAny, kString, kNumberOrQuantity, kNumber, kTypeless, kTemporal };

enum class Argument : std::uint8_t {
  kAny,
  kString,
  kInteger,
  kNumber,
  kBoolean,
  kQuantity,
  kEach,       // evaluated for each item, which is $this
  kCondition,  // likewise, and should be Boolean
  kBranch,     // evaluated at most once, only if needed, $this being the single input item (iif)
  kSortKey,
  kType,  // a type's name
};

// The static type of the result.
enum class Yields : std::uint8_t {
  kAny,
  kInput,
  kFirstArgument,
  kInputAndFirstArgument,
  kArguments,
  kLaterArguments,  // all but the first
  kNamedType,
  kChildren,
  kDescendants,
  kBoolean,
  kInteger,
  kLong,
  kDecimal,
  kString,
  kDate,
  kDateTime,
  kTime,
  kQuantity,
  kExtension,
  kTypeInfo,
};

// How many items come out at most.
enum class Count : std::uint8_t { kOne, kAsInput, kMany };

class CallNode;
class Sink;

// Of the three an implemented function has one or two.
// Gets the input and the values of all arguments.
using EagerFunction = model::Val (*)(Evaluation&, const CallNode&, const model::Val& input,
                                     std::span<const model::Val> arguments);
// Evaluates input and arguments as it sees fit.
using WholeFunction = model::Val (*)(Evaluation&, const CallNode&);
// Gives its items one by one and stops when the sink has enough; returns false then.
using StreamFunction = bool (*)(Evaluation&, const CallNode&, const Sink&);
using CountFunction = std::size_t (*)(Evaluation& run, const CallNode& call);

struct FunctionRow {
  std::string_view name;
  std::uint8_t min_arguments;
  std::uint8_t max_arguments;  // kManyArguments: no limit; the last kind repeats
  Subject subject;
  std::array<Argument, 3> arguments;
  Yields yields;
  Count count;
  std::string_view anchor;  // "2.0.0#empty": version of FHIRPath and anchor; "R4#extension": R4 fhirpath.html
  EagerFunction eager = nullptr;
  WholeFunction whole = nullptr;
  StreamFunction stream = nullptr;
  std::string_view refusal = {};    // why there is no implementation
  CountFunction counted = nullptr;  // may be set beside `stream`: how many items, without making them

  bool is_implemented() const { return eager != nullptr || whole != nullptr || stream != nullptr; }
};
inline constexpr std::uint8_t kManyArguments = 255;

// The families; each is defined in its functions_*.cc.
std::span<const FunctionRow> ExistenceFunctions();
std::span<const FunctionRow> FilteringFunctions();
std::span<const FunctionRow> SubsettingFunctions();
std::span<const FunctionRow> CombiningFunctions();
std::span<const FunctionRow> ConversionFunctions();
std::span<const FunctionRow> StringFunctions();
std::span<const FunctionRow> MathFunctions();
std::span<const FunctionRow> TreeFunctions();
std::span<const FunctionRow> UtilityFunctions();
std::span<const FunctionRow> FhirFunctions();

std::span<const std::span<const FunctionRow>> FunctionFamilies();

// Null when no specification knows the name.
const FunctionRow* FindFunction(std::string_view name);
// The known name that is nearest to a misspelt one, or empty when none is near.
std::string_view NearestFunction(std::string_view name);

}  // namespace osteon::path
