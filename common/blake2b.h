// BLAKE2b (RFC 7693) without a key.
#pragma once

#include <string>
#include <string_view>

namespace retort {

std::string blake2b(std::string_view bytes, size_t size = 64);  // two hexadecimal digits a byte

}  // namespace retort
