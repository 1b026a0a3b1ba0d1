// Reads and checks the body of a hook call against its hook's row.
// Source: CDS Hooks 2.0.1 "HTTP Request", "Providing FHIR Resources to a CDS Service"; HL7 CDS Hooks Library
// contexts.
#pragma once

#include <string_view>

#include "cds_hooks/engine.h"
#include "cds_hooks/hook_table.h"
#include "fhir/base/arena.h"
#include "fhir/base/result.h"
#include "fhir/json/tree.h"

namespace osteon::cds_hooks {

// The body's `hook`: kInvalidRequest when the body is no object, kMissingField or kInvalidRequest for the
// member.
base::Result<std::string_view> ReadHook(json::Value body);

// Fills hook_instance, the context's ids, drafts, prefetch and warnings of `prepared`. Errors: kMissingField,
// kInvalidRequest, with the member's path. What the hook does not define is ignored.
base::Status ReadRequest(json::Value body, const HookRow& hook, base::Arena& arena, Prepared& prepared);

}  // namespace osteon::cds_hooks
