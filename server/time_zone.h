// Time zones from the system's zone files. Source: RFC 8536 (TZif), POSIX.1-2017 section 8.3 (TZ strings).
#pragma once

#include <string>
#include <string_view>

#include "fhir/base/instant.h"
#include "fhir/base/result.h"

namespace osteon::server {

inline constexpr std::string_view kZoneFolder = "/usr/share/zoneinfo";

// `name`: "Europe/Berlin", "UTC". kInvalidConfig when there is no such zone or its file is damaged.
base::Result<base::TimeZone> LoadTimeZone(const std::string& name, std::string_view folder = kZoneFolder);

// The bytes of a TZif file, version 2 or later. The rule in its footer is written out as transitions to the
// year 2100.
base::Result<base::TimeZone> ReadTimeZone(const std::string& name, std::string_view tzif);

}  // namespace osteon::server
