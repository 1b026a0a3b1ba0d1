// The configuration file: YAML, strict. Private to server/config.
#pragma once

#include <string>
#include <vector>

#include "server/config.h"

namespace osteon::server {

struct FileValue {
  std::string key;    // of the option table, "limits.max_depth"
  std::string value;  // as written
  std::string place;  // "file:line:column"
};

struct FileContent {
  std::vector<FileValue> options;
  std::vector<FileValue> parameters;
  std::vector<AdminToken> admin_tokens;
};

// `text`: the file's content; `name`: for error places.
base::Result<FileContent> ReadConfigFile(const std::string& text, const std::string& name);

// The known key most like `key`, for messages.
std::string NearestKey(std::string_view key, const std::vector<std::string>& known);

}  // namespace osteon::server
