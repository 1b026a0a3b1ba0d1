#include "fhir/cql/trace.h"

#include <algorithm>
#include <functional>

namespace osteon::cql {
namespace {

bool Holds(json::Value outer, const char* text) {
  const std::string_view raw = outer.raw();
  const std::less<const char*> before;
  return (outer.is_object() || outer.is_array()) && !before(text, raw.data()) &&
         before(text, raw.data() + raw.size());
}

template <typename T>
void AddOnce(std::vector<T>& items, const T& item) {
  if (std::find(items.begin(), items.end(), item) == items.end()) items.push_back(item);
}

}  // namespace

Trace::Trace(const model::ResourceIndex& resources) {
  for (const json::Value resource : resources.OfType(model::FindType("Resource"))) {
    const std::string_view raw = resource.raw();
    extents_.push_back({raw.data(), raw.data() + raw.size(), resource});
  }
  std::sort(extents_.begin(), extents_.end(), [](const Extent& a, const Extent& b) {
    return a.begin != b.begin ? std::less<const char*>()(a.begin, b.begin) : a.end > b.end;
  });
}

void Trace::Begin(const DefineIr* define, const FunctionIr* function) {
  TracedStep& step = running_.emplace_back();
  step.define = define;
  step.function = function;
}

void Trace::End(const model::Val& value, const std::optional<Diagnostic>& error) {
  TracedStep step = std::move(running_.back());
  running_.pop_back();
  if (error) {
    step.error = error;
  } else {
    step.value = value;
  }
  // A definition that is evaluated anew after a failure.
  std::erase_if(finished_, [&](const TracedStep& known) {
    return known.define != nullptr && known.define == step.define;
  });
  finished_.push_back(std::move(step));
}

void Trace::Use(const DefineIr& define) {
  if (!running_.empty()) AddOnce(running_.back().uses, &define);
}

void Trace::Read(const model::Val& node) {
  if (running_.empty()) return;
  for (const model::Val& item : model::Items(node)) {
    if (!item.is(model::Kind::kNode)) continue;
    const json::Value value = item.node().exists() ? item.node() : item.node_extension();
    // The text of a string with escapes is elsewhere; the element that held it has been read before.
    if (const auto found = Find(value.raw().data())) {
      AddOnce(running_.back().resources, extents_[*found].resource);
    }
  }
}

// Bundles hold the resources of their entries: the innermost one counts.
std::optional<std::size_t> Trace::Find(const char* text) const {
  auto after = std::upper_bound(
      extents_.begin(), extents_.end(), text,
      [](const char* place, const Extent& extent) { return std::less<const char*>()(place, extent.begin); });
  while (after != extents_.begin()) {
    --after;
    if (std::less<const char*>()(text, after->end)) return static_cast<std::size_t>(after - extents_.begin());
  }
  return std::nullopt;
}

std::string PlaceOf(json::Value root, json::Value inside) {
  std::string place;
  const char* const text = inside.raw().data();
  json::Value at = root;
  while (Holds(at, text) && !(at == inside)) {
    std::size_t index = 0;
    json::Value next;
    for (const json::Value child : at) {
      if (child == inside || Holds(child, text)) {
        next = child;
        break;
      }
      ++index;
    }
    if (!next.exists()) return {};
    if (at.is_array()) {
      place += "[" + std::to_string(index) + "]";
    } else {
      place.append(place.empty() ? "" : ".").append(next.name());
    }
    at = next;
  }
  return at == inside ? place : std::string();
}

}  // namespace osteon::cql
