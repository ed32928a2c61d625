// Python files of the project, found by their dotted names as Python would: in the folders that
// env.py puts on sys.path.
#pragma once

#include "common/run.h"
#include "compiler/python/interpreter.h"

#include <map>
#include <mutex>

namespace retort::py {

// Files that revisions import, read and parsed once for all threads.
class ProjectFiles {
public:
  struct File {
    FileId id = FileId::none;
    Tree tree;
  };

  ProjectFiles(Run& run, std::vector<std::string> folders)
      : run_(run), folders_(std::move(folders)) {}

  const File* load(const std::string& path);  // null when it cannot be read
  const File* load_text(const std::string& name, std::string_view text);
  const std::vector<std::string>& folders() const { return folders_; }
  bool is_file(const std::string& path) const { return run_.disk.kind(path) == EntryKind::file; }
  bool is_folder(const std::string& path) const {
    return run_.disk.kind(path) == EntryKind::folder;
  }

private:
  Run& run_;
  std::vector<std::string> folders_;
  std::mutex loading_;
  std::map<std::string, std::unique_ptr<File>> files_;
};

// What one interpreter sees of them.
class ProjectLoader : public Loader {
public:
  explicit ProjectLoader(ProjectFiles& files) : files_(files) {}

  // A file by its path; null when it cannot be read.
  const ModuleSource* load(const std::string& path, std::string name);
  // One that comes along as text.
  const ModuleSource* load_text(std::string_view name, std::string_view text);
  // One that somebody has parsed already; `tree` must outlive the loader.
  const ModuleSource* adopt(const std::string& path, std::string name, FileId file,
                            const Tree& tree);

  const ModuleSource* find(const ModuleSource& importer, std::string_view dotted,
                           size_t level) override;
  bool is_folder(std::string_view dotted) override;

private:
  struct Module {
    ModuleSource source;
    std::string path;
  };
  const ModuleSource* in_folder(const std::string& folder, std::string_view dotted,
                                const std::string& name);

  ProjectFiles& files_;
  std::vector<std::unique_ptr<Module>> modules_;
};

}  // namespace retort::py
