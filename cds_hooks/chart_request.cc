#include "cds_hooks/chart_request.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "cds_hooks/hook_table.h"
#include "fhir/json/writer.h"

namespace osteon::cds_hooks {

using json::operator""_key;

namespace {

constexpr std::size_t kIsoDay = 10;

base::Error Invalid(std::string text) {
  return base::Error{base::ErrorCode::kInvalidRequest, std::move(text), {}, {}};
}

// The values of "code=a,b" in a search.
std::set<std::string, std::less<>> CodeTokens(std::string_view query) {
  std::set<std::string, std::less<>> tokens;
  std::size_t at = query.find("code=");
  if (at == std::string_view::npos) return tokens;
  at += 5;
  std::string_view list = query.substr(at, query.find('&', at) - at);
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    tokens.emplace(list.substr(0, comma));
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
  }
  return tokens;
}

bool EndsLater(json::Value end, std::string_view day) {
  return !day.empty() && end.is_string() && end.string().substr(0, kIsoDay) > day;
}

// The resource as the chart held it on `day`.
void WriteAsOf(const model::Resource& resource, std::string_view day, json::Writer& out) {
  const bool abated_later =
      resource.type() == "Condition" && EndsLater(resource.json["abatementDateTime"_key], day);
  if (!abated_later && !EndsLater(resource.json["deceasedDateTime"_key], day)) {
    out.Raw(resource.json.raw());
    return;
  }
  out.StartObject();
  for (const json::Value member : resource.json) {
    if (member.name() == "deceasedDateTime" || (abated_later && member.name() == "abatementDateTime"))
      continue;
    out.Key(member.name());
    if (abated_later && member.name() == "clinicalStatus") {
      out.Raw(
          R"({"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]})");
    } else if (member.is_string()) {
      out.String(member.string());
    } else {
      out.Raw(member.raw());
    }
  }
  out.EndObject();
}

// What a chart holds, sorted out once.
struct Contents {
  std::vector<model::Resource> resources;  // without the patient
  std::optional<model::Resource> patient;
  std::optional<model::Resource> encounter;  // the newest up to the day
};

base::Result<Contents> ReadChart(json::Value chart, std::string_view day) {
  Contents contents;
  for (const json::Value entry : chart["entry"_key]) {
    const model::Resource resource{entry["resource"_key]};
    if (resource.type() == "Patient") {
      if (contents.patient) return Invalid("the Bundle holds more than one Patient");
      contents.patient = resource;
      continue;
    }
    const std::string_view own_day = DayOfResource(resource);
    if (!day.empty() && own_day > day) continue;
    contents.resources.push_back(resource);
    if (resource.type() == "Encounter" &&
        (!contents.encounter || own_day >= DayOfResource(*contents.encounter))) {
      contents.encounter = resource;
    }
  }
  if (!contents.patient) return Invalid("the Bundle holds no Patient");
  return contents;
}

void WriteDrafts(const HookRow& hook, std::span<const std::string_view> drafts, json::Writer& out) {
  out.Key(hook.drafts_field).StartObject().Member("resourceType", "Bundle").Key("entry").StartArray();
  for (const std::string_view draft : drafts) out.StartObject().Key("resource").Raw(draft).EndObject();
  out.EndArray().EndObject();
  if (hook.selections_field.empty()) return;
  out.Key(hook.selections_field).StartArray();
  for (const std::string_view draft : drafts) {
    std::string text(draft);
    text.reserve(text.size() + json::kReadPadding);
    base::Arena arena;
    const auto tree = json::Tree::Read(text, arena);
    if (!tree.ok()) continue;
    const model::Resource resource{(*tree)->root()};
    out.String(std::string(resource.type()) + "/" + std::string(resource.id()));
  }
  out.EndArray();
}

