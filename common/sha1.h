#pragma once

#include <string>
#include <string_view>

namespace retort {

std::string sha1(std::string_view bytes);  // 40 lower-case hexadecimal digits

}  // namespace retort
