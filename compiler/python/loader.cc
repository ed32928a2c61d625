#include "compiler/python/loader.h"

#include "common/path.h"
#include "versions/read_python.h"

#include <algorithm>

namespace retort::py {
namespace {

constexpr size_t kMaxFiles = 2000;

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

const ProjectFiles::File* ProjectFiles::load(const std::string& path) {
  const std::lock_guard lock(loading_);
  std::unique_ptr<File>& file = files_[path];
  if (file)
    return file.get();
  if (files_.size() > kMaxFiles)
    return nullptr;
  DiskResult<std::string> bytes = run_.disk.read(path);
  if (!bytes)
    return nullptr;
  file = std::make_unique<File>();
  file->id = run_.sources.add(shown_path(path), decode_python(*std::move(bytes)));
  file->tree = parse(run_.sources.text(file->id));
  return file.get();
}

const ProjectFiles::File* ProjectFiles::load_text(const std::string& name, std::string_view text) {
  const std::lock_guard lock(loading_);
  std::unique_ptr<File>& file = files_[name];
  if (!file) {
    file = std::make_unique<File>();
    file->id = run_.sources.add(name, std::string(text));
    file->tree = parse(run_.sources.text(file->id));
  }
  return file.get();
}

const ModuleSource* ProjectLoader::load_text(std::string_view name, std::string_view text) {
  const std::string path = "<" + std::string(name) + ">";
  const ProjectFiles::File* const file = files_.load_text(path, text);
  return adopt(path, std::string(name), file->id, file->tree);
}

const ModuleSource* ProjectLoader::load(const std::string& path, std::string name) {
  for (const std::unique_ptr<Module>& module : modules_)
    if (module->path == path)
      return &module->source;
  const ProjectFiles::File* const file = files_.load(path);
  return file ? adopt(path, std::move(name), file->id, file->tree) : nullptr;
}

const ModuleSource* ProjectLoader::adopt(const std::string& path, std::string name, FileId file,
                                         const Tree& tree) {
  Module& module = *modules_.emplace_back(std::make_unique<Module>());
  module.path = path;
  module.source.name = std::move(name);
  module.source.file = file;
  module.source.tree = &tree;
  module.source.package = file_name(path) == "__init__.py";
  return &module.source;
}

const ModuleSource* ProjectLoader::find(const ModuleSource& importer, std::string_view dotted,
                                        size_t level) {
  if (level == 0) {
    for (const std::string& folder : files_.folders())
      if (const ModuleSource* const found = in_folder(folder, dotted, std::string(dotted)))
        return found;
    return nullptr;
  }
  const auto own = std::find_if(modules_.begin(), modules_.end(),
                                [&](const auto& module) { return &module->source == &importer; });
  if (own == modules_.end())
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
    if ((!dotted.empty() || file.ends_with("/__init__.py")) && files_.is_file(file))
      return load(file, name);
  return nullptr;
}

bool ProjectLoader::is_folder(std::string_view dotted) {
  const auto& folders = files_.folders();
  return std::any_of(folders.begin(), folders.end(), [&](const std::string& folder) {
    return files_.is_folder(join_path(folder, as_path(dotted)));
  });
}

}  // namespace retort::py
