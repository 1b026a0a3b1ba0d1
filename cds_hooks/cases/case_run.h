// Runs cases and says what is not as wanted.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cards/rule.h"
#include "cds_hooks/cases/case_file.h"
#include "cds_hooks/catalog.h"

namespace osteon::cds_hooks {

struct CaseFailure {
  cards::Place place;
  std::string what;
};

struct CaseResult {
  std::vector<CaseFailure> failures;
  std::string response_json;  // empty when there was no answer
};

// Which rows' conditions came out true, and which false.
class RowCoverage final : public cards::RowObserver {
 public:
  void OnRow(std::string_view rule, std::string_view row, bool is_met) override;

  struct Seen {
    int met = 0;
    int not_met = 0;
  };
  const Seen* Find(std::string_view row) const;

 private:
  std::map<std::string, Seen, std::less<>> rows_;
};

//   observer: may be null.
CaseResult RunCase(const Catalog& catalog, const Case& wanted, cards::RowObserver* observer = nullptr);

}  // namespace osteon::cds_hooks
