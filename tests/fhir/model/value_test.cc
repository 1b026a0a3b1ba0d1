#include "fhir/model/value.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "fhir/model/r4_model.h"
#include "fhir/model/value_compare.h"
#include "fhir/model/value_node.h"
#include "fhir/model/value_quantity.h"
#include "fhir/model/value_text.h"
#include "tests/fhir/model/document.h"

namespace osteon::model {
namespace {

using base::Decimal;
using json::operator""_key;

class Values : public ::testing::Test {
 protected:
  Val Dec(std::string_view text) { return Val::Decimal(Decimal::Of(text), arena_); }
  Val Str(std::string_view text) { return Val::String(text); }
  Val Q(std::string_view text) {
    const auto quantity = ParseQuantityText(text, arena_);
    EXPECT_TRUE(quantity.has_value()) << text;
    return quantity ? Val::Quantity(*quantity, arena_) : Val::Null();
  }
  Val At(std::string_view text) {
    const auto value = text.starts_with("T") ? ParseTimeText(text) : ParseDateTimeText(text);
    EXPECT_TRUE(value.has_value()) << text;
    return value ? Val::Of(*value) : Val::Null();
  }
  Val ListOf(std::vector<Val> items) {
    ListBuilder list(arena_);
    for (const Val& item : items) list.Add(item);
    return list.Finish();
  }
  Val Code(std::string_view code, std::string_view system) {
    return Val::Code({code, system, "", ""}, arena_);
  }
  static char Sign(Truth truth) { return "FT?"[static_cast<int>(truth)]; }
  char Eq(const Val& a, const Val& b) {
    EXPECT_EQ(Equal(a, b, fhirpath_), Equal(b, a, fhirpath_));
    const bool numbers = a.is_number() == b.is_number();
    EXPECT_TRUE(Equal(a, b, fhirpath_) != Truth::kTrue || !numbers ||
                HashOf(a, fhirpath_) == HashOf(b, fhirpath_));
    return Sign(Equal(a, b, fhirpath_));
  }
  char CqlEq(const Val& a, const Val& b) {
    EXPECT_EQ(Equal(a, b, cql_), Equal(b, a, cql_));
    return Sign(Equal(a, b, cql_));
  }
  bool Eqv(const Val& a, const Val& b) { return Equivalent(a, b, fhirpath_) && Equivalent(b, a, fhirpath_); }
  bool CqlEqv(const Val& a, const Val& b) { return Equivalent(a, b, cql_) && Equivalent(b, a, cql_); }
  char Less(const Val& a, const Val& b) { return Sign(IsLess(CompareValues(a, b, fhirpath_))); }

