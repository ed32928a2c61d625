#pragma once

#include <string>
#include <string_view>

namespace retort {

std::string md5(std::string_view bytes);  // 32 lower-case hexadecimal digits

}  // namespace retort
