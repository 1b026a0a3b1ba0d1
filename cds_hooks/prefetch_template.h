// Prefetch templates, judged against the portable subset of CDS Hooks 2.0.1: what every client can be
// expected to run. Source: CDS Hooks 2.0.1 "Prefetch Template", "Prefetch tokens", "Prefetch query
// restrictions".
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cards/pack.h"
#include "cds_hooks/hook_table.h"

namespace osteon::cds_hooks {

struct TemplateFinding {
  std::string_view rule;  // checklist id: "P-01", "P-16" to "P-25"
  std::string what;       // one line for the pack's author
};

// What keeps the template out of the subset; empty when nothing does.
std::vector<TemplateFinding> LintTemplate(const cards::PrefetchTemplate& prefetch_template,
                                          const HookRow& hook);

// Calls visit(token) for each "{{token}}" of the query, trimmed.
template <typename Visit>
void ForEachToken(std::string_view query, Visit visit) {
  std::size_t open = 0;
  while ((open = query.find("{{", open)) != std::string_view::npos) {
    const std::size_t close = query.find("}}", open);
    if (close == std::string_view::npos) return;
    std::string_view token = query.substr(open + 2, close - open - 2);
    while (token.starts_with(' ')) token.remove_prefix(1);
    while (token.ends_with(' ')) token.remove_suffix(1);
    visit(token);
    open = close + 2;
  }
}

}  // namespace osteon::cds_hooks
