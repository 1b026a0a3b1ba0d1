// What a medication resource is of: its own code, or that of the Medication it refers to.
#pragma once

#include "cards/chart.h"
#include "fhir/model/resources.h"

namespace osteon::cards::perinatal {

struct MedicationName {
  json::Value code;         // CodeableConcept; absent when there is none
  json::Value medication;   // the Medication resource, when it came by reference
  bool unresolved = false;  // a reference that leads nowhere: nobody knows what drug this is
};

// medicationCodeableConcept, a contained Medication, or one of the chart (by Type/id or by fullUrl).
MedicationName NameOf(const model::MedicationResource& resource, const Chart& chart);

}  // namespace osteon::cards::perinatal
