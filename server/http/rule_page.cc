#include "server/http/rule_page.h"

namespace osteon::server {
namespace {

std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '&':
        escaped += "&amp;";
        break;
      case '<':
        escaped += "&lt;";
        break;
      case '>':
        escaped += "&gt;";
        break;
      case '"':
        escaped += "&quot;";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

std::string Row(std::string_view name, std::string_view value) {
  return "<dt>" + std::string(name) + "</dt><dd>" + Escaped(value) + "</dd>\n";
}

}  // namespace

base::Result<std::string> RulePage(const cards::Pack& pack, std::string_view rule_id) {
  for (const auto& rule : pack.rules) {
    if (rule->id() != rule_id) continue;
    std::string hooks;
    for (const auto hook : rule->hooks()) hooks.append(hooks.empty() ? "" : ", ").append(hook);
    const std::string title = "Rule " + std::string(rule->id()) + ": " + std::string(rule->title());
    return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + Escaped(title) +
           "</title></head><body>\n<h1>" + Escaped(title) + "</h1>\n<dl>\n" + Row("Rule pack", pack.title) +
           Row("Pack id", pack.id) + Row("Pack version", pack.version) + Row("Hooks", hooks) +
           "</dl>\n</body></html>\n";
  }
  return base::Error{base::ErrorCode::kRouteNotFound, "the active pack has no such rule", "", ""};
}

}  // namespace osteon::server
