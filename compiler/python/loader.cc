#include "compiler/python/loader.h"

#include "common/path.h"
#include "versions/read_python.h"

#include <algorithm>

namespace retort::py {
namespace {

constexpr size_t kMaxFiles = 500;

std::string as_path(std::string_view dotted) {
  std::string path(dotted);
  std::replace(path.begin(), path.end(), '.', '/');
  return path;
}

// `a.b` of `a.b.c`, empty for `a`.
std::string parent_name(const std::string& name) {
  const size_t dot = name.rfind('.');
  return dot == name.npos ? std::string() : name.substr(0, dot);
}

}  // namespace

const ModuleSource* ProjectLoader::load(const std::string& path, std::string name) {
  for (const std::unique_ptr<File>& file : files_)
    if (file->path == path)
      return &file->source;
  if (files_.size() >= kMaxFiles)
    return nullptr;
  DiskResult<std::string> bytes = run_.disk.read(path);
  if (!bytes)
    return nullptr;
  auto file = std::make_unique<File>();
  file->path = path;
  file->source.name = std::move(name);
  file->source.file = run_.sources.add(shown_path(path), decode_python(*std::move(bytes)));
  file->source.package = file_name(path) == "__init__.py";
  file->tree = parse(run_.sources.text(file->source.file));
  file->source.tree = &file->tree;
  files_.push_back(std::move(file));
  return &files_.back()->source;
}

const ModuleSource* ProjectLoader::find(const ModuleSource& importer, std::string_view dotted,
                                        size_t level) {
  if (level == 0) {
    for (const std::string& folder : folders_)
      if (const ModuleSource* const found = in_folder(folder, dotted, std::string(dotted)))
        return found;
    return nullptr;
  }
  const auto own = std::find_if(files_.begin(), files_.end(),
                                [&](const auto& file) { return &file->source == &importer; });
  if (own == files_.end())
    return nullptr;
  // As in Python, dots cannot lead out of the outermost package.
  std::string folder = parent_path((*own)->path);
  std::string package = importer.package ? importer.name : parent_name(importer.name);
  for (size_t i = 1; i < level; ++i) {
    folder = parent_path(folder);
    package = parent_name(package);
  }
  if (package.empty())
    return nullptr;
  return in_folder(folder, dotted, dotted.empty() ? package : package + "." + std::string(dotted));
}

const ModuleSource* ProjectLoader::in_folder(const std::string& folder, std::string_view dotted,
                                             const std::string& name) {
  const std::string path = dotted.empty() ? folder : join_path(folder, as_path(dotted));
  for (const std::string& file : {path + "/__init__.py", path + ".py"})
    if ((!dotted.empty() || file.ends_with("/__init__.py")) &&
        run_.disk.kind(file) == EntryKind::file)
      return load(file, name);
  return nullptr;
}

bool ProjectLoader::is_folder(std::string_view dotted) {
  return std::any_of(folders_.begin(), folders_.end(), [&](const std::string& folder) {
    return run_.disk.kind(join_path(folder, as_path(dotted))) == EntryKind::folder;
  });
}

}  // namespace retort::py
