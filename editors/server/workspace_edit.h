// Changes of files, as the client can take them.
#pragma once

#include "editors/server/session.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace retort::lsp {

class WorkspaceEdit {
public:
  void replace(const Place& at, std::string text);
  // Only for clients that announce it.
  void create(std::string path, std::string text);
  void rename(std::string from, std::string to);
  bool empty() const { return edits_.empty() && created_.empty(); }

  void write(Session& session, JsonWriter& json) const;

private:
  std::map<std::string, std::vector<std::pair<Span, std::string>>> edits_;
  std::vector<std::pair<std::string, std::string>> created_;
  std::vector<std::pair<std::string, std::string>> renamed_;
};

}  // namespace retort::lsp
