#include "cards/packs/perinatal_bone_health/workup.h"

#include <algorithm>

#include "cards/packs/perinatal_bone_health/counted.h"
#include "fhir/model/resources.h"

namespace osteon::cards::perinatal {

using base::Day;
using json::operator""_key;

namespace {

// Reports that hold a finding; registered ones do not yet.
bool CountsReport(const model::DiagnosticReport& report) {
  const std::string_view status = report.status();
  return status == "final" || status == "amended" || status == "corrected" || status == "appended" ||
         status == "preliminary" || status == "partial";
}

class Newest {
 public:
  Newest(Day from, Day today) : from_(from), today_(today) {}
  void Take(const std::optional<model::DateSpan>& date, std::string_view what) {
    // Surely on or after `from`: what hides a card must be certain.
    if (!date || date->first < from_ || IsFuture(*date, today_)) return;
    if (item_ && date->first <= item_->day) return;
    item_ = WorkupItem{std::string(what) + " " + base::FormatDay(date->first), date->first};
  }
  const std::optional<WorkupItem>& item() const { return item_; }

 private:
  Day from_;
  Day today_;
  std::optional<WorkupItem> item_;
};

}  // namespace

std::optional<WorkupItem> FindResulted(const RuleInput& input, ChartReader& reader, CodeTest test, Day from) {
  Newest newest(from, input.today);
  for (const model::Resource& resource : reader.Read("bonObs", "Observation")) {
    const model::Observation observation{resource};
    const GroupSet groups = GroupsOf(observation.code());
    if (!test(observation.code()) || !CountsObservation(observation, groups)) continue;
    newest.Take(observation.effective(*input.zone), "resulted");
  }
  for (const model::Resource& resource : reader.Read("reports", "DiagnosticReport")) {
    const model::DiagnosticReport report{resource};
    if (CountsReport(report) && test(report.code())) newest.Take(report.effective(*input.zone), "resulted");
  }
  for (const model::Resource& resource : reader.Read("orders", "ServiceRequest")) {
    const model::ServiceRequest request{resource};
    if (CountsDone(request) && test(request.code())) newest.Take(request.authored_on(*input.zone), "done");
  }
  return newest.item();
}

std::optional<WorkupItem> FindOrderedOrResulted(const RuleInput& input, ChartReader& reader, CodeTest test,
                                                Day from) {
  if (auto resulted = FindResulted(input, reader, test, from)) return resulted;
  Newest newest(from, input.today);
  for (const model::Resource& resource : reader.Read("orders", "ServiceRequest")) {
    const model::ServiceRequest request{resource};
    if (CountsOrdered(request) && test(request.code())) {
      newest.Take(request.authored_on(*input.zone), "ordered");
    }
  }
  if (newest.item()) return newest.item();
  for (const Draft& draft : input.drafts) {
    if (draft.resource.type() != "ServiceRequest") continue;
    const model::ServiceRequest request{draft.resource};
    if (CountsDraft(request) && test(request.code())) return WorkupItem{"being ordered now", input.today};
  }
  return std::nullopt;
}

bool IsSpineImage(json::Value code) {
  const GroupSet groups = GroupsOf(code);
  if (groups.HasAny(Group::kXraySpine, Group::kMriLumbar, Group::kMriLumbarNoncontrast, Group::kMriSpine,
                    Group::kMriThoracic, Group::kMriThoracicNoncontrast)) {
    return true;
  }
  // LOINC MRI of lumbar or thoracic spine with contrast (clarification 56); the hip is in the same group.
  constexpr std::string_view kWithContrast[] = {"24967-2", "24981-3", "24982-1", "30678-7"};
  return groups.Has(Group::kMriWithGadolinium) &&
         std::any_of(std::begin(kWithContrast), std::end(kWithContrast),
                     [code](std::string_view loinc) { return model::HasCode(code, kLoincSystem, loinc); });
}

bool IsVitaminDTest(json::Value code) {
  return GroupsOf(code).HasAny(Group::k25ohdNgMl, Group::k25ohdNmolL, Group::k25ohdTest);
}

bool IsCalciumTest(json::Value code) {
  return GroupsOf(code).HasAny(Group::kCalciumTotal, Group::kCalciumAlbuminAdjusted, Group::kCalciumIonized,
                               Group::kCalciumProteinAdjusted);
}

bool IsDxa(json::Value code) {
  return GroupsOf(code).HasAny(Group::kDxaStudy, Group::kBmdZScoreHip, Group::kBmdZScoreSpine,
                               Group::kBmdTScoreFemurHip, Group::kBmdTScoreSpine);
}

bool IsPhosphateTest(json::Value code) {
  return InGroup(code, Group::kPhosphate);
}
bool IsAlkalinePhosphataseTest(json::Value code) {
  return InGroup(code, Group::kAlp);
}
bool IsPthTest(json::Value code) {
  return InGroup(code, Group::kPthIntact);
}
bool IsTshTest(json::Value code) {
  return InGroup(code, Group::kTsh);
}
bool IsElectrophoresis(json::Value code) {
  return InGroup(code, Group::kSpepPanel);
}

}  // namespace osteon::cards::perinatal
