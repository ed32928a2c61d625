// `new` and `delete` for the small pieces that a run is made of: names, columns, findings, half a
// million of them for a thousand files. The allocator of the system takes some 120 instructions for
// each step, and was an eighth of the time.
//
// A piece has one word in front of it, its size in cells of 16 bytes, or 0 when it came from
// `malloc`. What is free waits in lists of the thread that freed it, one for each size. A list that
// is full goes to the others as a whole, so that what one thread makes and another one frees comes
// back, and so does all that a thread has when it ends.
#include "common/memory.h"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <new>
#include <utility>

namespace retort {
namespace {

constexpr size_t kCell = 16;
static_assert(kCell == 2 * sizeof(size_t) && kCell >= __STDCPP_DEFAULT_NEW_ALIGNMENT__);
constexpr size_t kSmallest = 2;               // cells: a free piece holds its own links
constexpr size_t kLargest = 64;               // cells
constexpr size_t kFull = 256;                 // pieces of a list
constexpr size_t kChunk = size_t{256} << 10;  // what is asked of the system at once

struct Piece {
  Piece* next = nullptr;
  Piece* next_list = nullptr;
  uint32_t count = 0;  // of the list that it begins
};
static_assert(sizeof(Piece) <= kSmallest * kCell - sizeof(size_t));

struct List {
  Piece* first = nullptr;
  uint32_t count = 0;

  Piece* pop() {
    --count;
    return std::exchange(first, first->next);
  }
  void push(Piece* piece) {
    piece->next = first;
    first = piece;
    ++count;
  }
};

// What has not been cut into pieces yet. A rest that nobody cuts says so where it begins.
struct Chunk {
  char* at = nullptr;
  char* end = nullptr;
};
struct Rest {
  Chunk chunk;
  Rest* next = nullptr;
};

struct Own {
  List lists[kLargest + 1];
  Chunk chunk;
};
constinit thread_local Own own;

struct Shared {
  std::mutex mutex;
  std::atomic<Piece*> lists[kLargest + 1] = {};
  Rest* rests = nullptr;
};
constinit Shared shared;

void share(size_t cells) {
  List& list = own.lists[cells];
  list.first->count = list.count;
  {
    const std::scoped_lock lock(shared.mutex);
    list.first->next_list = shared.lists[cells];
    shared.lists[cells] = list.first;
  }
  list = {};
}

bool take_shared(size_t cells) {
  if (!shared.lists[cells].load(std::memory_order_relaxed))
    return false;
  const std::scoped_lock lock(shared.mutex);
  Piece* const first = shared.lists[cells];
  if (!first)
    return false;
  shared.lists[cells] = first->next_list;
  own.lists[cells] = {first, first->count};
  return true;
}

void take_chunk() {
  {
    const std::scoped_lock lock(shared.mutex);
    if (Rest* const rest = shared.rests) {
      shared.rests = rest->next;
      own.chunk = rest->chunk;
      return;
    }
  }
  char* const begin = static_cast<char*>(std::malloc(kChunk));
  if (!begin)
    throw std::bad_alloc();
  own.chunk = {begin + kCell / 2, begin + kChunk};
}

// A piece begins with the word, half a cell before a whole one, where what is handed out begins.
void* handed_out(char* piece, size_t cells) {
  ::new (piece) size_t{cells};
  return piece + sizeof(size_t);
}

[[gnu::noinline]] void* cut(size_t cells) {
  if (take_shared(cells))
    return own.lists[cells].pop();
  while (own.chunk.end - own.chunk.at < static_cast<ptrdiff_t>(cells * kCell))
    take_chunk();
  return handed_out(std::exchange(own.chunk.at, own.chunk.at + cells * kCell), cells);
}

[[gnu::noinline]] void* large(size_t size) {
  char* const begin =
      size > SIZE_MAX - kCell ? nullptr : static_cast<char*>(std::malloc(size + kCell));
  if (!begin)
    throw std::bad_alloc();
  return handed_out(begin + kCell / 2, 0);
}

[[maybe_unused]] void* allocate(size_t size) {
  if (size > kLargest * kCell - sizeof(size_t))
    return large(size);
  const size_t cells = size <= kSmallest * kCell - sizeof(size_t)
                           ? kSmallest
                           : (size + sizeof(size_t) + kCell - 1) / kCell;
  List& list = own.lists[cells];
  return list.first ? list.pop() : cut(cells);
}

[[maybe_unused]] void release(void* memory) {
  if (!memory)
    return;
  char* const begin = static_cast<char*>(memory) - sizeof(size_t);
  size_t cells;
  __builtin_memcpy(&cells, begin, sizeof cells);
  if (cells == 0)
    return std::free(begin - kCell / 2);
  List& list = own.lists[cells];
  list.push(static_cast<Piece*>(memory));
  if (list.count == kFull)
    share(cells);
}

}  // namespace

void give_back_pieces() {
  for (size_t cells = kSmallest; cells <= kLargest; ++cells)
    if (own.lists[cells].first)
      share(cells);
  if (own.chunk.end - own.chunk.at >= static_cast<ptrdiff_t>(sizeof(Rest))) {
    const std::scoped_lock lock(shared.mutex);
    shared.rests = ::new (own.chunk.at) Rest{own.chunk, shared.rests};
  }
  own.chunk = {};
}

}  // namespace retort

// The sanitizers have their own.
#ifdef RETORT_PIECES
void* operator new(size_t size) { return retort::allocate(size); }
void operator delete(void* memory) noexcept { retort::release(memory); }
void operator delete(void* memory, size_t) noexcept { retort::release(memory); }
#endif
