#include "tests/cases/case_file.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <stdexcept>

#include "fhir/json/writer.h"
#include "tests/cases/case_shorthand.h"

namespace osteon::testing {
namespace {

const cards::ServiceSpec& ServiceFor(const cards::Pack& pack, const std::string& hook) {
  for (const auto& service : pack.services) {
    if (service.hook == hook) return service;
  }
  throw std::runtime_error("no service for hook " + hook);
}

// The key whose template asks for the resource: by code when a template lists codes, else by type.
std::string_view KeyFor(const cards::ServiceSpec& service, const CaseResource& resource) {
  std::string_view by_type;
  for (const auto& prefetch : service.prefetch) {
    if (std::find(prefetch.types.begin(), prefetch.types.end(), resource.type) == prefetch.types.end())
      continue;
    if (resource.type == "Observation") {
      const auto found = prefetch.query.find(resource.code);
      // "…|8302-2" must not match "…|8302-21".
      if (found != std::string_view::npos) {
        const auto after = found + resource.code.size();
        if (after == prefetch.query.size() || !isalnum(prefetch.query[after])) return prefetch.key;
      }
    }
    by_type = prefetch.key;
  }
  if (by_type.empty()) throw std::runtime_error("no prefetch key for " + resource.type);
  return by_type;
}

void WritePatient(json::Writer& w, const YAML::Node& defaults, const YAML::Node& own) {
  // By emplace: assigning to a YAML::Node writes into what it refers to, here the defaults of all cases.
  std::map<std::string, YAML::Node> members;
  for (const auto& member : own) members.emplace(member.first.as<std::string>(), member.second);
  for (const auto& member : defaults) members.emplace(member.first.as<std::string>(), member.second);
  w.StartObject().Member("resourceType", "Patient").Member("id", "p1");
  for (const auto& [name, value] : members) {
    if (!value.IsNull()) w.Key(name).Raw(YamlAsJson(value));
  }
  w.EndObject();
}

void WriteContext(json::Writer& w, const std::string& hook, const std::vector<CaseResource>& drafts,
                  const YAML::Node& draft_nodes) {
  w.Key("context").StartObject();
  w.Member("userId", "Practitioner/u1").Member("patientId", "p1");
  if (hook == "encounter-start") w.Member("encounterId", "e1");
  if (hook == "order-select") {
    w.Key("selections").StartArray();
    for (std::size_t i = 0; i < drafts.size(); ++i) {
      if (!draft_nodes[i]["selected"].as<bool>(true)) continue;
      w.String(drafts[i].type + "/" + draft_nodes[i]["id"].as<std::string>());
    }
    w.EndArray();
  }
  if (hook == "order-select" || hook == "order-sign") {
    w.Key("draftOrders").StartObject().Member("resourceType", "Bundle").Member("type", "collection");
    w.Key("entry").StartArray();
    for (const auto& draft : drafts) w.StartObject().Key("resource").Raw(draft.json).EndObject();
    w.EndArray().EndObject();
  }
  w.EndObject();
}

void WritePrefetch(json::Writer& w, const cards::ServiceSpec& service, const std::vector<CaseResource>& chart,
                   const YAML::Node& default_patient, const YAML::Node& patient) {
  w.Key("prefetch").StartObject();
  for (const auto& prefetch : service.prefetch) {
    w.Key(prefetch.key);
    if (prefetch.key == "patient") {
      WritePatient(w, default_patient, patient);
      continue;
    }
    std::vector<const CaseResource*> here;
    for (const auto& resource : chart) {
      if (KeyFor(service, resource) == prefetch.key) here.push_back(&resource);
    }
    if (here.empty()) {
      w.Null();
      continue;
    }
    w.StartObject().Member("resourceType", "Bundle").Member("type", "searchset").Key("entry").StartArray();
    for (const auto* resource : here) w.StartObject().Key("resource").Raw(resource->json).EndObject();
    w.EndArray().EndObject();
  }
  w.EndObject();
}

std::vector<std::string> Texts(const YAML::Node& node) {
  std::vector<std::string> texts;
  for (const auto& text : node) texts.push_back(text.as<std::string>());
  return texts;
}

WantedCard ReadWanted(const YAML::Node& node) {
  static const std::string known =
      " row indicator deletes deletes_none begins says says_none creates creates_none ";
  for (const auto& member : node) {
    const auto name = member.first.as<std::string>();
    if (known.find(" " + name + " ") == std::string::npos) throw std::runtime_error("unknown member " + name);
  }
  WantedCard wanted;
  wanted.row = node["row"].as<std::string>();
  wanted.indicator = node["indicator"].as<std::string>();
  wanted.deletes = node["deletes"].as<std::string>("");
  wanted.begins = node["begins"].as<std::string>("");
  wanted.says = Texts(node["says"]);
  wanted.says_none = Texts(node["says_none"]);
  wanted.deletes_none = node["deletes_none"].as<bool>(false);
  wanted.creates = Texts(node["creates"]);
  wanted.creates_none = Texts(node["creates_none"]);
  return wanted;
}

Case ReadCase(const YAML::Node& node, const YAML::Node& defaults, const cards::Pack& pack) {
  Case result;
  result.id = node["id"].as<std::string>();
  result.tests = node["tests"].as<std::string>();
  result.hook = node["hook"].as<std::string>();
  result.now = node["now"].as<std::string>(defaults["now"].as<std::string>());
  std::vector<CaseResource> chart, drafts;
  int number = 0;
  for (const auto& entry : defaults["chart"]) chart.push_back(ExpandEntry(entry, Role::kChart, ++number));
  for (const auto& entry : node["chart"]) chart.push_back(ExpandEntry(entry, Role::kChart, ++number));
  for (const auto& entry : node["drafts"]) drafts.push_back(ExpandEntry(entry, Role::kDraft, ++number));

  json::Writer w;
  w.StartObject().Member("hook", result.hook).Member("hookInstance", "5f2d9c1e-0f3b-4a6e-8c11-6d7a3f0b9e42");
  WriteContext(w, result.hook, drafts, node["drafts"]);
  WritePrefetch(w, ServiceFor(pack, result.hook), chart, defaults["patient"], node["patient"]);
  w.EndObject();
  result.request_json = w.text();
  if (!node["want"]) throw std::runtime_error("case " + result.id + " has no `want`");
  for (const auto& wanted : node["want"]) result.want.push_back(ReadWanted(wanted));
  result.doubts = Texts(node["doubts"]);
  return result;
}

}  // namespace

std::vector<Case> LoadCases(const std::string& path, const cards::Pack& pack) {
  const YAML::Node file = YAML::LoadFile(path);
  std::vector<Case> cases;
  for (const auto& node : file["cases"]) cases.push_back(ReadCase(node, file["defaults"], pack));
  return cases;
}

}  // namespace osteon::testing
