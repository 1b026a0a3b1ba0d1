#include "tests/fhir/json/mutation.h"

#include <algorithm>
#include <iterator>

namespace osteon::json {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kSeeds[] = {
    R"({"resourceType":"Patient","id":"p-1","birthDate":"1950-03-01","_birthDate":{"extension":[]},"active":true})"sv,
    R"({"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"38265-5",
"display":"DXA \"hip\""}]},"valueQuantity":{"value":-2.50,"unit":"{T-score}"},"effectiveDateTime":"2026-01-02"})"sv,
    R"({"hook":"order-sign","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea","fhirServer":"http://h/r4",
"context":{"userId":"Practitioner/1","patientId":"1","draftOrders":{"resourceType":"Bundle","entry":[
{"resource":{"resourceType":"MedicationRequest","dosageInstruction":[{"text":"70 mg"}]}}]}},"prefetch":{"a b":null}})"sv,
    R"({"resourceType":"Bundle","type":"searchset","total":2,"entry":[{"fullUrl":"urn:uuid:1","resource":{"id":"1"}},
{"fullUrl":"urn:uuid:2","resource":{"id":"2"}}],"link":[]})"sv,
    R"({"text":{"div":"<div xmlns=\"http://www.w3.org/1999/xhtml\">\n\t<p>a \u00e9 \ud83d\ude00 \\ \/<\/p>\n</div>"}})"sv,
    "{\"name\":[{\"family\":\"M\xC3\xBCller\",\"given\":[\"\xE6\x9D\x8E\",\"\xF0\x9F\x98\x80\"]}],\"n\":{}}"sv,
    R"([0,-0,1.0,1.50,-12.25e-3,1E+9,100000000000000000000,0.1e1,[],[[]],{},[{}]])"sv,
    R"([true,false,null,"","a","0123456789abcdef","0123456789abcdef0",{"":""},{"a":{"a":{"a":[{"a":1}]}}}])"sv,
    R"( { "a" : [ 1 , 2 , { "b" : "c" } ] , "d" : null , "e" : "\"" , "f" : [ ] } )"sv,
    R"({"aa":1,"ab":2,"ac":3,"ad":4,"ae":5,"af":6,"ag":7,"ah":8,"ai":9,"aj":10,"ak":11,"al":12,"am":13,"an":14,"ao":15})"sv,
    "\"just a string\""sv,
    "-12.5"sv,
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]"sv,
};

constexpr std::string_view kTokens[] = {"{"sv,
                                        "}"sv,
                                        "["sv,
                                        "]"sv,
                                        ","sv,
                                        ":"sv,
                                        "\""sv,
                                        "\\"sv,
                                        "\\\""sv,
                                        "\\u"sv,
                                        "\\ud83d"sv,
                                        "\\ude00"sv,
                                        "\\u0000"sv,
                                        "\\u0069"sv,
                                        "\\n"sv,
                                        "\\/"sv,
                                        "0"sv,
                                        "-"sv,
                                        "1.5"sv,
                                        "."sv,
                                        "e"sv,
                                        "E+1"sv,
                                        "e400"sv,
                                        "9999999"sv,
                                        "true"sv,
                                        "null"sv,
                                        "false"sv,
                                        " "sv,
                                        "\n"sv,
                                        "\t"sv,
                                        "\f"sv,
                                        "\0"sv,
                                        "\x1f"sv,
                                        "\x7f"sv,
                                        "\x80"sv,
                                        "\xC3"sv,
                                        "\xED\xA0\x80"sv,
                                        "\xEF\xBB\xBF"sv,
                                        "\xF4\x90"sv,
                                        "\xFF"sv,
                                        "\"id\":"sv,
                                        ",\"a\":1"sv,
                                        ",\"id\":\"x\""sv,
                                        "[]"sv,
                                        "{}"sv,
                                        "/*"sv,
                                        "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["sv};

}  // namespace

std::span<const std::string_view> SeedDocuments() {
  return kSeeds;
}

// xorshift64*: the same everywhere, which the standard's distributions are not.
std::size_t Mutator::Below(std::size_t bound) {
  state_ ^= state_ >> 12;
  state_ ^= state_ << 25;
  state_ ^= state_ >> 27;
  return bound == 0 ? 0 : static_cast<std::size_t>((state_ * 0x2545F4914F6CDD1D) >> 33) % bound;
}

void Mutator::Change(std::string& text) {
  const std::size_t at = Below(text.size() + 1);
  const std::size_t length = std::min(Below(12), text.size() - at);
  switch (Below(7)) {
    case 0:
      if (at < text.size()) text[at] = static_cast<char>(Below(256));
      break;
    case 1:
      if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << Below(8)));
      break;
    case 2:
      text.erase(at, length);
      break;
    case 3:
      text.insert(at, kTokens[Below(std::size(kTokens))]);
      break;
    case 4:
      text.replace(at, length, kTokens[Below(std::size(kTokens))]);
      break;
    case 5:
      text.insert(at, std::string(text, Below(text.size() + 1), Below(40)));
      break;
    default:
      if (!text.empty()) std::swap(text[Below(text.size())], text[Below(text.size())]);
  }
}

std::string Mutator::Next() {
  std::string text(kSeeds[Below(std::size(kSeeds))]);
  for (std::size_t changes = 1 + Below(4); changes > 0; --changes) Change(text);
  return text;
}

}  // namespace osteon::json
