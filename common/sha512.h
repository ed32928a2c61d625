#pragma once

#include <string>
#include <string_view>

namespace retort {

std::string sha512(std::string_view bytes);  // 128 lower-case hexadecimal digits

}  // namespace retort
