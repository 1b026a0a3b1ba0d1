#include "server/cli/repl.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "fhir/base/text.h"
#include "fhir/cql/analysis.h"
#include "fhir/cql/operator_table.h"
#include "fhir/model/r4_model.h"
#include "fhir/model/value_node.h"
#include "fhir/path/function_table.h"
#include "fhir/path/variables.h"

namespace osteon::server {
namespace {

constexpr std::array<std::string_view, 9> kStatements = {
    "define", "parameter", "codesystem", "valueset", "code", "concept", "context", "include", "using"};

bool IsWordPart(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool IsStatement(std::string_view line) {
  line = base::Trim(line);
  const auto end = std::find_if_not(line.begin(), line.end(), IsWordPart);
  const std::string_view word = line.substr(0, static_cast<std::size_t>(end - line.begin()));
  return std::find(kStatements.begin(), kStatements.end(), word) != kStatements.end();
}

// A name as an expression writes it.
std::string Written(std::string_view name) {
  const bool plain = !name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) == 0 &&
                     std::all_of(name.begin(), name.end(), IsWordPart);
  return plain ? std::string(name) : '"' + std::string(name) + '"';
}

void AddLibraryWords(const std::string& library, std::vector<std::string>& words) {
  const cql::Analysis analysis = cql::AnalyzeLibrary({"library", library});
  if (analysis.program == nullptr) return;
  const cql::LibraryIr& main = analysis.program->main();
  for (const auto& define : main.defines) words.push_back(Written(define.name));
  for (const auto& function : main.functions) words.push_back(Written(function.name));
  for (const auto& parameter : main.parameters) words.push_back(Written(parameter.name));
  for (const auto& vocabulary : main.terminology) words.push_back(Written(vocabulary.name));
}

void AddFhirPathWords(const ExpressionRequest& request, std::vector<std::string>& words) {
  for (const auto family : path::FunctionFamilies()) {
    for (const auto& row : family) words.emplace_back(row.name);
  }
  for (const auto& variable : path::StandardVariables()) words.push_back('%' + std::string(variable.name));
  for (const json::Value variable : request.variables) words.push_back('%' + std::string(variable.name()));
  const model::TypeId context = model::ResourceNode(request.data).fhir_type();
  for (const auto& element : model::ElementsOf(context)) {
    if (!element.is_choice_member()) words.emplace_back(element.name());
  }
}

}  // namespace

Repl::Repl(const ExpressionRequest& request, const ExpressionSettings& settings)
    : request_(request), settings_(settings), library_(request.library) {}

Repl::Reply Repl::Answer(const std::string& line) {
  if (base::IsBlank(line)) return {};
  if (request_.language == ExpressionLanguage::kCql && IsStatement(line)) return Keep(line);
  base::Arena arena;
  request_.expression = line;
  request_.library = library_;
  const ExpressionOutcome outcome = EvaluateExpression(request_, settings_, arena);
  return {outcome.ok() ? DisplayText(request_.language, outcome.value) : "", outcome.report};
}

Repl::Reply Repl::Keep(const std::string& statement) {
  std::string library = library_;
  if (library.empty() && request_.data) library = "using FHIR version '4.0.1'\ncontext Patient";
  if (!library.empty()) library += '\n';
  const auto before = static_cast<std::uint32_t>(library.size());
  library += statement;
  const cql::Analysis analysis = cql::AnalyzeLibrary({"statement", library});
  if (analysis.findings.empty()) {
    library_ = std::move(library);
    return {};
  }
  Reply reply;
  for (cql::Diagnostic found : analysis.findings) {
    // The place within the statement, which is all that the person sees.
    found.library = "statement";
    found.line = 1;
    found.span.begin = found.span.begin < before ? 0 : found.span.begin - before;
    reply.report += cql::Render(found, {"statement", statement});
  }
  return reply;
}

std::vector<std::string> Repl::Words() const {
  std::vector<std::string> words;
  if (request_.language == ExpressionLanguage::kFhirPath) {
    AddFhirPathWords(request_, words);
    return words;
  }
  for (const cql::Operator& row : cql::Operators()) words.emplace_back(row.row->name);
  for (const json::Value variable : request_.variables) words.push_back(Written(variable.name()));
  if (!library_.empty()) AddLibraryWords(library_, words);
  return words;
}

std::vector<std::string> Repl::Completions(std::string_view prefix) const {
  std::vector<std::string> words = Words();
  std::erase_if(words, [&](const std::string& word) { return !word.starts_with(prefix); });
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

}  // namespace osteon::server
