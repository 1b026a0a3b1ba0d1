// CQL 1.5.3, Appendix B: Interval Operators, and the timing relations of Date and Time Operators.
#include "fhir/cql/collections.h"
#include "fhir/cql/run.h"
#include "fhir/cql/timing.h"
#include "fhir/model/value_compare.h"
#include "fhir/model/value_quantity.h"
#include "fhir/path/operators_math.h"

namespace osteon::cql {

using model::NormalInterval;

std::optional<model::Precision> PrecisionOf(const Step& step) {
  const auto unit = step.node->precision;
  if (!unit || *unit == model::DurationUnit::kWeek) return std::nullopt;
  const int index = static_cast<int>(*unit);
  // Weeks stand between months and days among the units.
  return static_cast<model::Precision>(index > static_cast<int>(model::DurationUnit::kWeek) ? index - 1
                                                                                            : index);
}

namespace {

using Operands = std::span<const Val>;
using Relation = Truth (*)(const NormalInterval&, const NormalInterval&, model::MaybePrecision,
                           const model::ValueContext&);

// Some value of a point type, for its least and greatest value.
Val SampleOf(Run& run, const Type& type) {
  const Type& point = type.element != nullptr ? *type.element : type;
  if (point.kind != TypeKind::kSystem) return {};
  switch (point.system) {
    case SystemType::kInteger:
      return Val::Integer(0);
    case SystemType::kLong:
      return Val::Long(0);
    case SystemType::kDecimal:
      return run.Decimal(base::Decimal(0));
    case SystemType::kQuantity:
      return Val::Quantity({.value = base::Decimal(0), .unit = "1", .is_calendar = false}, run.arena);
    case SystemType::kDate:
      return Val::Of(model::MinimumOf(model::TemporalKind::kDate, model::kNoOffset));
    case SystemType::kDateTime:
      return Val::Of(model::MinimumOf(model::TemporalKind::kDateTime, run.values.default_offset));
    case SystemType::kTime:
      return Val::Of(model::MinimumOf(model::TemporalKind::kTime, model::kNoOffset));
    default:
      return {};
  }
}

Val SomePoint(const Val& value) {
  return value.is(ValueKind::kInterval) ? model::AnyBound(value.interval()) : value;
}

template <Relation kRelation>
Val Related(Run& run, const Step& step, Operands operands) {
  if (operands[0].is_null() || operands[1].is_null()) return {};
  const NormalInterval a = NormalOf(run, *step.children[0]->node, operands[0], operands[1]);
  const NormalInterval b = NormalOf(run, *step.children[1]->node, operands[1], operands[0]);
  return model::ToVal(kRelation(a, b, PrecisionOf(step), run.values));
}

// Two points in time; intervals otherwise.
enum class PointOrder : std::uint8_t { kSame, kBefore, kAfter, kSameOrBefore, kSameOrAfter };

template <PointOrder kOrder, Relation kRelation>
Val Timed(Run& run, const Step& step, Operands operands) {
  if (operands[0].is(ValueKind::kInterval) || operands[1].is(ValueKind::kInterval)) {
    return Related<kRelation>(run, step, operands);
  }
  const auto order = model::CompareValues(operands[0], operands[1], PrecisionOf(step), run.values);
  if (!order || *order == model::Order::kUnknown) return {};
  switch (kOrder) {
    case PointOrder::kSame:
      return Val::Boolean(*order == model::Order::kEqual);
    case PointOrder::kBefore:
      return Val::Boolean(*order == model::Order::kLess);
    case PointOrder::kAfter:
      return Val::Boolean(*order == model::Order::kGreater);
    case PointOrder::kSameOrBefore:
      return Val::Boolean(*order != model::Order::kGreater);
    case PointOrder::kSameOrAfter:
      return Val::Boolean(*order != model::Order::kLess);
  }
  return {};
}

// --- membership and inclusion: of lists in collections.cc, of intervals here

bool IsList(const Step& step, std::size_t operand) {
  return step.children[operand]->node->type->kind == TypeKind::kList;
}

enum class Proper : bool { kNo, kYes };

// Strictly between the bounds.
Val ProperlyWithin(Run& run, const Step& step, const NormalInterval& interval, const Val& point) {
  const auto precision = PrecisionOf(step);
  const Val start = model::StartOf(interval);
  const Val end = model::EndOf(interval);
  return model::ToVal(model::And(model::IsLess(model::CompareValues(start, point, precision, run.values)),
                                 model::IsLess(model::CompareValues(point, end, precision, run.values))));
}

Val IntervalIncludes(Run& run, const Step& step, const Val& container, const Node& container_node,
                     const Val& inner, const Node& inner_node, Proper proper) {
  if (container.is_null() || inner.is_null()) return {};
  NormalInterval a = NormalOf(run, container_node, container, inner);
  const NormalInterval b = NormalOf(run, inner_node, inner, container);
  // Closed towards null, an interval includes everything whatever its points are (B.9 "Contains").
  if (HasUnknownPoints(container_node, container)) {
    a = model::Normalize(container.interval(), SomePoint(inner), run.values);
  }
  if (proper == Proper::kYes && !inner.is(ValueKind::kInterval)) return ProperlyWithin(run, step, a, inner);
  const auto precision = PrecisionOf(step);
  return model::ToVal(proper == Proper::kYes ? model::ProperlyIncludes(a, b, precision, run.values)
                                             : model::Includes(a, b, precision, run.values));
}

// The container is operand kContainer; the other one an item (kItem), or what the types say (a list, an
// interval or an item).
enum class Inner : bool { kItem, kAsTyped };

template <std::size_t kContainer, Proper kProper, Inner kInner>
Val Inclusion(Run& run, const Step& step, Operands operands) {
  constexpr std::size_t kOther = 1 - kContainer;
  const Val& container = operands[kContainer];
  const Val& inner = operands[kOther];
  if (IsList(step, kContainer)) {
    if (kInner == Inner::kAsTyped && IsList(step, kOther)) {
      return kProper == Proper::kYes ? ListProperlyIncludes(run, *step.node, container, inner)
                                     : ListIncludes(run, *step.node, container, inner);
    }
    return kProper == Proper::kYes ? ListProperlyContains(run, *step.node, container, inner)
                                   : ListContains(run, *step.node, container, inner);
  }
  // B.9 "Contains", "In": a null interval holds nothing; the suite takes Interval[null, null] for one.
  const Node& container_node = *step.children[kContainer]->node;
  const bool nothing = container.is_null() || HasUnknownPoints(container_node, container);
  const Node& inner_node = *step.children[kOther]->node;
  const TypeKind inner_kind = inner_node.type->kind;
  const bool is_item =
      kInner == Inner::kItem || (inner_kind != TypeKind::kInterval && inner_kind != TypeKind::kList);
  if (nothing && is_item) return Val::Boolean(false);
  return IntervalIncludes(run, step, container, container_node, inner, inner_node, kProper);
}

// --- bounds

NormalInterval Only(Run& run, const Step& step, Operands operands) {
  return NormalOf(run, *step.children[0]->node, operands[0], {});
}

Val Start(Run& run, const Step& step, Operands operands) {
  return model::StartOf(Only(run, step, operands));
}
Val End(Run& run, const Step& step, Operands operands) {
  return model::EndOf(Only(run, step, operands));
}

Val PointFrom(Run& run, const Step& step, Operands operands) {
  const Val start = Start(run, step, operands);
  const Val end = End(run, step, operands);
  if (start.is_null() || end.is_null()) return {};
  if (model::Equal(start, end, run.values) == Truth::kTrue) return start;
  return run.Fail(*step.node, "the interval holds more than one point");
}

Val Width(Run& run, const Step& step, Operands operands) {
  const path::OperatorResult width =
      path::Minus(End(run, step, operands), Start(run, step, operands), run.values);
  return width.error.empty() ? width.value : run.Fail(*step.node, std::string(width.error));
}

// The width and one point more.
Val Size(Run& run, const Step& step, Operands operands) {
  const Val start = Start(run, step, operands);
  const Val next = model::SuccessorOf(start, run.values);
  const Val width = Width(run, step, operands);
  if (next.is_null()) return {};
  return path::Plus(width, path::Minus(next, start, run.values).value, run.values).value;
}

// --- set operators

using SetOperator = std::optional<NormalInterval> (*)(const NormalInterval&, const NormalInterval&,
                                                      const model::ValueContext&);
using ListOperator = Val (*)(Run&, const Node&, const Val&, const Val&);

template <SetOperator kOperator, ListOperator kOfLists>
Val SetOf(Run& run, const Step& step, Operands operands) {
  if (step.node->type->kind == TypeKind::kList) return kOfLists(run, *step.node, operands[0], operands[1]);
  if (operands[0].is_null() || operands[1].is_null()) return {};
  const NormalInterval a = NormalOf(run, *step.children[0]->node, operands[0], operands[1]);
  const NormalInterval b = NormalOf(run, *step.children[1]->node, operands[1], operands[0]);
  const auto result = kOperator(a, b, run.values);
  return result ? Val::Interval(model::ToInterval(*result), run.arena) : Val();
}

constexpr ImplementationRow kRows[] = {
    {"SameAs", Timed<PointOrder::kSame, model::SameAs>},
    {"SameOrBefore", Timed<PointOrder::kSameOrBefore, model::SameOrBefore>},
    {"SameOrAfter", Timed<PointOrder::kSameOrAfter, model::SameOrAfter>},
    {"Before", Timed<PointOrder::kBefore, model::Before>},
    {"After", Timed<PointOrder::kAfter, model::After>},
    {"Meets", Related<model::Meets>},
    {"MeetsBefore", Related<model::MeetsBefore>},
    {"MeetsAfter", Related<model::MeetsAfter>},
    {"Overlaps", Related<model::Overlaps>},
    {"OverlapsBefore", Related<model::OverlapsBefore>},
    {"OverlapsAfter", Related<model::OverlapsAfter>},
    {"Starts", Related<model::Starts>},
    {"Ends", Related<model::Ends>},
    {"Contains", Inclusion<0, Proper::kNo, Inner::kItem>},
    {"In", Inclusion<1, Proper::kNo, Inner::kItem>},
    {"ProperContains", Inclusion<0, Proper::kYes, Inner::kItem>},
    {"ProperIn", Inclusion<1, Proper::kYes, Inner::kItem>},
    {"Includes", Inclusion<0, Proper::kNo, Inner::kAsTyped>},
    {"IncludedIn", Inclusion<1, Proper::kNo, Inner::kAsTyped>},
    {"ProperIncludes", Inclusion<0, Proper::kYes, Inner::kAsTyped>},
    {"ProperIncludedIn", Inclusion<1, Proper::kYes, Inner::kAsTyped>},
    {"Start", Start},
    {"End", End},
    {"PointFrom", PointFrom},
    {"Width", Width},
    {"Size", Size},
    {"Union", SetOf<model::Union, ListUnion>},
    {"Intersect", SetOf<model::Intersect, ListIntersect>},
    {"Except", SetOf<model::Except, ListExcept>},
    {"Collapse", Collapse},
    {"Expand", Expand},
};

}  // namespace

bool HasUnknownPoints(const Node& operand, const Val& value) {
  if (!value.is(ValueKind::kInterval) || !model::AnyBound(value.interval()).is_null()) return false;
  const Node& written = operand.kind == NodeKind::kCoerce ? *operand.children.front() : operand;
  return written.type->kind == TypeKind::kInterval && written.type->element->kind == TypeKind::kAny;
}

NormalInterval NormalOf(Run& run, const Node& operand, const Val& value, const Val& other) {
  if (!value.is(ValueKind::kInterval)) return model::UnitInterval(value);
  if (HasUnknownPoints(operand, value)) return model::Normalize(value.interval(), {}, run.values);
  Val like = model::AnyBound(value.interval());
  if (like.is_null()) like = SomePoint(other);
  if (like.is_null()) like = SampleOf(run, *operand.type);
  return model::Normalize(value.interval(), like, run.values);
}

std::span<const ImplementationRow> IntervalOperators() {
  return kRows;
}

}  // namespace osteon::cql
