// JSON Schema (draft 07) of the files of a rule pack, for editors: made from the tables that the reader
// follows. An editor helps with keys and shapes; whether a pack is right, only the reader and the compiler
// say.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace osteon::cards {

// "pack", "rule", "value-set".
std::span<const std::string_view> PackSchemaNames();
// Indented JSON; nullopt for another name. docs/schemas/<name>.schema.json holds it.
std::optional<std::string> PackSchema(std::string_view name);

}  // namespace osteon::cards
