#include "cards/pack_compiler.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "cards/evaluator.h"
#include "cards/nearest_name.h"
#include "cards/pack_constraints.h"
#include "cards/pack_findings.h"
#include "cards/pack_prefetch.h"
#include "cards/pack_reader.h"
#include "cards/pack_rules.h"
#include "fhir/base/text.h"

namespace osteon::cards {
namespace {

using model::Val;

constexpr std::string_view kIntegerLow = "-2147483648";
constexpr std::string_view kIntegerHigh = "2147483647";
constexpr std::string_view kDecimalLow = "-9999999999999999999999999999";
constexpr std::string_view kDecimalHigh = "9999999999999999999999999999";

struct HostParameter {
  std::string_view name;
  std::string_view type;  // as cql::NameOf writes it
  HostValue value;
};
constexpr HostParameter kHostParameters[] = {
    {"Draft Medications", "List<FHIR.MedicationRequest>", HostValue::kDraftMedications},
    {"Draft Services", "List<FHIR.ServiceRequest>", HostValue::kDraftServices},
    {"Selected", "List<System.String>", HostValue::kSelected},
    {"Unanswered", "List<System.String>", HostValue::kUnanswered},
    {"Medication Urls", "List<Tuple{medication FHIR.Medication, url System.String}>",
     HostValue::kMedicationUrls},
    {"Hook", "System.String", HostValue::kHook},
    {"Encounter Id", "System.String", HostValue::kEncounterId},
    {"User Id", "System.String", HostValue::kUserId},
};

std::optional<ParameterKind> KindOf(const ParameterSource& parameter) {
  const std::string& type = parameter.type.text;
  if (type == "Integer") return ParameterKind::kInteger;
  if (type == "Decimal") return ParameterKind::kDecimal;
  if (type == "Boolean") return ParameterKind::kBoolean;
  if (type != "String") return std::nullopt;
  return parameter.choices.empty() ? ParameterKind::kText : ParameterKind::kChoice;
}

std::string_view CqlTypeOf(ParameterKind kind) {
  switch (kind) {
    case ParameterKind::kInteger:
      return "System.Integer";
    case ParameterKind::kDecimal:
      return "System.Decimal";
    case ParameterKind::kBoolean:
      return "System.Boolean";
    case ParameterKind::kChoice:
    case ParameterKind::kText:
      break;
  }
  return "System.String";
}

template <typename Set>
void AddPrefixes(const ValueSetInclude& include, Set& set) {
  if constexpr (requires { set.prefixes; }) {
    for (const Text& prefix : include.prefixes) set.prefixes.push_back(prefix.text);
  }
}

class Compilation {
 public:
  Compilation(const PackFiles& files, PackReading reading,
              const std::map<std::string, std::string>& overrides)
      : source_(std::move(reading.source)),
        overrides_(overrides),
        findings_(files, std::move(reading.findings)),
        program_(std::make_shared<PackProgram>()) {}

  PackCompilation Run() && {
    PackCompilation result;
    Parameters parameters = MakeParameters();
    BuildTerminology();
    PackExpressions expressions(source_, findings_);
    RulePlanner(source_, findings_, expressions, *program_).Plan();
    expressions.Report();
    CheckValueSets(expressions);
    BindParameters(expressions, parameters);
    program_->expressions = expressions.Compiled();
    program_->lines = expressions.Lines();
    program_->source_label = program_->Keep(source_.source_label.text);
    program_->topic_system = program_->Keep(source_.topic_system.text);
    if (program_->terminology == nullptr) return Failed(std::move(result));
    PrefetchPlanner prefetch(source_, findings_, expressions, *program_);
    prefetch.Plan();
    if (!findings_.empty()) return Failed(std::move(result));
    program_->library.emplace(expressions.program());
    result.pack = MakePack(std::move(parameters), prefetch);
    return result;
  }

 private:
  PackCompilation Failed(PackCompilation result) {
    result.findings = std::move(findings_).Take();
    return result;
  }

  // --- parameters

  std::string_view RangeEnd(const std::optional<Text>& written, ParameterKind kind, std::string_view integer,
                            std::string_view decimal) {
    if (written) return program_->Keep(written->text);
    if (kind == ParameterKind::kInteger) return integer;
    return kind == ParameterKind::kDecimal ? decimal : std::string_view();
  }

