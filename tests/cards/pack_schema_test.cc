#include "cards/pack_schema.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include "cards/pack_reader_forms.h"

namespace osteon::testing {
namespace {

TEST(PackSchema, FilesAreWhatTheProgramPrints) {
  for (const std::string_view name : cards::PackSchemaNames()) {
    std::ifstream in(std::string(OSTEON_SOURCE_DIR) + "/docs/schemas/" + std::string(name) + ".schema.json");
    const std::string file{std::istreambuf_iterator<char>(in), {}};
    EXPECT_TRUE(file == *cards::PackSchema(name)) << "stale; write it again with: osteon check --schema "
                                                  << name << " > docs/schemas/" << name << ".schema.json";
  }
  EXPECT_FALSE(cards::PackSchema("case").has_value());
}

// Texts that some form takes and that others do not.
constexpr const char* kTexts[] = {"",
                                  "a",
                                  "A",
                                  "1",
                                  "_a",
                                  "a_1",
                                  "a.b-c",
                                  "A.b",
                                  "1.2",
                                  "1.2.3",
                                  "01.2.3",
                                  "1.2.3-rc.1",
                                  "1.2.3+b.5",
                                  "1.2.3-rc+b",
                                  "1.2.3-",
                                  "1.2.3-a..b",
                                  "v1.2.3",
                                  "Apache-2.0",
                                  "Apache-2.0 OR MIT",
                                  "Apache-2.0 MIT",
                                  "OR",
                                  "MIT OR",
                                  "MIT  OR MIT",
                                  "GPL-2.0+ WITH Classpath-exception-2.0",
                                  "https://example.org",
                                  "https://example.org/a b",
                                  "https://",
                                  "https:///x",
                                  "https://x/<y>",
                                  "http://example.org",
                                  "urn:x:y",
                                  "urn:",
                                  "urn:a b",
                                  "1urn:x",
                                  "2021",
                                  "2021-05",
                                  "2021-13",
                                  "2021-00",
                                  "2021-05-31",
                                  "2021-05-32",
                                  "2021-05-00",
                                  "2021-5",
                                  "patient-view",
                                  "Patient-view",
                                  "Observation",
                                  "Observation2",
                                  "_count",
                                  "code:in",
                                  "a code",
                                  "a  code",
                                  " a",
                                  "a ",
                                  "a\nb",
                                  "M54.5",
                                  "~x",
                                  "x~",
                                  "a/b"};

TEST(PackSchema, PatternsSayWhatTheReaderChecks) {
  std::set<std::string_view> seen;
  for (const cards::TextForm* form : cards::form::All()) {
    EXPECT_NE(form->pattern.empty(), form->choices.empty()) << form->says;
    if (form->pattern.empty()) continue;
    EXPECT_TRUE(seen.insert(form->pattern).second) << form->pattern;
    const std::regex pattern{std::string(form->pattern)};
    for (const char* text : kTexts)
      EXPECT_EQ(form->matches(text), std::regex_match(text, pattern)) << form->says << ": " << text;
  }
}

}  // namespace
}  // namespace osteon::testing
