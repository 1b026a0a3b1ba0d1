// The environment variables that FHIRPath and R4 define. Source: FHIRPath 2.0.0 "Environment Variables"; R4
// fhirpath.html "Environment Variables".
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace osteon::path {

enum class VariableKind : std::uint8_t { kContext, kResource, kRootResource, kText };

struct StandardVariable {
  std::string_view name;  // without %; a prefix when it ends with '-'
  VariableKind kind;
  std::string_view text;  // kText: the value, or what its rest is appended to
};

std::span<const StandardVariable> StandardVariables();
// Null for names of the host.
const StandardVariable* FindStandardVariable(std::string_view name);
// REQUIRES: kText, found by `name`. "vs-administrative-gender" -> its canonical URL.
std::string TextOf(const StandardVariable& variable, std::string_view name);

}  // namespace osteon::path