  ParameterRow RowOf(const ParameterSource& source, ParameterKind kind) {
    ParameterRow row;
    row.key = program_->Keep(source.name.text);
    row.kind = kind;
    row.default_value = program_->Keep(source.default_value.text);
    row.low = RangeEnd(source.low, kind, kIntegerLow, kDecimalLow);
    row.high = RangeEnd(source.high, kind, kIntegerHigh, kDecimalHigh);
    if (kind == ParameterKind::kChoice) {
      std::string choices;
      for (const Text& choice : source.choices) choices += (choices.empty() ? "" : "|") + choice.text;
      row.low = program_->Keep(choices);
    }
    row.unit = program_->Keep(source.unit.text);
    row.meaning = program_->Keep(source.meaning.text);
    return row;
  }

  Parameters MakeParameters() {
    auto rows = std::make_shared<std::vector<ParameterRow>>();
    for (const ParameterSource& source : source_.parameters) {
      const auto kind = KindOf(source);
      if (!kind) continue;
      const ParameterRow row = RowOf(source, *kind);
      const auto alone = Parameters::Create(std::span(&row, 1), {});
      // The reader says it better, where it does.
      if (alone.ok()) {
        rows->push_back(row);
      } else if (findings_.empty()) {
        findings_.Add(source.default_value, alone.error().public_text);
      }
    }
    auto with_overrides = Parameters::Create(rows, overrides_);
    if (with_overrides.ok()) {
      // A parameter that is wrong itself is left out above, and its finding is enough.
      if (rows->size() == source_.parameters.size()) CheckConstraints(source_, *with_overrides, findings_);
      return std::move(with_overrides).value();
    }
    for (const auto& [key, value] : overrides_) {
      const auto one = Parameters::Create(*rows, {{key, value}});
      if (!one.ok()) findings_.Add(Place{}, one.error().public_text);
    }
    return std::move(Parameters::Create(rows, {})).value();
  }

  void BindParameters(const PackExpressions& expressions, const Parameters& parameters) {
    const cql::ProgramIr& program = expressions.partial();
    program_->parameters.resize(program.parameter_count);
    for (const auto& library : program.libraries) {
      for (const cql::ParameterIr& parameter : library->parameters)
        BindParameter(expressions, parameters, parameter);
    }
  }

  void BindParameter(const PackExpressions& expressions, const Parameters& parameters,
                     const cql::ParameterIr& parameter) {
    const auto rows = parameters.rows();
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [&](const ParameterRow& each) { return each.key == parameter.name; });
    if (row != rows.end()) {
      CheckParameterType(expressions, parameter, CqlTypeOf(row->kind));
      program_->parameters[parameter.index] =
          ValueOf(parameters, static_cast<std::size_t>(row - rows.begin()));
      return;
    }
    for (const HostParameter& host : kHostParameters) {
      if (host.name != parameter.name) continue;
      CheckParameterType(expressions, parameter, host.type);
      program_->host.push_back({parameter.index, host.value});
      return;
    }
    std::vector<std::string_view> names;
    for (const ParameterSource& source : source_.parameters) {
      if (source.name.text == parameter.name) return;  // reported already
      names.push_back(source.name.text);
    }
    for (const HostParameter& host : kHostParameters) names.push_back(host.name);
    findings_.Add(PlaceOf(expressions, parameter),
                  "the parameter \"" + parameter.name + "\" is neither in pack.yaml nor one of the host's",
                  NearestNameHint(parameter.name, names));
  }

  void CheckParameterType(const PackExpressions& expressions, const cql::ParameterIr& parameter,
                          std::string_view wanted) {
    if (cql::NameOf(*parameter.type) == wanted) return;
    findings_.Add(PlaceOf(expressions, parameter), "the parameter \"" + parameter.name + "\" is " +
                                                       std::string(wanted) + ", and here " +
                                                       cql::NameOf(*parameter.type));
  }

