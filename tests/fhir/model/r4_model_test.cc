#include "fhir/model/r4_model.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <set>
#include <string>

#include "fhir/json/tree.h"
#include "tests/testing/evidence.h"

namespace osteon::model {
namespace {

using json::operator""_key;

std::string TypeOf(std::string_view type, json::Key key) {
  const ElementDefinition* element = FindElement(FindType(type), key);
  return element != nullptr ? std::string(TypeName(element->declared_type)) : "none";
}

TEST(R4Type, NamesAreSortedAndFound) {
  for (std::size_t i = 1; i < internal::kTypeCount; ++i) {
    const auto type = static_cast<TypeId>(i);
    EXPECT_EQ(FindType(TypeName(type)), type);
    EXPECT_TRUE(KindOf(type) != TypeKind::kNone) << TypeName(type);
    EXPECT_EQ(IsA(type, ParentOf(type)), ParentOf(type) != TypeId::kNone);
  }
  EXPECT_EQ(FindType("patient"), TypeId::kNone);
  EXPECT_EQ(FindType(""), TypeId::kNone);
  EXPECT_EQ(TypeName(static_cast<TypeId>(65535)), "");
  EXPECT_EQ(KindOf(static_cast<TypeId>(65535)), TypeKind::kNone);
  EXPECT_TRUE(ElementsOf(static_cast<TypeId>(65535)).empty());
}

TEST(R4Type, DerivationIsAsInTheSpecification) {
  EXPECT_TRUE(IsA("Patient"_type, "DomainResource"_type));
  EXPECT_TRUE(IsA("Patient"_type, "Resource"_type));
  EXPECT_FALSE(IsA("Bundle"_type, "DomainResource"_type));
  EXPECT_TRUE(IsA("Age"_type, "Quantity"_type));
  EXPECT_TRUE(IsA("code"_type, "string"_type));
  EXPECT_TRUE(IsA("uuid"_type, "uri"_type));
  EXPECT_TRUE(IsA("positiveInt"_type, "integer"_type));
  EXPECT_FALSE(IsA("instant"_type, "dateTime"_type));
  EXPECT_TRUE(IsA("Patient.contact"_type, "BackboneElement"_type));
  EXPECT_TRUE(IsA("Timing.repeat"_type, "Element"_type));
  EXPECT_TRUE(IsA("AdministrativeGender"_type, "code"_type));
  EXPECT_TRUE(IsA("System.Boolean"_type, "System.Any"_type));
  EXPECT_FALSE(IsA("boolean"_type, "System.Boolean"_type));
  EXPECT_EQ(KindOf("Patient.contact"_type), TypeKind::kComponent);
  EXPECT_EQ(KindOf("boolean"_type), TypeKind::kPrimitive);
  EXPECT_EQ(KindOf("MedicationRequest"_type), TypeKind::kResource);
}

TEST(R4Model, ElementsHaveTypesAndCardinality) {
  const ElementDefinition* name = FindElement("Patient"_type, "name"_key);
  ASSERT_NE(name, nullptr);
  EXPECT_EQ(name->declared_type, "HumanName"_type);
  EXPECT_TRUE(name->repeats());
  EXPECT_EQ(name->min, 0);
  EXPECT_EQ(name->name(), "name");
  const ElementDefinition* status = FindElement("Observation"_type, "status"_key);
  ASSERT_NE(status, nullptr);
  EXPECT_EQ(status->min, 1);
  EXPECT_FALSE(status->repeats());
  EXPECT_EQ(status->required_value_set(), "http://hl7.org/fhir/ValueSet/observation-status");
  EXPECT_EQ(TypeName(status->code_type), "ObservationStatus");
  EXPECT_EQ(TypeOf("Patient", "id"_key), "id");
  EXPECT_EQ(TypeOf("HumanName", "id"_key), "System.String");
  EXPECT_EQ(TypeOf("Patient", "contact"_key), "Patient.contact");
  EXPECT_EQ(TypeOf("Patient.contact", "name"_key), "HumanName");
  EXPECT_EQ(TypeOf("Patient", "dose"_key), "none");
}

TEST(R4Model, ChoicesResolveBothWays) {
  const ElementDefinition* value = FindElement("Observation"_type, "value"_key);
  ASSERT_NE(value, nullptr);
  EXPECT_TRUE(value->is_choice());
  EXPECT_EQ(value->choices().size(), 11U);
  EXPECT_EQ(value->choices().front().type, "Quantity"_type);
  EXPECT_EQ(value->choices().front().key(), "valueQuantity"_key);
  const ElementDefinition* member = FindElement("Observation"_type, "valueQuantity"_key);
  ASSERT_NE(member, nullptr);
  EXPECT_TRUE(member->is_choice_member());
  EXPECT_EQ(ChoiceOf("Observation"_type, *member), value);
  EXPECT_EQ(ChoiceOf("Observation"_type, *value), nullptr);
  EXPECT_EQ(MemberType("Extension"_type, "valueCodeableConcept"_key), "CodeableConcept"_type);
  EXPECT_EQ(MemberType("MedicationRequest"_type, "medicationReference"_key), "Reference"_type);
}

TEST(R4Model, ContentReferencesLeadToTheirTarget) {
  const ElementDefinition* link = FindElement("Bundle.entry"_type, "link"_key);
  ASSERT_NE(link, nullptr);
  EXPECT_TRUE(link->is_content_reference());
  EXPECT_EQ(TypeName(link->declared_type), "Bundle.link");
  EXPECT_EQ(TypeOf("Questionnaire.item", "item"_key), "Questionnaire.item");
}

TEST(R4Model, KnowsWhatCqlAdds) {
  EXPECT_EQ(PrimaryCodePath("Observation"_type), "code");
  EXPECT_EQ(PrimaryCodePath("MedicationRequest"_type), "medication");
  EXPECT_EQ(PrimaryCodePath("Encounter"_type), "type");
  EXPECT_EQ(PrimaryCodePath("Patient"_type), "");
  EXPECT_EQ(ConversionOf("Coding"_type), Conversion::kCode);
  EXPECT_EQ(ConversionOf("CodeableConcept"_type), Conversion::kConcept);
  EXPECT_EQ(ConversionOf("Period"_type), Conversion::kIntervalOfDateTime);
  EXPECT_EQ(ConversionOf("Range"_type), Conversion::kIntervalOfQuantity);
  EXPECT_EQ(ConversionOf("Age"_type), Conversion::kQuantity);
  EXPECT_EQ(ConversionOf("id"_type), Conversion::kString);
  EXPECT_EQ(ConversionOf("Patient"_type), Conversion::kNone);
  EXPECT_EQ(SystemTypeOf("positiveInt"_type), "System.Integer"_type);
  EXPECT_EQ(SystemTypeOf("instant"_type), "System.DateTime"_type);
  EXPECT_EQ(SystemTypeOf("base64Binary"_type), "System.String"_type);
  EXPECT_EQ(FindModelInfoType("Account.Coverage"), FindType("Account.coverage"));
  EXPECT_EQ(FindModelInfoType("Patient"), "Patient"_type);
  EXPECT_EQ(FindModelInfoType("Nothing.Here"), TypeId::kNone);
}

TEST(R4Model, RowsOfATypeAreOrderedAndRefer) {
  std::size_t elements = 0;
  for (std::size_t i = 0; i < internal::kTypeCount; ++i) {
    const auto type = static_cast<TypeId>(i);
    std::uint16_t previous = 0;
    for (const ElementDefinition& element : ElementsOf(type)) {
      ++elements;
      EXPECT_LT(previous, element.key().id());
      previous = element.key().id();
      EXPECT_EQ(FindElement(type, element.key()), &element);
      EXPECT_NE(element.is_choice(), element.declared_type != TypeId::kNone);
      EXPECT_EQ(element.is_choice_member(), ChoiceOf(type, element) != nullptr)
          << TypeName(type) << element.name();
      for (const ChoiceType& choice : element.choices())
        EXPECT_EQ(MemberType(type, choice.key()), choice.type);
    }
  }
  EXPECT_GT(elements, 8000U);
}

// The tables of npm fhirpath (fhir-context/r4), read in place.
class FhirpathJsTables : public ::testing::Test {
 protected:
  bool Load(const char* name) {
    const auto evidence = testing::EvidenceFolder();
    const auto path =
        evidence ? *evidence / "suites" / "model" / "fhirpathjs-r4" / name : std::filesystem::path();
    if (!evidence || !std::filesystem::exists(path)) return false;
    text_ = testing::ReadFile(path);
    size_ = text_.size();
    text_.append(json::kReadPadding, '\0');
    auto tree = json::Tree::Read(std::string_view(text_).substr(0, size_), arena_);
    root_ = tree.ok() ? tree.value()->root() : json::Value();
    return root_.exists();
  }
  // The row of "Bundle.entry.link".
  static const ElementDefinition* Element(std::string_view path) {
    const std::size_t dot = path.rfind('.');
    if (dot == std::string_view::npos) return nullptr;
    return FindElement(FindType(path.substr(0, dot)), json::FindKey(path.substr(dot + 1)));
  }
  // Types of theirs that are no types of R4: MetadataResource is an abstract definition of R5, extensions of
  // xhtml and profiles on extensions inside ElementDefinition are artefacts of their extraction.
  static bool IsArtefact(std::string_view path) {
    return path.starts_with("MetadataResource.") || path.starts_with("ElementDefinition.extension.") ||
           path == "xhtml.extension";
  }
  std::string text_;
  std::size_t size_ = 0;
  base::Arena arena_;
  json::Value root_;
};

TEST_F(FhirpathJsTables, AgreeOnTypes) {
  if (!Load("path2Type.json")) GTEST_SKIP() << "no suites/model/fhirpathjs-r4 in the evidence folder";
  int compared = 0;
  for (const json::Value row : root_) {
    if (IsArtefact(row.name())) continue;
    const ElementDefinition* element = Element(row.name());
    if (element == nullptr) {
      ADD_FAILURE() << "no element " << row.name();
      continue;
    }
    const std::string_view theirs = row.is_object() ? row["code"_key].string() : row.string();
    const bool component = KindOf(element->declared_type) == TypeKind::kComponent;
    const std::string_view ours =
        TypeName(component ? ParentOf(element->declared_type) : element->declared_type);
    // Theirs says System.String for Resource.id, which R4 resource.html#id types as id.
    if (ours == "id" && theirs == "System.String") continue;
    EXPECT_EQ(ours, theirs) << row.name();
    ++compared;
  }
  EXPECT_GT(compared, 7000);
}

TEST_F(FhirpathJsTables, AgreeOnRepetition) {
  if (!Load("path2Repeating.json")) GTEST_SKIP() << "no suites/model/fhirpathjs-r4 in the evidence folder";
  std::set<std::string> theirs;
  for (const json::Value path : root_) {
    if (!IsArtefact(path.string())) theirs.insert(std::string(path.string()));
  }
  for (const std::string& path : theirs) {
    const ElementDefinition* element = Element(path);
    EXPECT_TRUE(element != nullptr && element->repeats()) << path;
  }
  for (std::size_t i = 1; i < internal::kTypeCount; ++i) {
    const auto type = static_cast<TypeId>(i);
    for (const ElementDefinition& element : ElementsOf(type)) {
      const std::string path = std::string(TypeName(type)) + "." + std::string(element.name());
      // Theirs lists content references under their target.
      if (!element.repeats() || element.is_choice_member() || element.is_content_reference()) continue;
      // Nor does it know the two profiles on Quantity.
      if (type == "SimpleQuantity"_type || type == "MoneyQuantity"_type) continue;
      EXPECT_TRUE(theirs.contains(path)) << path;
    }
  }
}

TEST_F(FhirpathJsTables, AgreeOnChoices) {
  if (!Load("choiceTypePaths.json")) GTEST_SKIP() << "no suites/model/fhirpathjs-r4 in the evidence folder";
  for (const json::Value row : root_) {
    if (IsArtefact(row.name())) continue;
    const ElementDefinition* element = Element(row.name());
    if (element == nullptr || !element->is_choice()) {
      ADD_FAILURE() << "no choice " << row.name();
      continue;
    }
    std::set<std::string> theirs;
    for (const json::Value suffix : row) {
      theirs.insert(std::string(element->name()) + std::string(suffix.string()));
    }
    std::set<std::string> ours;
    for (const ChoiceType& choice : element->choices()) ours.insert(std::string(json::KeyName(choice.key())));
    EXPECT_EQ(ours, theirs) << row.name();
  }
}

TEST_F(FhirpathJsTables, AgreeOnParents) {
  if (!Load("type2Parent.json")) GTEST_SKIP() << "no suites/model/fhirpathjs-r4 in the evidence folder";
  for (const json::Value row : root_) {
    EXPECT_EQ(TypeName(ParentOf(FindType(row.name()))), row.string()) << row.name();
  }
}

TEST_F(FhirpathJsTables, AgreeOnContentReferences) {
  if (!Load("pathsDefinedElsewhere.json"))
    GTEST_SKIP() << "no suites/model/fhirpathjs-r4 in the evidence folder";
  for (const json::Value row : root_) {
    const ElementDefinition* element = Element(row.name());
    ASSERT_NE(element, nullptr) << row.name();
    EXPECT_TRUE(element->is_content_reference()) << row.name();
    EXPECT_EQ(TypeName(element->declared_type), row.string()) << row.name();
  }
}

}  // namespace
}  // namespace osteon::model
