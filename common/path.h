// Paths as text. Everything is purely lexical but `current_folder`.
#pragma once

#include <string>
#include <string_view>

namespace retort {

std::string current_folder();

// `base/name`, or `name` itself when it is absolute.
std::string join_path(std::string_view base, std::string_view name);
std::string absolute_path(std::string_view path);   // against the current folder, normalised
std::string normal_path(std::string_view path);     // `.` and `..` resolved, no final slash
std::string parent_path(std::string_view path);     // "." for a bare name
std::string_view file_name(std::string_view path);  // after the last slash
std::string_view stem(std::string_view file_name);  // before the last dot
// As a user would type it: relative to the current folder when it lies inside, else absolute.
std::string shown_path(std::string_view path);

// What may stand in a name of a file on any system: ASCII letters and digits, `_`, and the
// characters of `also`; `_` for all others.
std::string portable_name(std::string_view text, std::string_view also = "-.");

}  // namespace retort
