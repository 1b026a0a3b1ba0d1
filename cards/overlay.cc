#include "cards/overlay.h"

#include <algorithm>
#include <charconv>

#include "cards/nearest_name.h"
#include "cards/pack.h"
#include "cards/rule_yaml.h"

namespace osteon::cards {
namespace {

constexpr std::string_view kIndicatorNames[] = {"info", "warning", "critical"};

std::optional<Indicator> FindIndicator(std::string_view name) {
  const auto* const found = std::find(std::begin(kIndicatorNames), std::end(kIndicatorNames), name);
  if (found == std::end(kIndicatorNames)) return std::nullopt;
  return static_cast<Indicator>(found - std::begin(kIndicatorNames));
}

class Reader {
 public:
  explicit Reader(OverlayReading& out) : out_(out) {}

  void Read(const YamlNode& root) {
    constexpr std::string_view kKeys[] = {"pack", "parameters", "rules", "rows", "acknowledged"};
    if (!IsMap(root, "an overlay")) return;
    CheckKeys(root, kKeys);
    if (const YamlMember* pack = root.Find("pack"); pack == nullptr) {
      Add(root.place, "\"pack\" is missing: the id of the pack that this overlay is for");
    } else {
      out_.overlay.pack = TextOf(pack->value);
    }
    ForEach(root, "parameters",
            [&](const YamlMember& member) { out_.overlay.parameters[member.name] = TextOf(member.value); });
    ForEach(root, "rules", [&](const YamlMember& member) { ReadRule(member); });
    ForEach(root, "rows", [&](const YamlMember& member) { ReadRow(member); });
    ForEach(root, "acknowledged", [&](const YamlMember& member) {
      const std::string why = TextOf(member.value);
      if (why.empty()) Add(member.place, "an acknowledgement says why");
      out_.overlay.acknowledged[member.name] = Text{why, member.place};
    });
  }

 private:
  void Add(const Place& place, std::string message, std::string hint = {}) {
    out_.findings.push_back(FindingAt(place, std::move(message), std::move(hint)));
  }

  bool IsMap(const YamlNode& node, std::string_view what) {
    if (node.kind == YamlNode::Kind::kMap) return true;
    if (!node.is_damaged) Add(node.place, std::string(what) + " is a map");
    return false;
  }

  void CheckKeys(const YamlNode& map, std::span<const std::string_view> known) {
    for (const YamlMember& member : map.members) {
      if (std::find(known.begin(), known.end(), member.name) != known.end()) continue;
      Add(member.place, "unknown key \"" + member.name + "\"", NearestNameHint(member.name, known));
    }
  }

  std::string TextOf(const YamlNode& node) {
    if (node.kind == YamlNode::Kind::kScalar) return node.text;
    if (!node.is_damaged) Add(node.place, "a text belongs here");
    return {};
  }

  template <typename Take>
  void ForEach(const YamlNode& map, std::string_view name, const Take& take) {
    const YamlMember* const member = map.Find(name);
    if (member == nullptr || !IsMap(member->value, "\"" + std::string(name) + "\"")) return;
    for (const YamlMember& inner : member->value.members) take(inner);
  }

  std::vector<std::string> TextsOf(const YamlNode& node) {
    std::vector<std::string> texts;
    if (node.kind != YamlNode::Kind::kList) {
      if (!node.is_damaged) Add(node.place, "a list belongs here");
      return texts;
    }
    for (const YamlNode& item : node.items) texts.push_back(TextOf(item));
    return texts;
  }

  void ReadRule(const YamlMember& member) {
    constexpr std::string_view kKeys[] = {"state", "pilot"};
    RuleSetting setting;
    out_.overlay.places["rule " + member.name] = member.place;
    if (!IsMap(member.value, "the setting of a rule")) return;
    CheckKeys(member.value, kKeys);
    if (const YamlMember* state = member.value.Find("state"); state == nullptr) {
      Add(member.place, "\"state\" is missing");
    } else if (const auto found = FindRuleState(TextOf(state->value))) {
      setting.state = *found;
    } else {
      Add(state->value.place, "\"" + state->value.text + "\" is not a state",
          NearestNameHint(state->value.text, RuleStateNames()));
    }
    const YamlMember* const pilot = member.value.Find("pilot");
    if (pilot != nullptr) ReadPilot(*pilot, setting.pilot);
    if ((setting.state == RuleState::kPilot) != (pilot != nullptr)) {
      Add(member.place, pilot == nullptr ? "a rule in pilot says who sees it, in \"pilot\""
                                         : "\"pilot\" belongs to the state pilot only");
    }
    out_.overlay.settings.rules[member.name] = std::move(setting);
  }

