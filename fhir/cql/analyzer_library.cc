// Libraries: what they define, what they include.
#include <algorithm>
#include <utility>

#include "fhir/cql/analyzer.h"
#include "fhir/cql/parser.h"

namespace osteon::cql {
namespace {

constexpr std::string_view kFhirVersion = "4.0.1";

}  // namespace

LibraryAnalyzer* ProgramAnalyzer::Run(const Source& source, std::unique_ptr<LibrarySyntax> syntax,
                                      Diagnostics& diagnostics) {
  const LibrarySyntax& kept = *program_.syntax.emplace_back(std::move(syntax));
  in_progress_.push_back(kept.name);
  auto ir = std::make_unique<LibraryIr>();
  LibraryIr& row = *ir;
  program_.libraries.push_back(std::move(ir));
  auto& analyzer =
      *analyzers_.emplace_back(std::make_unique<LibraryAnalyzer>(*this, kept, row, diagnostics, source));
  analyzer.Run();
  in_progress_.pop_back();
  by_name_[kept.name] = &analyzer;
  for (const Diagnostic& finding : diagnostics.found()) {
    findings_.push_back(finding);
    report_ += Render(finding, source);
  }
  return &analyzer;
}

LibraryAnalyzer* ProgramAnalyzer::Analyze(Source source) {
  const Source& kept = program_.sources.emplace_back(std::move(source));
  Diagnostics diagnostics(kept);
  auto syntax = ParseLibrary(kept, diagnostics);
  return Run(kept, std::move(syntax), diagnostics);
}

LibraryAnalyzer* ProgramAnalyzer::AnalyzeExpressionText(Source source, ExpressionModel model) {
  const Source& kept = program_.sources.emplace_back(std::move(source));
  Diagnostics diagnostics(kept);
  auto syntax = ParseExpression(kept, "Expression", diagnostics);
  if (model == ExpressionModel::kSystem) return Run(kept, std::move(syntax), diagnostics);
  DefinitionSyntax using_model;
  using_model.kind = DefinitionKind::kUsing;
  using_model.name = "FHIR";
  DefinitionSyntax context;
  context.kind = DefinitionKind::kContext;
  context.name = "Patient";
  syntax->definitions.insert(syntax->definitions.begin(), {using_model, context});
  return Run(kept, std::move(syntax), diagnostics);
}

LibraryAnalyzer* ProgramAnalyzer::Include(std::string_view name, std::string_view version,
                                          std::string& reason) {
  if (const auto known = by_name_.find(name); known != by_name_.end()) return known->second;
  if (std::find(in_progress_.begin(), in_progress_.end(), name) != in_progress_.end()) {
    reason = "libraries include each other in a circle";
    return nullptr;
  }
  // Its conversions are native, so that its text is not needed.
  const bool helpers = name == "FHIRHelpers" || name.ends_with(".FHIRHelpers");
  auto source = helpers ? Source{"FHIRHelpers", "library FHIRHelpers\nusing FHIR\n"}
                        : (provider_ ? provider_(name, version) : std::nullopt);
  if (!source) {
    reason = "there is no library of that name" + std::string(version.empty() ? "" : " and version");
    return nullptr;
  }
  LibraryAnalyzer* const library = Analyze(std::move(*source));
  by_name_[std::string(name)] = library;
  return library;
}

void LibraryAnalyzer::Error(Span span, std::string message, std::string hint) {
  diagnostics_.Add(Phase::kCheck, span, std::move(message), std::move(hint));
}

Node* LibraryAnalyzer::ErrorNode(Span span, std::string message, std::string hint) {
  Error(span, std::move(message), std::move(hint));
  return Null(span);
}

void LibraryAnalyzer::Run() {
  ir_.name = syntax_.name;
  ir_.version = syntax_.version;
  ir_.source = &source_;
  Declare();
  for (auto& [name, entry] : parameters_) AnalyzeParameter(entry);
  for (auto& [name, entry] : defines_) AnalyzeDefine(entry);
  for (auto& [name, entry] : functions_) AnalyzeFunction(entry);
}

void LibraryAnalyzer::CheckDuplicate(const DefinitionSyntax& definition) {
  const auto [known, added] = named_.emplace(definition.name, &definition);
  if (!added) {
    Error(definition.span, "'" + definition.name + "' is defined twice in this library");
  }
}

void LibraryAnalyzer::Declare() {
  std::string context = "Unfiltered";
  for (const DefinitionSyntax& definition : syntax_.definitions) {
    switch (definition.kind) {
      case DefinitionKind::kUsing:
        DeclareUsing(definition);
        break;
      case DefinitionKind::kInclude:
        DeclareInclude(definition);
        break;
      case DefinitionKind::kCodeSystem:
      case DefinitionKind::kValueSet:
        CheckDuplicate(definition);
        terminology_[definition.name] = &ir_.terminology.emplace_back(
            TerminologyIr{definition.name, std::string(definition.id), std::string(definition.version)});
        break;
      case DefinitionKind::kCode:
      case DefinitionKind::kConcept:
        CheckDuplicate(definition);
        break;
      case DefinitionKind::kParameter: {
        CheckDuplicate(definition);
        ParameterIr& parameter = ir_.parameters.emplace_back();
        parameter.name = definition.name;
        parameter.library = &ir_;
        parameter.index = program_.program().parameter_count++;
        parameters_[definition.name] = {&definition, &parameter, State::kNew};
        break;
      }
      case DefinitionKind::kContext:
        if (definition.name != "Patient" && definition.name != "Unfiltered") {
          Error(definition.span, "there is no context '" + definition.name + "' here",
                "the contexts are Patient and Unfiltered");
        }
        context = definition.name;
        break;
      case DefinitionKind::kExpression: {
        CheckDuplicate(definition);
        DefineIr& define = ir_.defines.emplace_back();
        define.name = definition.name;
        define.library = &ir_;
        define.context = context;
        define.is_private = definition.is_private;
        define.index = program_.program().define_count++;
        defines_[definition.name] = {&definition, &define, State::kNew};
        break;
      }
      case DefinitionKind::kFunction:
        DeclareFunction(definition, context);
        break;
    }
  }
  for (const DefinitionSyntax& definition : syntax_.definitions) CheckReferences(definition);
}

void LibraryAnalyzer::DeclareUsing(const DefinitionSyntax& definition) {
  if (definition.name == "System") return;
  if (definition.name != "FHIR") {
    return Error(definition.span, "there is no model '" + definition.name + "' here",
                 "using FHIR version '4.0.1'");
  }
  if (!definition.version.empty() && definition.version != kFhirVersion) {
    return Error(definition.span, "FHIR " + std::string(definition.version) + " is not supported",
                 "using FHIR version '4.0.1'");
  }
  ir_.uses_fhir = true;
  model_name_ = definition.local_name.empty() ? "FHIR" : std::string(definition.local_name);
}

void LibraryAnalyzer::DeclareInclude(const DefinitionSyntax& definition) {
  std::string reason;
  const std::size_t dot = definition.name.rfind('.');
  const std::string simple = dot == std::string::npos ? definition.name : definition.name.substr(dot + 1);
  LibraryAnalyzer* const library = program_.Include(definition.name, definition.version, reason);
  if (library == nullptr) {
    Error(definition.span, "'" + definition.name + "' cannot be included: " + reason);
  }
  const std::string local = definition.local_name.empty() ? simple : std::string(definition.local_name);
  includes_[local] = library;
}

void LibraryAnalyzer::DeclareFunction(const DefinitionSyntax& definition, const std::string& context) {
  FunctionIr& function = ir_.functions.emplace_back();
  function.name = definition.name;
  function.library = &ir_;
  function.fluent = definition.fluent;
  function.index = program_.program().function_count++;
  for (const OperandSyntax& operand : definition.operands) {
    const Type* const type = operand.type != nullptr ? ResolveType(*operand.type) : AnyType();
    function.operands.emplace_back(std::string(operand.name), type);
  }
  if (definition.type != nullptr) function.type = ResolveType(*definition.type);
  functions_.emplace(definition.name, FunctionEntry{&definition, &function, State::kNew, context});
}

// Code systems of value sets and codes, codes of concepts.
void LibraryAnalyzer::CheckReferences(const DefinitionSyntax& definition) {
  if (definition.references.empty()) return;
  const bool codes = definition.kind == DefinitionKind::kConcept;
  const DefinitionKind wanted = codes ? DefinitionKind::kCode : DefinitionKind::kCodeSystem;
  for (std::size_t i = 0; i < definition.references.size(); ++i) {
    LibraryAnalyzer* library = this;
    if (!definition.libraries[i].empty()) {
      const auto found = includes_.find(definition.libraries[i]);
      if (found == includes_.end()) {
        Error(definition.reference_spans[i],
              "no library is included as '" + std::string(definition.libraries[i]) + "'");
        continue;
      }
      library = found->second;
      if (library == nullptr) continue;
    }
    const DefinitionSyntax* const target = library->FindDefinition(definition.references[i]);
    if (target != nullptr && target->kind == wanted) continue;
    Error(definition.reference_spans[i],
          "there is no " + std::string(codes ? "code" : "code system") + " '" +
              std::string(definition.references[i]) + "'",
          NameHint(definition.references[i]));
  }
}

void LibraryAnalyzer::AnalyzeDefine(DefineEntry& entry) {
  if (entry.state == State::kDone) return;
  if (entry.state == State::kRunning) {
    return Error(entry.syntax->span, "'" + entry.syntax->name + "' is defined by itself");
  }
  entry.state = State::kRunning;
  Frame frame;
  frame.context = entry.ir->context;
  Frame* const outer = std::exchange(frame_, &frame);
  if (!entry.syntax->broken && entry.syntax->body != nullptr) {
    entry.ir->body = Expression(*entry.syntax->body);
    entry.ir->type = entry.ir->body->type;
  }
  entry.ir->slot_count = frame.slot_count;
  frame_ = outer;
  entry.state = State::kDone;
}

void LibraryAnalyzer::AnalyzeFunction(FunctionEntry& entry) {
  if (entry.state == State::kDone) return;
  const DefinitionSyntax& syntax = *entry.syntax;
  if (entry.state == State::kRunning) {
    if (syntax.type != nullptr) return;  // its result is declared: it may call itself
    return Error(syntax.span, "the result type of '" + syntax.name + "' depends on itself",
                 "declare it with 'returns'");
  }
  entry.state = State::kRunning;
  Frame frame;
  frame.context = entry.context;
  for (const auto& [name, type] : entry.ir->operands) {
    frame.variables.push_back({name, type, frame.slot_count++});
  }
  Frame* const outer = std::exchange(frame_, &frame);
  if (syntax.external) {
    Error(syntax.span, "'" + syntax.name + "' is external, and nothing outside the library is called");
  } else if (!syntax.broken && syntax.body != nullptr) {
    Node* body = Expression(*syntax.body);
    if (syntax.type != nullptr) body = Coerce(body, entry.ir->type, "the declared result");
    entry.ir->body = body;
    if (syntax.type == nullptr) entry.ir->type = body->type;
  }
  entry.ir->slot_count = frame.slot_count;
  frame_ = outer;
  entry.state = State::kDone;
}

void LibraryAnalyzer::AnalyzeParameter(ParameterEntry& entry) {
  if (entry.state != State::kNew) return;
  entry.state = State::kRunning;
  Frame frame;
  Frame* const outer = std::exchange(frame_, &frame);
  const DefinitionSyntax& syntax = *entry.syntax;
  if (syntax.type != nullptr) entry.ir->type = ResolveType(*syntax.type);
  if (syntax.body != nullptr && !syntax.broken) {
    entry.ir->default_value = Expression(*syntax.body);
    if (syntax.type == nullptr) {
      entry.ir->type = entry.ir->default_value->type;
    } else {
      entry.ir->default_value = Coerce(entry.ir->default_value, entry.ir->type, "the parameter's default");
    }
  } else if (syntax.type == nullptr && !syntax.broken) {
    Error(syntax.span, "a parameter needs a type or a default");
  }
  entry.ir->slot_count = frame.slot_count;
  frame_ = outer;
  entry.state = State::kDone;
}

const DefineIr* LibraryAnalyzer::FindDefine(std::string_view name) {
  const auto found = defines_.find(name);
  if (found == defines_.end()) return nullptr;
  AnalyzeDefine(found->second);
  return found->second.ir;
}

const ParameterIr* LibraryAnalyzer::FindParameter(std::string_view name) {
  const auto found = parameters_.find(name);
  if (found == parameters_.end()) return nullptr;
  AnalyzeParameter(found->second);
  return found->second.ir;
}

const DefinitionSyntax* LibraryAnalyzer::FindDefinition(std::string_view name) const {
  const auto found = named_.find(name);
  return found == named_.end() ? nullptr : found->second;
}

const TerminologyIr* LibraryAnalyzer::FindTerminology(DefinitionKind kind, std::string_view name) const {
  const DefinitionSyntax* const definition = FindDefinition(name);
  if (definition == nullptr || definition->kind != kind) return nullptr;
  const auto found = terminology_.find(name);
  return found == terminology_.end() ? nullptr : found->second;
}

std::vector<FunctionIr*> LibraryAnalyzer::FindFunctions(std::string_view name, bool fluent_only) {
  std::vector<FunctionIr*> found;
  const auto [begin, end] = functions_.equal_range(name);
  for (auto entry = begin; entry != end; ++entry) {
    if (fluent_only && !entry->second.syntax->fluent) continue;
    found.push_back(entry->second.ir);
  }
  return found;
}

void LibraryAnalyzer::EnsureAnalyzed(const FunctionIr& function) {
  const auto [begin, end] = functions_.equal_range(function.name);
  for (auto entry = begin; entry != end; ++entry) {
    if (entry->second.ir == &function) AnalyzeFunction(entry->second);
  }
}

void LibraryAnalyzer::AddVisibleNames(std::vector<std::string_view>& names) const {
  for (const auto& [name, definition] : named_) names.push_back(name);
}

namespace {

template <typename Row>
const Row* FindByName(const std::deque<Row>& rows, std::string_view name) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const Row& candidate) { return candidate.name == name; });
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace

const LibraryIr* FindLibrary(const ProgramIr& program, std::string_view name) {
  const auto found = std::find_if(program.libraries.begin(), program.libraries.end(),
                                  [&](const auto& library) { return library->name == name; });
  return found == program.libraries.end() ? nullptr : found->get();
}

const DefineIr* FindDefine(const LibraryIr& library, std::string_view name) {
  return FindByName(library.defines, name);
}

const ParameterIr* FindParameter(const LibraryIr& library, std::string_view name) {
  return FindByName(library.parameters, name);
}

std::vector<const FunctionIr*> FindFunctions(const LibraryIr& library, std::string_view name) {
  std::vector<const FunctionIr*> found;
  for (const FunctionIr& function : library.functions) {
    if (function.name == name) found.push_back(&function);
  }
  return found;
}

Analysis AnalyzeLibrary(Source source, const LibraryProvider& libraries) {
  auto program = std::make_shared<ProgramIr>();
  ProgramAnalyzer analyzer(*program, libraries);
  analyzer.Analyze(std::move(source));
  Analysis analysis{nullptr, program, std::move(analyzer.findings()), std::move(analyzer.report())};
  if (analysis.findings.empty()) analysis.program = std::move(program);
  return analysis;
}

Analysis AnalyzeExpression(Source source, ExpressionModel model) {
  auto program = std::make_shared<ProgramIr>();
  const LibraryProvider none;
  ProgramAnalyzer analyzer(*program, none);
  analyzer.AnalyzeExpressionText(std::move(source), model);
  Analysis analysis{nullptr, program, std::move(analyzer.findings()), std::move(analyzer.report())};
  if (analysis.findings.empty()) analysis.program = std::move(program);
  return analysis;
}

}  // namespace osteon::cql
