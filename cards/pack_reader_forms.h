// What texts of a rule pack must look like: one row each. Private to cards/pack_reader; every pattern is also
// in docs/schemas, and a test holds it against the function beside it.
#pragma once

#include <span>

#include "cards/pack_reader_keys.h"

namespace osteon::cards::form {

extern const TextForm kPackId;
extern const TextForm kName;
extern const TextForm kRowId;
extern const TextForm kServiceId;
extern const TextForm kHook;
extern const TextForm kTypeName;
extern const TextForm kSearchName;
extern const TextForm kLibraryName;
extern const TextForm kCode;
extern const TextForm kCodePrefix;
extern const TextForm kVersion;
extern const TextForm kLicense;
extern const TextForm kWebAddress;
extern const TextForm kUri;
extern const TextForm kDate;
extern const TextForm kIndicator;
extern const TextForm kLowered;
extern const TextForm kParameterType;
extern const TextForm kMatch;
extern const TextForm kSelection;
extern const TextForm kWithGaps;
extern const TextForm kActionType;
extern const TextForm kBoolean;

// All of them.
std::span<const TextForm* const> All();

}  // namespace osteon::cards::form
