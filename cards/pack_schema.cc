#include "cards/pack_schema.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "cards/pack_reader_keys.h"
#include "fhir/json/writer.h"

namespace osteon::cards {
namespace {

struct SchemaRow {
  std::string_view name;
  std::string_view title;
  const KeyTable* table;
};
constexpr std::array kSchemas = {SchemaRow{"pack", "pack.yaml of a rule pack", &kPackTable},
                                 SchemaRow{"rule", "rules/*.yaml of a rule pack", &kRuleTable},
                                 SchemaRow{"value-set", "value_sets/*.yaml of a rule pack", &kValueSetTable}};
constexpr std::array<std::string_view, kSchemas.size()> kNames = {kSchemas[0].name, kSchemas[1].name,
                                                                  kSchemas[2].name};

class SchemaWriter {
 public:
  std::string Write(const SchemaRow& row) {
    writer_.StartObject();
    writer_.Member("$schema", "http://json-schema.org/draft-07/schema#").Member("title", row.title);
    TableMembers(*row.table);
    writer_.EndObject();
    return std::string(writer_.text());
  }

 private:
  void Table(const KeyTable& table) {
    writer_.StartObject();
    TableMembers(table);
    writer_.EndObject();
  }

  void TableMembers(const KeyTable& table) {
    writer_.Member("type", "object").Key("additionalProperties").Bool(false);
    const auto is_required = [](const KeyRow& row) { return row.need == KeyNeed::kRequired; };
    if (std::any_of(table.rows.begin(), table.rows.end(), is_required)) {
      writer_.Key("required").StartArray();
      for (const KeyRow& row : table.rows) {
        if (is_required(row)) writer_.String(row.name);
      }
      writer_.EndArray();
    }
    writer_.Key("properties").StartObject();
    for (const KeyRow& row : table.rows) {
      writer_.Key(row.name).StartObject();
      if (!row.meaning.empty()) writer_.Member("description", row.meaning);
      Value(row);
      writer_.EndObject();
    }
    writer_.EndObject();
  }

  // A scalar is a text whatever it looks like; editors see numbers, booleans and nothing.
  void Text(const TextForm* form) {
    if (form != nullptr && !form->choices.empty()) {
      writer_.Key("enum").StartArray();
      std::string_view rest = form->choices;
      while (!rest.empty()) {
        const std::string_view choice = rest.substr(0, rest.find('|'));
        writer_.String(choice);
        if (choice == "true" || choice == "false") writer_.Bool(choice == "true");
        rest.remove_prefix(std::min(choice.size() + 1, rest.size()));
      }
      writer_.EndArray();
      return;
    }
    writer_.Key("type").StartArray();
    for (const std::string_view type : {"string", "number", "boolean", "null"}) writer_.String(type);
    writer_.EndArray();
    if (form != nullptr) writer_.Member("pattern", Whole(*form));
  }
  static std::string Whole(const TextForm& form) { return "^(" + std::string(form.pattern) + ")$"; }

  void Names(const TextForm* form) {
    writer_.Member("type", "object").Key("minProperties").Integer(1);
    if (form != nullptr) {
      writer_.Key("propertyNames").StartObject().Member("pattern", Whole(*form));
      writer_.EndObject();
    }
    writer_.Key("additionalProperties");
  }
  void List(std::int64_t least) {
    writer_.Member("type", "array").Key("minItems").Integer(least);
    writer_.Key("items");
  }
  void TextObject(const TextForm* form) {
    writer_.StartObject();
    Text(form);
    writer_.EndObject();
  }

  void Value(const KeyRow& row) {
    switch (row.shape) {
      case KeyShape::kText:
        return Text(row.form);
      case KeyShape::kTexts:
        List(1);
        TextObject(row.form);
        writer_.Key("uniqueItems").Bool(true);
        return;
      case KeyShape::kRange:
        List(2);
        TextObject(row.form);
        writer_.Key("maxItems").Integer(2);
        return;
      case KeyShape::kNamedTexts:
        Names(row.form);
        return TextObject(nullptr);
      case KeyShape::kObject:
        return TableMembers(*row.inner);
      case KeyShape::kObjects:
        List(1);
        return Table(*row.inner);
      case KeyShape::kNamed:
        Names(row.form);
        return Table(*row.inner);
      case KeyShape::kDetail:
        return Detail(row);
      case KeyShape::kResource:
        return Resource();
    }
  }

  void Detail(const KeyRow& row) {
    writer_.Key("anyOf").StartArray();
    TextObject(row.form);
    writer_.StartObject();
    List(1);
    writer_.StartObject().Key("anyOf").StartArray();
    TextObject(row.form);
    Table(*row.inner);
    writer_.EndArray().EndObject().EndObject().EndArray();
  }

  void Resource() {
    writer_.Member("type", "object").Key("anyOf").StartArray();
    for (const std::string_view name : {"resourceType", "include"}) {
      writer_.StartObject().Key("required").StartArray().String(name);
      writer_.EndArray().EndObject();
    }
    writer_.EndArray();
  }

  json::Writer writer_;
};

// Two blanks a level; lists of plain values stay on their line.
std::string Indented(std::string_view json) {
  std::string text;
  std::size_t depth = 0;
  const auto line = [&] { text.append("\n").append(2 * depth, ' '); };
  for (std::size_t i = 0; i < json.size(); ++i) {
    const char c = json[i];
    if (c == '"') {
      const std::size_t start = i;
      for (++i; json[i] != '"'; ++i) {
        if (json[i] == '\\') ++i;
      }
      text.append(json.substr(start, i - start + 1));
    } else if (c == '[' && json.substr(i, json.find(']', i) - i).find('{') == std::string_view::npos) {
      for (; json[i] != ']'; ++i) text.append(json[i] == ',' ? std::string(", ") : std::string(1, json[i]));
      text += ']';
    } else if (c == '{' || c == '[') {
      text += c;
      ++depth;
      line();
    } else if (c == '}' || c == ']') {
      --depth;
      line();
      text += c;
    } else {
      text += c;
      if (c == ',') line();
      if (c == ':') text += ' ';
    }
  }
  return text + "\n";
}

}  // namespace

std::span<const std::string_view> PackSchemaNames() {
  return kNames;
}

std::optional<std::string> PackSchema(std::string_view name) {
  const auto row = std::find_if(kSchemas.begin(), kSchemas.end(),
                                [&](const SchemaRow& schema) { return schema.name == name; });
  if (row == kSchemas.end()) return std::nullopt;
  return Indented(SchemaWriter().Write(*row));
}

}  // namespace osteon::cards
