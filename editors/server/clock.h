// Time as it passes, for waiting and for measuring.
#pragma once

#include <chrono>

namespace retort::lsp {

using Clock = std::chrono::steady_clock;

inline double milliseconds_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

}  // namespace retort::lsp
