#include "server/cli/check_verb.h"

#include <algorithm>
#include <iostream>
#include <map>
#include <tuple>
#include <utility>

#include "cards/pack_compiler.h"
#include "cards/pack_reader.h"
#include "cards/pack_schema.h"
#include "cds_hooks/catalog.h"
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

// What the service would refuse although every text of the pack is right by itself.
void CheckServices(cards::Pack pack, PackCheck& check) {
  const auto catalog = cds_hooks::Catalog::Create(std::move(pack));
  if (catalog.ok()) return;
  check.findings.push_back({"pack.yaml", 0, 0, catalog.error().public_text, catalog.error().log_detail});
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
  Count(reading.source, check);
  cards::PackCompilation compiled = cards::CompileReading(check.files, std::move(reading));
  for (cards::PackFinding& finding : compiled.findings) check.findings.push_back(std::move(finding));
  if (check.findings.empty() && compiled.pack) CheckServices(*std::move(compiled.pack), check);
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
