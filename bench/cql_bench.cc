// The definitions of a CQL library over one patient's Bundle: time and bytes to evaluate each of them, the
// data read and the codes indexed before, and what a definition needs evaluated with it.
//
// usage: cql_bench LIBRARY BUNDLE
// The one value set it knows is http://example.org/fhir/ValueSet/nsaids: ibuprofen and naproxen.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "bench/best_of.h"
#include "fhir/cql/evaluate.h"
#include "fhir/model/value_node.h"
#include "fhir/model/value_text.h"

namespace osteon {
namespace {

using bench::BestOf;

std::string ReadFile(const char* path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::shared_ptr<const terminology::Index> ValueSets() {
  terminology::Definitions sets;
  terminology::ValueSetDefinition& set = sets.value_sets.emplace_back();
  set.url = "http://example.org/fhir/ValueSet/nsaids";
  set.include.push_back({.system = "http://www.nlm.nih.gov/research/umls/rxnorm",
                         .codes = {"5640", "7258"},
                         .filters = {},
                         .value_sets = {}});
  return terminology::Build(sets).index;
}

bool RunOne(const cql::CompiledLibrary& library, const cql::Inputs& inputs, std::string_view name) {
  base::Arena arena;
  bool ok = true;
  std::string value;
  const auto evaluate = [&] {
    arena.Reset();
    cql::Evaluation evaluation(library, inputs, arena);
    const model::Val result = evaluation.Define(name);
    ok = !evaluation.error();
    return result;
  };
  const model::Val result = evaluate();
  value = result.is(model::Kind::kBoolean) ? model::ToLiteral(result)
                                           : std::to_string(model::Items(result).size()) + " items";
  const std::size_t bytes = arena.used_bytes();
  std::printf("%-20s %12.3f %10zu %s\n", std::string(name).c_str(), BestOf(evaluate), bytes,
              ok ? value.c_str() : "failed");
  return ok;
}

int Main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: cql_bench LIBRARY BUNDLE\n");
    return 2;
  }
  const cql::Analysis analysis = cql::AnalyzeLibrary({argv[1], ReadFile(argv[1])}, {});
  if (analysis.program == nullptr) {
    std::fprintf(stderr, "%s\n", analysis.report.c_str());
    return 1;
  }
  std::string text = ReadFile(argv[2]);
  const std::size_t size = text.size();
  text.append(json::kReadPadding, '\0');
  base::Arena arena;
  const auto tree = json::Tree::Read(std::string_view(text).substr(0, size), arena);
  if (!tree.ok()) return 1;
  model::ResourceIndex resources(arena);
  resources.Add((*tree)->root());
  const auto patients = resources.OfType(model::FindType("Patient"));
  const auto value_sets = ValueSets();
  cql::Inputs inputs;
  inputs.now = *base::ParseInstant("2026-06-15T10:00:00Z");
  inputs.resources = &resources;
  inputs.terminology = value_sets.get();
  if (!patients.empty()) inputs.subject = model::ResourceNode(patients.front());
  const cql::CompiledLibrary library(analysis.program);
  std::printf("%-20s %12s %10s\n", "definition", "evaluate us", "bytes");
  bool ok = true;
  for (const cql::DefineIr& define : analysis.program->main().defines) {
    ok = RunOne(library, inputs, define.name) && ok;
  }
  return ok ? 0 : 1;
}

}  // namespace
}  // namespace osteon

int main(int argc, char** argv) {
  return osteon::Main(argc, argv);
}