  static Place PlaceOf(const PackExpressions& expressions, const cql::ParameterIr& parameter) {
    const cql::DefinitionSyntax* const syntax =
        SyntaxOf(expressions, *parameter.library, cql::DefinitionKind::kParameter, parameter.name);
    return expressions.PlaceOf(*parameter.library, syntax != nullptr ? syntax->span : cql::Span{});
  }

  static const cql::DefinitionSyntax* SyntaxOf(const PackExpressions& expressions,
                                               const cql::LibraryIr& library, cql::DefinitionKind kind,
                                               std::string_view name) {
    const cql::ProgramIr& program = expressions.partial();
    for (std::size_t i = 0; i < program.libraries.size(); ++i) {
      if (program.libraries[i].get() != &library) continue;
      for (const cql::DefinitionSyntax& definition : program.syntax[i]->definitions) {
        if (definition.kind == kind && definition.name == name) return &definition;
      }
    }
    return nullptr;
  }

  Val ValueOf(const Parameters& parameters, std::size_t index) {
    switch (parameters.rows()[index].kind) {
      case ParameterKind::kInteger:
        return Val::Integer(static_cast<std::int32_t>(parameters.Integer(index)));
      case ParameterKind::kDecimal:
        return Val::Decimal(parameters.Number(index), program_->arena());
      case ParameterKind::kBoolean:
        return Val::Boolean(parameters.Flag(index));
      case ParameterKind::kChoice:
      case ParameterKind::kText:
        break;
    }
    return Val::String(program_->Keep(parameters.TextOf(index)));
  }

  // --- value sets

  std::string UrlOf(std::string_view value_set) const {
    return "urn:osteon:" + source_.id.text + ":" + std::string(value_set);
  }

  terminology::ConceptSet ConceptSetOf(const ValueSetInclude& include) const {
    terminology::ConceptSet set;
    if (!include.value_set.empty()) {
      set.value_sets.push_back(UrlOf(include.value_set.text));
      return set;
    }
    set.system = include.system.text;
    for (const ValueSetCode& code : include.codes) set.codes.push_back(code.code.text);
    AddPrefixes(include, set);
    return set;
  }

  void BuildTerminology() {
    terminology::Definitions definitions;
    for (const ValueSetSource& source : source_.value_sets) {
      if (source.id.empty()) continue;
      terminology::ValueSetDefinition& definition = definitions.value_sets.emplace_back();
      definition.url = UrlOf(source.id.text);
      definition.name = source.title.text;
      for (const ValueSetInclude& include : source.include)
        definition.include.push_back(ConceptSetOf(include));
      for (const ValueSetInclude& exclude : source.exclude)
        definition.exclude.push_back(ConceptSetOf(exclude));
    }
    terminology::BuildResult built = terminology::Build(definitions);
    program_->terminology = built.index;
    // What the reader has found wrong with value sets explains it already.
    if (!findings_.empty()) return;
    for (const terminology::Problem& problem : built.problems) {
      for (const ValueSetSource& source : source_.value_sets) {
        if (UrlOf(source.id.text) == problem.url) findings_.Add(source.id, problem.reason);
      }
    }
  }

  // Of the libraries: each value set that they declare is in the pack.
  void CheckValueSets(const PackExpressions& expressions) {
    const cql::ProgramIr& program = expressions.partial();
    const std::string prefix = UrlOf("");
    for (std::size_t i = 0; i < program.libraries.size(); ++i) {
      for (const cql::DefinitionSyntax& definition : program.syntax[i]->definitions) {
        if (definition.kind != cql::DefinitionKind::kValueSet) continue;
        std::vector<std::string_view> ids;
        for (const ValueSetSource& source : source_.value_sets) ids.push_back(source.id.text);
        std::string_view id = definition.id;
        const bool is_ours = id.starts_with(prefix);
        if (is_ours) id.remove_prefix(prefix.size());
        if (is_ours && std::find(ids.begin(), ids.end(), id) != ids.end()) continue;
        findings_.Add(expressions.PlaceOf(*program.libraries[i], definition.span),
                      "the pack has no value set '" + std::string(definition.id) + "'",
                      is_ours ? NearestNameHint(id, ids) : "its value sets are '" + prefix + "ID'");
      }
    }
  }

  // --- pack

