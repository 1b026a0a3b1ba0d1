// Reads CQL source text into a syntax tree. Source: CQL 1.5.3, Appendix A (grammar), chapters 2 and 3.
#pragma once

#include <memory>

#include "fhir/cql/source.h"
#include "fhir/cql/syntax.h"

namespace osteon::cql {

// Never null. Every syntax error is in `diagnostics`, one per definition at most, since what follows the
// first one in a definition is guesswork; definitions with an error are marked broken. `source` stays alive
// and unchanged as long as the tree.
std::unique_ptr<LibrarySyntax> ParseLibrary(const Source& source, Diagnostics& diagnostics);

// The same for text that is one expression: a library with one definition of that name.
std::unique_ptr<LibrarySyntax> ParseExpression(const Source& source, std::string_view name,
                                               Diagnostics& diagnostics);

}  // namespace osteon::cql
