#include "cards/packs/perinatal_bone_health/state.h"

#include <algorithm>

#include "cards/packs/perinatal_bone_health/counted.h"
#include "cards/packs/perinatal_bone_health/parameters.h"
#include "cards/packs/perinatal_bone_health/state_evidence.h"

namespace osteon::cards::perinatal {

using base::Day;
using internal::DatedOn;
using internal::PregnancyEvidence;
using internal::Starter;
using internal::StarterKind;
using internal::StateContext;
using internal::Strength;
using internal::Terminator;
using internal::TerminatorKind;

namespace {

constexpr std::int32_t kPregnancyDays = 280;
constexpr std::int32_t kLongestGestationDays = 301;
// Clarification 3: a starter this soon after a delivery belongs to the pregnancy that ended.
constexpr std::int32_t kRestAfterDeliveryDays = 28;
// A pregnancy diagnosis without a date may be of the time after an end that lies longer back than a pregnancy
// takes.
constexpr std::int32_t kUndatedSurvivesDays = 294;
// rules.md 2.2: EDDs of one pregnancy that differ by more contradict each other.
constexpr std::int32_t kEddConflictDays = 21;

class PregnancyResolver {
 public:
  PregnancyResolver(StateContext& context, const PregnancyEvidence& evidence, State& state)
      : context_(context), evidence_(evidence), state_(state) {}

  void Resolve() {
    FindEnds();
    FindSurvivors();
    if (!ResolvePregnant()) ResolveEnded();
    ResolveDates();
  }

 private:
  Day today() const { return context_.today(); }
  std::int32_t Option(Param param) const { return IntegerOf(*context_.input.parameters, param); }

  void FindEnds();
  void FindSurvivors();
  bool Survives(const Starter& starter) const;
  bool PostpartumStateEnds(const Terminator& postpartum) const;
  bool IsNewer(Day negative, const std::optional<Day>& evidence) const;
  const internal::Negative* NewestNegative() const;
  bool ResolvePregnant();
  bool ResolvePossible(const internal::Negative* negative);
  void NoteConflict(const Evidence& evidence, const Evidence& against);
  void ResolveEnded();
  void SetPostpartum(const std::optional<Day>& delivery, const Evidence& evidence);
  std::optional<internal::PassedEdd> PresumedDelivery() const;
  bool BelongsToDelivery(const Terminator& postpartum) const;

  void ResolveDates();
  std::optional<std::int32_t> Gestation();
  const Starter* BestEdd() const;
  void NoteEddConflict();

