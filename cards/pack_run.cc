#include "cards/pack_run.h"

#include <algorithm>
#include <utility>

#include "fhir/model/value_node.h"

namespace osteon::cards {
namespace {

using model::Val;

// Room for the usual request, which then asks the system for no memory.
constexpr std::size_t kFirstBlockBytes = 1024 * 1024;

// The thread's arena, lent to one request after another.
thread_local std::unique_ptr<base::Arena> spare_arena;

}  // namespace

PackRun::PackRun() : arena_(std::move(spare_arena)) {
  if (arena_ == nullptr) arena_ = std::make_unique<base::Arena>(kFirstBlockBytes);
}

PackRun::~PackRun() {
  evaluation_.reset();
  arena_->Reset();
  spare_arena = std::move(arena_);
}

void PackRun::Begin(const PackProgram& program, const RuleInput& input) {
  if (program_ != nullptr) return;
  program_ = &program;
  input_ = &input;
  FillResources(*input.chart);
  FillParameters();
  inputs_.now = input.now;
  inputs_.offset_minutes = static_cast<std::int16_t>(input.zone->OffsetAt(input.now) / 60);
  const auto patients = input.chart->OfType("Patient");
  if (!patients.empty()) inputs_.subject = model::ResourceNode(patients.front().json);
  inputs_.resources = &*resources_;
  inputs_.terminology = program.terminology.get();
  inputs_.parameters_by_index = parameters_;
  FillGaps();
  evaluation_.emplace(*program.library, inputs_, *arena_);
}

void PackRun::FillResources(const Chart& chart) {
  resources_.emplace(*arena_);
  chart.ForEach([this](const model::Resource& resource) { resources_->Add(resource.json); });
}

void PackRun::FillGaps() {
  cql::Gaps missing = 0;
  for (const ChartKey& key : input_->chart->keys()) {
    if (Answers(key.state)) continue;
    const auto known = std::find_if(program_->keys.begin(), program_->keys.end(),
                                    [&](const PackProgram::Key& row) { return row.name == key.name; });
    if (known != program_->keys.end()) missing |= cql::Gaps{1} << (known - program_->keys.begin());
  }
  if (missing == 0) return;
  retrieve_gaps_ = program_->retrieve_keys;
  for (cql::Gaps& gaps : retrieve_gaps_) gaps &= missing;
  inputs_.retrieve_gaps = retrieve_gaps_;
  inputs_.subject_gaps = program_->subject_keys & missing;
}

void PackRun::FillParameters() {
  parameters_ = program_->parameters;
  for (const PackProgram::Host& host : program_->host) parameters_[host.parameter] = HostValueOf(host.value);
}

Val PackRun::HostValueOf(HostValue value) {
  const auto text_or_null = [](std::string_view text) { return text.empty() ? Val() : Val::String(text); };
  switch (value) {
    case HostValue::kDraftMedications:
      return DraftsOf("MedicationRequest");
    case HostValue::kDraftServices:
      return DraftsOf("ServiceRequest");
    case HostValue::kSelected: {
      model::ListBuilder selected(*arena_);
      for (const Draft& draft : input_->drafts) {
        if (draft.may_raise_cards) selected.Add(Val::String(draft.reference));
      }
      return selected.Finish();
    }
    case HostValue::kUnanswered: {
      model::ListBuilder keys(*arena_);
      for (const PackProgram::Key& key : program_->keys) {
        if (!Answers(input_->chart->StateOf(key.name))) keys.Add(Val::String(key.name));
      }
      return keys.Finish();
    }
    case HostValue::kMedicationUrls:
      return MedicationUrls();
    case HostValue::kHook:
      return text_or_null(input_->hook);
    case HostValue::kEncounterId:
      return text_or_null(input_->encounter_id);
    case HostValue::kUserId:
      return text_or_null(input_->user_id);
  }
  return {};
}

Val PackRun::DraftsOf(std::string_view type) {
  model::ListBuilder drafts(*arena_);
  for (const Draft& draft : input_->drafts) {
    if (draft.resource.type() == type) drafts.Add(model::ResourceNode(draft.resource.json));
  }
  return drafts.Finish();
}

// Resources do not know the fullUrl of their entry, by which others may refer to them.
Val PackRun::MedicationUrls() {
  static constexpr std::string_view kNames[] = {"medication", "url"};
  model::ListBuilder urls(*arena_);
  input_->chart->ForEachUrl([&](std::string_view url, const model::Resource& resource) {
    if (resource.type() != "Medication") return;
    Val* const values = arena_->AllocateArray<Val>(2);
    values[0] = model::ResourceNode(resource.json);
    values[1] = Val::String(url);
    urls.Add(Val::Tuple(kNames, {values, 2}, model::TypeId::kNone, *arena_));
  });
  return urls.Finish();
}

const Draft* PackRun::FindDraft(const Val& item) const {
  if (!item.is(model::Kind::kNode)) return nullptr;
  for (const Draft& draft : input_->drafts) {
    if (draft.resource.json == item.node()) return &draft;
  }
  return nullptr;
}

const Draft* PackRun::FindDraft(std::string_view reference) const {
  for (const Draft& draft : input_->drafts) {
    if (!reference.empty() && draft.reference == reference) return &draft;
  }
  return nullptr;
}

std::string_view PackRun::authored_on() {
  if (authored_on_.empty()) authored_on_ = base::FormatInstant(input_->now);
  return authored_on_;
}

}  // namespace osteon::cards
