#include "common/blake2b.h"

#include <array>
#include <bit>
#include <cstdint>
#include <fmt/format.h>

namespace retort {
namespace {

constexpr size_t kBlock = 128;
constexpr std::array<uint64_t, 8> kStart = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179};
constexpr uint8_t kOrder[10][16] = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
    {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
    {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
    {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
    {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
    {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
    {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
    {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
    {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
    {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};

void compress(std::array<uint64_t, 8>& state, std::string_view block, uint64_t total, bool last) {
  std::array<uint64_t, 16> words{};
  for (size_t i = 0; i < block.size(); ++i)
    words[i / 8] |= uint64_t{static_cast<unsigned char>(block[i])} << (8 * (i % 8));
  std::array<uint64_t, 16> v{};
  for (size_t i = 0; i < 8; ++i) {
    v[i] = state[i];
    v[i + 8] = kStart[i];
  }
  v[12] ^= total;
  if (last)
    v[14] = ~v[14];
  for (size_t round = 0; round < 12; ++round) {
    const uint8_t* const order = kOrder[round % 10];
    const auto mix = [&](size_t a, size_t b, size_t c, size_t d, size_t at) {
      v[a] += v[b] + words[order[at]];
      v[d] = std::rotr(v[d] ^ v[a], 32);
      v[c] += v[d];
      v[b] = std::rotr(v[b] ^ v[c], 24);
      v[a] += v[b] + words[order[at + 1]];
      v[d] = std::rotr(v[d] ^ v[a], 16);
      v[c] += v[d];
      v[b] = std::rotr(v[b] ^ v[c], 63);
    };
    mix(0, 4, 8, 12, 0);
    mix(1, 5, 9, 13, 2);
    mix(2, 6, 10, 14, 4);
    mix(3, 7, 11, 15, 6);
    mix(0, 5, 10, 15, 8);
    mix(1, 6, 11, 12, 10);
    mix(2, 7, 8, 13, 12);
    mix(3, 4, 9, 14, 14);
  }
  for (size_t i = 0; i < 8; ++i)
    state[i] ^= v[i] ^ v[i + 8];
}

}  // namespace

std::string blake2b(std::string_view bytes, size_t size) {
  std::array<uint64_t, 8> state = kStart;
  state[0] ^= 0x01010000 ^ size;
  uint64_t total = 0;
  while (bytes.size() > kBlock) {
    total += kBlock;
    compress(state, bytes.substr(0, kBlock), total, false);
    bytes.remove_prefix(kBlock);
  }
  compress(state, bytes, total + bytes.size(), true);
  std::string digits;
  for (size_t i = 0; i < size; ++i)
    digits += fmt::format("{:02x}", (state[i / 8] >> (8 * (i % 8))) & 0xff);
  return digits;
}

}  // namespace retort
