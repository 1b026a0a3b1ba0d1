#include "cds_hooks/prefetch_template.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "fhir/base/instant.h"
#include "fhir/model/reference.h"

namespace osteon::cds_hooks {
namespace {

enum class ParameterType : std::uint8_t { kReference, kToken, kDate, kCount, kSort };

struct SearchParameter {
  std::string_view name;
  ParameterType type;
};

// FHIR R4 search parameters of the resources that clinical rules read
// (http://hl7.org/fhir/R4/searchparameter-registry.html). Only reference, token and date parameters, _count
// and _sort belong to the subset.
constexpr SearchParameter kSearchParameters[] = {
    {"patient", ParameterType::kReference},
    {"subject", ParameterType::kReference},
    {"encounter", ParameterType::kReference},
    {"beneficiary", ParameterType::kReference},
    {"medication", ParameterType::kReference},
    {"performer", ParameterType::kReference},
    {"requester", ParameterType::kReference},
    {"_id", ParameterType::kToken},
    {"category", ParameterType::kToken},
    {"class", ParameterType::kToken},
    {"clinical-status", ParameterType::kToken},
    {"code", ParameterType::kToken},
    {"identifier", ParameterType::kToken},
    {"intent", ParameterType::kToken},
    {"relationship", ParameterType::kToken},
    {"severity", ParameterType::kToken},
    {"status", ParameterType::kToken},
    {"type", ParameterType::kToken},
    {"verification-status", ParameterType::kToken},
    {"_lastUpdated", ParameterType::kDate},
    {"authored", ParameterType::kDate},
    {"authoredon", ParameterType::kDate},
    {"birthdate", ParameterType::kDate},
    {"date", ParameterType::kDate},
    {"effective", ParameterType::kDate},
    {"effective-time", ParameterType::kDate},
    {"issued", ParameterType::kDate},
    {"onset-date", ParameterType::kDate},
    {"period", ParameterType::kDate},
    {"recorded-date", ParameterType::kDate},
    {"whenhandedover", ParameterType::kDate},
    {"_count", ParameterType::kCount},
    {"_sort", ParameterType::kSort},
};

constexpr std::string_view kUserTokens[] = {
    "userPractitionerId",
    "userPractitionerRoleId",
    "userPatientId",
    "userRelatedPersonId",
};

constexpr std::string_view kDatePrefixes[] = {"eq", "lt", "gt", "ge", "le"};

bool IsTypeName(std::string_view text) {
  return !text.empty() && text.front() >= 'A' && text.front() <= 'Z' &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); });
}

bool IsWholeToken(std::string_view text) {
  return text.starts_with("{{") && text.find("}}") == text.size() - 2 && text.size() > 4;
}

class Linter {
 public:
  Linter(const cards::PrefetchTemplate& prefetch_template, const HookRow& hook)
      : template_(prefetch_template), hook_(hook) {}

  std::vector<TemplateFinding> Run() && {
    CheckBraces();
    if (!findings_.empty()) return std::move(findings_);
    ForEachToken(template_.query, [this](std::string_view token) { CheckToken(token); });
    CheckQuery();
    return std::move(findings_);
  }

 private:
  void Add(std::string_view rule, std::string what) {
    findings_.push_back(TemplateFinding{rule, std::move(what)});
  }

  // P-16: every "{{" has its "}}", and no brace stands alone.
  void CheckBraces() {
    std::string_view rest = template_.query;
    while (true) {
      const std::size_t open = rest.find_first_of("{}");
      if (open == std::string_view::npos) return;
      const std::size_t close = rest.find_first_of("{}", open + 2);
      if (rest.substr(open, 2) != "{{" || close == std::string_view::npos || rest.substr(close, 2) != "}}") {
        Add("P-16", "a token is not delimited by {{ and }}");
        return;
      }
      rest.remove_prefix(close + 2);
    }
  }

  // P-17b to P-20, P-25: a root-level primitive field of this hook's context, or one of the user identifiers.
  void CheckToken(std::string_view token) {
    constexpr std::string_view kContext = "context.";
    if (std::find(std::begin(kUserTokens), std::end(kUserTokens), token) != std::end(kUserTokens)) return;
    if (!token.starts_with(kContext)) {
      Add("P-17b", "the token " + std::string(token) + " is neither a context field nor a user identifier");
      return;
    }
    const std::string_view name = token.substr(kContext.size());
    const auto field = std::find_if(hook_.fields.begin(), hook_.fields.end(),
                                    [&](const ContextField& known) { return known.name == name; });
    if (field == hook_.fields.end()) {
      const bool is_path = name.find_first_of(".()") != std::string_view::npos;
      Add(is_path ? "P-18" : "P-19",
          "the context of " + std::string(hook_.hook) + " has no field " + std::string(name));
    } else if (field->kind != FieldKind::kId && field->kind != FieldKind::kUserReference) {
      Add("P-25", "the context field " + std::string(name) + " is no prefetch token");
    }
  }

