// Values as text, and text as values, exactly as the languages write them.
//
// Source: FHIRPath 2.0 "toString", "toQuantity" and the literals of its grammar; CQL 1.5.3 "ToString",
// "ToQuantity".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "fhir/model/value.h"

namespace osteon::model {

// toString() / ToString(): "true", "-5", "1.50" (the scale as written), dates as ToText, Quantity "5.5 'mg'"
// and with a calendar word "4 days", Ratio "1 'mg':2 'dL'". nullopt for other kinds (tuples, intervals,
// nodes: convert those first).
std::optional<std::string> ToText(const Val& value);
std::string ToText(const QuantityValue& value);

// What a person or a test sees: literals with "@" and quotes, Interval[1, 5), { 1, 2 }, Tuple { a: 1 }, Code
// { ... }, null, FHIR nodes as their JSON.
std::string ToLiteral(const Val& value);

// "5", "-5.5", "5 'mg'", "5.5 days", "+1"; any white space between the parts. A word that is no calendar unit
// is nullopt ("1 wk"), an unquoted UCUM code too. `copy` receives the unit.
std::optional<QuantityValue> ParseQuantityText(std::string_view text, base::Arena& copy);
// The reader of decimals for ToDecimal and toDecimal(): an optional sign, digits, an optional fraction; no
// exponent.
std::optional<base::Decimal> ParseDecimalText(std::string_view text);

// Digits a decimal shows: 1.58700 has precision 5 after the point (FHIRPath precision()).
int FractionDigits(const base::Decimal& value);
// The value with exactly that many fraction digits: zeros appended, or cut off towards zero; nullopt over 36
// digits or outside 0..28.
std::optional<base::Decimal> WithScale(const base::Decimal& value, int scale);
// The least and greatest value of `digits` fraction digits that a decimal so written may mean (FHIRPath
// lowBoundary, highBoundary; CQL LowBoundary, HighBoundary): 1.587 at 8 digits is 1.58650000 and 1.58750000.
// Fewer digits than are written round outwards. nullopt outside 0..28 digits.
std::optional<base::Decimal> LowBoundary(const base::Decimal& value, int digits);
std::optional<base::Decimal> HighBoundary(const base::Decimal& value, int digits);

}  // namespace osteon::model
