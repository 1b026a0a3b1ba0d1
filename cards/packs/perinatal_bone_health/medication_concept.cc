#include "cards/packs/perinatal_bone_health/medication_concept.h"

#include "fhir/model/reference.h"

namespace osteon::cards::perinatal {

using json::operator""_key;

namespace {

json::Value FindContained(json::Value resource, std::string_view id) {
  for (const json::Value each : resource["contained"_key]) {
    if (each["id"_key].string() == id) return each;
  }
  return {};
}

json::Value FindMedication(const model::MedicationResource& resource, const Chart& chart) {
  const std::string_view reference = resource.medication_reference()["reference"_key].string();
  if (reference.starts_with('#')) return FindContained(resource.json, reference.substr(1));
  if (const model::Resource by_url = chart.FindByUrl(reference)) return by_url.json;
  const model::ReferenceParts parts = model::SplitReference(reference);
  if (parts.id.empty() || parts.type != "Medication") return {};
  return chart.Find(parts.type, parts.id).json;
}

}  // namespace

MedicationName NameOf(const model::MedicationResource& resource, const Chart& chart) {
  MedicationName name;
  name.code = resource.medication_concept();
  if (name.code || !resource.medication_reference()) return name;
  name.medication = FindMedication(resource, chart);
  name.code = name.medication["code"_key];
  name.unresolved = !name.medication;
  return name;
}

}  // namespace osteon::cards::perinatal
