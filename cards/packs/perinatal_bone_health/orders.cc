// The draft orders that suggestions create, and the drafts they delete.
#include <iterator>

#include "cards/packs/perinatal_bone_health/request_facts.h"
#include "cards/packs/perinatal_bone_health/suggestions.h"

namespace osteon::cards::perinatal {

namespace {

constexpr std::size_t kUsualResource = 640;  // bytes of JSON

template <typename... Texts>
void Append(std::string& text, const Texts&... parts) {
  (text.append(std::string_view(parts)), ...);
}

// Every text here is a PlainText, a derived id or a day, so that JSON is put together without a writer: a
// card brings up to eleven such resources.
void AppendConcept(std::string& json, const NewOrder& order) {
  json += '{';
  if (order.code) {
    Append(json, R"("coding":[{"system":")", order.code->system, R"(","code":")", order.code->code,
           R"(","display":")", order.code->display, R"("}],)");
  }
  Append(json, R"("text":")", order.text, R"("})");
}

enum class Kind : std::uint8_t { kService, kMedication };

Action Create(const RuleInput& input, std::string_view about, const NewOrder& order, Kind kind) {
  const bool service = kind == Kind::kService;
  std::string name;
  name.reserve(about.size() + 1 + order.name.size());
  Append(name, about, "/", order.name);
  std::string json;
  json.reserve(kUsualResource);
  Append(json, R"({"resourceType":")", service ? "ServiceRequest" : "MedicationRequest", R"(","id":")",
         base::Uuid::FromName(input.decision_id, name).ToString(), R"(","status":"draft","intent":")",
         order.intent, service ? R"(","code":)" : R"(","medicationCodeableConcept":)");
  AppendConcept(json, order);
  if (service && order.occurrence_start) {
    Append(json, R"(,"occurrencePeriod":{"start":")", base::FormatDay(*order.occurrence_start), R"("})");
  }
  Append(json, SubjectAndDate(input), R"(,"reasonCode":[{"text":")", order.reason, R"("}])");
  if (!order.note.empty()) Append(json, R"(,"note":[{"text":")", order.note, R"("}])");
  json += '}';
  Action action;
  action.type = ActionType::kCreate;
  Append(action.description, "Create a draft order: ", order.text);
  action.resource = std::move(json);
  return action;
}

constexpr OrderCode Loinc(PlainText code, PlainText display) {
  return {"http://loinc.org", code, display};
}
constexpr OrderCode RxNorm(PlainText code, PlainText display) {
  return {"http://www.nlm.nih.gov/research/umls/rxnorm", code, display};
}

}  // namespace

Action CreateServiceRequest(const RuleInput& input, std::string_view about, const NewOrder& order) {
  return Create(input, about, order, Kind::kService);
}

Action CreateMedicationRequest(const RuleInput& input, std::string_view about, const NewOrder& order) {
  return Create(input, about, order, Kind::kMedication);
}

Action DeleteDraft(const Draft& draft, std::string_view description) {
  Action action;
  action.type = ActionType::kDelete;
  action.description = description;
  action.resource_id = draft.reference;
  return action;
}

Suggestion OneAction(std::string_view label, Action action) {
  Suggestion suggestion;
  suggestion.label = label;
  suggestion.actions.push_back(std::move(action));
  return suggestion;
}

NewOrder LabOrder(Lab lab, PlainText reason) {
  struct Row {
    std::string_view name;
    PlainText loinc;
    PlainText text;
    PlainText note = "";
  };
  static constexpr Row kRows[] = {
      {"hcg", "2106-3", "Pregnancy test (hCG), urine"},
      {"25ohd", "62292-8", "25-hydroxyvitamin D, serum"},
      {"calcium-test", "17861-6", "Calcium, serum",
       "With albumin, or as albumin-adjusted calcium (LOINC 29265-6)."},
      {"phosphate", "2777-1", "Phosphate, serum"},
      {"alp", "6768-6", "Alkaline phosphatase, serum"},
      {"pth", "2731-8", "Parathyroid hormone, intact, serum"},
      {"tsh", "3016-3", "TSH, serum"},
      {"spep", "24351-9", "Protein electrophoresis panel, serum"},
  };
  static_assert(std::size(kRows) == static_cast<std::size_t>(Lab::kProteinElectrophoresis) + 1);
  const Row& row = kRows[static_cast<std::size_t>(lab)];
  return {row.name, Loinc(row.loinc, row.text), row.text, reason, row.note};
}

NewOrder CalciumOrder(PlainText reason) {
  constexpr PlainText kText = "Calcium carbonate, oral";
  return {
      "calcium", RxNorm("1897", kText), kText, reason,
      "Strength for the prescriber to choose; diet counts first. Check serum calcium first when it is not "
      "known."};
}

NewOrder VitaminDOrder(PlainText reason) {
  constexpr PlainText kText = "Cholecalciferol (vitamin D3), oral";
  return {"vitamin-d", RxNorm("2418", kText), kText, reason,
          "Strength for the prescriber to choose. Check serum calcium first when it is not known."};
}

NewOrder ParacetamolOrder(PlainText reason) {
  constexpr PlainText kText = "Paracetamol (acetaminophen), oral";
  return {"paracetamol", RxNorm("161", kText), kText, reason};
}

NewOrder ReferralOrder(PlainText to, PlainText reason) {
  return {"referral", std::nullopt, to, reason};
}

}  // namespace osteon::cards::perinatal
