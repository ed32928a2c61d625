// What a request is answered from: the open texts, the chains, and what the client can do.
#pragma once

#include "editors/server/workspace.h"

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace retort::lsp {

// What the client has announced, as far as it changes an answer.
struct Client {
  Encoding encoding = Encoding::utf16;
  bool announced_pull = false;
  bool pulls = false;  // it has done so
  bool markdown = false;
  bool related = false;
  bool tags = false;
  bool code_description = false;
  bool document_changes = false;
  bool creates_files = false;
  bool renames_files = false;
  bool shows_documents = false;
  bool watches_files = false;
  bool asks_progress = false;
  bool hierarchical_symbols = false;
  bool refreshes_diagnostics = false, refreshes_lenses = false, refreshes_hints = false;
  bool reads_content = false;  // workspace/textDocumentContent
};

enum class Hints : uint8_t { off, blocking, all };

struct EditorSettings {
  WorkspaceSettings workspace;
  Hints hints = Hints::off;
  bool lenses = true;
  bool on_save = false;  // findings only then
};

// From the capabilities of `initialize`, and from the settings that an editor sends; true when
// chains have to be read anew.
Client read_client(JsonValue capabilities);
bool read_settings(JsonValue settings, EditorSettings& now);

struct RequestError {
  static constexpr int kParseError = -32700;
  static constexpr int kInvalidRequest = -32600;
  static constexpr int kUnknownMethod = -32601;
  static constexpr int kInvalidParams = -32602;
  static constexpr int kNotInitialized = -32002;
  static constexpr int kContentModified = -32801;
  static constexpr int kCancelled = -32800;
  static constexpr int kFailed = -32803;
  int code = kFailed;
  std::string message;
};

// A text with its lines, be it open or not.
struct TextView {
  std::string_view text;
  const Lines* lines = nullptr;
  std::string owned;
  Lines owned_lines;
};

// Where a request is about.
struct Spot {
  std::string path;
  std::string_view text;
  const Lines* lines = nullptr;
  uint32_t offset = 0;               // of `position`, if there is one
  Model* model = nullptr;            // of its chain; none: it belongs to none
  std::optional<RevIndex> revision;  // whose file it is
};

class Session {
public:
  Session(const Disk& disk, unsigned threads) : workspace(disk, threads) {}

  Workspace workspace;
  Client client;
  EditorSettings settings;
  std::set<std::string> contents;  // virtual documents that the client has asked for
  // Sends a request or a notification of our own; `params` is JSON.
  std::function<void(std::string_view method, std::string params, bool request)> send;

  // The file that the `uri` of an object names, links resolved; empty: it is none.
  std::string file_of(JsonValue object) const { return file_of(object["uri"].text()); }
  std::string file_of(std::string_view uri) const;
  // The file of `textDocument`, and `position` in it. Nothing when it is no file.
  std::optional<Spot> spot(JsonValue params);
  uint32_t offset(const Spot& spot, JsonValue position) const;
  Span span(const Spot& spot, JsonValue range) const;

  // The text of a file for places in it: the open one, what a chain has read, or the disk's.
  const TextView& text_of(const std::string& path);
  void forget_texts() { texts_.clear(); }
  std::string uri(const std::string& path) const;  // as the client calls it

  void write_position(JsonWriter& json, const TextView& text, uint32_t offset) const;
  void write_range(JsonWriter& json, const TextView& text, Span span) const;
  void write_range(JsonWriter& json, std::string_view key, const Place& place);
  void write_location(JsonWriter& json, const Place& place);  // an object with uri and range

private:
  std::map<std::string, TextView> texts_;
};

// A range in a text whose lines are known.
void write_range(JsonWriter& json, std::string_view text, const Lines& lines, Span span,
                 Encoding encoding);

}  // namespace retort::lsp
