#include "cards/pack_expressions.h"

#include <algorithm>

#include "fhir/base/text.h"
#include "fhir/model/r4_model.h"

namespace osteon::cards {
namespace {

using cql::SystemType;
using cql::Type;
using cql::TypeKind;

constexpr std::string_view kMainName = "~Pack";

std::string NameOf(std::size_t number) {
  return "~" + std::to_string(number);
}

// Whether the text names the variable; a mention in a string is one too many and does no harm.
bool Mentions(std::string_view text, std::string_view variable) {
  return base::ContainsWord(text, variable);
}

// Its byte offset from a line and column that count from 1.
std::size_t OffsetOf(std::string_view text, std::uint32_t lines, std::uint32_t column) {
  std::size_t at = 0;
  for (std::uint32_t i = 0; i < lines; ++i) {
    const std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos) return text.size();
    at = end + 1;
  }
  return at + base::TakeCodePoints(text.substr(at), column > 0 ? column - 1 : 0).size();
}

std::uint32_t LineCount(std::string_view text) {
  return static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n'));
}

bool IsText(const Type& type) {
  switch (type.kind) {
    case TypeKind::kAny:
      return true;
    case TypeKind::kSystem:
      return type.system != SystemType::kVocabulary && type.system != SystemType::kValueSet &&
             type.system != SystemType::kCodeSystem;
    case TypeKind::kFhir: {
      const auto conversion = model::ConversionOf(type.fhir);
      return conversion != model::Conversion::kNone && conversion != model::Conversion::kIntervalOfDateTime &&
             conversion != model::Conversion::kIntervalOfQuantity;
    }
    case TypeKind::kChoice:
      return std::all_of(type.choices.begin(), type.choices.end(),
                         [](const Type* choice) { return IsText(*choice); });
    default:
      return false;
  }
}

bool IsBoolean(const Type& type) {
  return type.kind == TypeKind::kAny || type.Is(SystemType::kBoolean) ||
         (type.kind == TypeKind::kFhir && model::ConversionOf(type.fhir) == model::Conversion::kBoolean);
}

bool IsString(const Type& type) {
  return type.kind == TypeKind::kAny || type.Is(SystemType::kString) ||
         (type.kind == TypeKind::kFhir && model::ConversionOf(type.fhir) == model::Conversion::kString);
}

bool IsNumber(const Type& type) {
  if (type.kind == TypeKind::kFhir) {
    const auto conversion = model::ConversionOf(type.fhir);
    return conversion == model::Conversion::kInteger || conversion == model::Conversion::kDecimal;
  }
  return type.kind == TypeKind::kAny || type.Is(SystemType::kInteger) || type.Is(SystemType::kLong) ||
         type.Is(SystemType::kDecimal);
}

// What is wanted instead; empty when the type will do.
std::string_view Misses(const Type& type, Want want) {
  switch (want) {
    case Want::kCondition:
    case Want::kBoolean:
      return IsBoolean(type) ? "" : "a Boolean";
    case Want::kList:
      return type.kind == TypeKind::kList || type.kind == TypeKind::kAny ? "" : "a list";
    case Want::kTexts:
      if (type.kind == TypeKind::kAny) return "";
      return type.kind == TypeKind::kList && IsString(*type.element) ? "" : "a list of texts";
    case Want::kText:
      return IsText(type) ? "" : "a text, a number, a date, a quantity or a code";
    case Want::kNumber:
      return IsNumber(type) ? "" : "a number";
  }
  return "";
}

}  // namespace

PackExpressions::PackExpressions(const PackSource& source, PackFindings& findings)
    : source_(source), findings_(findings) {
  Analyze();
}

const LibrarySource* PackExpressions::FindSource(std::string_view library) const {
  const auto found = std::find_if(source_.libraries.begin(), source_.libraries.end(),
                                  [&](const LibrarySource& row) { return row.name == library; });
  return found == source_.libraries.end() ? nullptr : &*found;
}

Expression PackExpressions::Add(std::string_view library, const Text& whole, const ItemTypes& items,
                                Want want) {
  return Add(library, whole, 0, whole.text, items, want);
}

