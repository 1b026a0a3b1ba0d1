// A call without its sockets: Prepare and Decide of the shipped pack, by request size, on one thread.
//   bench/request_maker.py DIR && build/bench/decide_bench DIR [PACK] [--benchmark_...]

#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "cds_hooks/catalog.h"
#include "cds_hooks/engine.h"
#include "fhir/base/arena.h"
#include "fhir/json/tree.h"
#include "server/pack_bundle.h"
#include "server/pack_files.h"

namespace osteon::bench {
namespace {

enum class Part { kRead, kPrepare, kDecide };

constexpr std::size_t kAnyNumber = SIZE_MAX;

struct Request {
  std::string name;
  std::string service_id;
  std::size_t cards;
  std::string body;  // json::kReadPadding bytes of room follow its `size`
  std::size_t size = 0;
};

bool ReadBody(const std::string& path, Request* request) {
  std::ifstream file(path, std::ios::binary);
  request->body.assign(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
  request->size = request->body.size();
  request->body.resize(request->size + json::kReadPadding);
  return request->size > 0;
}

std::string_view Text(const Request& request) {
  return {request.body.data(), request.size};
}

cds_hooks::CallInput Input(const Request& request) {
  cds_hooks::CallInput input;
  input.service_id = request.service_id;
  input.body = Text(request);
  input.now = *base::ParseInstant("2026-06-15T10:00:00Z");
  input.source_url = "http://127.0.0.1/rules/";
  return input;
}

// True when the part went well; what it made is dropped.
bool Run(Part part, const cds_hooks::Catalog& catalog, const Request& request, base::Arena& arena) {
  if (part == Part::kRead) return json::Tree::Read(Text(request), arena).ok();
  const base::Result<cds_hooks::Prepared> prepared = cds_hooks::Prepare(catalog, Input(request), arena);
  if (!prepared.ok() || part == Part::kPrepare) return prepared.ok();
  const base::Result<cds_hooks::Decision> decision = cds_hooks::Decide(*prepared);
  return decision.ok() && (request.cards == kAnyNumber || decision->cards.size() == request.cards);
}

void Measure(benchmark::State& state, Part part, const cds_hooks::Catalog& catalog, const Request& request) {
  base::Arena arena;
  for (auto unused : state) {
    arena.Reset();
    if (!Run(part, catalog, request, arena)) {
      state.SkipWithError("an error, or not the expected cards");
      break;
    }
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(request.size));
}

void Register(const std::shared_ptr<const cds_hooks::Catalog>& catalog, std::vector<Request>* requests) {
  constexpr std::pair<Part, const char*> kParts[] = {
      {Part::kRead, "read/"}, {Part::kPrepare, "prepare/"}, {Part::kDecide, "prepare_and_decide/"}};
  for (const Request& request : *requests) {
    for (const auto& [part, prefix] : kParts) {
      benchmark::RegisterBenchmark((prefix + request.name).c_str(), [part = part, catalog,
                                                                     &request](auto& state) {
        Measure(state, part, *catalog, request);
      })->Unit(benchmark::kMicrosecond);
    }
  }
}

int Main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (argc != 2 && argc != 3) {
    std::fputs("usage: decide_bench DIR [PACK] [--benchmark_...]; bench/request_maker.py DIR fills it\n",
               stderr);
    return 64;
  }
  constexpr char kOrderSelect[] = "perinatal-bone-health-order-select";
  constexpr char kPatientView[] = "perinatal-bone-health-patient-view";
  std::vector<Request> requests = {{"2.5KB", kOrderSelect, 3, {}},
                                   {"5KB", kPatientView, 1, {}},
                                   {"50KB", kPatientView, 1, {}},
                                   {"500KB", kPatientView, 1, {}}};
  for (Request& request : requests) {
    const std::string path = std::string(argv[1]) + "/" + request.name + ".json";
    if (!ReadBody(path, &request)) {
      std::fprintf(stderr, "decide_bench: cannot read %s\n", path.c_str());
      return 1;
    }
  }
  const auto catalog =
      server::LoadRules({argc == 3 ? std::filesystem::path(argv[2]) : server::ShippedPackFolder()});
  if (!catalog.ok()) {
    std::fprintf(stderr, "decide_bench: %s\n", catalog.error().public_text.c_str());
    return 1;
  }
  // Of the shipped pack; another may know more.
  if (argc == 3) {
    for (Request& request : requests) request.cards = kAnyNumber;
  }
  Register(*catalog, &requests);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}

}  // namespace
}  // namespace osteon::bench

int main(int argc, char** argv) {
  return osteon::bench::Main(argc, argv);
}
