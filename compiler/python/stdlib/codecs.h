// Bytes as text.
#pragma once

#include <string>
#include <string_view>

namespace retort::py {

std::string hexadecimal(std::string_view bytes);
// `safe`: with `-` and `_`, as in addresses.
std::string base64(std::string_view bytes, bool safe);

}  // namespace retort::py
