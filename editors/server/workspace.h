// The chains of all files that an editor has open. Each file finds its own, from its folder upward,
// whatever folders the editor calls its workspace.
#pragma once

#include "editors/server/documents.h"
#include "editors/server/fence.h"
#include "editors/server/model.h"

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace retort::lsp {

struct WorkspaceSettings {
  std::string config;      // a file, instead of the search: seen from the folder that is open
  std::string statistics;  // a file
  int target = 0;          // major version of the server; 0: the configuration's

  bool operator==(const WorkspaceSettings&) const = default;
};

class Workspace {
public:
  Workspace(const Disk& disk, unsigned threads) : disk_(disk, documents_), threads_(threads) {}

  Documents& documents() { return documents_; }
  const Documents& documents() const { return documents_; }
  const Disk& disk() const { return disk_; }

  // The chain that a file belongs to, or, of one that belongs to none and is open, what it is by
  // itself; or null. Reads it where nobody has asked before.
  Model* model_of(const std::string& path);
  // Reads the chain that is configured in or above a folder, if there is one.
  Model* model_above(const std::string& folder);
  // All chains: those of the open texts, and what was read before.
  std::vector<Model*> models();

  void opened(Document document);
  void edited(const std::string& path);  // its open text has changed
  void closed(const std::string& path);
  // Files have changed on disk. What they mean is found out when somebody asks.
  void changed_on_disk(const std::vector<std::string>& paths);
  // The same for clients that do not say: by the times of files and folders.
  void look_at_disk();
  void set(WorkspaceSettings settings);
  bool told_of_changes = false;  // by the client, so that nobody has to look
  // Folders that the editor has open: where commands would be run that name their configuration.
  std::vector<std::string> folders;
  // Takes over what has changed since the last question.
  void catch_up();

private:
  struct Chain {
    std::unique_ptr<Fence> disk;
    std::unique_ptr<Model> model;
    bool alone = false;                    // a file that belongs to none
    bool outdated = false;                 // to be read anew
    std::map<std::string, int64_t> times;  // of what was read
  };
  void read(const std::string& root, Chain& chain);
  Model* alone(const std::string& path);
  void forget_alone();
  std::vector<std::string> reach(const std::string& root) const;
  std::string root_above(const std::string& folder) const;

  Documents documents_;
  Overlay disk_;
  unsigned threads_;
  WorkspaceSettings settings_;
  std::map<std::string, Chain> chains_;       // by the folder of their configuration, or the file
  std::map<std::string, std::string> roots_;  // of folders; empty: there is none
  std::set<std::string> changed_;             // texts that models do not have yet
};

}  // namespace retort::lsp
