// Places as editors name them: `file:///home/me/a%20b.py`.
#pragma once

#include <string>
#include <string_view>

namespace retort::lsp {

std::string uri_of(std::string_view path);  // an absolute path
std::string path_of(std::string_view uri);  // empty: it is no file of this machine
std::string percent_encoded(std::string_view text);
std::string percent_decoded(std::string_view text);

}  // namespace retort::lsp
