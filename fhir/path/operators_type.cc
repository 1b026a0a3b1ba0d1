#include "fhir/path/operators_type.h"

#include "fhir/model/r4_model.h"
#include "fhir/path/node.h"

namespace osteon::path {

using model::Kind;
using model::TypeId;
using model::operator""_type;

bool IsOfType(const model::Val& value, const TypeTest& type) {
  if (value.is(Kind::kNode)) {
    // Resource.id and the like are declared as System.String, and still FHIR elements.
    return type.fhir != TypeId::kNone && model::IsA(value.fhir_type(), type.fhir);
  }
  const TypeId system = SystemTypeOf(value);
  return type.system != TypeId::kNone && system != TypeId::kNone &&
         (system == type.system || type.system == "System.Any"_type);
}

bool CanBeTakenAs(const model::Val& value, const TypeTest& type) {
  if (!IsOfType(value, type)) return false;
  return !value.is(Kind::kNode) || model::KindOf(type.fhir) != model::TypeKind::kPrimitive ||
         value.fhir_type() == type.fhir;
}

}  // namespace osteon::path
