// The parts of the analysis: analyzer_library.cc definitions and includes, analyzer_names.cc what names mean,
// analyzer_expression.cc terms, analyzer_operator.cc operators and calls, analyzer_timing.cc timing phrases,
// analyzer_query.cc queries and retrieves, analyzer_type.cc types and elements.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/cql/analysis.h"
#include "fhir/cql/ir.h"
#include "fhir/cql/overload.h"

namespace osteon::cql {

class LibraryAnalyzer;

// Analyses a library and, when they are first named, those it includes.
class ProgramAnalyzer {
 public:
  ProgramAnalyzer(ProgramIr& program, const LibraryProvider& provider)
      : program_(program), provider_(provider) {}

  // What is wrong is added to findings(); the library is known to later includes in any case.
  LibraryAnalyzer* Analyze(Source source);
  LibraryAnalyzer* AnalyzeExpressionText(Source source, ExpressionModel model);
  // Null when there is no such library, with the reason.
  LibraryAnalyzer* Include(std::string_view name, std::string_view version, std::string& reason);

  ProgramIr& program() { return program_; }
  std::vector<Diagnostic>& findings() { return findings_; }
  std::string& report() { return report_; }

 private:
  LibraryAnalyzer* Run(const Source& source, std::unique_ptr<LibrarySyntax> syntax, Diagnostics& diagnostics);

  ProgramIr& program_;
  const LibraryProvider& provider_;
  std::vector<std::unique_ptr<LibraryAnalyzer>> analyzers_;
  std::map<std::string, LibraryAnalyzer*, std::less<>> by_name_;
  std::vector<std::string> in_progress_;
  std::vector<Diagnostic> findings_;
  std::string report_;
};

// What is visible inside a definition: operands, aliases, lets.
struct Variable {
  std::string_view name;
  const Type* type = nullptr;
  std::uint32_t slot = 0;
};

class LibraryAnalyzer {
 public:
  LibraryAnalyzer(ProgramAnalyzer& program, const LibrarySyntax& syntax, LibraryIr& ir,
                  Diagnostics& diagnostics, const Source& source)
      : program_(program), syntax_(syntax), ir_(ir), diagnostics_(diagnostics), source_(source) {}

  void Run();

  // For libraries that include this one. Null when there is nothing of the name.
  const DefineIr* FindDefine(std::string_view name);
  const ParameterIr* FindParameter(std::string_view name);
  const TerminologyIr* FindTerminology(DefinitionKind kind, std::string_view name) const;
  const DefinitionSyntax* FindDefinition(std::string_view name) const;
  // Its result type is known afterwards.
  void EnsureAnalyzed(const FunctionIr& function);
  std::vector<FunctionIr*> FindFunctions(std::string_view name, bool fluent_only);
  LibraryIr& ir() { return ir_; }
  const LibrarySyntax& syntax() const { return syntax_; }
  bool is_fhir_helpers() const { return syntax_.name == "FHIRHelpers"; }
  void AddVisibleNames(std::vector<std::string_view>& names) const;

 private:
  enum class State : std::uint8_t { kNew, kRunning, kDone };
  // What belongs to the definition being analysed; definitions are analysed when first named, so they nest.
  struct Frame {
    std::vector<Variable> variables;
    std::vector<const Type*> sort_items;  // innermost last: the item that "sort by" names elements of
    std::vector<std::uint32_t> sort_slots;
    std::uint32_t slot_count = 0;
    std::string context;
  };
  struct DefineEntry {
    const DefinitionSyntax* syntax = nullptr;
    DefineIr* ir = nullptr;
    State state = State::kNew;
  };
  struct FunctionEntry {
    const DefinitionSyntax* syntax = nullptr;
    FunctionIr* ir = nullptr;
    State state = State::kNew;
    std::string context;
  };
  struct ParameterEntry {
    const DefinitionSyntax* syntax = nullptr;
    ParameterIr* ir = nullptr;
    State state = State::kNew;
  };

  // Findings.
  void Error(Span span, std::string message, std::string hint = {});
  Node* ErrorNode(Span span, std::string message, std::string hint = {});

  // Definitions.
  void Declare();
  void DeclareUsing(const DefinitionSyntax& definition);
  void DeclareInclude(const DefinitionSyntax& definition);
  void DeclareFunction(const DefinitionSyntax& definition, const std::string& context);
  void CheckDuplicate(const DefinitionSyntax& definition);
  void CheckReferences(const DefinitionSyntax& definition);
  void AnalyzeDefine(DefineEntry& entry);
  void AnalyzeFunction(FunctionEntry& entry);
  void AnalyzeParameter(ParameterEntry& entry);

  // Nodes.
  Node* New(NodeKind kind, Span span, const Type* type, std::initializer_list<Node*> children = {});
  Node* Null(Span span) { return New(NodeKind::kNull, span, AnyType()); }
  // `node` as `type`, with a kCoerce node where a conversion is needed; a finding when there is none.
  Node* Coerce(Node* node, const Type* type, std::string_view what);
  Node* CoerceUnchecked(Node* node, const Type* type);
  const Type* Common(const Type* a, const Type* b) { return CommonType(a, b, types()); }
  TypePool& types() { return program_.program().types; }
  std::uint32_t NewSlot() { return frame_->slot_count++; }

