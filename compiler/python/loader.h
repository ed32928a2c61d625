// Python files of the project, found by their dotted names as Python would: in the folders that
// env.py puts on sys.path.
#pragma once

#include "common/run.h"
#include "compiler/python/interpreter.h"

namespace retort::py {

class ProjectLoader : public Loader {
public:
  ProjectLoader(Run& run, std::vector<std::string> folders)
      : run_(run), folders_(std::move(folders)) {}

  // A file by its path; null when it cannot be read.
  const ModuleSource* load(const std::string& path, std::string name);

  const ModuleSource* find(const ModuleSource& importer, std::string_view dotted,
                           size_t level) override;
  bool is_folder(std::string_view dotted) override;

private:
  struct File {
    ModuleSource source;
    std::string path;
    Tree tree;
  };
  const ModuleSource* in_folder(const std::string& folder, std::string_view dotted,
                                const std::string& name);

  Run& run_;
  std::vector<std::string> folders_;
  std::vector<std::unique_ptr<File>> files_;
};

}  // namespace retort::py
