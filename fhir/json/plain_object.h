// A quick look at JSON text that is expected to be fine. Whoever gets a "no" asks json::Tree for the truth.
#pragma once

#include <string_view>

namespace osteon::json {

// True when `text` is one object that json::Tree::Read would take as well, provided that it is UTF-8, and
// that holds no null, "", [] or {} anywhere. Says false for some that are just as good: more than 24 levels
// deep, with "\u" escapes, or with very many members.
bool IsPlainObject(std::string_view text);

// The characters of the top-level string member `name` of a text for which IsPlainObject is true; empty when
// there is none, it is no string, or it holds escapes.
std::string_view PlainMember(std::string_view text, std::string_view name);

}  // namespace osteon::json