Expression PackExpressions::Add(std::string_view library, const Text& whole, std::size_t offset,
                                std::string_view text, const ItemTypes& items, Want want) {
  const std::string_view trimmed = base::Trim(text);
  if (trimmed.empty() || FindSource(library) == nullptr) return {};
  Entry entry;
  entry.library = library;
  entry.whole = whole;
  entry.offset = offset + static_cast<std::size_t>(trimmed.data() - text.data());
  entry.text = trimmed;
  const cql::LibraryIr* const ir = cql::FindLibrary(partial(), library);
  entry.is_define = ir != nullptr && cql::FindDefine(*ir, trimmed) != nullptr;
  if (!entry.is_define) {
    if (Mentions(trimmed, "Draft")) entry.items.draft = items.draft;
    if (Mentions(trimmed, "It")) entry.items.it = items.it;
    if (LooksLikeName(trimmed)) {
      ReportNoName(entry);
      return {};
    }
  }
  const std::string key =
      entry.library + '\n' + entry.items.draft + '\n' + entry.items.it + '\n' + entry.text;
  const auto [known, added] = numbers_.emplace(key, static_cast<std::uint32_t>(entries_.size()));
  if (added) entries_.push_back(std::move(entry));
  std::vector<Want>& wants = entries_[known->second].wants;
  if (std::find(wants.begin(), wants.end(), want) == wants.end()) wants.push_back(want);
  return {known->second};
}

// Two or more words and no sign of CQL: nothing but the name of a define.
bool PackExpressions::LooksLikeName(std::string_view text) const {
  constexpr std::string_view kWordsOfCql[] = {
      "and",  "or",   "not",     "exists", "in",    "is",    "as",    "xor",   "implies", "where", "return",
      "of",   "from", "between", "during", "start", "end",   "same",  "after", "before",  "if",    "then",
      "else", "with", "without", "such",   "that",  "union", "years", "weeks", "days",    "months"};
  if (text.find(' ') == std::string_view::npos) return false;
  for (const char c : text) {
    const bool is_plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' || c == '_';
    if (!is_plain) return false;
  }
  return std::none_of(std::begin(kWordsOfCql), std::end(kWordsOfCql), [&](std::string_view word) {
    const std::string spaced = " " + std::string(text) + " ";
    return spaced.find(" " + std::string(word) + " ") != std::string::npos;
  });
}

void PackExpressions::ReportNoName(const Entry& entry) {
  std::vector<std::string_view> names;
  if (const cql::LibraryIr* const ir = cql::FindLibrary(partial(), entry.library)) {
    for (const cql::DefineIr& define : ir->defines) names.push_back(define.name);
  }
  findings_.AddWithin(entry.whole, entry.offset,
                      "the library " + entry.library + " has no definition '" + entry.text + "'",
                      cql::NearestNameHint(entry.text, names));
}

// The library's text with its expressions behind it, one definition each.
std::string PackExpressions::TextOf(const LibrarySource& library) {
  std::string text(library.text);
  text += '\n';
  std::uint32_t line = LineCount(text) + 1;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    Entry& entry = entries_[i];
    if (entry.library != library.name || entry.is_define) continue;
    text += "define ";
    const ItemTypes& items = entry.items;
    if (items.draft.empty() && items.it.empty()) {
      text += '"' + NameOf(i) + "\":";
    } else {
      text += "function \"" + NameOf(i) + "\"(";
      if (!items.draft.empty()) text += "\"Draft\" " + items.draft;
      if (!items.draft.empty() && !items.it.empty()) text += ", ";
      if (!items.it.empty()) text += "\"It\" " + items.it;
      text += "):";
    }
    text += " (\n" + entry.text + "\n)\n";
    entry.first_line = line + 1;
    entry.last_line = entry.first_line + LineCount(entry.text);
    line = entry.last_line + 2;
  }
  return text;
}

void PackExpressions::Analyze() {
  std::string main = "library \"" + std::string(kMainName) + "\"\nusing FHIR version '4.0.1'\n";
  for (const LibrarySource& library : source_.libraries) main += "include \"" + library.name + "\"\n";
  analysis_ =
      cql::AnalyzeLibrary({std::string(kMainName), std::move(main)},
                          [this](std::string_view name, std::string_view) -> std::optional<cql::Source> {
                            const LibrarySource* const library = FindSource(name);
                            if (library == nullptr) return std::nullopt;
                            return cql::Source{library->name, TextOf(*library)};
                          });
}

