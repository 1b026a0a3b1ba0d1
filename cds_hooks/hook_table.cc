#include "cds_hooks/hook_table.h"

namespace osteon::cds_hooks {
namespace {

constexpr std::string_view kChartUsers = "Practitioner|PractitionerRole|Patient|RelatedPerson";
constexpr std::string_view kOrderUsers = "Practitioner|PractitionerRole";

constexpr ContextField kPatientViewFields[] = {
    {"userId", Presence::kRequired, FieldKind::kUserReference, kChartUsers},
    {"patientId", Presence::kRequired, FieldKind::kId, {}},
    {"encounterId", Presence::kOptional, FieldKind::kId, {}},
};
constexpr ContextField kEncounterFields[] = {
    {"userId", Presence::kRequired, FieldKind::kUserReference, kOrderUsers},
    {"patientId", Presence::kRequired, FieldKind::kId, {}},
    {"encounterId", Presence::kRequired, FieldKind::kId, {}},
};
constexpr ContextField kOrderSelectFields[] = {
    {"userId", Presence::kRequired, FieldKind::kUserReference, kOrderUsers},
    {"patientId", Presence::kRequired, FieldKind::kId, {}},
    {"encounterId", Presence::kOptional, FieldKind::kId, {}},
    {"selections", Presence::kRequired, FieldKind::kReferenceArray, {}},
    {"draftOrders", Presence::kRequired, FieldKind::kDraftBundle, {}},
};
constexpr ContextField kOrderSignFields[] = {
    {"userId", Presence::kRequired, FieldKind::kUserReference, kOrderUsers},
    {"patientId", Presence::kRequired, FieldKind::kId, {}},
    {"encounterId", Presence::kOptional, FieldKind::kId, {}},
    {"draftOrders", Presence::kRequired, FieldKind::kDraftBundle, {}},
};
// A refill request often comes from no user at all.
constexpr ContextField kMedicationRefillFields[] = {
    {"userId", Presence::kOptional, FieldKind::kUserReference, kOrderUsers},
    {"patientId", Presence::kRequired, FieldKind::kId, {}},
    {"encounterId", Presence::kOptional, FieldKind::kId, {}},
    {"medications", Presence::kRequired, FieldKind::kDraftBundle, {}},
};
constexpr ContextField kProblemListItemCreateFields[] = {
    {"userId", Presence::kRequired, FieldKind::kUserReference, kOrderUsers},
    {"patientId", Presence::kRequired, FieldKind::kId, {}},
    {"encounterId", Presence::kOptional, FieldKind::kId, {}},
    {"conditions", Presence::kRequired, FieldKind::kFactBundle, "Condition"},
};

constexpr HookRow kHookTable[] = {
    {"patient-view", kPatientViewFields, {}, {}},
    {"encounter-start", kEncounterFields, {}, {}},
    {"encounter-discharge", kEncounterFields, {}, {}},
    {"medication-refill", kMedicationRefillFields, "medications", {}},
    {"problem-list-item-create", kProblemListItemCreateFields, {}, {}},
    {"order-select", kOrderSelectFields, "draftOrders", "selections"},
    {"order-sign", kOrderSignFields, "draftOrders", {}},
};

}  // namespace

std::span<const HookRow> HookTable() {
  return kHookTable;
}

const HookRow* FindHook(std::string_view hook) {
  for (const HookRow& row : kHookTable) {
    if (row.hook == hook) return &row;
  }
  return nullptr;
}

}  // namespace osteon::cds_hooks
