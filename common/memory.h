// How the allocator gets its memory from the system. A run makes very many small objects and keeps
// most of them to its end; asking for their pages one by one took a fifth of its time.
#pragma once

namespace retort {

// Once, before anything else.
void prepare_memory();

// On each thread that is started, until it ends.
class ThreadMemory {
public:
  ThreadMemory();
  ~ThreadMemory();
  ThreadMemory(const ThreadMemory&) = delete;
  ThreadMemory& operator=(const ThreadMemory&) = delete;
};

// Leaves what this thread has freed, and what it has not used, to the others (common/pieces.cc).
void give_back_pieces();

}  // namespace retort
