// CPU time of a call, as the language benchmarks take it.
#pragma once

#include <algorithm>
#include <ctime>

namespace osteon::bench {

inline constexpr int kRounds = 7;
inline constexpr double kRoundSeconds = 0.05;

inline double CpuSeconds() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// Microseconds of one call, the best of the rounds.
template <typename Function>
double BestOf(Function function) {
  double best = 1e9;
  for (int round = 0; round < kRounds; ++round) {
    const double begin = CpuSeconds();
    int calls = 0;
    double spent = 0;
    while (spent < kRoundSeconds) {
      for (int i = 0; i < 8; ++i) function();
      calls += 8;
      spent = CpuSeconds() - begin;
    }
    best = std::min(best, spent / calls);
  }
  return best * 1e6;
}

}  // namespace osteon::bench
