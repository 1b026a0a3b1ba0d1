// What the analysis makes of a library: every name resolved, every operator chosen by its overload, every
// implicit conversion written down, every variable a numbered slot of its frame. The evaluator is built from
// this and looks nothing up by name.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/cql/operator_table.h"
#include "fhir/cql/source.h"
#include "fhir/cql/syntax.h"
#include "fhir/cql/type.h"
#include "fhir/model/temporal.h"

namespace osteon::cql {

struct LibraryIr;
struct DefineIr;
struct FunctionIr;
struct ParameterIr;
struct QueryIr;
struct RetrieveIr;

enum class NodeKind : std::uint8_t {
  kNull,
  kLiteral,   // text, unit; type says which
  kOperator,  // op, children; precision
  kCoerce,    // children[0] as `type`: implicit conversion, promotion or demotion
  kAs,        // children[0] when it is of target_type, otherwise null
  kCast,      // the same, otherwise an error
  kIs,        // children[0] is of target_type
  kConvert,   // children[0] converted to target_type, null when that is impossible
  kInterval,  // children: low, high; low_closed, high_closed
  kTuple,     // names, children
  kInstance,  // names, children; type
  kList,      // children
  kProperty,  // text of children[0]; of lists, of all their elements
  kSlot,      // slot
  kDefine,    // define
  kCall,      // function, children
  kParameter,
  kCodeSystem,  // definition
  kValueSet,    // definition
  kCode,        // text: code, display; system
  kConcept,     // children: kCode; display
  kQuery,
  kRetrieve,
  kIf,       // condition, then, else
  kCase,     // [comparand,] when, then ..., else; has_comparand; an Equal of `op` compares
  kMinimum,  // of `type`
  kMaximum,
  kSubject,  // the resource of the context
};

// A code system or value set as the library defines it.
struct TerminologyIr {
  std::string name;
  std::string id;
  std::string version;
};

struct Node {
  NodeKind kind = NodeKind::kNull;
  Span span;
  const LibraryIr* library = nullptr;  // whose text the span is of
  const Type* type = AnyType();
  std::vector<Node*> children;
  const Operator* op = nullptr;
  std::optional<model::DurationUnit> precision;
  std::string text;
  std::string unit;
  std::string display;
  std::vector<std::string> names;
  const Type* target_type = nullptr;
  std::uint32_t slot = 0;
  bool low_closed = true;
  bool high_closed = true;
  bool has_comparand = false;
  const DefineIr* define = nullptr;
  const FunctionIr* function = nullptr;
  const ParameterIr* parameter = nullptr;
  const TerminologyIr* terminology = nullptr;
  QueryIr* query = nullptr;
  RetrieveIr* retrieve = nullptr;
};

struct QueryIr {
  enum class Result : std::uint8_t { kSource, kReturn, kAggregate };
  struct Source {
    Node* value = nullptr;
    std::uint32_t slot = 0;
    bool is_list = true;
    std::string alias;
  };
  struct Let {
    Node* value = nullptr;
    std::uint32_t slot = 0;
  };
  struct Relationship {
    Source source;
    Node* condition = nullptr;
    bool without = false;
  };
  struct SortItem {
    Node* key = nullptr;  // evaluated with the item in sort_slot; null: the item itself
    bool descending = false;
  };
  std::vector<Source> sources;
  std::vector<Let> lets;
  std::vector<Relationship> relationships;
  Node* where = nullptr;
  Result result = Result::kSource;
  bool distinct = false;
  bool singular = true;  // no source is a list
  Node* result_value = nullptr;
  Node* starting_value = nullptr;
  std::uint32_t accumulator_slot = 0;
  std::uint32_t sort_slot = 0;
  std::vector<SortItem> sort;
};

struct RetrieveIr {
  std::uint32_t index = 0;  // among all retrieves of the program
  model::TypeId resource = model::TypeId::kNone;
  std::string code_path;  // empty when nothing is compared
  Node* terminology = nullptr;
};

struct DefineIr {
  std::string name;
  const LibraryIr* library = nullptr;
  std::string context;  // "Patient", "Unfiltered"
  bool is_private = false;
  const Type* type = AnyType();
  Node* body = nullptr;
  std::uint32_t slot_count = 0;
  std::uint32_t index = 0;  // among all definitions of the program
};

struct FunctionIr {
  std::string name;
  const LibraryIr* library = nullptr;
  bool fluent = false;
  std::vector<std::pair<std::string, const Type*>> operands;  // in the first slots
  const Type* type = AnyType();
  Node* body = nullptr;
  std::uint32_t slot_count = 0;
  std::uint32_t index = 0;  // among all functions of the program
};

struct ParameterIr {
  std::string name;
  const LibraryIr* library = nullptr;
  const Type* type = AnyType();
  Node* default_value = nullptr;
  std::uint32_t slot_count = 0;
  std::uint32_t index = 0;  // among all parameters of the program
};

struct LibraryIr {
  std::string name;
  std::string version;
  const Source* source = nullptr;
  bool uses_fhir = false;
  std::deque<DefineIr> defines;
  std::deque<FunctionIr> functions;
  std::deque<ParameterIr> parameters;
  std::deque<TerminologyIr> terminology;
};

// A library with everything it includes. Immutable once analysed.
struct ProgramIr {
  std::deque<Source> sources;
  std::deque<std::unique_ptr<LibrarySyntax>> syntax;
  std::deque<std::unique_ptr<LibraryIr>> libraries;  // the one asked for comes first
  std::deque<Node> nodes;
  std::deque<QueryIr> queries;
  std::deque<RetrieveIr> retrieves;
  TypePool types;
  std::uint32_t define_count = 0;
  std::uint32_t function_count = 0;
  std::uint32_t parameter_count = 0;

  const LibraryIr& main() const { return *libraries.front(); }
  std::size_t retrieve_count() const { return retrieves.size(); }  // RetrieveIr::index is below it
};

// By name, as the library calls itself; null when there is none. Private definitions are found too.
const LibraryIr* FindLibrary(const ProgramIr& program, std::string_view name);
const DefineIr* FindDefine(const LibraryIr& library, std::string_view name);
const ParameterIr* FindParameter(const LibraryIr& library, std::string_view name);
// All overloads of the name.
std::vector<const FunctionIr*> FindFunctions(const LibraryIr& library, std::string_view name);

}  // namespace osteon::cql