  void ReadPilot(const YamlMember& member, Pilot& pilot) {
    constexpr std::string_view kKeys[] = {"users", "units", "share"};
    if (!IsMap(member.value, "\"pilot\"")) return;
    CheckKeys(member.value, kKeys);
    if (const YamlMember* users = member.value.Find("users")) pilot.users = TextsOf(users->value);
    if (const YamlMember* units = member.value.Find("units")) pilot.units = TextsOf(units->value);
    const YamlMember* const share = member.value.Find("share");
    if (share != nullptr) {
      const std::string text = TextOf(share->value);
      const char* const end = text.data() + text.size();
      const auto read = std::from_chars(text.data(), end, pilot.share_percent);
      if (read.ec != std::errc() || read.ptr != end || pilot.share_percent < 0 || pilot.share_percent > 100) {
        Add(share->value.place, "\"share\" is a whole number of percent, 0 to 100");
        pilot.share_percent = 0;
      }
    }
    if (pilot.users.empty() && pilot.units.empty() && share == nullptr) {
      Add(member.place, "a pilot names users, units or a share of patients");
    }
  }

  void ReadRow(const YamlMember& member) {
    constexpr std::string_view kKeys[] = {"indicator", "enabled"};
    RowSetting setting;
    out_.overlay.places["row " + member.name] = member.place;
    if (!IsMap(member.value, "the setting of a row")) return;
    CheckKeys(member.value, kKeys);
    if (const YamlMember* enabled = member.value.Find("enabled")) {
      const std::string text = TextOf(enabled->value);
      if (text != "true" && text != "false") Add(enabled->value.place, "\"enabled\" is true or false");
      setting.is_off = text == "false";
    }
    if (const YamlMember* indicator = member.value.Find("indicator")) {
      setting.lowered_to = FindIndicator(TextOf(indicator->value));
      if (!setting.lowered_to) Add(indicator->value.place, "\"indicator\" is info, warning or critical");
    }
    out_.overlay.settings.rows[member.name] = setting;
  }

  OverlayReading& out_;
};

struct KnownRow {
  std::string_view id;
  Indicator indicator;
};

void CheckRow(const Overlay& overlay, const RowSetting& setting, const KnownRow& row,
              std::vector<PackFinding>& findings) {
  const std::string id(row.id);
  const Place place = overlay.places.at("row " + id);
  const bool is_lowered = setting.lowered_to && *setting.lowered_to < row.indicator;
  if (setting.lowered_to && *setting.lowered_to > row.indicator) {
    findings.push_back(FindingAt(place, "row " + id + " is " + std::string(IndicatorCode(row.indicator)) +
                                            " in the pack and cannot be raised"));
  }
  if (is_lowered && static_cast<int>(row.indicator) - static_cast<int>(*setting.lowered_to) > 1) {
    findings.push_back(FindingAt(place, "row " + id + " may be lowered by one step only"));
  }
  if (row.indicator == Indicator::kCritical && (setting.is_off || is_lowered) &&
      !overlay.acknowledged.contains(row.id)) {
    findings.push_back(FindingAt(place, "row " + id + " is critical: lowering it needs an acknowledgement",
                                 "acknowledged: {" + id + ": why}"));
  }
}

std::string Unknown(std::string_view what, std::string_view name) {
  return "the pack has no " + std::string(what) + " \"" + std::string(name) + "\"";
}

}  // namespace

OverlayReading ReadOverlay(std::string_view file, std::string_view text) {
  OverlayReading reading;
  YamlReading yaml = ReadYaml(file, text);
  reading.findings = std::move(yaml.findings);
  Reader(reading).Read(yaml.root);
  return reading;
}

std::vector<PackFinding> CheckOverlay(const Overlay& overlay, const Pack& pack) {
  std::vector<PackFinding> findings;
  if (overlay.pack != pack.id) {
    findings.push_back(FindingAt({}, "the overlay is for the pack \"" + overlay.pack + "\", not for \"" +
                                         std::string(pack.id) + "\""));
    return findings;
  }
  std::vector<std::string_view> rules;
  std::vector<std::string_view> rows;
  std::vector<KnownRow> known;
  for (const auto& rule : pack.rules) {
    rules.push_back(rule->id());
    for (const RowInfo& row : rule->rows()) {
      rows.push_back(row.id);
      known.push_back({row.id, row.indicator});
    }
  }
  for (const auto& [rule, setting] : overlay.settings.rules) {
    if (std::find(rules.begin(), rules.end(), rule) == rules.end()) {
      findings.push_back(
          FindingAt(overlay.places.at("rule " + rule), Unknown("rule", rule), NearestNameHint(rule, rules)));
    }
  }
  for (const auto& [id, setting] : overlay.settings.rows) {
    const auto row = std::find_if(known.begin(), known.end(), [&](const KnownRow& k) { return k.id == id; });
    if (row == known.end()) {
      findings.push_back(
          FindingAt(overlay.places.at("row " + id), Unknown("row", id), NearestNameHint(id, rows)));
    } else {
      CheckRow(overlay, setting, *row, findings);
    }
  }
  for (const auto& [id, why] : overlay.acknowledged) {
    if (std::find(rows.begin(), rows.end(), id) == rows.end()) {
      findings.push_back(FindingAt(why.place, Unknown("row", id), NearestNameHint(id, rows)));
    }
  }
  return findings;
}

}  // namespace osteon::cards
