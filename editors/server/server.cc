#include "editors/server/server.h"

#include "common/parallel.h"
#include "common/path.h"
#include "common/text.h"
#include "editors/server/diagnostics.h"
#include "editors/server/publish.h"
#include "editors/server/queue.h"
#include "editors/server/requests/requests.h"
#include "editors/server/uri.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <fmt/format.h>
#include <memory>
#include <thread>
#include <unistd.h>

namespace retort::lsp {
namespace {

using std::chrono::milliseconds;

// How often to look whether the client is still there. The end of the input says the same at once;
// this is for those whose pipes somebody else keeps open.
constexpr std::chrono::seconds kLookForClient{5};

class Log {
public:
  explicit Log(const std::string& file)
      : file_(file.empty()  ? nullptr
              : file == "-" ? stderr
                            : std::fopen(file.c_str(), "a")) {}
  ~Log() {
    if (file_ && file_ != stderr)
      std::fclose(file_);
  }
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;

  void line(std::string_view text) {
    if (!file_)
      return;
    fmt::print(file_, "{}\n", text);
    std::fflush(file_);
  }

private:
  std::FILE* file_;
};

class Server {
public:
  Server(int output, const ServerOptions& options)
      : output_(output), log_(options.log_file), session_(real_disk(), options.threads),
        publisher_(session_) {
    session_.send = [this](std::string_view method, std::string params, bool request) {
      send(method, params, request);
    };
  }

  int run(Queue& queue) {
    queue_ = &queue;
    while (!over_ && !queue.ended()) {
      std::optional<Message> message = queue.next(next_occasion());
      if (message)
        take(*message);
      else if (!queue.ended())
        look_around();
    }
    if (const std::string broken = queue.broken(); !broken.empty()) {
      log_.line(broken);
      return 1;
    }
    return over_ ? (shut_down_ ? 0 : 1) : (initialized_ && !shut_down_ ? 1 : 0);
  }

private:
  // --- sending ---

  void write(std::string_view json) {
    std::string text(json);
    while (text.ends_with('\n'))
      text.pop_back();
    const std::string frame = framed(text);
    size_t done = 0;
    while (done < frame.size()) {
      const ssize_t count = ::write(output_, frame.data() + done, frame.size() - done);
      if (count < 0 && errno == EINTR)
        continue;
      if (count <= 0) {  // nobody listens any more
        over_ = true;
        return;
      }
      done += static_cast<size_t>(count);
    }
  }

  void send(std::string_view method, std::string_view params, bool request) {
    JsonWriter json;
    json.begin_object().text("jsonrpc", "2.0");
    if (request)
      json.text("id", fmt::format("retort-{}", ++requests_));
    json.text("method", method).key("params").raw(params).end_object();
    write(json.take());
  }

  void answer(const std::string& id, std::string_view result) {
    JsonWriter json;
    json.begin_object().text("jsonrpc", "2.0").key("id").raw(id).key("result").raw(result);
    write(json.end_object().take());
  }

  void refuse(const std::string& id, const RequestError& error) {
    JsonWriter json;
    json.begin_object().text("jsonrpc", "2.0").key("id").raw(id.empty() ? "null" : id);
    json.key("error").begin_object().number("code", error.code).text("message", error.message);
    write(json.end_object().end_object().take());
  }

  // --- time ---

  std::optional<Clock::time_point> next_occasion() {
    if (!initialized_)
      return std::nullopt;
    std::optional<Clock::time_point> next = publisher_.due();
    const auto earlier = [&](Clock::time_point time) {
      if (!next || time < *next)
        next = time;
    };
    if (has_work_)
      earlier(last_edit_ + kQuiet);
    if (client_process_ > 0)
      earlier(looked_for_client_ + kLookForClient);
    return next;
  }

  // Nothing was heard for a while.
  void look_around() {
    const Clock::time_point now = Clock::now();
    if (client_process_ > 0 && now >= looked_for_client_ + kLookForClient) {
      looked_for_client_ = now;
      if (::kill(static_cast<pid_t>(client_process_), 0) != 0 && errno == ESRCH) {
        log_.line("the client is gone");
        over_ = true;
        return;
      }
    }
    session_.forget_texts();
    if (publisher_.due() && now >= *publisher_.due())
      publisher_.publish();
    if (has_work_ && now >= last_edit_ + kQuiet)
      work();
  }

  // What edits mean for other revisions, until somebody asks for something.
  void work() {
    if (std::exchange(content_stale_, false))
      refresh_contents();
    bool news = false;
    has_work_ = false;
    for (Model* const model : session_.workspace.models()) {
      const size_t before = model->generation();
      while (queue_->empty() && !queue_->ended() && model->work()) {
      }
      has_work_ |= !model->idle();
      news |= model->generation() != before;
    }
    if (!has_work_ && news)
      publisher_.refresh();
  }

