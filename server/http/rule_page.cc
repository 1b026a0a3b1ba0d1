#include "server/http/rule_page.h"

#include "server/html.h"

namespace osteon::server {
namespace {

std::string Row(std::string_view name, std::string_view value) {
  return "<dt>" + std::string(name) + "</dt><dd>" + EscapedHtml(value) + "</dd>\n";
}

}  // namespace

base::Result<std::string> RulePage(const cards::Pack& pack, std::string_view rule_id) {
  for (const auto& rule : pack.rules) {
    if (rule->id() != rule_id) continue;
    std::string hooks;
    for (const auto hook : rule->hooks()) hooks.append(hooks.empty() ? "" : ", ").append(hook);
    const std::string title = "Rule " + std::string(rule->id()) + ": " + std::string(rule->title());
    return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + EscapedHtml(title) +
           "</title></head><body>\n<h1>" + EscapedHtml(title) + "</h1>\n<dl>\n" +
           Row("Rule pack", pack.title) + Row("Pack id", pack.id) + Row("Pack version", pack.version) +
           Row("Hooks", hooks) + "</dl>\n</body></html>\n";
  }
  return base::Error{base::ErrorCode::kRouteNotFound, "the active pack has no such rule", "", ""};
}

}  // namespace osteon::server
