#include "cds_hooks/cases/case_file.h"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

#include "cards/nearest_name.h"
#include "cards/rule_yaml.h"
#include "cds_hooks/cases/case_shorthand.h"
#include "cds_hooks/cases/case_yaml.h"
#include "cds_hooks/hook_table.h"
#include "fhir/base/instant.h"
#include "fhir/json/writer.h"

namespace osteon::cds_hooks {
namespace {

using cards::YamlNode;
using model::operator""_type;

constexpr std::string_view kFileMembers[] = {"defaults", "cases"};
constexpr std::string_view kDefaultMembers[] = {"now", "patient", "chart"};
constexpr std::string_view kCaseMembers[] = {"id",     "tests",    "hook",    "now",  "patient", "chart",
                                             "drafts", "problems", "missing", "want", "doubts"};
constexpr std::string_view kWantMembers[] = {"row",  "indicator", "deletes", "deletes_none", "begins",
                                             "says", "says_none", "creates", "creates_none"};

bool IsAlphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Whether the query lists the code: "...|8302-2" is not in "...|8302-21".
bool Lists(std::string_view query, const std::string& code) {
  for (std::size_t at = query.find(code); at != std::string_view::npos; at = query.find(code, at + 1)) {
    const std::size_t after = at + code.size();
    if (after == query.size() || !IsAlphanumeric(query[after])) return true;
  }
  return false;
}

// The key whose template asks for the resource: by code when a template lists codes, else by type; empty when
// none does.
std::string_view KeyFor(const cards::ServiceSpec& service, const CaseResource& resource) {
  std::string_view by_type;
  for (const auto& prefetch : service.prefetch) {
    if (std::find(prefetch.types.begin(), prefetch.types.end(), resource.type) == prefetch.types.end())
      continue;
    if (resource.type == "Observation" && !resource.code.empty() && Lists(prefetch.query, resource.code))
      return prefetch.key;
    by_type = prefetch.key;
  }
  return by_type;
}

bool IsRead(const cards::PrefetchTemplate& prefetch) {
  return prefetch.query.find('?') == std::string_view::npos;
}

class Reader {
 public:
  Reader(const YamlNode& root, const cards::Pack& pack, CaseReading& reading)
      : root_(root), pack_(pack), reading_(reading) {}

  void Read() {
    CheckMembers(root_, kFileMembers);
    if (const YamlNode* const defaults = FindValue(root_, "defaults")) {
      defaults_ = *defaults;
      CheckMembers(defaults_, kDefaultMembers);
    }
    if (FindValue(root_, "cases") == nullptr) Report(root_.place, "the file has no \"cases\"");
    for (const YamlNode* const node : ItemsOf(root_, "cases")) ReadCase(*node);
  }

 private:
  void Report(const cards::Place& place, std::string message, std::string hint = {}) {
    reading_.findings.push_back(cards::FindingAt(place, std::move(message), std::move(hint)));
  }

  void CheckMembers(const YamlNode& node, std::span<const std::string_view> known) {
    for (const cards::YamlMember& member : node.members) {
      if (std::find(known.begin(), known.end(), member.name) == known.end())
        Report(member.place, "there is no member \"" + member.name + "\" here",
               cards::NearestNameHint(member.name, known));
    }
  }

  const cards::ServiceSpec* ServiceFor(std::string_view hook) const {
    const auto found = std::find_if(pack_.services.begin(), pack_.services.end(),
                                    [&](const cards::ServiceSpec& service) { return service.hook == hook; });
    return found == pack_.services.end() ? nullptr : &*found;
  }

  void ReadCase(const YamlNode& node) {
    CheckMembers(node, kCaseMembers);
    Case out;
    out.place = node.place;
    out.id = TextOf(node, "id");
    out.tests = TextOf(node, "tests");
    out.hook = TextOf(node, "hook");
    out.now = TextOf(node, "now", TextOf(defaults_, "now"));
    out.doubts = TextsOf(node, "doubts");
    if (out.id.empty()) Report(node.place, "the case has no \"id\"");
    if (!base::ParseInstant(out.now)) Report(node.place, "the case has no \"now\" that is a point in time");
    if (node.Find("want") == nullptr) Report(node.place, "the case has no \"want\"");
    for (const YamlNode* const wanted : ItemsOf(node, "want")) out.want.push_back(ReadWanted(*wanted));
    const cards::ServiceSpec* const service = ServiceFor(out.hook);
    const HookRow* const hook = FindHook(out.hook);
    if (service == nullptr || hook == nullptr)
      return Report(node.place, "the pack has no service for the hook \"" + out.hook + "\"");
    out.service = service->id;
    const std::size_t before = reading_.findings.size();
    out.request_json = Request(node, *service, *hook);
    if (reading_.findings.size() == before) reading_.cases.push_back(std::move(out));
  }

  WantedCard ReadWanted(const YamlNode& node) {
    CheckMembers(node, kWantMembers);
    WantedCard wanted;
    wanted.place = node.place;
    wanted.row = TextOf(node, "row");
    wanted.indicator = TextOf(node, "indicator");
    wanted.deletes = TextOf(node, "deletes");
    wanted.begins = TextOf(node, "begins");
    wanted.says = TextsOf(node, "says");
    wanted.says_none = TextsOf(node, "says_none");
    wanted.deletes_none = TextOf(node, "deletes_none") == "true";
    wanted.creates = TextsOf(node, "creates");
    wanted.creates_none = TextsOf(node, "creates_none");
    return wanted;
  }

  void Expand(const YamlNode& from, std::string_view member, CaseRole role, int& number,
              std::vector<CaseResource>& out) {
    for (const YamlNode* const entry : ItemsOf(from, member)) {
      if (auto resource = ExpandEntry(*entry, role, ++number, reading_.findings))
        out.push_back(std::move(*resource));
    }
  }