  base::Arena arena_;
  ValueContext fhirpath_{arena_, Language::kFhirPath, kNoOffset};
  ValueContext cql_{arena_, Language::kCql, 0};
};

TEST_F(Values, LogicFollowsTheTruthTables) {
  const Truth t = Truth::kTrue;
  const Truth f = Truth::kFalse;
  const Truth u = Truth::kUnknown;
  EXPECT_EQ(And(t, u), u);
  EXPECT_EQ(And(f, u), f);
  EXPECT_EQ(Or(t, u), t);
  EXPECT_EQ(Or(f, u), u);
  EXPECT_EQ(Xor(t, u), u);
  EXPECT_EQ(Xor(t, f), t);
  EXPECT_EQ(Implies(f, u), t);
  EXPECT_EQ(Implies(t, u), u);
  EXPECT_EQ(Implies(u, t), t);
  EXPECT_EQ(Implies(u, f), u);
  EXPECT_EQ(Not(u), u);
}

TEST_F(Values, CollectionsAndListsAreViewedAsSpans) {
  EXPECT_TRUE(Items(Val::Null()).empty());
  const Val one = Val::Integer(1);
  EXPECT_EQ(Items(one).size(), 1U);
  ListBuilder builder(arena_);
  EXPECT_TRUE(builder.FinishCollection().is_null());
  EXPECT_TRUE(builder.Finish().is(Kind::kList));
  builder.Add(one);
  EXPECT_TRUE(builder.FinishCollection().is(Kind::kInteger));
  builder.AddItems(ListOf({one, one, Val::Null()}));
  EXPECT_EQ(builder.Finish().list().size(), 4U);
}

// FHIRPath 2.0 "Equality"; the official suite's testEquality and testQuantity.
TEST_F(Values, EqualNumbersTextsAndDates) {
  EXPECT_EQ(Eq(Val::Integer(1), Dec("1.0")), 'T');
  EXPECT_EQ(Eq(Val::Integer(1), Val::Long(1)), 'T');
  EXPECT_EQ(Eq(Dec("1.10"), Dec("1.1")), 'T');
  EXPECT_EQ(Eq(Str("a"), Str("A")), 'F');
  EXPECT_EQ(Eq(Str("1"), Val::Integer(1)), 'F');
  EXPECT_EQ(Eq(Val::Null(), Val::Integer(1)), '?');
  EXPECT_EQ(Eq(At("2012-04-15"), At("2012-04-15T10:00:00")), '?');
  EXPECT_EQ(Eq(At("2012-04-15"), At("T10:00:00")), 'F');
  EXPECT_EQ(Eq(At("2012-04-15T15:00:00+02:00"), At("2012-04-15T16:00:00+03:00")), 'T');
  EXPECT_EQ(Eq(Val::Boolean(true), Val::Boolean(true)), 'T');
}

TEST_F(Values, EqualQuantitiesWithUnits) {
  EXPECT_EQ(Eq(Q("4.0000 'g'"), Q("4000.0 'mg'")), 'T');
  EXPECT_EQ(Eq(Q("1 'cm'"), Q("1 's'")), '?');
  EXPECT_EQ(Eq(Q("7 days"), Q("1 'wk'")), 'T');
  EXPECT_EQ(Eq(Q("1 year"), Q("1 'a'")), '?');
  EXPECT_EQ(Eq(Q("1 month"), Q("1 'mo'")), '?');
  EXPECT_EQ(Eq(Q("1 year"), Q("12 months")), 'T');
  EXPECT_EQ(Eq(Q("1 year"), Q("365 days")), '?');
  EXPECT_EQ(Eq(Q("1 milliseconds"), Q("1 'ms'")), 'T');
  EXPECT_EQ(Eq(Q("1 'furlong'"), Q("1 'furlong'")), 'T');
  EXPECT_EQ(Eq(Q("1 'furlong'"), Q("1 'm'")), '?');
  EXPECT_EQ(Sign(Equal(Q("1"), Val::Integer(1), fhirpath_)), 'T');
}

TEST_F(Values, EqualListsInOrder) {
  EXPECT_EQ(Eq(ListOf({Val::Integer(1), Val::Integer(2)}), ListOf({Val::Integer(2), Val::Integer(1)})), 'F');
  EXPECT_EQ(CqlEq(ListOf({Val::Null()}), ListOf({Val::Null()})), 'T');
  EXPECT_EQ(CqlEq(ListOf({}), ListOf({})), 'T');
  EXPECT_EQ(CqlEq(ListOf({Val::Integer(1)}), Val::Integer(1)), 'F');
  EXPECT_EQ(CqlEq(ListOf({At("2014"), Val::Integer(2)}), ListOf({At("2014-01"), Val::Integer(3)})), 'F');
}

// CQL suite, TupleEq...
TEST_F(Values, EqualTuplesByName) {
  const std::string_view names[] = {"Name", "Id"};
  const auto tuple = [&](const Val& name, const Val& id) {
    const Val values[] = {name, id};
    return Val::Tuple(names, values, TypeId::kNone, arena_);
  };
  const Val john = tuple(Str("John"), Val::Integer(1));
  EXPECT_EQ(CqlEq(john, tuple(Str("John"), Val::Integer(1))), 'T');
  EXPECT_EQ(CqlEq(john, tuple(Val::Null(), Val::Integer(2))), 'F');
  EXPECT_EQ(CqlEq(john, tuple(Val::Null(), Val::Integer(1))), '?');
  EXPECT_EQ(CqlEq(tuple(Val::Null(), Val::Integer(1)), tuple(Val::Null(), Val::Integer(1))), 'T');
  EXPECT_EQ(john.tuple().Find("Name").string(), "John");
  EXPECT_TRUE(john.tuple().Find("Age").is_null());
  EXPECT_EQ(ToLiteral(john), "Tuple { Id: 1, Name: 'John' }");
}

// FHIRPath 2.0 "Equivalence"; CQL 1.5.3 "Equivalent".
TEST_F(Values, EquivalenceIsMoreTolerant) {
  EXPECT_TRUE(Eqv(Val::Null(), Val::Null()));
  EXPECT_FALSE(Eqv(Val::Null(), Val::Integer(1)));
  EXPECT_TRUE(Eqv(Str("Abc  d"), Str("aBC\td")));
  EXPECT_TRUE(Eqv(Dec("1.2"), Dec("1.15")));
  EXPECT_FALSE(Eqv(Dec("1.2"), Dec("1.14")));
  EXPECT_TRUE(Eqv(Q("4 'g'"), Q("4040 'mg'")));
  EXPECT_FALSE(Eqv(Q("4 'g'"), Q("4600 'mg'")));
  EXPECT_TRUE(Eqv(Q("1 year"), Q("1 'a'")));
  EXPECT_TRUE(Eqv(Q("1 months"), Q("1 'mo'")));
  EXPECT_FALSE(Eqv(At("2012-04-15"), At("2012-04-15T10:00:00")));
  EXPECT_TRUE(Eqv(At("2012-04-15T15:30:31"), At("2012-04-15T15:30:31.0")));
  EXPECT_TRUE(Eqv(ListOf({Val::Integer(1), Val::Integer(2)}), ListOf({Val::Integer(2), Val::Integer(1)})));
  EXPECT_FALSE(Eqv(ListOf({Val::Integer(1), Val::Integer(1)}), ListOf({Val::Integer(2), Val::Integer(1)})));
  EXPECT_FALSE(
      CqlEqv(ListOf({Val::Integer(1), Val::Integer(2)}), ListOf({Val::Integer(2), Val::Integer(1)})));
}

TEST_F(Values, EquivalentCodesShareSystemAndCode) {
  const CodeValue codes[] = {{"1", "s", "", ""}, {"2", "t", "", "Two"}};
  const Val both = Val::Concept({codes, ""}, arena_);
  EXPECT_TRUE(CqlEqv(both, Code("2", "t")));
  EXPECT_FALSE(CqlEqv(both, Code("2", "s")));
  EXPECT_TRUE(CqlEqv(Code("2", "t"), Val::Code({"2", "t", "2019", "Zwei"}, arena_)));
  EXPECT_EQ(CqlEq(Code("2", "t"), Val::Code({"2", "t", "2019", ""}, arena_)), '?');
  EXPECT_EQ(CqlEq(Code("2", "t"), Code("3", "t")), 'F');
}

TEST_F(Values, OrderNeedsOneType) {
  EXPECT_EQ(Less(Val::Integer(1), Dec("1.5")), 'T');
  EXPECT_EQ(Less(Str("A"), Str("a")), 'T');
  EXPECT_EQ(Less(Q("1 'cm'"), Q("1 '[in_i]'")), 'T');
  EXPECT_EQ(Less(At("2018-03"), At("2018-03-01")), '?');
  EXPECT_FALSE(CompareValues(Str("a"), Val::Integer(1), fhirpath_).has_value());
  EXPECT_FALSE(CompareValues(Val::Boolean(true), Val::Boolean(false), fhirpath_).has_value());
  const Val range = Val::Uncertainty({7, 18}, arena_);
  EXPECT_EQ(Less(Val::Integer(5), range), 'T');
  EXPECT_EQ(Less(range, Val::Integer(10)), '?');
  EXPECT_EQ(CqlEq(range, Val::Integer(24)), 'F');
  EXPECT_EQ(CqlEq(range, Val::Integer(8)), '?');
  EXPECT_TRUE(Val::Uncertainty({3, 3}, arena_).is(Kind::kInteger));
}

TEST_F(Values, TextIsAsTheLanguagesWriteIt) {
  EXPECT_EQ(ToText(Dec("1.50")), "1.50");
  EXPECT_EQ(ToText(Q("5.5 'cm'")), "5.5 'cm'");
  EXPECT_EQ(ToText(Q("4 days")), "4 days");
  EXPECT_EQ(ToText(Q("1")), "1 '1'");
  EXPECT_EQ(ToText(Val::Boolean(false)), "false");
  EXPECT_EQ(ToText(ListOf({})), std::nullopt);
  EXPECT_EQ(ToLiteral(ListOf({Val::Integer(1), Str("it's"), Val::Null(), Val::Long(2)})),
            "{ 1, 'it\\'s', null, 2L }");
  EXPECT_EQ(ToLiteral(At("2014-01")), "@2014-01T");
  EXPECT_EQ(ToLiteral(At("T10:00")), "@T10:00");
  EXPECT_EQ(ToLiteral(Val::Interval({Val::Integer(1), Val::Null(), true, false}, arena_)),
            "Interval[1, null)");
  EXPECT_EQ(ToLiteral(Code("8480-6", "")), "Code { code: '8480-6' }");
}

TEST_F(Values, QuantityTextFollowsTheGrammar) {
  for (const char* wrong : {"", "1.a", "1 wk", "'mg'", "1 'mg", "1days", "1e3", "1 'a'b'", "--1"}) {
    EXPECT_FALSE(ParseQuantityText(wrong, arena_).has_value()) << wrong;
  }
  EXPECT_EQ(ToText(Q("+5.50'mg'")), "5.50 'mg'");
  EXPECT_EQ(ToText(Q("-5")), "-5 '1'");
  EXPECT_EQ(ParseDecimalText("007.5"), Decimal::Of("7.5"));
  EXPECT_FALSE(ParseDecimalText("+-1").has_value());
}

// The official suite's LowBoundaryDecimal and HighBoundaryDecimal.
TEST_F(Values, DecimalBoundariesRoundOutwards) {
  const auto low = [](std::string_view text, int digits) {
    const auto result = LowBoundary(Decimal::Of(text), digits);
    return result ? result->ToString() : "none";
  };
  const auto high = [](std::string_view text, int digits) {
    const auto result = HighBoundary(Decimal::Of(text), digits);
    return result ? result->ToString() : "none";
  };
  EXPECT_EQ(low("1.587", 8), "1.58650000");
  EXPECT_EQ(low("1.587", 2), "1.58");
  EXPECT_EQ(low("1.587", 0), "1");
  EXPECT_EQ(low("-1.587", 2), "-1.59");
  EXPECT_EQ(low("-1.587", 0), "-2");
  EXPECT_EQ(low("12.500", 4), "12.4995");
  EXPECT_EQ(low("1.587", 32), "none");
  EXPECT_EQ(low("1.587", -1), "none");
  EXPECT_EQ(high("1.587", 2), "1.59");
  EXPECT_EQ(high("-1.587", 2), "-1.58");
  EXPECT_EQ(high("1", 8), "1.50000000");
  EXPECT_EQ(high("1", 0), "2");
}

TEST_F(Values, NeighboursAndExtremesFollowTheType) {
  EXPECT_EQ(ToLiteral(SuccessorOf(Val::Integer(1), cql_)), "2");
  EXPECT_TRUE(SuccessorOf(Val::Integer(INT32_MAX), cql_).is_null());
  EXPECT_TRUE(PredecessorOf(Val::Long(INT64_MIN), cql_).is_null());
  EXPECT_EQ(ToLiteral(SuccessorOf(Dec("1.0"), cql_)), "1.00000001");
  EXPECT_EQ(ToLiteral(PredecessorOf(Q("5.0 'g'"), cql_)), "4.99999999 'g'");
  EXPECT_TRUE(SuccessorOf(MaximumLike(Dec("1"), cql_), cql_).is_null());
  EXPECT_EQ(ToLiteral(MinimumLike(At("2014"), cql_)), "@0001-01-01T00:00:00.000Z");
}

class Nodes : public Values {
 protected:
  Nodes()
      : document_(R"({"resourceType":"Patient","id":"p","birthDate":"1974-12-25",
          "_birthDate":{"extension":[{"url":"u","valueCode":"c"}]},"active":true,
          "name":[{"given":["Peter","James"],"_given":[null,{"id":"g"}]},{"family":"W","_family":{"id":"f"}}],
          "deceasedBoolean":false,"contact":[{"gender":"male"}],"_language":{"id":"l"},"unheard":{"of":1},
          "multipleBirthInteger":"two",
          "contained":[{"resourceType":"Observation","status":"final",
            "valueQuantity":{"value":6.30,"unit":"mg","system":"http://unitsofmeasure.org","code":"mg"},
            "code":{"coding":[{"system":"s","code":"1"},{"code":"2"}],"text":"x"}},
            {"resourceType":"Encounter","period":{"start":"2014","end":"2015"}}]})"),
        patient_(ResourceNode(document_.root())) {}
  Val Get(const Val& node, std::string_view name) { return Member(node, name, arena_); }

