#include "cards/pack_reader.h"

#include <algorithm>
#include <tuple>

#include "cards/pack_reader_fill.h"
#include "cards/pack_reader_forms.h"
#include "cards/pack_reader_keys.h"
#include "cards/pack_reader_references.h"
#include "cards/rule_yaml.h"

namespace osteon::cards {
namespace {

struct FilePath {
  std::string_view folder;     // "rules", empty for the pack's own folder
  std::string_view name;       // without extension
  std::string_view extension;  // "yaml"
};

FilePath Split(std::string_view path) {
  FilePath parts;
  const std::size_t slash = path.rfind('/');
  if (slash != std::string_view::npos) {
    parts.folder = path.substr(0, slash);
    path.remove_prefix(slash + 1);
  }
  const std::size_t dot = path.rfind('.');
  parts.name = path.substr(0, dot);
  if (dot != std::string_view::npos) parts.extension = path.substr(dot + 1);
  return parts;
}

class Reader {
 public:
  explicit Reader(const PackFiles& files) : files_(files), filler_(reading_.findings) {}

  PackReading Read() {
    for (const auto& [path, bytes] : files_) {
      const std::size_t before = reading_.findings.size();
      ReadFile(path, bytes);
      if (reading_.findings.size() > before) damage_.Add(path, bytes);
    }
    if (!files_.contains("pack.yaml")) {
      reading_.findings.push_back({"pack.yaml", 0, 0, "the pack has no pack.yaml", ""});
      damage_.LosePackFile();
    }
    CheckReferences(reading_.source, damage_, filler_);
    std::stable_sort(reading_.findings.begin(), reading_.findings.end(), [](const auto& a, const auto& b) {
      return std::tie(a.file, a.line, a.column) < std::tie(b.file, b.line, b.column);
    });
    return std::move(reading_);
  }

 private:
  void ReadFile(const std::string& path, const std::string& bytes) {
    const FilePath parts = Split(path);
    const auto unknown = [&](std::string hint) {
      reading_.findings.push_back({path, 0, 0, "this file is no part of a pack", std::move(hint)});
    };
    if (path == "pack.yaml") return ReadPackFile(path, bytes);
    if (parts.folder == "cases") return;  // `osteon test` reads them
    const std::string_view extension = parts.folder == "logic" ? "cql" : "yaml";
    const bool is_known = parts.folder == "rules" || parts.folder == "logic" ||
                          parts.folder == "value_sets" || parts.folder == "resources";
    if (!is_known)
      return unknown("known: pack.yaml and the folders rules, logic, value_sets, resources, cases");
    if (parts.extension != extension)
      return unknown("files in " + std::string(parts.folder) + " end in ." + std::string(extension));
    if (parts.folder == "rules") return ReadRule(path, bytes);
    if (parts.folder == "logic") return ReadLibrary(path, bytes, parts.name);
    if (parts.folder == "value_sets") return ReadValueSet(path, bytes, parts.name);
    ReadResource(path, bytes, parts.name);
  }

  YamlReading Parse(const std::string& path, const std::string& bytes) {
    YamlReading yaml = ReadYaml(path, bytes);
    for (PackFinding& finding : yaml.findings) reading_.findings.push_back(std::move(finding));
    if (yaml.root.kind == YamlNode::Kind::kNone && !yaml.root.is_damaged) {
      filler_.Report(yaml.root.place, "the file is empty");
      yaml.root.is_damaged = true;
    }
    filler_.SetLost(yaml.lost);
    return yaml;
  }

  void ReadPackFile(const std::string& path, const std::string& bytes) {
    const YamlReading yaml = Parse(path, bytes);
    filler_.Fill(kPackTable, yaml.root, &reading_.source);
  }

  void ReadRule(const std::string& path, const std::string& bytes) {
    const YamlReading yaml = Parse(path, bytes);
    RuleSource& rule = reading_.source.rules.emplace_back();
    rule.place = yaml.root.place;
    filler_.Fill(kRuleTable, yaml.root, &rule);
  }

  void ReadValueSet(const std::string& path, const std::string& bytes, std::string_view name) {
    const YamlReading yaml = Parse(path, bytes);
    ValueSetSource& value_set = reading_.source.value_sets.emplace_back();
    filler_.Fill(kValueSetTable, yaml.root, &value_set);
    if (!value_set.id.empty() && value_set.id.text != name) {
      filler_.Report(value_set.id.place, "the id \"" + value_set.id.text + "\" is not the file's name \"" +
                                             std::string(name) + '"');
      value_set.id.text = name;
    }
  }

  void ReadLibrary(const std::string& path, const std::string& bytes, std::string_view name) {
    if (!form::kLibraryName.matches(name)) {
      reading_.findings.push_back(
          {path, 0, 0, "the file's name is not " + std::string(form::kLibraryName.says), ""});
    }
    reading_.source.libraries.push_back({std::string(name), path, bytes});
  }

  void ReadResource(const std::string& path, const std::string& bytes, std::string_view name) {
    const YamlReading yaml = Parse(path, bytes);
    if (yaml.root.kind == YamlNode::Kind::kNone) return;
    const bool is_resource =
        yaml.root.kind == YamlNode::Kind::kMap && yaml.root.Find("resourceType") != nullptr;
    if (!is_resource && !yaml.root.is_damaged)
      filler_.Report(yaml.root.place, "a resource has no \"resourceType\"");
    reading_.source.resources.emplace(name, filler_.ResourceOf(yaml.root));
  }

  const PackFiles& files_;
  PackReading reading_;
  PackFiller filler_;
  SourceDamage damage_;
};

}  // namespace

PackReading ReadPack(const PackFiles& files) {
  return Reader(files).Read();
}

}  // namespace osteon::cards