  std::string Request(const YamlNode& node, const cards::ServiceSpec& service, const HookRow& hook) {
    std::vector<CaseResource> chart, drafts, problems;
    int number = 0;
    Expand(defaults_, "chart", CaseRole::kChart, number, chart);
    Expand(node, "chart", CaseRole::kChart, number, chart);
    Expand(node, "drafts", CaseRole::kDraft, number, drafts);
    Expand(node, "problems", CaseRole::kChart, number, problems);
    json::Writer w;
    w.StartObject().Member("hook", service.hook);
    w.Member("hookInstance", "5f2d9c1e-0f3b-4a6e-8c11-6d7a3f0b9e42");
    WriteContext(w, node, hook, drafts, problems);
    WritePrefetch(w, node, service, chart);
    w.EndObject();
    return std::string(w.text());
  }

  static void WriteBundle(json::Writer& w, std::string_view name, std::string_view type,
                          const std::vector<const CaseResource*>& resources) {
    w.Key(name).StartObject().Member("resourceType", "Bundle").Member("type", type);
    w.Key("entry").StartArray();
    for (const CaseResource* const resource : resources)
      w.StartObject().Key("resource").Raw(resource->json).EndObject();
    w.EndArray().EndObject();
  }

  static std::vector<const CaseResource*> AllOf(const std::vector<CaseResource>& resources) {
    std::vector<const CaseResource*> all;
    for (const CaseResource& resource : resources) all.push_back(&resource);
    return all;
  }

  static void WriteContext(json::Writer& w, const YamlNode& node, const HookRow& hook,
                           const std::vector<CaseResource>& drafts,
                           const std::vector<CaseResource>& problems) {
    w.Key("context").StartObject();
    for (const ContextField& field : hook.fields) {
      switch (field.kind) {
        case FieldKind::kUserReference:
          w.Member(field.name, "Practitioner/u1");
          break;
        case FieldKind::kId:
          if (field.name == "patientId") {
            w.Member(field.name, "p1");
          } else if (field.presence == Presence::kRequired) {
            w.Member(field.name, "e1");
          }
          break;
        case FieldKind::kReferenceArray:
          WriteSelections(w, field.name, node, drafts);
          break;
        case FieldKind::kDraftBundle:
          WriteBundle(w, field.name, "collection", AllOf(drafts));
          break;
        case FieldKind::kFactBundle:
          WriteBundle(w, field.name, "collection", AllOf(problems));
          break;
      }
    }
    w.EndObject();
  }

  static void WriteSelections(json::Writer& w, std::string_view name, const YamlNode& node,
                              const std::vector<CaseResource>& drafts) {
    w.Key(name).StartArray();
    const auto nodes = ItemsOf(node, "drafts");
    for (std::size_t i = 0; i < std::min(nodes.size(), drafts.size()); ++i) {
      if (TextOf(*nodes[i], "selected", "true") == "true") w.String(drafts[i].type + "/" + drafts[i].id);
    }
    w.EndArray();
  }

  void WritePatient(json::Writer& w, const YamlNode& node) const {
    const YamlNode* const own = node.Find("patient") != nullptr ? &node.Find("patient")->value : nullptr;
    const YamlNode* const shared = FindValue(defaults_, "patient");
    w.StartObject().Member("resourceType", "Patient").Member("id", "p1");
    // Members of the case replace those of the defaults; "~" leaves one out.
    YamlNode merged;
    merged.kind = YamlNode::Kind::kMap;
    if (own != nullptr) {
      for (const cards::YamlMember& member : own->members) {
        if (FindValue(*own, member.name) != nullptr) merged.members.push_back(member);
      }
    }
    if (shared != nullptr) {
      for (const cards::YamlMember& member : shared->members) {
        if (own == nullptr || own->Find(member.name) == nullptr) merged.members.push_back(member);
      }
    }
    WriteMembers(w, merged, "Patient"_type);
    w.EndObject();
  }

  void WritePrefetch(json::Writer& w, const YamlNode& node, const cards::ServiceSpec& service,
                     const std::vector<CaseResource>& chart) {
    const std::vector<std::string> missing = TextsOf(node, "missing");
    w.Key("prefetch").StartObject();
    for (const auto& prefetch : service.prefetch) {
      if (std::find(missing.begin(), missing.end(), prefetch.key) != missing.end()) continue;
      const bool is_patient = !prefetch.types.empty() && prefetch.types.front() == "Patient";
      if (is_patient) {
        w.Key(prefetch.key);
        WritePatient(w, node);
        continue;
      }
      std::vector<const CaseResource*> here;
      for (const CaseResource& resource : chart) {
        if (KeyFor(service, resource) == prefetch.key) here.push_back(&resource);
      }
      if (here.empty()) {
        w.Key(prefetch.key).Null();
      } else if (IsRead(prefetch)) {
        w.Key(prefetch.key).Raw(here.front()->json);
      } else {
        WriteBundle(w, prefetch.key, "searchset", here);
      }
    }
    w.EndObject();
  }

  const YamlNode& root_;
  const cards::Pack& pack_;
  CaseReading& reading_;
  YamlNode defaults_;
};

}  // namespace

CaseReading ReadCases(std::string_view file, std::string_view text, const cards::Pack& pack) {
  CaseReading reading;
  cards::YamlReading yaml = cards::ReadYaml(file, text);
  reading.findings = std::move(yaml.findings);
  Reader(yaml.root, pack, reading).Read();
  return reading;
}

}  // namespace osteon::cds_hooks