base::Status WriteContext(const HookRow& hook, const Contents& contents, const ChartMoment& moment,
                          json::Writer& out) {
  out.Key("context").StartObject();
  for (const ContextField& field : hook.fields) {
    if (field.name == "userId") {
      out.Member("userId", "Practitioner/backtest");
    } else if (field.name == "patientId") {
      out.Member("patientId", contents.patient->id());
    } else if (field.name == "encounterId") {
      if (contents.encounter) {
        out.Member("encounterId", contents.encounter->id());
      } else if (field.presence == Presence::kRequired) {
        return Invalid("the hook needs an encounter, and the chart has none by that day");
      }
    } else if (field.kind == FieldKind::kFactBundle) {
      return Invalid("a chart does not say what is being recorded in it");
    }
  }
  if (!hook.drafts_field.empty()) WriteDrafts(hook, moment.drafts, out);
  out.EndObject();
  return base::Ok{};
}

}  // namespace

std::string_view DayOfResource(const model::Resource& resource) {
  const json::Value json = resource.json;
  for (const json::Value value :
       {json["effectiveDateTime"_key], json["effectivePeriod"_key]["start"_key], json["onsetDateTime"_key],
        json["recordedDate"_key], json["authoredOn"_key], json["performedDateTime"_key],
        json["performedPeriod"_key]["start"_key], json["period"_key]["start"_key]}) {
    if (value.is_string()) return value.string().substr(0, kIsoDay);
  }
  return {};
}

std::vector<std::string> EncounterDays(json::Value chart, std::string_view until) {
  std::vector<std::string> days;
  for (const json::Value entry : chart["entry"_key]) {
    const model::Resource resource{entry["resource"_key]};
    const std::string_view day = DayOfResource(resource);
    if (resource.type() == "Encounter" && !day.empty() && day <= until) days.emplace_back(day);
  }
  std::sort(days.begin(), days.end());
  days.erase(std::unique(days.begin(), days.end()), days.end());
  return days;
}

ChartRequestMaker::ChartRequestMaker(const cards::ServiceSpec& service) : service_(&service) {
  for (const cards::PrefetchTemplate& row : service.prefetch) {
    Key key{.row = &row, .tokens = CodeTokens(row.query)};
    key.is_read = std::string_view(row.query).find('?') == std::string_view::npos;
    key.is_filtered = !key.tokens.empty();
    keys_.push_back(std::move(key));
  }
}

bool ChartRequestMaker::Key::Matches(const model::Resource& resource) const {
  const auto& types = row->types;
  if (std::find(types.begin(), types.end(), resource.type()) == types.end()) return false;
  if (!is_filtered) return true;
  for (const json::Value coding : resource.json["code"_key]["coding"_key]) {
    const std::string_view code = coding["code"_key].string();
    std::string token(coding["system"_key].string());
    token.append("|").append(code);
    if (tokens.contains(token) || tokens.contains(code)) return true;
  }
  return false;
}

base::Result<ChartRequestMaker::Request> ChartRequestMaker::Make(json::Value chart,
                                                                 const ChartMoment& moment) const {
  const HookRow* const hook = FindHook(service_->hook);
  if (hook == nullptr) return Invalid("the hook is not known");
  OSTEON_ASSIGN_OR_RETURN(const Contents contents, ReadChart(chart, moment.day));
  json::Writer out;
  out.StartObject().Member("hook", service_->hook);
  out.Member("hookInstance", "5f2d9c1e-0f3b-4a6e-8c11-6d7a3f0b9e42");
  OSTEON_RETURN_IF_ERROR(WriteContext(*hook, contents, moment, out));
  out.Key("prefetch").StartObject();
  for (const Key& key : keys_) {
    if (key.is_read) {
      const auto& single = key.row->types.front() == "Patient" ? contents.patient : contents.encounter;
      if (!single) continue;
      out.Key(key.row->key);
      WriteAsOf(*single, moment.day, out);
      continue;
    }
    out.Key(key.row->key).StartObject().Member("resourceType", "Bundle").Member("type", "searchset");
    out.Key("entry").StartArray();
    for (const model::Resource& resource : contents.resources) {
      if (!key.Matches(resource)) continue;
      out.StartObject().Key("resource");
      WriteAsOf(resource, moment.day, out);
      out.EndObject();
    }
    out.EndArray().EndObject();
  }
  out.EndObject().EndObject();
  return Request{std::string(contents.patient->id()), std::string(out.text())};
}

}  // namespace osteon::cds_hooks