  void CheckQuery() {
    const std::string_view query = template_.query;
    if (const std::size_t mark = query.find('?'); mark != std::string_view::npos) {
      CheckType(query.substr(0, mark));
      CheckSearch(query.substr(mark + 1));
      return;
    }
    if (IsWholeToken(query)) {
      bool is_reference = false;
      ForEachToken(query, [&](std::string_view token) { is_reference = token == "context.userId"; });
      if (!is_reference) Add("P-21", "only context.userId is a whole reference");
      return;
    }
    const std::size_t slash = query.find('/');
    if (slash == std::string_view::npos) {
      Add("P-01", "neither Type/id nor Type?query");
      return;
    }
    CheckType(query.substr(0, slash));
    const std::string_view id = query.substr(slash + 1);
    if (!IsWholeToken(id) && !model::IsFhirId(id))
      Add("P-01", "the id of the read is neither a token nor a FHIR id");
  }

  void CheckType(std::string_view type) {
    if (!IsTypeName(type)) {
      Add("P-01", "the query does not start with a resource type");
    } else if (std::find(template_.types.begin(), template_.types.end(), type) == template_.types.end()) {
      Add("P-02", "the types of the template do not name " + std::string(type));
    }
  }

  void CheckSearch(std::string_view search) {
    while (true) {
      const std::size_t end = search.find('&');
      CheckParameter(search.substr(0, end));
      if (end == std::string_view::npos) return;
      search.remove_prefix(end + 1);
    }
  }

  void CheckParameter(std::string_view parameter) {
    const std::size_t equals = parameter.find('=');
    if (equals == std::string_view::npos || equals == 0 || equals + 1 == parameter.size()) {
      Add("P-01", "a search parameter without a name or a value");
      return;
    }
    std::string_view name = parameter.substr(0, equals);
    const std::string_view value = parameter.substr(equals + 1);
    std::string_view modifier;
    if (const std::size_t colon = name.find(':'); colon != std::string_view::npos) {
      modifier = name.substr(colon + 1);
      name = name.substr(0, colon);
    }
    const auto known = std::find_if(std::begin(kSearchParameters), std::end(kSearchParameters),
                                    [&](const SearchParameter& row) { return row.name == name; });
    if (known == std::end(kSearchParameters)) {
      Add("P-22", "the search parameter " + std::string(name) + " is outside the portable subset");
      return;
    }
    if (!modifier.empty() && (known->type != ParameterType::kToken || modifier != "in")) {
      Add("P-22", "the modifier :" + std::string(modifier) + " on " + std::string(name));
    }
    CheckValue(*known, value);
  }

  void CheckValue(const SearchParameter& parameter, std::string_view value) {
    if (value.find_first_of(" \t\r\n") != std::string_view::npos &&
        value.find("{{") == std::string_view::npos) {
      Add("P-22", "white space in the value of " + std::string(parameter.name));
    }
    if (parameter.type == ParameterType::kDate && !IsDateValue(value)) {
      Add("P-22", "the value of " + std::string(parameter.name) + " is not eq, lt, gt, ge or le with a date");
    }
    if (parameter.type == ParameterType::kCount &&
        !std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; })) {
      Add("P-22", "_count is not a number");
    }
  }

  static bool IsDateValue(std::string_view value) {
    const auto prefix = std::find(std::begin(kDatePrefixes), std::end(kDatePrefixes), value.substr(0, 2));
    if (prefix != std::end(kDatePrefixes)) value.remove_prefix(2);
    return base::ParseCivilDate(value).has_value() || base::ParseInstant(value).has_value();
  }

  const cards::PrefetchTemplate& template_;
  const HookRow& hook_;
  std::vector<TemplateFinding> findings_;
};

}  // namespace

std::vector<TemplateFinding> LintTemplate(const cards::PrefetchTemplate& prefetch_template,
                                          const HookRow& hook) {
  return Linter(prefetch_template, hook).Run();
}

}  // namespace osteon::cds_hooks