  StateContext& context_;
  const PregnancyEvidence& evidence_;
  State& state_;
  std::optional<Terminator> delivery_;    // newest T1 or T4
  std::optional<Terminator> loss_;        // newest T3
  std::optional<Terminator> postpartum_;  // newest T2
  std::vector<const Starter*> survivors_;
};

// --- what ended
void PregnancyResolver::FindEnds() {
  for (const Terminator& each : evidence_.terminators) {
    std::optional<Terminator>* slot = &delivery_;
    if (each.kind == TerminatorKind::kLoss) slot = &loss_;
    if (each.kind == TerminatorKind::kPostpartumState) slot = &postpartum_;
    // Of twins of whom one was born alive, the live birth decides about breastfeeding.
    const bool live_birth_of_that_day =
        *slot && (*slot)->day == each.day && each.kind == TerminatorKind::kDelivery;
    if (!*slot || each.day > (*slot)->day || live_birth_of_that_day) *slot = each;
  }
}

bool PregnancyResolver::Survives(const Starter& starter) const {
  const auto undated_survives = [&](Day end) {
    return context_.safety() && today() - end > kUndatedSurvivesDays;
  };
  if (delivery_) {
    if (!starter.start) {
      if (!undated_survives(delivery_->day)) return false;
    } else if (*starter.start <= delivery_->day ||
               *DatedOn(starter) - delivery_->day < kRestAfterDeliveryDays) {
      return false;
    }
  }
  if (!loss_) return true;
  if (!starter.start) return undated_survives(loss_->day);
  return *starter.start > loss_->day || (context_.safety() && *starter.start == loss_->day);
}

void PregnancyResolver::FindSurvivors() {
  for (const Starter& starter : evidence_.starters) {
    if (Survives(starter)) survivors_.push_back(&starter);
  }
  // Clarification 7: a postpartum state later than every starter ends the pregnancy too.
  if (postpartum_ && PostpartumStateEnds(*postpartum_)) survivors_.clear();
  std::ranges::stable_sort(survivors_, [](const Starter* a, const Starter* b) {
    return a->recorded.value_or(Day{0}) > b->recorded.value_or(Day{0});
  });
}

bool PregnancyResolver::PostpartumStateEnds(const Terminator& postpartum) const {
  return std::ranges::all_of(survivors_, [&](const Starter* starter) {
    const auto dated = DatedOn(*starter);
    if (!dated || postpartum.day > *dated) return true;
    return !context_.safety() && postpartum.day == *dated;
  });
}

// --- pregnant or possibly so
bool PregnancyResolver::IsNewer(Day negative, const std::optional<Day>& evidence) const {
  if (!evidence || negative > *evidence) return true;
  return !context_.safety() && negative == *evidence;
}

const internal::Negative* PregnancyResolver::NewestNegative() const {
  const internal::Negative* newest = nullptr;
  for (const internal::Negative& each : evidence_.negatives) {
    if (newest == nullptr || each.day > newest->day) newest = &each;
  }
  return newest;
}

void PregnancyResolver::NoteConflict(const Evidence& evidence, const Evidence& against) {
  state_.conflict = true;
  state_.conflict_items.push_back(evidence);
  state_.conflict_items.push_back(against);
}

bool PregnancyResolver::ResolvePregnant() {
  for (const Starter* starter : survivors_) state_.pregnancy_evidence.push_back(starter->evidence);
  const auto of_strength = [&](Strength strength) {
    return std::ranges::any_of(survivors_, [&](const Starter* each) { return each->strength == strength; });
  };
  const bool test_positive =
      std::ranges::any_of(survivors_, [](const Starter* each) { return each->kind == StarterKind::kTest; });
  const bool confirmed = of_strength(Strength::kConfirmed);
  const internal::Negative* negative = NewestNegative();
  // Clarification 6: stale evidence and a positive test confirm each other.
  if (!confirmed && !(test_positive && of_strength(Strength::kStale))) return ResolvePossible(negative);
  const Starter* newest = nullptr;
  for (const Starter* each : survivors_) {
    const bool supports = each->strength == Strength::kConfirmed || each->kind == StarterKind::kTest ||
                          (!confirmed && each->strength == Strength::kStale);
    if (!supports) continue;
    if (newest == nullptr || each->recorded.value_or(Day{0}) > newest->recorded.value_or(Day{0}))
      newest = each;
  }
  const auto newest_day = newest->recorded ? newest->recorded : newest->start;
  if (negative != nullptr && IsNewer(negative->day, newest_day)) {
    state_.pregnancy = Pregnancy::kPossiblyPregnant;
    NoteConflict(newest->evidence, negative->evidence);
  } else {
    state_.pregnancy = Pregnancy::kPregnant;
  }
  NoteEddConflict();
  return true;
}

bool PregnancyResolver::ResolvePossible(const internal::Negative* negative) {
  if (survivors_.empty()) return false;
  // Clarification 5: ends when a valid negative is newer than all of it.
  const bool ended = negative != nullptr && std::ranges::all_of(survivors_, [&](const Starter* each) {
                       return IsNewer(negative->day, each->recorded);
                     });
  if (ended) {
    state_.pregnancy_evidence.clear();
    return false;
  }
  state_.pregnancy = Pregnancy::kPossiblyPregnant;
  return true;
}

// --- after a pregnancy, or none
// T5: an EDD passed by more than the grace days, and no end of that pregnancy on record.
std::optional<internal::PassedEdd> PregnancyResolver::PresumedDelivery() const {
  std::optional<internal::PassedEdd> newest;
  for (const internal::PassedEdd& each : evidence_.passed_edds) {
    const Day start = each.edd - kPregnancyDays;
    if (delivery_ && delivery_->day > start) continue;
    if (loss_ && loss_->day >= start) continue;
    if (postpartum_ && postpartum_->day > start && postpartum_->day < each.edd) continue;
    if (!newest || each.edd > newest->edd) newest = each;
  }
  return newest;
}

// A postpartum state this long after a delivery must be of a newer one, which nobody recorded.
bool PregnancyResolver::BelongsToDelivery(const Terminator& postpartum) const {
  return delivery_ && postpartum.day - delivery_->day < kPregnancyDays + kRestAfterDeliveryDays;
}

void PregnancyResolver::SetPostpartum(const std::optional<Day>& delivery, const Evidence& evidence) {
  state_.pregnancy = Pregnancy::kPostpartum;
  state_.pregnancy_evidence.push_back(evidence);
  state_.delivery = delivery;
  if (delivery) state_.days_postpartum = std::max(0, today() - *delivery);
}

void PregnancyResolver::ResolveEnded() {
  if (const auto presumed = PresumedDelivery()) {
    state_.delivery_presumed = true;
    SetPostpartum(presumed->edd, presumed->evidence);
    return;
  }
  const bool delivery_is_last = delivery_ && (!loss_ || delivery_->day >= loss_->day);
  const bool postpartum_is_newer =
      postpartum_ && !BelongsToDelivery(*postpartum_) && (!loss_ || postpartum_->day > loss_->day);
  if (postpartum_is_newer) {
    SetPostpartum(std::nullopt, postpartum_->evidence);
  } else if (delivery_is_last && today() - delivery_->day <= Option(Param::kPpWindowDays)) {
    SetPostpartum(delivery_->day, delivery_->evidence);
  } else if (loss_ && !delivery_is_last) {
    state_.pregnancy = Pregnancy::kNotPregnant;
    state_.pregnancy_evidence.push_back(loss_->evidence);
  } else if (const internal::Negative* negative = NewestNegative()) {
    state_.pregnancy = Pregnancy::kNotPregnant;
    state_.pregnancy_evidence.push_back(negative->evidence);
  }
}

// --- dates
const Starter* PregnancyResolver::BestEdd() const {
  const Starter* best = nullptr;
  // Newest first, so an equal rank keeps the newer one.
  for (const Starter* each : survivors_) {
    if (each->edd && (best == nullptr || each->edd_rank < best->edd_rank)) best = each;
  }
  return best;
}

void PregnancyResolver::NoteEddConflict() {
  const Starter* best = BestEdd();
  if (best == nullptr) return;
  for (const Starter* each : survivors_) {
    if (!each->edd || std::abs(*each->edd - *best->edd) <= kEddConflictDays) continue;
    NoteConflict(best->evidence, each->evidence);
    return;
  }
}

std::optional<std::int32_t> PregnancyResolver::Gestation() {
  if (const Starter* best = BestEdd()) {
    state_.edd = best->edd;
    return kPregnancyDays - (*best->edd - today());
  }
  for (const Starter* each : survivors_) {
    if (each->gestation && each->strength == Strength::kConfirmed) return each->gestation;
  }
  std::optional<Day> lmp;
  for (const Day each : evidence_.lmps) {
    const bool after_the_last = (!delivery_ || each > delivery_->day) && (!loss_ || each > loss_->day);
    if (!after_the_last || today() - each > kLongestGestationDays) continue;
    lmp = lmp ? std::max(*lmp, each) : each;
  }
  if (!lmp) return std::nullopt;
  return today() - *lmp;
}

void PregnancyResolver::ResolveDates() {
  const bool is_pregnant = state_.pregnancy == Pregnancy::kPregnant;
  const bool is_conflicting = state_.pregnancy == Pregnancy::kPossiblyPregnant && state_.conflict;
  if (is_pregnant || is_conflicting) {
    const auto gestation = Gestation();
    if (gestation && !state_.edd) state_.edd = today() + (kPregnancyDays - *gestation);
    if (is_pregnant) state_.gestational_days = gestation;
    state_.lmp = today() - gestation.value_or(kPregnancyDays);
    state_.window_start = state_.lmp;
  } else if (state_.delivery) {
    state_.window_start = *state_.delivery - kPregnancyDays;
  }
}

// rules.md 0.3 with clarification 19.
void ResolveDemographics(StateContext& context, State& state) {
  for (const model::Resource& resource : context.reader.Read("patient", "Patient")) {
    const model::Patient patient{resource};
    const std::string_view sex = patient.sex_for_clinical_use();
    const std::string_view birth_sex = patient.birth_sex();
    state.male_recorded = patient.gender() == "male" && sex != "female" && birth_sex != "F";
    const auto birth = patient.birth_date(context.zone());
    if (!birth) continue;
    const std::int32_t youngest = base::WholeYears(birth->last, context.today());
    const std::int32_t oldest = base::WholeYears(birth->first, context.today());
    // Of a partial birth date: for safety an age with childbearing potential when there is one.
    const std::int32_t max_age = IntegerOf(*context.input.parameters, Param::kCbpMaxAge);
    state.age_years = context.safety() && oldest > max_age ? youngest : oldest;
  }
}

State Resolve(const RuleInput& input, ChartReader& reader, Reading reading) {
  State state;
  StateContext context{input, reader, reading};
  ResolveDemographics(context, state);
  const PregnancyEvidence evidence = internal::CollectPregnancyEvidence(context);
  state.newest_negative_hcg = evidence.newest_negative_hcg;
  PregnancyResolver(context, evidence, state).Resolve();
  internal::ResolveLactation(context, evidence, state);
  internal::ResolveIntention(context, state);
  internal::ResolveContraception(context, state);
  internal::ResolveChildbearing(context, state);
  return state;
}

}  // namespace

const State& ResolveState(const RuleInput& input, ChartReader& reader, Reading reading) {
  RequestFacts& facts = FactsOf(input);
  std::optional<ResolvedState>& resolved = reading == Reading::kSafety ? facts.safety : facts.nudge;
  if (!resolved) {
    ChartReader own(*input.chart);
    State state = Resolve(input, own, reading);
    resolved = ResolvedState{std::move(state), {own.gaps().begin(), own.gaps().end()}};
  }
  for (const std::string_view gap : resolved->gaps) reader.Doubt(gap);
  return resolved->state;
}

}  // namespace osteon::cards::perinatal
