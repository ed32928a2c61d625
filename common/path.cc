#include "common/path.h"

#include "common/text.h"

#include <unistd.h>
#include <vector>

namespace retort {

std::string current_folder() {
  std::string buffer(4096, '\0');
  const char* const folder = ::getcwd(buffer.data(), buffer.size());
  return folder ? folder : "/";
}

std::string join_path(std::string_view base, std::string_view name) {
  if (name.starts_with('/') || base.empty())
    return std::string(name);
  std::string path;
  path.reserve(base.size() + 1 + name.size());
  path += base;
  if (!path.ends_with('/'))
    path += '/';
  return path += name;
}

std::string normal_path(std::string_view path) {
  const bool absolute = path.starts_with('/');
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    path = slash == std::string_view::npos ? "" : path.substr(slash + 1);
    if (part.empty() || part == ".")
      continue;
    if (part == ".." && !parts.empty() && parts.back() != "..")
      parts.pop_back();
    else if (part != ".." || !absolute)
      parts.push_back(part);
  }
  std::string result;
  for (const std::string_view part : parts) {
    if (!result.empty() || absolute)
      result += '/';
    result += part;
  }
  if (result.empty())
    return absolute ? "/" : ".";
  return result;
}

std::string absolute_path(std::string_view path) {
  return normal_path(path.starts_with('/') ? std::string(path) : join_path(current_folder(), path));
}

std::string parent_path(std::string_view path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string_view::npos)
    return ".";
  return slash == 0 ? "/" : std::string(path.substr(0, slash));
}

std::string_view file_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string_view stem(std::string_view name) { return name.substr(0, name.rfind('.')); }

std::string shown_path(std::string_view path) {
  const std::string here = current_folder();
  const std::string whole = normal_path(join_path(here, path));
  if (whole == here)
    return ".";
  const std::string prefix = here == "/" ? here : here + "/";
  return whole.starts_with(prefix) ? whole.substr(prefix.size()) : whole;
}

std::string portable_name(std::string_view text, std::string_view also) {
  std::string name;
  for (const char c : text) {
    const bool plain = is_word(c) && static_cast<unsigned char>(c) < 0x80;
    name += plain || also.find(c) != std::string_view::npos ? c : '_';
  }
  return name;
}

}  // namespace retort