  // Documents that are no files follow what is edited.
  void refresh_contents() {
    if (!session_.client.reads_content)
      return;
    for (const std::string& uri : session_.contents) {
      JsonWriter json;
      json.begin_object().text("uri", uri).end_object();
      send("workspace/textDocumentContent/refresh", json.take(), true);
    }
  }

  // --- receiving ---

  void take(Message& message) {
    const Clock::time_point now = Clock::now();
    if (initialized_ && !session_.workspace.told_of_changes && now > last_message_ + kLookAtDisk)
      session_.workspace.look_at_disk();
    last_message_ = now;
    session_.forget_texts();
    if (!message.json.valid()) {
      refuse("", {RequestError::kParseError, "this is not JSON"});
      return;
    }
    const JsonValue params = message.json.root()["params"];
    if (message.method.empty()) {
      if (!message.json.root().is_object())
        refuse("", {RequestError::kInvalidRequest, "a message is an object"});
      return;  // else an answer to a question of ours, which asked for nothing
    }
    if (message.id.empty())
      notified(message.method, params);
    else
      asked(message, params);
  }

  void asked(const Message& message, JsonValue params) {
    const std::string& id = message.id;
    if (message.cancelled)
      return refuse(id, {RequestError::kCancelled, "cancelled"});
    if (shut_down_)
      return refuse(id, {RequestError::kInvalidRequest, "the server is shut down"});
    if (message.method == "initialize")
      return initialized_ ? refuse(id, {RequestError::kInvalidRequest, "this was said before"})
                          : initialize(id, params);
    if (!initialized_)
      return refuse(id, {RequestError::kNotInitialized, "`initialize` comes first"});
    if (message.method == "shutdown") {
      shut_down_ = true;
      return answer(id, "null");
    }
    const std::span<const Method> all = methods();
    const auto method = std::find_if(all.begin(), all.end(), [&](const Method& candidate) {
      return candidate.name == message.method;
    });
    if (method == all.end())
      return refuse(id, {RequestError::kUnknownMethod,
                         fmt::format("there is no method `{}`", message.method)});
    if (method->whole_file && queue_->change_waits(params["textDocument"]["uri"].text()))
      return refuse(id, {RequestError::kContentModified, "the text has changed since"});
    const Clock::time_point begin = Clock::now();
    JsonWriter json;
    if (const Answered refused = method->answer(session_, params, json))
      refuse(id, *refused);
    else
      answer(id, json.take());
    if (message.method == "textDocument/diagnostic" || message.method == "workspace/diagnostic")
      publisher_.pulled();
    has_work_ = true;
    log_.line(fmt::format("{} {:.1f} ms", message.method, milliseconds_since(begin)));
  }

  void notified(std::string_view method, JsonValue params) {
    if (method == "exit") {
      over_ = true;
      return;
    }
    if (!initialized_ || shut_down_)
      return;
    if (method == "textDocument/didOpen")
      open(params["textDocument"]);
    else if (method == "textDocument/didChange")
      change(params);
    else if (method == "textDocument/didClose")
      close(path_in(params));
    else if (method == "textDocument/didSave")
      saved(path_in(params));
    else if (method == "workspace/didChangeWatchedFiles")
      changed_files(params["changes"]);
    else if (method == "workspace/didChangeConfiguration")
      configure(params["settings"]["retort"]);
    else if (method == "workspace/didChangeWorkspaceFolders")
      change_folders(params["event"]);
    else if (method == "initialized")
      greeted();
  }

  std::string path_in(JsonValue params) { return session_.file_of(params["textDocument"]); }

  void open(JsonValue item) {
    Document document;
    document.uri = item["uri"].text();
    document.path = session_.file_of(item);
    if (document.path.empty())
      return;
    document.version = item["version"].number();
    document.text = item["text"].text();
    const std::string path = document.path;
    session_.workspace.opened(std::move(document));
    publisher_.touch(path, true);
    has_work_ = true;
  }

  void change(JsonValue params) {
    const std::string path = path_in(params);
    Document* const document = session_.workspace.documents().find(path);
    if (!document)
      return;
    const JsonValue changes = params["contentChanges"];
    for (size_t i = 0; i < changes.size(); ++i)
      document->change(changes[i], session_.client.encoding);
    document->version = params["textDocument"]["version"].number(document->version + 1);
    session_.workspace.edited(path);
    publisher_.touch(path, !session_.settings.on_save);
    content_stale_ = true;
    has_work_ = true;
    last_edit_ = Clock::now();
  }

  void close(const std::string& path) {
    session_.workspace.closed(path);
    publisher_.closed(path);
    has_work_ = true;
  }

  void saved(const std::string& path) {
    publisher_.touch(path, true);
    if (!session_.client.watches_files)
      changed_paths({path});
  }

  void changed_files(JsonValue changes) {
    std::vector<std::string> paths;
    for (size_t i = 0; i < changes.size(); ++i)
      if (std::string path = session_.file_of(changes[i]); !path.empty())
        paths.push_back(std::move(path));
    changed_paths(paths);
  }

