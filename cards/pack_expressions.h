// The expressions of a pack, put into the libraries they are read in and analysed with them as one program.
// Private to cards/pack_compiler.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cards/pack_findings.h"
#include "cards/pack_program.h"
#include "cards/pack_source.h"
#include "fhir/cql/analysis.h"

namespace osteon::cards {

// What is in scope besides the library: types as CQL text, empty when there is nothing of the name.
struct ItemTypes {
  std::string draft;
  std::string it;
};

enum class Want : std::uint8_t {
  kCondition,  // Boolean
  kList,
  kTexts,    // a list of texts
  kText,     // text, number, date, quantity, code
  kNumber,   // number
  kBoolean,  // for a placeholder where JSON has a boolean
};

class PackExpressions {
 public:
  PackExpressions(const PackSource& source, PackFindings& findings);

  // A text that is an expression, or the part of one that begins at `offset`. None for an empty text, and for
  // one that is reported as no name of anything. The same text in the same scope is one expression.
  Expression Add(std::string_view library, const Text& whole, const ItemTypes& items, Want want);
  Expression Add(std::string_view library, const Text& whole, std::size_t offset, std::string_view text,
                 const ItemTypes& items, Want want);

  // Analyses the libraries with everything added so far.
  void Analyze();
  // The type of a list's items as CQL text; nullopt when it is not known. REQUIRES: Analyze since its Add.
  std::optional<std::string> ItemType(Expression expression) const;

  // Reports what the last analysis found, and values of other types than wanted.
  void Report();
  // Null when something is wrong.
  std::shared_ptr<const cql::ProgramIr> program() const { return analysis_.program; }
  // Never null; see cql::Analysis::partial.
  const cql::ProgramIr& partial() const { return *analysis_.partial; }
  // REQUIRES: program().
  std::vector<CompiledExpression> Compiled() const;
  std::vector<PackProgram::Line> Lines() const;
  Place PlaceOf(Expression expression) const;
  // Where a finding of the analysis stands in the files.
  Place PlaceOf(const cql::Diagnostic& diagnostic) const;
  // The place of a byte of an analysed library's text.
  Place PlaceOf(const cql::LibraryIr& library, cql::Span span) const;

 private:
  struct Entry {
    std::string library;
    Text whole;
    std::size_t offset = 0;
    std::string text;
    ItemTypes items;
    std::vector<Want> wants;
    bool is_define = false;
    std::uint32_t first_line = 0;  // in the library's text, of the expression
    std::uint32_t last_line = 0;
  };
  const LibrarySource* FindSource(std::string_view library) const;
  const cql::Type* TypeOf(const Entry& entry, std::size_t number) const;
  CompiledExpression CompiledOf(const Entry& entry, std::size_t number) const;
  std::string TextOf(const LibrarySource& library);
  void CheckLibraryNames();
  void CheckTypes();
  bool LooksLikeName(std::string_view text) const;
  void ReportNoName(const Entry& entry);

  const PackSource& source_;
  PackFindings& findings_;
  std::vector<Entry> entries_;
  std::map<std::string, std::uint32_t> numbers_;  // by library, scope and text
  cql::Analysis analysis_;
};

}  // namespace osteon::cards
