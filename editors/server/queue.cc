#include "editors/server/queue.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <unistd.h>

namespace retort::lsp {
namespace {

Message message_of(std::string_view text) {
  Message message{JsonDocument(text), {}, {}};
  const JsonValue root = message.json.root();
  if (const JsonValue id = root["id"]; id.is_text() || id.is_number())
    message.id = id.json();
  message.method = root["method"].text();
  return message;
}

}  // namespace

void Queue::read_all(int input) {
  FrameReader frames;
  std::array<char, size_t{64} << 10> bytes;
  for (;;) {
    const ssize_t count = ::read(input, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      break;
    frames.add({bytes.data(), static_cast<size_t>(count)});
    // What arrived together is known together: a question that is taken back at once is not begun.
    std::vector<Message> messages;
    while (std::optional<std::string> text = frames.next())
      messages.push_back(message_of(*text));
    add(std::move(messages));
    if (!frames.broken().empty())
      break;
  }
  const std::lock_guard lock(mutex_);
  ended_ = true;
  broken_ = frames.broken();
  arrived_.notify_one();
}

void Queue::add(std::vector<Message> messages) {
  const std::lock_guard lock(mutex_);
  for (Message& message : messages) {
    if (message.method != "$/cancelRequest") {
      messages_.push_back(std::move(message));
      continue;
    }
    const std::string id = message.json.root()["params"]["id"].json();
    for (Message& waiting : messages_)
      waiting.cancelled |= waiting.id == id && !waiting.method.empty();
  }
  arrived_.notify_one();
}

std::optional<Message> Queue::next(std::optional<Clock::time_point> until) {
  std::unique_lock lock(mutex_);
  const auto ready = [&] { return !messages_.empty() || ended_; };
  if (until)
    arrived_.wait_until(lock, *until, ready);
  else
    arrived_.wait(lock, ready);
  if (messages_.empty())
    return std::nullopt;
  Message message = std::move(messages_.front());
  messages_.pop_front();
  return message;
}

bool Queue::empty() {
  const std::lock_guard lock(mutex_);
  return messages_.empty();
}

bool Queue::ended() {
  const std::lock_guard lock(mutex_);
  return ended_ && messages_.empty();
}

std::string Queue::broken() {
  const std::lock_guard lock(mutex_);
  return broken_;
}

bool Queue::change_waits(std::string_view uri) {
  const std::lock_guard lock(mutex_);
  return std::any_of(messages_.begin(), messages_.end(), [&](const Message& message) {
    return message.method == "textDocument/didChange" &&
           message.json.root()["params"]["textDocument"]["uri"].text() == uri;
  });
}

}  // namespace retort::lsp
