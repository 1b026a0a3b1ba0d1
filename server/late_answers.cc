#include "server/late_answers.h"

#include <utility>

namespace osteon::server {

LateAnswers::LateAnswers(std::chrono::milliseconds wait) : wait_(wait), thread_([this] { Run(); }) {}

LateAnswers::~LateAnswers() {
  {
    std::scoped_lock guard(mutex_);
    stopping_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void LateAnswers::Add(std::shared_ptr<PendingAnswer> answer) {
  bool was_idle = false;
  {
    std::scoped_lock guard(mutex_);
    // Most answers are sent within a millisecond or two: dropping them here keeps the queue short.
    while (!entries_.empty() && entries_.front().answer->sent()) entries_.pop_front();
    entries_.push_back(Entry{Clock::now() + wait_, std::move(answer)});
    was_idle = std::exchange(idle_, false);
  }
  if (was_idle) wake_.notify_one();
}

void LateAnswers::Run() {
  std::unique_lock guard(mutex_);
  while (!stopping_ || !entries_.empty()) {
    if (entries_.empty()) {
      idle_ = true;
      wake_.wait(guard, [&] { return stopping_ || !idle_; });
      continue;
    }
    if (const auto deadline = entries_.front().deadline; !stopping_ && Clock::now() < deadline) {
      // Until the deadline of the oldest, which may be answered and gone by then: at most one waking per
      // wait.
      wake_.wait_until(guard, deadline, [&] { return stopping_; });
      continue;
    }
    const auto answer = std::move(entries_.front().answer);
    entries_.pop_front();
    guard.unlock();
    answer->Send(PendingAnswer::Reason::kLate);
    guard.lock();
  }
}

}  // namespace osteon::server
