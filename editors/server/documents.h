// The texts that an editor has open: they stand for the files until they are closed.
#pragma once

#include "common/disk.h"
#include "common/json.h"
#include "editors/server/positions.h"

#include <map>
#include <string>
#include <string_view>

namespace retort::lsp {

// A `Position` of the protocol.
LinePosition position_in(JsonValue value);

struct Document {
  std::string uri;   // as the client writes it
  std::string path;  // with links resolved
  int64_t version = 0;
  std::string text;  // with line feeds, whatever ends the lines on disk
  Lines lines;

  // One element of `contentChanges`.
  void change(JsonValue change, Encoding encoding);
};

class Documents {
public:
  Document& open(Document document);
  void close(const std::string& path);
  Document* find(const std::string& path);
  const Document* find(const std::string& path) const;
  const std::map<std::string, Document>& all() const { return all_; }

private:
  std::map<std::string, Document> all_;  // by path
};

// The disk with the open texts on it.
class Overlay final : public Disk {
public:
  Overlay(const Disk& below, const Documents& documents) : below_(below), documents_(documents) {}

  DiskResult<std::vector<Entry>> list(const std::string& folder) const override;
  DiskResult<std::string> read(const std::string& path) const override;
  EntryKind kind(const std::string& path) const override;
  bool exists(const std::string& path) const override;
  std::string real_path(const std::string& path) const override;

private:
  const Disk& below_;
  const Documents& documents_;
};

}  // namespace retort::lsp
