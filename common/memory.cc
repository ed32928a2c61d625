#include "common/memory.h"

#include <cstdint>
#include <cstdlib>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

namespace retort {
namespace {

// What a heap has from its start, and grows by. Untouched, it is only addresses.
constexpr size_t kHeap = size_t{32} << 20;

// More than a heap has before it grows.
constexpr size_t kMore = size_t{1} << 20;

// Pages of 2 MiB where the system gives them to those that ask. It is a wish: nothing depends on
// it.
void wish_for_large_pages() {
#ifdef MADV_HUGEPAGE
  const auto page = static_cast<uintptr_t>(::sysconf(_SC_PAGESIZE));
  void* const first = std::malloc(kMore);
  const uintptr_t begin = (reinterpret_cast<uintptr_t>(first) + page - 1) & ~(page - 1);
  ::madvise(reinterpret_cast<void*>(begin), kHeap - 2 * page, MADV_HUGEPAGE);
  std::free(first);
#endif
}

}  // namespace

void prepare_memory() {
  ::mallopt(M_TOP_PAD, static_cast<int>(kHeap));
  ::mallopt(M_TRIM_THRESHOLD, INT32_MAX);  // what a statement needed, the next one will
  ::mallopt(M_MXFAST, 0);  // else each large piece that is freed goes through all small ones
  ::mallopt(M_MMAP_THRESHOLD, static_cast<int>(kHeap));  // as above
  wish_for_large_pages();
}

ThreadMemory::ThreadMemory() { wish_for_large_pages(); }
ThreadMemory::~ThreadMemory() { give_back_pieces(); }

}  // namespace retort
