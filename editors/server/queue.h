// Messages from the client in their order, read by a thread of its own so that what the client
// takes back, or has written meanwhile, is known before the work on it begins.
#pragma once

#include "common/json.h"
#include "editors/server/clock.h"
#include "editors/server/frames.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace retort::lsp {

struct Message {
  JsonDocument json;
  std::string id;      // as JSON; empty: a notification
  std::string method;  // empty: an answer to a question of ours
  bool cancelled = false;
};

class Queue {
public:
  // Reads until the input ends.
  void read_all(int input);

  // The next message; nothing when the time has come, or the input has ended.
  std::optional<Message> next(std::optional<Clock::time_point> until);
  bool empty();
  bool ended();
  std::string broken();  // why it ended, if the input made no sense
  // A change of this document waits.
  bool change_waits(std::string_view uri);

private:
  void add(std::vector<Message> messages);

  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Message> messages_;
  bool ended_ = false;
  std::string broken_;
};

}  // namespace retort::lsp
