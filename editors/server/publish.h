// When findings are pushed. A client that asks for them itself is left alone; one that announced to
// do so and never does is served after a while.
#pragma once

#include "editors/server/clock.h"
#include "editors/server/session.h"

#include <map>
#include <optional>
#include <set>
#include <string>

namespace retort::lsp {

class Publisher {
public:
  explicit Publisher(Session& session) : session_(session) {}

  // The file was opened or edited; `now`: its findings are wanted for it.
  void touch(const std::string& path, bool now);
  void touch_all();
  void closed(const std::string& path);
  // The client has asked for findings: from now on it always does.
  void pulled();
  // Answers that were given are void: the client is told, or gets new ones.
  void refresh();

  std::optional<Clock::time_point> due() const { return due_; }
  void publish();

private:
  void plan();
  void publish(const std::string& path);

  Session& session_;
  std::optional<Clock::time_point> due_;
  std::set<std::string> waiting_;
  std::set<std::string> published_;  // files that have findings at the client
  std::map<std::string, std::string> said_;
};

}  // namespace retort::lsp
