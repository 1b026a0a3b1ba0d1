#include "server/config_file.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <set>

#include "fhir/base/text.h"

namespace osteon::server {
namespace {

class FileReader {
 public:
  explicit FileReader(const std::string& name) : name_(name) {
    for (const OptionRow& row : OptionTable()) {
      if (!row.key.empty()) known_.emplace_back(row.key);
    }
  }

  base::Result<FileContent> Read(const std::string& text) {
    try {
      const YAML::Node root = YAML::Load(text);
      FileContent content;
      if (root.IsNull()) return content;
      if (!root.IsMap()) return Wrong(root, "the file is not a map of options");
      OSTEON_RETURN_IF_ERROR(ReadMap(root, "", content));
      return content;
    } catch (const YAML::Exception& error) {
      return base::Error{base::ErrorCode::kInvalidConfig, "not YAML", error.msg, Place(error.mark)};
    }
  }

 private:
  std::string Place(const YAML::Mark& mark) const {
    return name_ + ":" + std::to_string(mark.line + 1) + ":" + std::to_string(mark.column + 1);
  }
  base::Error Wrong(const YAML::Node& node, std::string text) const {
    return base::Error{base::ErrorCode::kInvalidConfig, std::move(text), "", Place(node.Mark())};
  }

  base::Status ReadMap(const YAML::Node& map, const std::string& prefix, FileContent& content) {
    std::set<std::string> seen;
    for (const auto& member : map) {
      if (!member.first.IsScalar()) return Wrong(member.first, "a key is a word");
      const std::string key = prefix + member.first.Scalar();
      if (!seen.insert(key).second) return Wrong(member.first, "\"" + key + "\" is given twice");
      OSTEON_RETURN_IF_ERROR(ReadMember(key, member.first, member.second, content));
    }
    return base::Ok{};
  }

  base::Status ReadMember(const std::string& key, const YAML::Node& at, const YAML::Node& value,
                          FileContent& content) {
    if (key == "parameters") return ReadParameters(value, content);
    if (key == "admin.tokens") return ReadTokens(value, content);
    if (std::find(known_.begin(), known_.end(), key) != known_.end()) {
      if (!value.IsScalar()) return Wrong(at, "\"" + key + "\" takes one value");
      content.options.push_back({key, value.Scalar(), Place(value.Mark())});
      return base::Ok{};
    }
    const bool is_group =
        key == "admin" || std::any_of(known_.begin(), known_.end(),
                                      [&](const std::string& name) { return name.starts_with(key + "."); });
    if (is_group && value.IsMap()) return ReadMap(value, key + ".", content);
    if (is_group) return Wrong(at, "\"" + key + "\" is a group of options: a map");
    std::vector<std::string> known = known_;
    known.insert(known.end(), {"parameters", "admin.tokens"});
    return Wrong(
        at, "unknown option \"" + key + "\"; the nearest known one is \"" + NearestKey(key, known) + "\"");
  }

  base::Status ReadParameters(const YAML::Node& value, FileContent& content) {
    if (!value.IsMap()) return Wrong(value, "\"parameters\" is a map of the pack's keys");
    for (const auto& member : value) {
      if (!member.first.IsScalar() || !member.second.IsScalar()) {
        return Wrong(member.first, "a parameter has one value");
      }
      content.parameters.push_back(
          {member.first.Scalar(), member.second.Scalar(), Place(member.second.Mark())});
    }
    return base::Ok{};
  }

  base::Status ReadTokens(const YAML::Node& value, FileContent& content) {
    if (!value.IsSequence()) return Wrong(value, "\"admin.tokens\" is a list");
    for (const auto& item : value) {
      if (!item.IsMap()) return Wrong(item, "a token is {name, role, sha256}");
      AdminToken token;
      for (const auto& member : item) {
        const std::string& key = member.first.Scalar();
        std::string* field = key == "name"     ? &token.name
                             : key == "role"   ? &token.role
                             : key == "sha256" ? &token.sha256
                                               : nullptr;
        if (field == nullptr || !member.second.IsScalar())
          return Wrong(member.first, "a token is {name, role, sha256}");
        *field = member.second.Scalar();
      }
      OSTEON_RETURN_IF_ERROR(CheckToken(item, token));
      token.sha256 = base::AsciiLower(token.sha256);
      content.admin_tokens.push_back(std::move(token));
    }
    return base::Ok{};
  }

  base::Status CheckToken(const YAML::Node& at, const AdminToken& token) const {
    if (token.name.empty()) return Wrong(at, "a token has a name, for the log");
    if (token.role != "viewer" && token.role != "admin")
      return Wrong(at, "a token's role is viewer or admin");
    if (token.sha256.size() != 64 ||
        token.sha256.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) {
      return Wrong(at, "a token's sha256 is 64 hex digits");
    }
    return base::Ok{};
  }

  const std::string name_;
  std::vector<std::string> known_;
};

}  // namespace

base::Result<FileContent> ReadConfigFile(const std::string& text, const std::string& name) {
  return FileReader(name).Read(text);
}

std::string NearestKey(std::string_view key, const std::vector<std::string>& known) {
  const auto nearest = std::min_element(known.begin(), known.end(), [&](const auto& a, const auto& b) {
    return base::EditDistance(key, a) < base::EditDistance(key, b);
  });
  return nearest == known.end() ? std::string() : *nearest;
}

}  // namespace osteon::server