CompiledExpression PackExpressions::CompiledOf(const Entry& entry, std::size_t number) const {
  CompiledExpression compiled;
  const cql::LibraryIr* const library = cql::FindLibrary(partial(), entry.library);
  if (library == nullptr) return compiled;
  compiled.takes_draft = !entry.items.draft.empty();
  compiled.takes_it = !entry.items.it.empty();
  if (compiled.takes_draft || compiled.takes_it) {
    const auto functions = cql::FindFunctions(*library, NameOf(number));
    if (!functions.empty()) compiled.function = functions.front();
  } else {
    compiled.define = cql::FindDefine(*library, entry.is_define ? entry.text : NameOf(number));
  }
  return compiled;
}

const Type* PackExpressions::TypeOf(const Entry& entry, std::size_t number) const {
  const CompiledExpression compiled = CompiledOf(entry, number);
  if (compiled.define != nullptr) return compiled.define->type;
  return compiled.function != nullptr ? compiled.function->type : nullptr;
}

std::optional<std::string> PackExpressions::ItemType(Expression expression) const {
  if (!expression) return std::nullopt;
  const Type* const type = TypeOf(entries_[expression.number], expression.number);
  if (type == nullptr || type->kind != TypeKind::kList) return std::nullopt;
  return cql::NameOf(*type->element);
}

std::vector<CompiledExpression> PackExpressions::Compiled() const {
  std::vector<CompiledExpression> compiled;
  for (std::size_t i = 0; i < entries_.size(); ++i) compiled.push_back(CompiledOf(entries_[i], i));
  return compiled;
}

std::vector<PackProgram::Line> PackExpressions::Lines() const {
  std::vector<PackProgram::Line> lines;
  for (const Entry& entry : entries_) {
    if (entry.is_define) continue;
    const Place place = PlaceWithin(findings_.files(), entry.whole, entry.offset);
    lines.push_back({entry.library, entry.first_line, entry.last_line, std::string(place.file), place.line});
  }
  return lines;
}

Place PackExpressions::PlaceOf(Expression expression) const {
  if (!expression) return {};
  const Entry& entry = entries_[expression.number];
  return PlaceWithin(findings_.files(), entry.whole, entry.offset);
}

Place PackExpressions::PlaceOf(const cql::Diagnostic& diagnostic) const {
  // A library that calls itself otherwise is found by the name of its file.
  std::string_view name = diagnostic.library;
  for (const auto& library : partial().libraries) {
    if (library->name == name && library->source != nullptr) name = library->source->name;
  }
  for (const Entry& entry : entries_) {
    if (entry.is_define || entry.library != name) continue;
    if (diagnostic.line + 1 < entry.first_line || diagnostic.line > entry.last_line + 1) continue;
    std::size_t offset = 0;
    if (diagnostic.line >= entry.first_line)
      offset = OffsetOf(entry.text, diagnostic.line - entry.first_line, diagnostic.column);
    return PlaceWithin(findings_.files(), entry.whole, entry.offset + std::min(offset, entry.text.size()));
  }
  const LibrarySource* const source = FindSource(name);
  if (source == nullptr) return {"pack.yaml", 0, 0};
  return {source->file, diagnostic.line, diagnostic.column};
}

Place PackExpressions::PlaceOf(const cql::LibraryIr& library, cql::Span span) const {
  cql::Diagnostics located(*library.source);
  located.Add(cql::Phase::kCheck, span, "");
  return PlaceOf(located.found().front());
}

void PackExpressions::Report() {
  for (const cql::Diagnostic& finding : analysis_.findings) {
    findings_.Add(PlaceOf(finding), finding.message, finding.hint);
  }
  CheckLibraryNames();
  CheckTypes();
}

void PackExpressions::CheckLibraryNames() {
  for (const auto& library : partial().libraries) {
    const LibrarySource* const source =
        library->source != nullptr ? FindSource(library->source->name) : nullptr;
    if (source == nullptr || library->name == source->name) continue;
    findings_.Add({source->file, 1, 1},
                  library->name.empty()
                      ? "the library does not say its name"
                      : "the library is called " + library->name + ", its file " + source->name,
                  "library " + source->name);
  }
}

void PackExpressions::CheckTypes() {
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const Entry& entry = entries_[i];
    const Type* const type = TypeOf(entry, i);
    if (type == nullptr) continue;
    for (const Want want : entry.wants) {
      const std::string_view missed = Misses(*type, want);
      if (missed.empty()) continue;
      findings_.AddWithin(
          entry.whole, entry.offset,
          "this is " + cql::ShortNameOf(*type) + ", and " + std::string(missed) + " is needed");
    }
  }
}

}  // namespace osteon::cards