  Document document_;
  Val patient_;
};

TEST_F(Nodes, HaveTheTypesOfTheModel) {
  EXPECT_EQ(patient_.fhir_type(), "Patient"_type);
  const Val birth = Member(patient_, "birthDate"_key, arena_);
  EXPECT_EQ(birth.fhir_type(), "date"_type);
  EXPECT_EQ(ToLiteral(ToSystem(birth, fhirpath_)), "@1974-12-25");
  EXPECT_TRUE(birth.node_extension().exists());
  EXPECT_EQ(ToLiteral(ToSystem(Get(patient_, "active"), fhirpath_)), "true");
  EXPECT_EQ(Get(Get(patient_, "contact"), "gender").fhir_type(), "code"_type);
  EXPECT_EQ(Get(patient_, "deceased").fhir_type(), "boolean"_type);
  EXPECT_EQ(Get(patient_, "unheard").fhir_type(), TypeId::kNone);
  EXPECT_TRUE(Get(patient_, "photo").is_null());
  EXPECT_TRUE(ToSystem(Get(patient_, "multipleBirth"), fhirpath_).is_null())
      << "a number in a string is no value";
}

TEST_F(Nodes, ZipPrimitivesWithTheirTwins) {
  const Val names = Get(patient_, "name");
  const Val given = Get(names.list()[0], "given");
  ASSERT_EQ(given.list().size(), 2U);
  EXPECT_FALSE(given.list()[0].node_extension().exists());
  EXPECT_TRUE(given.list()[1].node_extension().exists());
  EXPECT_EQ(ToLiteral(ToSystem(Get(given.list()[1], "id"), fhirpath_)), "'g'");
  const Val language = Get(patient_, "language");
  EXPECT_TRUE(language.is(Kind::kNode));
  EXPECT_FALSE(language.node().exists());
  EXPECT_TRUE(ToSystem(language, fhirpath_).is_null());
  EXPECT_EQ(Get(Get(patient_, "birthDate"), "extension").fhir_type(), "Extension"_type);
}

TEST_F(Nodes, ConvertByLanguage) {
  const Val contained = Get(patient_, "contained");
  const Val observation = contained.list()[0];
  EXPECT_EQ(observation.fhir_type(), "Observation"_type);
  const Val value = Get(observation, "value");
  EXPECT_EQ(value.fhir_type(), "Quantity"_type);
  EXPECT_EQ(ToLiteral(ToSystem(value, fhirpath_)), "6.30 'mg'");
  EXPECT_EQ(Eq(value, Q("0.0063 'g'")), 'T');
  const Val code = Get(observation, "code");
  EXPECT_TRUE(ToSystem(code, fhirpath_).is(Kind::kNode));
  EXPECT_EQ(ToLiteral(ToSystem(code, cql_)),
            "Concept { codes: { Code { code: '1', system: 's' }, Code { code: '2' } }, display: 'x' }");
  EXPECT_EQ(ToLiteral(ToSystem(Get(contained.list()[1], "period"), cql_)), "Interval[@2014T, @2015T]");
}

TEST_F(Nodes, ListTheirChildren) {
  ListBuilder children(arena_);
  AddChildren(patient_, children, arena_);
  EXPECT_EQ(children.size(), 12U);
  ListBuilder of_birth_date(arena_);
  AddChildren(Get(patient_, "birthDate"), of_birth_date, arena_);
  ASSERT_EQ(of_birth_date.size(), 1U);
  EXPECT_EQ(of_birth_date.items()[0].fhir_type(), "Extension"_type);
}

TEST_F(Nodes, CompareAsTrees) {
  const Document a(R"({"resourceType":"Patient","name":[{"id":"1","family":"W","given":["A"]}]})");
  const Document b(R"({"resourceType":"Patient","name":[{"given":["A"],"id":"1","family":"W"}]})");
  const Document c(R"({"resourceType":"Patient","name":[{"given":["a"],"id":"2","family":"w"}]})");
  const Document d(R"({"resourceType":"Patient","name":[{"given":["w"],"family":"a"}]})");
  const auto name = [&](const Document& document) { return Get(ResourceNode(document.root()), "name"); };
  EXPECT_EQ(Eq(name(a), name(b)), 'T');
  EXPECT_EQ(Eq(name(a), name(c)), 'F');
  EXPECT_TRUE(Eqv(name(a), name(c)));
  EXPECT_FALSE(Eqv(name(a), name(d)));
}

TEST_F(Nodes, QuantitiesKeepOnlyUsableAmounts) {
  const auto quantity = [](std::string_view json) {
    const Document document(json);
    const auto value = QuantityOfNode(document.root());
    return value ? ToText(*value) : "none";
  };
  const std::string ucum = R"("system":"http://unitsofmeasure.org")";
  EXPECT_EQ(quantity(R"({"value":1.0,"unit":"years","code":"a",)" + ucum + "}"), "1.0 year");
  EXPECT_EQ(quantity(R"({"value":1,"comparator":"<","code":"mg",)" + ucum + "}"), "none");
  EXPECT_EQ(quantity(R"({"unit":"mg"})"), "none");
  EXPECT_EQ(quantity(R"({"value":"1"})"), "none");
  EXPECT_EQ(quantity(R"({"value":1})"), "1 '1'");
}

}  // namespace
}  // namespace osteon::model
