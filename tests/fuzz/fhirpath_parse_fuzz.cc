// Any text as an expression: reading, checking and compiling it ends in a program or in findings whose places
// lie inside the text.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "fhir/model/r4_type.h"
#include "fhir/path/program.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace osteon;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  path::CheckOptions options;
  options.context = model::FindType("Patient");
  const path::Compilation compilation = path::Compile(text, options);
  for (const path::Diagnostic& diagnostic : compilation.diagnostics) {
    if (diagnostic.span.begin > size || diagnostic.span.end > size || Render(diagnostic, text).empty()) {
      std::fprintf(stderr, "fhirpath_parse_fuzz: a finding lies outside the text\n");
      std::abort();
    }
  }
  const bool has_errors = path::HasErrors(compilation.diagnostics);
  if (has_errors != (compilation.program == nullptr)) {
    std::fprintf(stderr, "fhirpath_parse_fuzz: neither a program nor an error\n");
    std::abort();
  }
  return 0;
}