  bool IsEnabled(const RuleSource& rule, const Parameters& parameters) const {
    if (rule.enabled.empty()) return true;
    const auto rows = parameters.rows();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].key == rule.enabled.text) return parameters.Flag(i);
    }
    return true;
  }

  std::size_t MaxCards(const Parameters& parameters, std::size_t absent) const {
    const auto rows = parameters.rows();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i].key == source_.max_cards.text) return static_cast<std::size_t>(parameters.Integer(i));
    }
    const auto number = base::Decimal::Parse(source_.max_cards.text);
    const auto integer = number ? number->ToInteger() : std::nullopt;
    return integer && *integer > 0 ? static_cast<std::size_t>(*integer) : absent;
  }

  std::size_t Precedence(std::string_view rule) const {
    const auto found = std::find_if(source_.precedence.begin(), source_.precedence.end(),
                                    [&](const Text& text) { return text.text == rule; });
    return static_cast<std::size_t>(found - source_.precedence.begin());
  }

  Pack MakePack(Parameters parameters, const PrefetchPlanner& prefetch) {
    Pack pack;
    pack.id = program_->Keep(source_.id.text);
    pack.version = program_->Keep(source_.version.text);
    pack.title = program_->Keep(source_.title.text);
    pack.max_cards = MaxCards(parameters, pack.max_cards);
    std::vector<bool> is_enabled;
    for (const RuleSource& rule : source_.rules) is_enabled.push_back(IsEnabled(rule, parameters));
    for (const ServiceSource& service : source_.services) {
      ServiceSpec& spec = pack.services.emplace_back();
      spec.id = program_->Keep(service.id.text);
      spec.hook = program_->Keep(service.hook.text);
      spec.title = program_->Keep(service.title.text);
      spec.description = program_->Keep(service.description.text);
      spec.usage_requirements = program_->Keep(service.usage_requirements.text);
      spec.prefetch = prefetch.TemplatesOf(spec.hook, is_enabled);
    }
    std::vector<const RulePlan*> plans;
    for (std::size_t i = 0; i < program_->rules.size(); ++i) {
      if (is_enabled[i]) plans.push_back(&program_->rules[i]);
    }
    std::stable_sort(plans.begin(), plans.end(), [this](const RulePlan* a, const RulePlan* b) {
      return Precedence(a->id) < Precedence(b->id);
    });
    for (const RulePlan* plan : plans) pack.rules.push_back(std::make_unique<TableRule>(program_, *plan));
    pack.parameters = std::move(parameters);
    pack.owner = program_;
    return pack;
  }

  PackSource source_;
  const std::map<std::string, std::string>& overrides_;
  PackFindings findings_;
  std::shared_ptr<PackProgram> program_;
};

}  // namespace

PackCompilation CompilePack(const PackFiles& files,
                            const std::map<std::string, std::string>& parameter_overrides) {
  return CompileReading(files, ReadPack(files), parameter_overrides);
}

PackCompilation CompileReading(const PackFiles& files, PackReading reading,
                               const std::map<std::string, std::string>& parameter_overrides) {
  return Compilation(files, std::move(reading), parameter_overrides).Run();
}

std::string RenderFinding(const PackFinding& finding, const PackFiles& files) {
  std::string text = finding.file;
  if (finding.line != 0) text += ":" + std::to_string(finding.line) + ":" + std::to_string(finding.column);
  text += (text.empty() ? "" : ": ") + finding.message + "\n";
  const auto file = files.find(finding.file);
  if (file != files.end() && finding.line != 0) {
    const std::string_view line = LineOf(file->second, finding.line);
    text.append("  ").append(line).append("\n  ");
    // Tabs are kept, so that the caret stands under its place whatever their width.
    const std::size_t before = finding.column > 0 ? finding.column - 1 : 0;
    for (const char c : base::TakeCodePoints(line, before)) {
      if (c == '\t' || (static_cast<unsigned char>(c) & 0xC0U) != 0x80U) text += c == '\t' ? '\t' : ' ';
    }
    text += "^\n";
  }
  if (!finding.hint.empty()) text += "  hint: " + finding.hint + "\n";
  return text;
}

}  // namespace osteon::cards
