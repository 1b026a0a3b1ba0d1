#include "tests/fhir/json/rapid_reader.h"

#include <rapidjson/memorystream.h>
#include <rapidjson/reader.h>

#include <set>
#include <vector>

#include "fhir/json/tree.h"
#include "tests/fhir/json/canonical.h"

namespace osteon::json {
namespace {

using rapidjson::SizeType;

// UTF-8 for the code points D800 to DFFF, which only a lone surrogate can have put there: the parser checks
// the rest.
bool HoldsSurrogate(std::string_view text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i) {
    if (text[i] == '\xED' && static_cast<unsigned char>(text[i + 1]) >= 0xA0) return true;
  }
  return false;
}

class Handler : public rapidjson::BaseReaderHandler<rapidjson::UTF8<>, Handler> {
 public:
  bool Null() { return Append("0"); }
  bool Bool(bool value) { return Append(value ? "t" : "f"); }
  bool RawNumber(const char* text, SizeType length, bool) { return Append('d', {text, length}); }
  bool String(const char* text, SizeType length, bool) { return Append('s', {text, length}); }
  bool Key(const char* text, SizeType length, bool) {
    return names_.back().emplace(text, length).second && Append('k', {text, length});
  }
  bool StartObject() { return Enter("{"); }
  bool StartArray() { return Enter("["); }
  bool EndObject(SizeType) { return Leave("}"); }
  bool EndArray(SizeType) { return Leave("]"); }
  bool Default() { return false; }

  std::string canonical;
  bool lone_surrogate = false;

 private:
  bool Append(std::string_view text) {
    canonical += text;
    return true;
  }
  bool Append(char mark, std::string_view text) {
    lone_surrogate = lone_surrogate || HoldsSurrogate(text);
    AppendCanonical(mark, text, canonical);
    return true;
  }
  bool Enter(std::string_view text) {
    names_.emplace_back();
    return names_.size() <= ReadLimits().max_depth && Append(text);
  }
  bool Leave(std::string_view text) {
    names_.pop_back();
    return Append(text);
  }

  std::vector<std::set<std::string>> names_;
};

}  // namespace

RapidResult ReadWithRapid(std::string_view text) {
  constexpr unsigned kFlags = rapidjson::kParseNumbersAsStringsFlag | rapidjson::kParseValidateEncodingFlag |
                              rapidjson::kParseIterativeFlag;
  rapidjson::MemoryStream stream(text.data(), text.size());
  rapidjson::Reader reader;
  Handler handler;
  const rapidjson::ParseResult parsed = reader.Parse<kFlags>(stream, handler);
  RapidResult result;
  // The stream says '\0' at its end, so the parser takes a NUL byte in the text for it.
  result.accepted = !parsed.IsError() && stream.Tell() == text.size();
  if (parsed.Code() == rapidjson::kParseErrorNumberTooBig) result.known = Known::kNumberBeyondDouble;
  if (handler.lone_surrogate) {
    result.accepted = false;
    result.known = Known::kLoneSurrogate;
  }
  if (result.accepted) result.canonical = std::move(handler.canonical);
  return result;
}

}  // namespace osteon::json
