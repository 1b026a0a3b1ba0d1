#include "cards/packs/perinatal_bone_health/parameters.h"

namespace osteon::cards::perinatal {
namespace {

using enum ParameterKind;

constexpr ParameterRow kTable[] = {
#define OSTEON_PARAMETER(enumerator, key, kind, default_value, low, high, unit, meaning) \
  {key, kind, default_value, low, high, unit, meaning},
#include "cards/packs/perinatal_bone_health/parameters.inc"
#undef OSTEON_PARAMETER
};

base::Error Inconsistent(std::string text, std::string key) {
  base::Error error;
  error.code = base::ErrorCode::kInvalidConfig;
  error.public_text = std::move(text);
  error.path = std::move(key);
  return error;
}

}  // namespace

std::span<const ParameterRow> ParameterTable() {
  return kTable;
}

base::Result<Parameters> MakeParameters(const std::map<std::string, std::string>& overrides) {
  OSTEON_ASSIGN_OR_RETURN(Parameters parameters, Parameters::Create(kTable, overrides));
  if (NumberOf(parameters, Param::kEVdSevere) >= NumberOf(parameters, Param::kEVdLow)) {
    return Inconsistent("e.vdSevere must be below e.vdLow", "e.vdSevere");
  }
  if (IntegerOf(parameters, Param::kUfhMinDays) > IntegerOf(parameters, Param::kUfhModerateDays) ||
      IntegerOf(parameters, Param::kUfhModerateDays) > IntegerOf(parameters, Param::kUfhLongDays)) {
    return Inconsistent("ufh.minDays, ufh.moderateDays and ufh.longDays must not fall in this order",
                        "ufh.moderateDays");
  }
  if (IntegerOf(parameters, Param::kCbpMinAge) >= IntegerOf(parameters, Param::kCbpMaxAge)) {
    return Inconsistent("cbp.minAge must be below cbp.maxAge", "cbp.minAge");
  }
  return parameters;
}

}  // namespace osteon::cards::perinatal
