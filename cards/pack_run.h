// One request's evaluation of a pack, shared by its rules.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cards/pack_program.h"
#include "cards/rule.h"
#include "fhir/model/resource_index.h"

namespace osteon::cards {

class PackRun final : public SharedFacts {
 public:
  PackRun();
  ~PackRun() override;
  PackRun(const PackRun&) = delete;
  PackRun& operator=(const PackRun&) = delete;

  // Begins when this is the first call. `program` and `input` outlive it.
  void Begin(const PackProgram& program, const RuleInput& input);

  cql::Evaluation& evaluation() { return *evaluation_; }
  // The draft that is this very resource, or the one of that "Type/id"; null when there is none.
  const Draft* FindDraft(const model::Val& item) const;
  const Draft* FindDraft(std::string_view reference) const;
  std::string_view authored_on();

 private:
  void FillResources(const Chart& chart);
  void FillGaps();
  void FillParameters();
  model::Val HostValueOf(HostValue value);
  model::Val DraftsOf(std::string_view type);
  model::Val MedicationUrls();

  const PackProgram* program_ = nullptr;
  const RuleInput* input_ = nullptr;
  std::unique_ptr<base::Arena> arena_;
  std::optional<model::ResourceIndex> resources_;
  std::vector<cql::Gaps> retrieve_gaps_;
  std::vector<std::optional<model::Val>> parameters_;
  cql::Inputs inputs_;
  std::optional<cql::Evaluation> evaluation_;
  std::string authored_on_;
};

}  // namespace osteon::cards
