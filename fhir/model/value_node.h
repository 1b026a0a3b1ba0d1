// FHIR elements as System values, converted when an operator asks.
//
// Source: R4 fhirpath.html "Using FHIRPath with Resources" (implicit conversion of primitives and Quantity);
// FHIR model info 4.0.1 conversionInfo and FHIRHelpers 4.0.1 (CQL, which also converts Coding,
// CodeableConcept, Period, Range, Ratio).
#pragma once

#include "fhir/model/value.h"

namespace osteon::model {

// The System value of a node: Boolean, String, Integer, Decimal, Date, DateTime, Time and Quantity in both
// languages; in CQL also Code, Concept, Ratio and Interval. Values that are no nodes, and nodes of other
// types, are returned as they are. Null when the element has no value, or one that its type does not allow (a
// date "2019-02-30", a number in a string): unusable data is no value. Elements of no known type are what
// their JSON is.
Val ToSystem(const Val& value, const ValueContext& context);

// FHIR Quantity as a value: `code` when the system is UCUM or absent, `unit` otherwise, "1" for neither. The
// codes a, mo, wk, d, h, min, s and ms become the calendar words (R4 fhirpath.html, FHIRHelpers
// ToCalendarUnit), so that such a quantity can be added to dates. nullopt without a value, or with a
// comparator ("<5" is no amount).
std::optional<QuantityValue> QuantityOfNode(json::Value quantity);

// The node for the resource: its type is resourceType's, kNone when R4 has no such resource. Null for other
// JSON.
Val ResourceNode(json::Value resource);

// The member of a node by its FHIRPath name ("value" finds valueQuantity; "birthDate" with its _birthDate):
// null for none, the node for one, a list of nodes for a JSON array (its nulls without extensions left out).
// Resources in contained and Bundle.entry.resource get the type of their resourceType. Unknown names give
// what the JSON holds, with type kNone.
Val Member(const Val& node, json::Key name, base::Arena& arena);
// The same for a name that key.h's table lacks.
Val Member(const Val& node, std::string_view name, base::Arena& arena);

// All child nodes (FHIRPath children()): elements, and for primitives their id and extensions. resourceType
// is no child.
void AddChildren(const Val& node, ListBuilder& children, base::Arena& arena);

// Takes nodes one by one; false ends the walk.
struct NodeSink {
  void* target = nullptr;
  bool (*take)(void* target, const Val& node) = nullptr;
};
// The same children, without a list. False when the sink ended it.
bool EachChild(const Val& node, const NodeSink& sink, base::Arena& arena);
// Children, their children and so on, parents before their children, in the order of the document. As deep as
// the JSON, whose depth the reader bounds.
bool EachDescendant(const Val& node, const NodeSink& sink, base::Arena& arena);
// How many they are.
std::size_t CountDescendants(const Val& node, base::Arena& arena);

}  // namespace osteon::model