  // Types.
  const Type* ResolveType(const TypeSyntax& syntax);
  const Type* NamedType(const TypeSyntax& syntax);
  // The type of an element; null when there is none. Of a list: the list of its elements' element.
  const Type* ElementType(const Type& type, std::string_view name);
  const Type* FhirElementType(model::TypeId type, std::string_view name);
  const Type* SystemElementType(const Type& type, std::string_view name);
  void AddElementNames(const Type& type, std::vector<std::string>& names);

  // Expressions.
  Node* Expression(const Syntax& syntax);
  Node* ExpressionInner(const Syntax& syntax);
  Node* Literal(const Syntax& syntax);
  Node* NumberLiteral(const Syntax& syntax, std::string_view written);
  Node* TemporalLiteral(const Syntax& syntax);
  Node* QuantityLiteral(const Syntax& syntax);
  Node* IntervalSelector(const Syntax& syntax);
  Node* TupleSelector(const Syntax& syntax);
  Node* InstanceSelector(const Syntax& syntax);
  Node* ListSelector(const Syntax& syntax);
  Node* CodeSelector(const Syntax& syntax);
  Node* ConceptSelector(const Syntax& syntax);
  Node* If(const Syntax& syntax);
  Node* Case(const Syntax& syntax);
  Node* TypeOperator(const Syntax& syntax);
  Node* Convert(const Syntax& syntax);
  Node* Extreme(const Syntax& syntax);

  // Names.
  Node* Identifier(const Syntax& syntax);
  Node* LocalIdentifier(std::string_view name, Span span);
  Node* LibraryIdentifier(LibraryAnalyzer& library, std::string_view name, Span span);
  Node* TerminologyNode(LibraryAnalyzer& library, const DefinitionSyntax& definition, Span span);
  Node* CodeNode(LibraryAnalyzer& library, const DefinitionSyntax& definition, Span span);
  Node* Member(const Syntax& syntax);
  Node* Property(Node* value, std::string_view name, Span span);
  LibraryAnalyzer* IncludedLibrary(const Syntax& syntax);
  std::string NameHint(std::string_view name);

  // Operators.
  Node* OperatorTerm(const Syntax& syntax);
  Node* Apply(std::string_view name, Span span, std::vector<Node*> operands, std::string_view precision = {});
  Node* ApplyRow(const Operator& op, Span span, std::vector<Node*> operands, std::string_view precision);
  Node* Negate(const Syntax& syntax);
  Node* Between(const Syntax& syntax);
  Node* Membership(const Syntax& syntax);
  Node* TerminologyMembership(Node* value, Node* vocabulary, Span span);
  Node* Call(const Syntax& syntax);
  Node* CallIn(LibraryAnalyzer& library, std::string_view name, std::vector<Node*> operands, Span span,
               bool fluent, bool& found);
  Node* HelperConversion(std::string_view name, Node* operand);
  Node* Coalesce(Span span, std::vector<Node*> operands);
  Node* AgeFunction(std::string_view name, Span span, std::vector<Node*> operands);
  Node* SystemFunction(std::string_view name, Span span, std::vector<Node*> operands);

  // Timing.
  Node* Timing(const Syntax& syntax);
  bool IsInterval(const Node& value);
  Node* OffsetPhrase(const Syntax& syntax, Node* left, Node* right);
  Node* Within(const Syntax& syntax, Node* left, Node* right);
  Node* Boundary(Node* value, bool start);

  // Queries.
  Node* Query(const Syntax& syntax);
  void Source(const SourceSyntax& syntax, QueryIr::Source& source);
  void Result(const QuerySyntax& syntax, QueryIr& query, Node* node);
  void Aggregate(const QuerySyntax& syntax, QueryIr& query, Node* node);
  void SortBy(const QuerySyntax& syntax, QueryIr& query, const Type* item);
  const Type* SourceType(const QueryIr& query);
  Node* Retrieve(const Syntax& syntax);
  void RetrieveTerminology(const Syntax& syntax, RetrieveIr& retrieve);

  ProgramAnalyzer& program_;
  const LibrarySyntax& syntax_;
  LibraryIr& ir_;
  Diagnostics& diagnostics_;
  const ::osteon::cql::Source& source_;
  Frame* frame_ = nullptr;
  int depth_ = 0;
  std::string model_name_;  // as expressions call the FHIR model
  std::map<std::string, DefineEntry, std::less<>> defines_;
  std::map<std::string, ParameterEntry, std::less<>> parameters_;
  std::multimap<std::string, FunctionEntry, std::less<>> functions_;
  std::map<std::string, const DefinitionSyntax*, std::less<>> named_;
  std::map<std::string, TerminologyIr*, std::less<>> terminology_;
  std::map<std::string, LibraryAnalyzer*, std::less<>> includes_;
};

// "year" is DurationUnit::kYear; nullopt for an empty text.
std::optional<model::DurationUnit> PrecisionUnit(std::string_view precision);

}  // namespace osteon::cql
