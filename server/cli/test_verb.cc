#include "server/cli/test_verb.h"

#include <algorithm>
#include <iostream>
#include <iterator>
#include <utility>

#include "cards/pack_compiler.h"
#include "cds_hooks/cases/case_run.h"
#include "cds_hooks/cases/mutants.h"
#include "fhir/base/text.h"
#include "server/cli/verbs.h"
#include "server/pack_bundle.h"

namespace osteon::server {
namespace {

constexpr std::string_view kCasesFolder = "cases/";

base::Result<std::map<std::string, std::string>> ParametersOf(const std::vector<std::string>& texts) {
  std::map<std::string, std::string> parameters;
  for (const std::string& text : texts) {
    const std::size_t equals = text.find('=');
    if (equals == 0 || equals == std::string::npos)
      return base::Error{base::ErrorCode::kInvalidConfig, "is not KEY=VALUE", "", "--parameter"};
    parameters[text.substr(0, equals)] = text.substr(equals + 1);
  }
  return parameters;
}

class TestRun {
 public:
  TestRun(const TestCommand& command, const cds_hooks::Catalog& catalog, const cards::PackFiles& files)
      : command_(command), catalog_(catalog), files_(files) {}

  int Run() {
    for (const auto& [path, text] : files_) {
      if (path.starts_with(kCasesFolder) && path.ends_with(".yaml")) File(path, text);
    }
    if (command_.only.empty()) Coverage();
    std::cout << passed_ << (passed_ == 1 ? " case passed, " : " cases passed, ") << failed_ << " failed\n";
    if (is_wrong_) return kExitUsage;
    return failed_ == 0 ? kExitOk : kExitFailed;
  }

 private:
  void File(const std::string& path, const std::string& text) {
    const cds_hooks::CaseReading reading = cds_hooks::ReadCases(path, text, catalog_.pack());
    for (const cards::PackFinding& finding : reading.findings) {
      is_wrong_ = true;
      std::cout << cards::RenderFinding(finding, files_);
    }
    for (const cds_hooks::Case& wanted : reading.cases) One(wanted);
  }

  void One(const cds_hooks::Case& wanted) {
    const auto& only = command_.only;
    if (!only.empty() && std::find(only.begin(), only.end(), wanted.id) == only.end()) return;
    const cds_hooks::CaseResult result = cds_hooks::RunCase(catalog_, wanted, &coverage_);
    if (command_.shows_answers) std::cout << wanted.id << " " << result.response_json << "\n";
    if (result.failures.empty()) {
      ++passed_;
      return;
    }
    ++failed_;
    std::cout << wanted.place.file << ":" << wanted.place.line << ": " << wanted.id << ": " << wanted.tests
              << "\n";
    for (const cds_hooks::CaseFailure& failure : result.failures) {
      std::cout << "  " << failure.place.file << ":" << failure.place.line << ": " << failure.what << "\n";
    }
  }

  // Rows whose condition no case makes true, or none makes false.
  void Coverage() const {
    std::size_t rows = 0;
    std::string never_met;
    std::string never_unmet;
    for (const auto& rule : catalog_.pack().rules) {
      for (const auto& [row, title, indicator] : rule->rows()) {
        ++rows;
        const auto* const seen = coverage_.Find(row);
        if (seen == nullptr || seen->met == 0) never_met.append(" ").append(row);
        if (seen == nullptr || seen->not_met == 0) never_unmet.append(" ").append(row);
      }
    }
    const auto both = [&](const std::string& names) {
      return rows - static_cast<std::size_t>(std::count(names.begin(), names.end(), ' '));
    };
    std::cout << both(never_met) << " of " << rows << " rows are met in a case, " << both(never_unmet)
              << " are tried and not met\n";
    if (!never_met.empty()) std::cout << "met in no case:" << never_met << "\n";
    if (!never_unmet.empty()) std::cout << "never tried without being met:" << never_unmet << "\n";
  }

  const TestCommand& command_;
  const cds_hooks::Catalog& catalog_;
  const cards::PackFiles& files_;
  cds_hooks::RowCoverage coverage_;
  std::size_t passed_ = 0;
  std::size_t failed_ = 0;
  bool is_wrong_ = false;
};

// Whether some case comes out otherwise than wanted.
bool IsNoticed(const cds_hooks::Catalog& catalog, const std::vector<cds_hooks::Case>& cases) {
  return std::any_of(cases.begin(), cases.end(), [&](const cds_hooks::Case& wanted) {
    return !cds_hooks::RunCase(catalog, wanted).failures.empty();
  });
}

void Mutate(const cds_hooks::Catalog& catalog, const cards::PackFiles& files,
            const std::map<std::string, std::string>& parameters) {
  std::vector<cds_hooks::Case> cases;
  for (const auto& [path, text] : files) {
    if (!path.starts_with(kCasesFolder) || !path.ends_with(".yaml")) continue;
    auto reading = cds_hooks::ReadCases(path, text, catalog.pack());
    std::move(reading.cases.begin(), reading.cases.end(), std::back_inserter(cases));
  }
  // What fails already would notice everything.
  std::erase_if(cases, [&](const cds_hooks::Case& wanted) {
    return !cds_hooks::RunCase(catalog, wanted).failures.empty();
  });
  std::size_t noticed = 0;
  std::size_t unnoticed = 0;
  std::size_t refused = 0;
  for (const cds_hooks::Mutant& mutant : cds_hooks::MutantsOf(files)) {
    const auto mutated =
        LoadRules(PackBundle{.files = cds_hooks::Mutated(files, mutant), .parameters = parameters});
    if (!mutated.ok()) {
      ++refused;
    } else if (IsNoticed(**mutated, cases)) {
      ++noticed;
    } else {
      ++unnoticed;
      std::cout << cds_hooks::PlaceText(files, mutant) << ": no case notices \"" << base::Trim(mutant.is)
                << "\" in place of \"" << base::Trim(mutant.was) << "\"" << std::endl;
    }
  }
  std::cout << "mistakes noticed: " << noticed << ", not noticed: " << unnoticed
            << ", refused by the check: " << refused << "\n";
}

base::Result<int> RunTest(const TestCommand& command) {
  OSTEON_ASSIGN_OR_RETURN(const auto parameters, ParametersOf(command.parameters));
  OSTEON_ASSIGN_OR_RETURN(const PackBundle bundle, ReadBundle({command.pack, {}, parameters}));
  OSTEON_ASSIGN_OR_RETURN(const auto catalog, LoadRules(bundle));
  const int status = TestRun(command, *catalog, bundle.files).Run();
  if (command.mutates) Mutate(*catalog, bundle.files, parameters);
  return status;
}

}  // namespace

int Test(const TestCommand& command) {
  const auto run = RunTest(command);
  if (run.ok()) return *run;
  PrintError(run.error());
  return kExitUsage;
}

}  // namespace osteon::server
