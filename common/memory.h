// How the allocator gets its memory from the system. A run makes very many small objects and keeps
// most of them to its end; asking for their pages one by one took a fifth of its time.
#pragma once

namespace retort {

// Once, before anything else.
void prepare_memory();

// On each thread that is started.
void prepare_thread_memory();

}  // namespace retort
