#include "cards/packs/perinatal_bone_health/workup.h"

#include <algorithm>

#include "cards/packs/perinatal_bone_health/counted.h"
#include "cards/packs/perinatal_bone_health/request_facts.h"
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
  reader.Need("bonObs");
  for (const CodedObservation& each : AllObservations(input)) {
    if (each.counts && test(each.groups, each.observation.code())) newest.Take(each.date, "resulted");
  }
  reader.Need("reports");
  for (const auto& [report, groups] : AllReports(input)) {
    if (!CountsReport(report) || !test(groups, report.code())) continue;
    newest.Take(report.effective(*input.zone), "resulted");
  }
  reader.Need("orders");
  for (const auto& [request, groups] : AllServiceRequests(input)) {
    if (!CountsDone(request) || !test(groups, request.code())) continue;
    newest.Take(request.authored_on(*input.zone), "done");
  }
  return newest.item();
}

std::optional<WorkupItem> FindOrderedOrResulted(const RuleInput& input, ChartReader& reader, CodeTest test,
                                                Day from) {
  if (auto resulted = FindResulted(input, reader, test, from)) return resulted;
  Newest newest(from, input.today);
  reader.Need("orders");
  for (const auto& [request, groups] : AllServiceRequests(input)) {
    if (!CountsOrdered(request) || !test(groups, request.code())) continue;
    newest.Take(request.authored_on(*input.zone), "ordered");
  }
  if (newest.item()) return newest.item();
  for (const Draft& draft : input.drafts) {
    if (draft.resource.type() != "ServiceRequest") continue;
    const model::ServiceRequest request{draft.resource};
    const json::Value code = request.code();
    if (CountsDraft(request) && test(GroupsOf(code), code)) {
      return WorkupItem{"being ordered now", input.today};
    }
  }
  return std::nullopt;
}

bool IsSpineImage(const GroupSet& groups, json::Value code) {
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

bool IsVitaminDTest(const GroupSet& groups, json::Value) {
  return groups.HasAny(Group::k25ohdNgMl, Group::k25ohdNmolL, Group::k25ohdTest);
}

bool IsCalciumTest(const GroupSet& groups, json::Value) {
  return groups.HasAny(Group::kCalciumTotal, Group::kCalciumAlbuminAdjusted, Group::kCalciumIonized,
                       Group::kCalciumProteinAdjusted);
}

bool IsDxa(const GroupSet& groups, json::Value) {
  return groups.HasAny(Group::kDxaStudy, Group::kBmdZScoreHip, Group::kBmdZScoreSpine,
                       Group::kBmdTScoreFemurHip, Group::kBmdTScoreSpine);
}

bool IsPhosphateTest(const GroupSet& groups, json::Value) {
  return groups.Has(Group::kPhosphate);
}
bool IsAlkalinePhosphataseTest(const GroupSet& groups, json::Value) {
  return groups.Has(Group::kAlp);
}
bool IsPthTest(const GroupSet& groups, json::Value) {
  return groups.Has(Group::kPthIntact);
}
bool IsTshTest(const GroupSet& groups, json::Value) {
  return groups.Has(Group::kTsh);
}
bool IsElectrophoresis(const GroupSet& groups, json::Value) {
  return groups.Has(Group::kSpepPanel);
}

}  // namespace osteon::cards::perinatal
