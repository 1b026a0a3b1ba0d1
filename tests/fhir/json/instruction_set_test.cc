// simdjson picks its instructions at run time, and its kernels do not find the same errors: the portable one
// checks neither UTF-8 outside strings nor what follows a backslash. What the tree says must not depend on
// the machine.
#include <gtest/gtest.h>
#include <simdjson.h>

#include <string>
#include <thread>
#include <vector>

#include "tests/fhir/json/canonical.h"
#include "tests/fhir/json/grammar_cases.h"
#include "tests/fhir/json/mutation.h"
#include "tests/fhir/json/padded_text.h"

namespace osteon::json {
namespace {

std::vector<std::string> Texts() {
  std::vector<std::string> texts;
  for (const GrammarCase& c : GrammarCases()) texts.emplace_back(c.text);
  Mutator mutator(20260615);
  for (int i = 0; i < 5'000; ++i) texts.push_back(mutator.Next());
  return texts;
}

std::string Read(std::string_view text) {
  const PaddedText padded(text);
  base::Arena arena(4096);
  const auto tree = Tree::Read(padded.view(), arena);
  // Which of several faults is found first may differ.
  return tree.ok() ? Canonical((*tree)->root()) : "refused";
}

std::vector<std::string> ReadAll(const std::vector<std::string>& texts,
                                 const simdjson::implementation* kernel) {
  const simdjson::implementation* const before = simdjson::get_active_implementation();
  simdjson::get_active_implementation() = kernel;
  std::vector<std::string> results;
  // A new thread, since a thread keeps the parser it once made.
  std::thread([&] {
    for (const std::string& text : texts) results.push_back(Read(text));
  }).join();
  simdjson::get_active_implementation() = before;
  return results;
}

TEST(InstructionSet, EveryOneOfTheMachineReadsTheSame) {
  const std::vector<std::string> texts = Texts();
  const auto& kernels = simdjson::get_available_implementations();
  ASSERT_NE(kernels["fallback"], nullptr);
  const std::vector<std::string> expected = ReadAll(texts, kernels["fallback"]);
  for (const simdjson::implementation* kernel : kernels) {
    if (!kernel->supported_by_runtime_system()) continue;
    const std::vector<std::string> results = ReadAll(texts, kernel);
    for (std::size_t i = 0; i < texts.size(); ++i) {
      ASSERT_EQ(results[i], expected[i]) << kernel->name() << ": " << texts[i];
    }
  }
}

}  // namespace
}  // namespace osteon::json
