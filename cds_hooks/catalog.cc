#include "cds_hooks/catalog.h"

#include <algorithm>
#include <utility>

#include "cds_hooks/hook_table.h"
#include "cds_hooks/prefetch_template.h"
#include "fhir/base/text.h"
#include "fhir/json/writer.h"

namespace osteon::cds_hooks {
namespace {

base::Error PackError(const cards::ServiceSpec& service, std::string_view where, std::string_view what) {
  std::string text = "service \"" + std::string(service.id) + "\": " + std::string(what);
  return base::Error{base::ErrorCode::kInvalidConfig,
                     std::move(text),
                     {},
                     "services." + std::string(service.id) + "." + std::string(where)};
}

// RFC 3986 unreserved characters: an id that needs no escaping in a URL (D-08).
bool IsPathSegment(std::string_view id) {
  return !id.empty() && id != "." && id != ".." && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
  });
}

base::Status CheckPrefetch(const cards::ServiceSpec& service, const HookRow& hook) {
  for (auto row = service.prefetch.begin(); row != service.prefetch.end(); ++row) {
    const std::string where = "prefetch." + std::string(row->key);
    if (base::IsBlank(row->key)) return PackError(service, where, "a prefetch key is blank");
    const auto same_key = [&](const cards::PrefetchTemplate& other) { return other.key == row->key; };
    if (std::any_of(service.prefetch.begin(), row, same_key)) {
      return PackError(service, where, "the prefetch key \"" + std::string(row->key) + "\" is there twice");
    }
    const std::vector<TemplateFinding> findings = LintTemplate(*row, hook);
    if (findings.empty()) continue;
    return PackError(service, where,
                     "prefetch \"" + std::string(row->key) +
                         "\" is outside the portable subset of CDS Hooks 2.0.1 (" +
                         std::string(findings.front().rule) + "): " + findings.front().what);
  }
  return base::Ok{};
}

base::Status CheckService(const cards::ServiceSpec& service) {
  if (!IsPathSegment(service.id)) return PackError(service, "id", "the id is no unescaped path segment");
  if (base::IsBlank(service.description)) return PackError(service, "description", "there is no description");
  const HookRow* hook = FindHook(service.hook);
  if (hook == nullptr) {
    return PackError(service, "hook", "the hook \"" + std::string(service.hook) + "\" is not known");
  }
  return CheckPrefetch(service, *hook);
}

void WriteService(const cards::ServiceSpec& service, json::Writer& writer) {
  writer.StartObject().Member("hook", service.hook);
  if (!service.title.empty()) writer.Member("title", service.title);
  writer.Member("description", service.description).Member("id", service.id);
  if (!service.prefetch.empty()) {
    writer.Key("prefetch").StartObject();
    for (const cards::PrefetchTemplate& row : service.prefetch) writer.Member(row.key, row.query);
    writer.EndObject();
  }
  if (!service.usage_requirements.empty()) writer.Member("usageRequirements", service.usage_requirements);
  writer.EndObject();
}

std::string DiscoveryJson(const cards::Pack& pack) {
  json::Writer writer;
  writer.StartObject().Key("services").StartArray();
  for (const cards::ServiceSpec& service : pack.services) WriteService(service, writer);
  writer.EndArray().EndObject();
  return std::string(writer.text());
}

bool ListensTo(const cards::Rule& rule, std::string_view hook) {
  const auto hooks = rule.hooks();
  return std::find(hooks.begin(), hooks.end(), hook) != hooks.end();
}

}  // namespace

base::Result<std::shared_ptr<const Catalog>> Catalog::Create(cards::Pack pack) {
  for (auto service = pack.services.begin(); service != pack.services.end(); ++service) {
    OSTEON_RETURN_IF_ERROR(CheckService(*service));
    const auto same = [&](const cards::ServiceSpec& other) {
      return other.id == service->id && other.hook == service->hook;
    };
    if (std::any_of(pack.services.begin(), service, same)) {
      return PackError(*service, "id", "the pair of id and hook is there twice");
    }
  }
  std::shared_ptr<Catalog> catalog(new Catalog());
  catalog->pack_ = std::move(pack);
  for (const cards::ServiceSpec& spec : catalog->pack_.services) {
    Service service{&spec, {}};
    for (const auto& rule : catalog->pack_.rules) {
      if (ListensTo(*rule, spec.hook)) service.rules.push_back(rule.get());
    }
    catalog->services_.push_back(std::move(service));
  }
  catalog->discovery_json_ = DiscoveryJson(catalog->pack_);
  return std::shared_ptr<const Catalog>(std::move(catalog));
}

bool Catalog::HasService(std::string_view id) const {
  return std::any_of(services_.begin(), services_.end(), [&](const Service& s) { return s.spec->id == id; });
}

const Service* Catalog::Find(std::string_view id, std::string_view hook) const {
  for (const Service& service : services_) {
    if (service.spec->id == id && service.spec->hook == hook) return &service;
  }
  return nullptr;
}

}  // namespace osteon::cds_hooks
