// The hooks osteon knows: one row each, with the fields of its context.
// Source: HL7 CDS Hooks Library, hook definitions (main, 2026-04-22).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace osteon::cds_hooks {

enum class FieldKind : std::uint8_t {
  kUserReference,   // "Type/id", type in `types`
  kId,              // bare FHIR id; "Patient/x" from real clients is accepted and counted as a warning
  kReferenceArray,  // array of "Type/id"
  kDraftBundle,     // object: Bundle of draft orders
  kFactBundle,      // object: Bundle of new facts about the patient, of the types in `types`
};
enum class Presence : std::uint8_t { kRequired, kOptional };

struct ContextField {
  std::string_view name;
  Presence presence;
  FieldKind kind;
  std::string_view types;  // "|"-separated resource types of references and facts, or empty
};

struct HookRow {
  std::string_view hook;
  std::span<const ContextField> fields;
  std::string_view drafts_field;      // the Bundle of draft orders, or empty
  std::string_view selections_field;  // the references that select among them, or empty
};

std::span<const HookRow> HookTable();
const HookRow* FindHook(std::string_view hook);

}  // namespace osteon::cds_hooks
