// The one place with threads. Work is handed out by index and results land in slots by index, so
// that what comes out never depends on which thread was faster.
#pragma once

#include <cstddef>
#include <functional>

namespace retort {

// libpg_query's grammar recurses; its stack check needs more room than a default thread has.
inline constexpr size_t kThreadStack = size_t{64} << 20;

unsigned default_threads();  // the cores that this process may use

// Runs task(0) … task(count - 1) on up to `threads` threads, all of them with large stacks.
void parallel_for(size_t count, unsigned threads, const std::function<void(size_t)>& task);

// Runs the task on a thread with a large stack and waits for it; at once on a thread that has one.
void on_large_stack(const std::function<void()>& task);

}  // namespace retort
