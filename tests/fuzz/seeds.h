// What every fuzz target needs.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <span>
#include <string_view>

// Ends the run with a crash, which libFuzzer saves.
#define MUST(condition)                                                                            \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      std::fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                 \
      std::abort();                                                                                \
    }                                                                                              \
  } while (false)

namespace retort::fuzz {

// Puts the seeds into the corpus folder among the arguments, so that none has to be kept in the
// repository.
void write_seeds(int argc, char** argv, std::span<const std::string_view> seeds);
inline void write_seeds(int argc, char** argv, std::initializer_list<std::string_view> seeds) {
  write_seeds(argc, argv, std::span<const std::string_view>(seeds.begin(), seeds.size()));
}

}  // namespace retort::fuzz

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv);
extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size);