  void changed_paths(const std::vector<std::string>& paths) {
    session_.workspace.changed_on_disk(paths);
    content_stale_ = true;
    publisher_.touch_all();
    publisher_.refresh();
    has_work_ = true;
  }

  void change_folders(JsonValue event) {
    std::vector<std::string>& folders = session_.workspace.folders;
    for (size_t i = 0; i < event["removed"].size(); ++i)
      std::erase(folders, session_.file_of(event["removed"][i]));
    add_folders(event["added"]);
  }

  void add_folders(JsonValue list) {
    for (size_t i = 0; i < list.size(); ++i)
      add_folder(session_.file_of(list[i]));
  }

  void add_folder(const std::string& path) {
    if (!path.empty())
      session_.workspace.folders.push_back(path);
  }

  // --- beginning ---

  void initialize(const std::string& id, JsonValue params) {
    session_.client = read_client(params["capabilities"]);
    session_.workspace.told_of_changes = session_.client.watches_files;
    add_folders(params["workspaceFolders"]);
    if (session_.workspace.folders.empty())
      for (const std::string& uri :
           {std::string(params["rootUri"].text()), uri_of(params["rootPath"].text())})
        if (session_.workspace.folders.empty())
          add_folder(session_.file_of(uri));
    client_process_ = params["processId"].number();
    looked_for_client_ = Clock::now();
    configure(params["initializationOptions"]);
    JsonWriter json;
    json.begin_object().key("capabilities");
    write_capabilities(json, session_);
    json.key("serverInfo").begin_object();
    json.text("name", "retort").text("version", RETORT_VERSION).end_object().end_object();
    initialized_ = true;
    answer(id, json.take());
  }

  void configure(JsonValue settings) {
    if (!settings.is_object())
      return;
    if (read_settings(settings, session_.settings)) {
      session_.workspace.set(session_.settings.workspace);
      publisher_.touch_all();
    }
    if (initialized_)
      publisher_.refresh();
  }

  // The chains of the folders that the client has open are read at once.
  void greeted() {
    if (session_.client.watches_files)
      watch();
    const bool progress = session_.client.asks_progress && !session_.workspace.folders.empty();
    if (progress) {
      send("window/workDoneProgress/create", R"({"token":"retort-read"})", true);
      send(
          "$/progress",
          R"({"token":"retort-read","value":{"kind":"begin","title":"retort: reading revisions"}})",
          false);
    }
    for (const std::string& folder : session_.workspace.folders) {
      const Clock::time_point begin = Clock::now();
      const Model* const model = session_.workspace.model_above(folder);
      if (!model || !model->usable())
        continue;
      const std::string line =
          fmt::format("retort {}: {}, {}, {} in {:.0f} ms", RETORT_VERSION,
                      shown_path(model->name()), counted(model->chain().size(), "revision"),
                      counted(model->chain().heads().size(), "head"), milliseconds_since(begin));
      log_.line(line);
      JsonWriter json;
      json.begin_object().number("type", 3).text("message", line).end_object();
      send("window/logMessage", json.take(), false);
    }
    if (progress)
      send("$/progress", R"({"token":"retort-read","value":{"kind":"end"}})", false);
    publisher_.touch_all();
    has_work_ = true;
  }

  void watch() {
    JsonWriter json;
    json.begin_object().key("registrations").begin_array().begin_object();
    json.text("id", "retort-files").text("method", "workspace/didChangeWatchedFiles");
    json.key("registerOptions").begin_object().key("watchers").begin_array();
    for (const std::string_view pattern : {"**/*.py", "**/*.sql", "**/retort.toml",
                                           "**/alembic.ini", "**/pyproject.toml", "**/retort.lock"})
      json.begin_object().text("globPattern", pattern).end_object();
    json.end_array().end_object().end_object().end_array().end_object();
    send("client/registerCapability", json.take(), true);
  }

  // Edits come in quick succession; what they mean for other revisions waits for a pause.
  static constexpr milliseconds kQuiet{150};
  // After such a silence files may have changed, of which this client does not tell.
  static constexpr milliseconds kLookAtDisk{2000};

  int output_;
  Log log_;
  Session session_;
  Publisher publisher_;
  Queue* queue_ = nullptr;
  bool initialized_ = false, shut_down_ = false, over_ = false;
  bool has_work_ = false;
  bool content_stale_ = false;
  int64_t client_process_ = 0;
  Clock::time_point looked_for_client_{};
  Clock::time_point last_message_{}, last_edit_{};
  size_t requests_ = 0;
};

}  // namespace

int serve(int input, int output, const ServerOptions& options) {
  ::signal(SIGPIPE, SIG_IGN);
  const auto queue = std::make_shared<Queue>();
  // It waits in read() when we are done, and ends with the process.
  std::thread([queue, input] { queue->read_all(input); }).detach();
  int code = 0;
  on_large_stack([&] { code = Server(output, options).run(*queue); });
  return code;
}

}  // namespace retort::lsp
