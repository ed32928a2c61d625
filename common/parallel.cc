#include "common/parallel.h"

#include "common/memory.h"

#include <algorithm>
#include <atomic>
#include <pthread.h>
#include <sched.h>
#include <vector>

namespace retort {
namespace {

struct Batch {
  const std::function<void(size_t)>& task;
  size_t count;
  size_t chunk;
  std::atomic<size_t> next{0};

  void work() {
    // Chunks keep the threads off each other's cache line of results.
    while (true) {
      const size_t begin = next.fetch_add(chunk, std::memory_order_relaxed);
      if (begin >= count)
        return;
      const size_t end = std::min(begin + chunk, count);
      for (size_t i = begin; i < end; ++i)
        task(i);
    }
  }
};

thread_local bool has_large_stack = false;

void* run_batch(void* batch) {
  has_large_stack = true;
  const ThreadMemory memory;
  static_cast<Batch*>(batch)->work();
  return nullptr;
}

}  // namespace

unsigned default_threads() {
  cpu_set_t cpus;
  CPU_ZERO(&cpus);
  if (::sched_getaffinity(0, sizeof cpus, &cpus) != 0)
    return 1;
  return static_cast<unsigned>(std::max(1, CPU_COUNT(&cpus)));
}

void parallel_for(size_t count, unsigned threads, const std::function<void(size_t)>& task) {
  if (count == 0)
    return;
  const size_t workers = std::clamp<size_t>(threads, 1, count);
  Batch batch{task, count, std::clamp<size_t>(count / (workers * 8), 1, 64)};
  if (workers == 1 && has_large_stack)
    return batch.work();
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kThreadStack);
  std::vector<pthread_t> started;
  for (size_t i = 0; i < workers; ++i) {
    pthread_t thread{};
    if (pthread_create(&thread, &attributes, run_batch, &batch) == 0)
      started.push_back(thread);
  }
  pthread_attr_destroy(&attributes);
  if (started.empty())
    batch.work();  // no thread to be had: slower, not wrong
  for (const pthread_t thread : started)
    pthread_join(thread, nullptr);
}

void on_large_stack(const std::function<void()>& task) {
  if (has_large_stack)
    return task();
  parallel_for(1, 1, [&](size_t) { task(); });
}

}  // namespace retort
