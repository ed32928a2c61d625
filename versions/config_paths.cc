#include "versions/config_paths.h"

#include "common/path.h"
#include "common/text.h"

#include <algorithm>

namespace retort {

static std::string_view separators(std::string_view name, std::string_view fallback) {
  if (name.empty())
    return fallback;
  if (name == "os")
    return ":";
  if (name == "space")
    return " ";
  if (name == "newline")
    return "\n";
  return name;
}

std::vector<std::string> split_paths(std::string_view text, std::string_view separator,
                                     std::string_view fallback) {
  const std::string_view ends = separators(separator, fallback);
  std::vector<std::string> paths;
  while (!text.empty()) {
    const size_t end = std::min(text.find_first_of(ends), text.size());
    if (const std::string_view piece = trim(text.substr(0, end)); !piece.empty())
      paths.emplace_back(piece);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return paths;
}

bool is_in_package(std::string_view text) {
  return !text.starts_with('/') && text.find(':') != std::string_view::npos;
}

std::optional<std::string> package_folder(const Disk& disk, std::string_view text,
                                          const std::vector<std::string>& roots) {
  std::string package(text.substr(0, text.find(':')));
  std::string inside(text.substr(package.size() + 1));
  std::replace(package.begin(), package.end(), '.', '/');
  std::replace(inside.begin(), inside.end(), ':', '/');
  for (const std::string& root : roots) {
    std::string folder = join_path(root, package);
    if (disk.kind(folder + ".py") == EntryKind::file)
      folder = parent_path(folder);  // a module stands for the folder that holds it
    else if (package.empty() || disk.kind(folder) != EntryKind::folder)
      continue;
    return normal_path(join_path(folder, inside));
  }
  return std::nullopt;
}

std::string resolve_folder(const Disk& disk, const std::string& text,
                           const std::vector<std::string>& bases) {
  for (const std::string& base : bases)
    if (std::string path = normal_path(join_path(base, text)); disk.kind(path) == EntryKind::folder)
      return path;
  return normal_path(join_path(bases.front(), text));
}

}  // namespace retort
