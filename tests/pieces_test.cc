// What `new` hands out (common/pieces.cc).
#include "common/parallel.h"

#include <cstdint>
#include <cstring>
#include <doctest/doctest.h>
#include <malloc.h>
#include <new>
#include <string>
#include <string_view>
#include <vector>

namespace retort {
namespace {

TEST_CASE("pieces of all sizes are aligned, and none lies on another") {
  struct Piece {
    char* bytes;
    size_t size;
  };
  std::vector<Piece> pieces;
  for (int round = 0; round < 3; ++round)
    for (const size_t size :
         {0, 1, 8, 15, 16, 23, 24, 25, 100, 500, 1015, 1016, 1017, 5000, 300000})
      pieces.push_back({static_cast<char*>(::operator new(size)), size});
  for (size_t i = 0; i < pieces.size(); ++i) {
    CHECK(reinterpret_cast<uintptr_t>(pieces[i].bytes) % __STDCPP_DEFAULT_NEW_ALIGNMENT__ == 0);
    std::memset(pieces[i].bytes, static_cast<int>(i), pieces[i].size);
  }
  for (size_t i = 0; i < pieces.size(); ++i)
    CHECK(std::string_view(pieces[i].bytes, pieces[i].size) ==
          std::string(pieces[i].size, static_cast<char>(i)));
  for (const Piece& piece : pieces)
    ::operator delete(piece.bytes, piece.size);
}

// As the language server does all day: threads read, the main thread drops what they read before.
TEST_CASE("what threads make stays whole behind them, and comes back to them") {
  struct Piece {
    char* bytes;
    size_t size;
  };
  std::vector<std::vector<Piece>> made(8);
  const auto round = [&] {
    parallel_for(made.size(), 4, [&](size_t i) {
      for (size_t number = 0; number < 1000; ++number) {
        const size_t size = 24 + 16 * (number % 5);  // nothing of a piece is left over
        made[i].push_back({static_cast<char*>(::operator new(size)), size});
        std::memset(made[i].back().bytes, static_cast<int>(i + number), size);
      }
    });
    bool whole = true;
    for (size_t i = 0; i < made.size(); ++i) {
      for (size_t number = 0; number < made[i].size(); ++number) {
        const auto& [bytes, size] = made[i][number];
        whole &= std::string_view(bytes, size) == std::string(size, static_cast<char>(i + number));
        ::operator delete(bytes, size);
      }
      made[i].clear();
    }
    CHECK(whole);
  };
  for (int i = 0; i < 30; ++i)
    round();
  const size_t before = ::mallinfo2().uordblks;
  for (int i = 0; i < 300; ++i)
    round();
  // A round makes 600 KB.
  CHECK(::mallinfo2().uordblks < before + (size_t{8} << 20));
}

}  // namespace
}  // namespace retort
