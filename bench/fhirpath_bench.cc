// FHIRPath expressions over one document: time to compile, time and bytes to evaluate. Reading the JSON is
// not part of it.
//
// usage: fhirpath_bench EXPRESSIONS BUNDLE PATIENT [NAME CALLS]
// EXPRESSIONS: [["name", "bundle"|"patient", "expression"], ...]
// NAME CALLS: evaluates this expression that many times and measures nothing, for a profiler.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

#include "bench/best_of.h"
#include "fhir/model/value_node.h"
#include "fhir/path/program.h"

namespace osteon {
namespace {

using bench::BestOf;

class Document {
 public:
  explicit Document(const char* path) {
    std::ifstream file(path, std::ios::binary);
    text_.assign(std::istreambuf_iterator<char>(file), {});
    const std::size_t size = text_.size();
    text_.append(json::kReadPadding, '\0');
    const auto tree = json::Tree::Read(std::string_view(text_).substr(0, size), arena_);
    if (tree.ok()) root_ = (*tree)->root();
  }
  json::Value root() const { return root_; }

 private:
  std::string text_;
  base::Arena arena_;
  json::Value root_;
};

struct Profiled {
  std::string_view name;
  int calls = 0;  // 0: none is profiled
};

bool RunOne(std::string_view name, std::string_view expression, json::Value data, const Profiled& profiled) {
  path::CheckOptions options;
  const model::Val context = model::ResourceNode(data);
  options.context = context.fhir_type();
  const path::Compilation compilation = path::Compile(expression, options);
  if (compilation.program == nullptr) {
    std::fprintf(stderr, "%s\n", path::Render(compilation.diagnostics[0], expression).c_str());
    return false;
  }
  path::Input input;
  input.context = context;
  input.now = *base::ParseInstant("2026-06-15T10:00:00Z");
  base::Arena arena;
  const auto evaluate = [&] {
    arena.Reset();
    return compilation.program->Evaluate(input, arena);
  };
  const bool ok = evaluate().ok();
  if (profiled.calls > 0) {
    for (int i = 0; i < profiled.calls; ++i) (void)evaluate();
    return ok;
  }
  const std::size_t bytes = arena.used_bytes();
  const double compile_us = BestOf([&] { return path::Compile(expression, options); });
  const double evaluate_us = BestOf(evaluate);
  std::printf("%-20s %10.2f %12.3f %10zu %s\n", std::string(name).c_str(), compile_us, evaluate_us, bytes,
              ok ? "" : "failed");
  return ok;
}

int Main(int argc, char** argv) {
  if (argc != 4 && argc != 6) {
    std::fprintf(stderr, "usage: fhirpath_bench EXPRESSIONS BUNDLE PATIENT [NAME CALLS]\n");
    return 2;
  }
  const Profiled profiled = argc == 6 ? Profiled{argv[4], std::atoi(argv[5])} : Profiled{};
  const Document expressions(argv[1]);
  const Document bundle(argv[2]);
  const Document patient(argv[3]);
  if (profiled.calls == 0)
    std::printf("%-20s %10s %12s %10s\n", "expression", "compile us", "evaluate us", "bytes");
  bool ok = true;
  for (const json::Value row : expressions.root()) {
    const json::Value data = row.At(1).string() == "patient" ? patient.root() : bundle.root();
    if (profiled.calls > 0 && row.At(0).string() != profiled.name) continue;
    ok = RunOne(row.At(0).string(), row.At(2).string(), data, profiled) && ok;
  }
  return ok ? 0 : 1;
}

}  // namespace
}  // namespace osteon

int main(int argc, char** argv) {
  return osteon::Main(argc, argv);
}
