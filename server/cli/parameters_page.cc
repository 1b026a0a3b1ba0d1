#include "server/cli/parameters_page.h"

namespace osteon::server {
namespace {

using cards::ParameterKind;
using cards::ParameterRow;

std::string Code(std::string_view text) {
  return text.empty() ? "" : "`" + std::string(text) + "`";
}

std::string KindText(ParameterKind kind) {
  switch (kind) {
    case ParameterKind::kInteger:
      return "whole number";
    case ParameterKind::kDecimal:
      return "decimal";
    case ParameterKind::kBoolean:
      return "boolean";
    case ParameterKind::kChoice:
      return "choice";
    case ParameterKind::kText:
      break;
  }
  return "text";
}

std::string AllowedText(const ParameterRow& row) {
  if (row.kind == ParameterKind::kBoolean) return "`true`, `false`";
  if (row.kind == ParameterKind::kText) return "";
  if (row.kind != ParameterKind::kChoice) return Code(row.low) + " to " + Code(row.high);
  std::string text;
  for (std::string_view rest = row.low; !rest.empty();) {
    const auto bar = rest.find('|');
    text += (text.empty() ? "" : ", ") + Code(rest.substr(0, bar));
    rest = bar == rest.npos ? std::string_view() : rest.substr(bar + 1);
  }
  return text;
}

// A bar would end the table's cell.
std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

}  // namespace

std::string ParametersMarkdown(const cards::Pack& pack) {
  std::string page = "# Parameters of `" + std::string(pack.id) + "` " + std::string(pack.version) +
                     "\n\n"
                     "Set in the configuration file under `parameters:` or with `--parameter KEY=VALUE`. "
                     "Unknown keys, values out of range and values that contradict each other stop the "
                     "start. Units are UCUM codes. A parameter of a rule that this version does not have is "
                     "accepted and without effect.\n\n"
                     "| key | kind | default | allowed | unit | meaning |\n"
                     "|---|---|---|---|---|---|\n";
  for (const ParameterRow& row : pack.parameters.rows()) {
    page += "| " + Code(row.key) + " | " + KindText(row.kind) + " | " + Code(row.default_value) + " | " +
            AllowedText(row) + " | " + Code(row.unit) + " | " + Escaped(row.meaning) + " |\n";
  }
  return page;
}

}  // namespace osteon::server
