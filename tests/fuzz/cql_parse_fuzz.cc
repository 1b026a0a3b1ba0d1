// Any text: it is a library or it has located findings, and both are the same when it is read again.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "fhir/cql/analysis.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace osteon::cql;
  const Source source{"fuzz", std::string(reinterpret_cast<const char*>(data), size)};
  const Analysis first = AnalyzeLibrary(source);
  if ((first.program == nullptr) == first.findings.empty()) std::abort();
  for (const Diagnostic& finding : first.findings) {
    if (finding.span.begin > size || finding.line == 0 || finding.column == 0) std::abort();
  }
  if (AnalyzeLibrary(source).report != first.report) std::abort();
  return 0;
}
