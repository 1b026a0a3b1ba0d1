#include "cards/pack_reader_forms.h"

#include <algorithm>

namespace osteon::cards::form {
namespace {

constexpr bool IsLower(char c) {
  return c >= 'a' && c <= 'z';
}
constexpr bool IsUpper(char c) {
  return c >= 'A' && c <= 'Z';
}
constexpr bool IsLetter(char c) {
  return IsLower(c) || IsUpper(c);
}
constexpr bool IsDigit(char c) {
  return c >= '0' && c <= '9';
}
constexpr bool IsWord(char c) {
  return IsLetter(c) || IsDigit(c) || c == '_' || c == '.' || c == '-';
}
constexpr bool IsGraphic(char c) {
  return static_cast<unsigned char>(c) > 0x20 && c != 0x7F;
}

template <typename Rest>
bool All(std::string_view text, Rest rest) {
  return std::all_of(text.begin(), text.end(), rest);
}
template <typename First, typename Rest>
bool Begins(std::string_view text, First first, Rest rest) {
  return !text.empty() && first(text.front()) && All(text.substr(1), rest);
}

bool PackId(std::string_view text) {
  return Begins(text, IsLower, [](char c) { return IsLower(c) || IsDigit(c) || c == '_'; });
}
bool Name(std::string_view text) {
  return Begins(text, IsLetter, IsWord);
}
bool RowId(std::string_view text) {
  return Begins(
      text, [](char c) { return IsLetter(c) || IsDigit(c); }, IsWord);
}
bool ServiceId(std::string_view text) {
  const auto allowed = [](char c) { return IsWord(c) || c == '~'; };
  return Begins(text, allowed, allowed);
}
bool Hook(std::string_view text) {
  return Begins(text, IsLower, [](char c) { return IsLower(c) || IsDigit(c) || c == '-' || c == '.'; });
}
bool TypeName(std::string_view text) {
  return Begins(text, IsUpper, IsLetter);
}
bool SearchName(std::string_view text) {
  return Begins(
      text, [](char c) { return IsLetter(c) || c == '_'; }, [](char c) { return IsWord(c) || c == ':'; });
}
bool LibraryName(std::string_view text) {
  return Begins(
      text, [](char c) { return IsLetter(c) || c == '_'; },
      [](char c) { return IsLetter(c) || IsDigit(c) || c == '_'; });
}
// R4 datatypes "code": no white space but single blanks inside.
bool Code(std::string_view text) {
  if (text.empty() || text.front() == ' ' || text.back() == ' ') return false;
  if (text.find("  ") != std::string_view::npos) return false;
  return All(text, [](char c) { return IsGraphic(c) || c == ' '; });
}
bool CodePrefix(std::string_view text) {
  return Begins(text, IsGraphic, IsGraphic);
}

bool Number(std::string_view text) {
  return Begins(text, IsDigit, IsDigit) && (text == "0" || text.front() != '0');
}
bool Identifiers(std::string_view text) {
  while (true) {
    const std::size_t dot = text.find('.');
    const auto allowed = [](char c) { return IsLetter(c) || IsDigit(c) || c == '-'; };
    if (!Begins(text.substr(0, dot), allowed, allowed)) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}
bool Version(std::string_view text) {
  const std::size_t core_end = text.find_first_of("-+");
  std::string_view core = text.substr(0, core_end);
  for (int i = 0; i < 2; ++i) {
    const std::size_t dot = core.find('.');
    if (dot == std::string_view::npos || !Number(core.substr(0, dot))) return false;
    core.remove_prefix(dot + 1);
  }
  if (!Number(core)) return false;
  if (core_end == std::string_view::npos) return true;
  std::string_view rest = text.substr(core_end);
  if (rest.front() == '-') {
    const std::size_t plus = rest.find('+');
    if (!Identifiers(rest.substr(1, plus == std::string_view::npos ? plus : plus - 1))) return false;
    if (plus == std::string_view::npos) return true;
    rest.remove_prefix(plus);
  }
  return Identifiers(rest.substr(1));
}

bool License(std::string_view text) {
  bool wants_name = true;
  while (true) {
    const std::size_t blank = text.find(' ');
    const std::string_view word = text.substr(0, blank);
    const bool joins = word == "AND" || word == "OR" || word == "WITH";
    const auto allowed = [](char c) { return IsLetter(c) || IsDigit(c) || c == '.' || c == '-' || c == '+'; };
    if (joins == wants_name || !Begins(
                                   word, [](char c) { return IsLetter(c) || IsDigit(c); }, allowed))
      return false;
    wants_name = !wants_name;
    if (blank == std::string_view::npos) return !wants_name;
    text.remove_prefix(blank + 1);
  }
}

bool WebAddress(std::string_view text) {
  constexpr std::string_view kScheme = "https://";
  if (!text.starts_with(kScheme)) return false;
  const std::string_view rest = text.substr(kScheme.size());
  return Begins(
      rest, [](char c) { return IsLetter(c) || IsDigit(c); },
      [](char c) {
        return IsGraphic(c) && std::string_view("\"<>\\^`{|}").find(c) == std::string_view::npos;
      });
}
bool Uri(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || !Begins(text.substr(0, colon), IsLetter, [](char c) {
        return IsLetter(c) || IsDigit(c) || c == '+' || c == '.' || c == '-';
      })) {
    return false;
  }
  const std::string_view rest = text.substr(colon + 1);
  return Begins(rest, IsGraphic, IsGraphic);
}

bool Date(std::string_view text) {
  if (text.size() != 4 && text.size() != 7 && text.size() != 10) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == 4 || i == 7 ? text[i] != '-' : !IsDigit(text[i])) return false;
  }
  const auto number = [&](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
  const bool month = text.size() < 7 || (number(5) >= 1 && number(5) <= 12);
  return month && (text.size() < 10 || (number(8) >= 1 && number(8) <= 31));
}

}  // namespace

