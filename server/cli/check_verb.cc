#include "server/cli/check_verb.h"

#include <algorithm>
#include <iostream>
#include <map>
#include <tuple>
#include <utility>

#include "cards/nearest_name.h"
#include "cards/pack_compiler.h"
#include "cards/pack_reader.h"
#include "cards/pack_schema.h"
#include "cds_hooks/catalog.h"
#include "cds_hooks/hook_table.h"
#include "cds_hooks/prefetch_template.h"
#include "fhir/json/writer.h"
#include "server/pack_files.h"

namespace osteon::server {
namespace {

void Count(const cards::PackSource& source, PackCheck& check) {
  check.id = source.id.text;
  check.version = source.version.text;
  check.rules = source.rules.size();
  for (const cards::RuleSource& rule : source.rules) {
    for (const cards::TableSource& table : rule.tables) check.rows += table.rows.size();
  }
  check.value_sets = source.value_sets.size();
  check.libraries = source.libraries.size();
}

void Add(const cards::Place& place, std::string message, std::string hint, PackCheck& check) {
  check.findings.push_back(cards::FindingAt(place, std::move(message), std::move(hint)));
}

// What CDS Hooks does not allow, and no text of the pack says by itself: hooks that are not known, queries
// that no client of any of the services can be expected to run.
void CheckHooks(const cards::PackSource& source, PackCheck& check) {
  std::vector<std::string_view> known;
  for (const cds_hooks::HookRow& row : cds_hooks::HookTable()) known.push_back(row.hook);
  std::vector<const cds_hooks::HookRow*> hooks;
  for (const cards::ServiceSource& service : source.services) {
    if (service.hook.empty()) continue;
    if (const auto* hook = cds_hooks::FindHook(service.hook.text)) {
      hooks.push_back(hook);
    } else {
      Add(service.hook.place, "the hook \"" + service.hook.text + "\" is not known",
          cards::NearestNameHint(service.hook.text, known), check);
    }
  }
  for (const cards::PrefetchSource& prefetch : source.prefetch) {
    if (prefetch.query.empty() || hooks.empty()) continue;
    // Without types given, the one that the query names.
    const std::string_view query = prefetch.query.text;
    std::vector<std::string_view> types = {query.substr(0, query.find_first_of("/?"))};
    if (!prefetch.types.empty()) types.assign(prefetch.types.size(), {});
    for (std::size_t i = 0; i < prefetch.types.size(); ++i) types[i] = prefetch.types[i].text;
    std::string reason;
    const bool fails = std::all_of(hooks.begin(), hooks.end(), [&](const cds_hooks::HookRow* hook) {
      const auto findings = cds_hooks::LintTemplate({prefetch.key.text, query, types}, *hook);
      if (!findings.empty() && reason.empty()) reason = findings.front().what;
      return !findings.empty();
    });
    if (fails) Add(prefetch.query.place, "no client can be expected to run this query: " + reason, "", check);
  }
}

// Where the text stands that "services.ID.hook" or "services.ID.prefetch.KEY" is about.
cards::Place PlaceOf(const cards::PackSource& source, std::string_view path) {
  for (const cards::PrefetchSource& prefetch : source.prefetch) {
    if (path.ends_with(".prefetch." + prefetch.key.text))
      return prefetch.query.empty() ? prefetch.key.place : prefetch.query.place;
  }
  for (const cards::ServiceSource& service : source.services) {
    if (path.starts_with("services." + service.id.text + ".")) return service.id.place;
  }
  return {"pack.yaml", 0, 0};
}

// What is left for a service to refuse.
void CheckServices(cards::Pack pack, const cards::PackSource& source, PackCheck& check) {
  const auto catalog = cds_hooks::Catalog::Create(std::move(pack));
  if (catalog.ok()) return;
  Add(PlaceOf(source, catalog.error().path), catalog.error().public_text, "", check);
}

std::string Counted(std::size_t count, std::string_view one, std::string_view many) {
  return std::to_string(count) + " " + std::string(count == 1 ? one : many);
}

}  // namespace

base::Result<PackCheck> CheckPackFolder(const std::filesystem::path& folder) {
  OSTEON_ASSIGN_OR_RETURN(PackFolder read, ReadPackFolder(folder));
  PackCheck check;
  check.files = std::move(read.files);
  check.findings = std::move(read.findings);
  cards::PackReading reading = cards::ReadPack(check.files);
  const cards::PackSource source = reading.source;
  Count(source, check);
  CheckHooks(source, check);
  cards::PackCompilation compiled = cards::CompileReading(check.files, std::move(reading));
  for (cards::PackFinding& finding : compiled.findings) check.findings.push_back(std::move(finding));
  if (check.findings.empty() && compiled.pack) CheckServices(*std::move(compiled.pack), source, check);
  std::stable_sort(check.findings.begin(), check.findings.end(), [](const auto& a, const auto& b) {
    return std::tie(a.file, a.line, a.column) < std::tie(b.file, b.line, b.column);
  });
  return check;
}

std::string CheckText(const PackCheck& check) {
  if (check.findings.empty()) {
    return check.id + " " + check.version + " ok: " + Counted(check.rules, "rule", "rules") + ", " +
           Counted(check.rows, "row", "rows") + ", " + Counted(check.value_sets, "value set", "value sets") +
           ", " + Counted(check.libraries, "library", "libraries") + "\n";
  }
  std::string text;
  for (const cards::PackFinding& finding : check.findings)
    text += cards::RenderFinding(finding, check.files) + "\n";
  return text + Counted(check.findings.size(), "mistake", "mistakes") + "\n";
}

std::string CheckJson(const PackCheck& check) {
  json::Writer writer;
  writer.StartObject();
  writer.Key("ok").Bool(check.findings.empty());
  writer.Member("pack", check.id).Member("version", check.version);
  const auto count = [&](json::PlainName name, std::size_t value) {
    writer.Key(name).Integer(static_cast<std::int64_t>(value));
  };
  count("rules", check.rules);
  count("rows", check.rows);
  count("value_sets", check.value_sets);
  count("libraries", check.libraries);
  writer.Key("findings").StartArray();
  for (const cards::PackFinding& finding : check.findings) {
    writer.StartObject().Member("file", finding.file);
    if (finding.line != 0) {
      writer.Key("line").Integer(finding.line);
      writer.Key("column").Integer(finding.column);
    }
    writer.Member("message", finding.message);
    if (!finding.hint.empty()) writer.Member("hint", finding.hint);
    writer.EndObject();
  }
  writer.EndArray().EndObject();
  return std::string(writer.text()) + "\n";
}

int Check(const std::filesystem::path& folder, CheckOutput output) {
  if (folder.empty()) {
    std::cerr << "osteon: check wants the folder of a rule pack\n";
    return 2;
  }
  const auto check = CheckPackFolder(folder);
  if (!check.ok()) {
    std::cerr << "osteon: " << check.error().path << ": " << check.error().public_text << '\n';
    return 2;
  }
  std::cout << (output == CheckOutput::kJson ? CheckJson(*check) : CheckText(*check));
  return check->findings.empty() ? 0 : 1;
}

int PrintSchema(const std::string& name) {
  const auto schema = cards::PackSchema(name);
  if (schema) {
    std::cout << *schema;
    return 0;
  }
  std::cerr << "osteon: there is no schema \"" << name << "\"; there are pack, rule and value-set\n";
  return 2;
}

}  // namespace osteon::server
