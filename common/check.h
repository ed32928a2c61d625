// For mistakes of ours, in release builds too: says where, and stops before anything is written.
#pragma once

#include <cstdio>
#include <cstdlib>

#define ENSURE(condition, message)                                                                 \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      std::fprintf(stderr, "retort: internal error at %s:%d: %s\n", __FILE__, __LINE__, message);  \
      std::_Exit(70);                                                                              \
    }                                                                                              \
  } while (false)