const TextForm kPackId = {"an id: small letters, digits and _, a letter first", "[a-z][a-z0-9_]*", "",
                          PackId};
const TextForm kName = {"a name: letters, digits and . _ -, a letter first", "[A-Za-z][A-Za-z0-9_.-]*", "",
                        Name};
const TextForm kRowId = {"an id: letters, digits and . _ -, a letter or digit first",
                         "[A-Za-z0-9][A-Za-z0-9_.-]*", "", RowId};
const TextForm kServiceId = {"the id of a service: letters, digits and . _ ~ -", "[A-Za-z0-9_.~-]+", "",
                             ServiceId};
const TextForm kHook = {"the name of a hook: patient-view", "[a-z][a-z0-9.-]*", "", Hook};
const TextForm kTypeName = {"a resource type: Observation", "[A-Z][A-Za-z]*", "", TypeName};
const TextForm kSearchName = {"a search parameter: _count, code:in", "[A-Za-z_][A-Za-z0-9_.:-]*", "",
                              SearchName};
const TextForm kLibraryName = {"the name of a library: letters, digits and _", "[A-Za-z_][A-Za-z0-9_]*", "",
                               LibraryName};
const TextForm kCode = {"a code: no white space but single blanks inside",
                        "[^ \\x00-\\x1F\\x7F]+( [^ \\x00-\\x1F\\x7F]+)*", "", Code};
const TextForm kCodePrefix = {"the beginning of codes: no white space", "[^ \\x00-\\x1F\\x7F]+", "",
                              CodePrefix};
const TextForm kVersion = {
    "a semantic version: 1.0.0",
    "(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)\\.(0|[1-9][0-9]*)(-[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?"
    "(\\+[0-9A-Za-z-]+(\\.[0-9A-Za-z-]+)*)?",
    "", Version};
const TextForm kLicense = {"an SPDX license: Apache-2.0, CC-BY-4.0, LicenseRef-Own",
                           "(?!(AND|OR|WITH)( |$))[A-Za-z0-9][A-Za-z0-9.+-]*"
                           "( (AND|OR|WITH) (?!(AND|OR|WITH)( |$))[A-Za-z0-9][A-Za-z0-9.+-]*)*",
                           "", License};
const TextForm kWebAddress = {"a web address: https://...",
                              "https://[A-Za-z0-9][^ \\x00-\\x1F\\x7F\"<>\\\\^`{|}]*", "", WebAddress};
const TextForm kUri = {"a URI: urn:..., http://...", "[A-Za-z][A-Za-z0-9+.-]*:[^ \\x00-\\x1F\\x7F]+", "",
                       Uri};
const TextForm kDate = {"a date: 2021, 2021-05 or 2021-05-28",
                        "[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?", "", Date};
const TextForm kIndicator = {"the indicators", "", "info|warning|critical"};
const TextForm kLowered = {"the indicators that one can be lowered to", "", "info|warning"};
const TextForm kParameterType = {"the types of parameters", "", "Integer|Decimal|Boolean|String"};
const TextForm kMatch = {"the ways to match", "", "first|all"};
const TextForm kSelection = {"the selection behaviors", "", "at-most-one|any"};
const TextForm kWithGaps = {"the answers to gaps", "", "suppress"};
const TextForm kActionType = {"the types of actions", "", "create|update|delete"};
const TextForm kBoolean = {"the booleans", "", "true|false"};

std::span<const TextForm* const> All() {
  static constexpr const TextForm* kAll[] = {
      &kPackId,     &kName,        &kRowId,    &kServiceId,  &kHook,    &kTypeName,
      &kSearchName, &kLibraryName, &kCode,     &kCodePrefix, &kVersion, &kLicense,
      &kWebAddress, &kUri,         &kDate,     &kIndicator,  &kLowered, &kParameterType,
      &kMatch,      &kSelection,   &kWithGaps, &kActionType, &kBoolean};
  return kAll;
}

}  // namespace osteon::cards::form
