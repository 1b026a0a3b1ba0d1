// Daily dose of a heparin from its dosage: units a day, and units per kilogram a day where that is what was
// ordered. Source: rules.md 3.4; strengths of products from RxNorm (drug_strengths.inc).
#pragma once

#include <cstdint>
#include <optional>

#include "fhir/base/decimal.h"
#include "fhir/json/tree.h"
#include "fhir/model/quantity.h"

namespace osteon::cards::perinatal {

enum class HeparinAgent : std::uint8_t {
  kOther,
  kHeparin,
  kEnoxaparin,
  kDalteparin,
  kTinzaparin,
  kNadroparin
};

// What a product is and holds; amounts in IU (enoxaparin: 1 mg = 100 anti-Xa IU). Unknown parts are absent.
struct HeparinProduct {
  HeparinAgent agent = HeparinAgent::kOther;
  std::optional<base::Decimal> iu_per_ml;
  std::optional<base::Decimal> iu_per_piece;  // prefilled syringe, cartridge, bag
};
HeparinProduct ProductOf(json::Value medication_concept);

struct DailyDose {
  std::optional<base::Decimal> iu;         // IU/d
  std::optional<base::Decimal> iu_per_kg;  // IU/kg/d; only when the dosage is written per kilogram
};

// An amount of the product in IU: IU and its spellings, mg of enoxaparin, mL or syringes of a known strength.
std::optional<base::Decimal> AmountInIu(const model::Quantity& amount, const HeparinProduct& product);
// True for "{syringe}", "syringe(s)", "cartridge", "prefilled syringe" and the like.
bool IsPiece(std::string_view unit);

// Administrations a day by Timing.repeat (frequency and period, timeOfDay, when, dayOfWeek) or Timing.code.
// nullopt: not stated, or not understood.
std::optional<base::Decimal> AdministrationsPerDay(json::Value timing);

// The daily dose of one Dosage; both parts absent when it cannot be told. A range counts with its low end.
DailyDose DailyDoseOf(json::Value dosage, const HeparinProduct& product,
                      const std::optional<base::Decimal>& weight_kg);

// Therapeutic LMWH: 150 IU/kg/d (enoxaparin 1.5 mg/kg/d), or without a weight enoxaparin 100 mg/d, dalteparin
// 12,500 IU/d, tinzaparin 10,000 IU/d. Source: rules.md 3.4, RCOG and ACOG tables.
bool IsTherapeuticLmwh(const DailyDose& dose, HeparinAgent agent,
                       const std::optional<base::Decimal>& weight_kg);

}  // namespace osteon::cards::perinatal
