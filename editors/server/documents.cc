#include "editors/server/documents.h"

#include "common/path.h"
#include "common/text.h"

#include <algorithm>

namespace retort::lsp {

LinePosition position_in(JsonValue value) {
  const auto number = [&](std::string_view key) {
    return static_cast<uint32_t>(std::clamp<int64_t>(value[key].number(), 0, INT32_MAX));
  };
  return {number("line"), number("character")};
}

void Document::change(JsonValue change, Encoding encoding) {
  const std::string added = with_line_feeds(change["text"].text());
  const JsonValue range = change["range"];
  if (!range.exists()) {
    text = added;
    lines = Lines(text);
    return;
  }
  const uint32_t begin = lines.offset(text, position_in(range["start"]), encoding);
  const uint32_t end = std::max(begin, lines.offset(text, position_in(range["end"]), encoding));
  text.replace(begin, end - begin, added);
  lines.replaced(text, {begin, begin + static_cast<uint32_t>(added.size())}, end - begin);
}

Document& Documents::open(Document document) {
  document.text = with_line_feeds(document.text);
  document.lines = Lines(document.text);
  std::string path = document.path;
  return all_.insert_or_assign(std::move(path), std::move(document)).first->second;
}

void Documents::close(const std::string& path) { all_.erase(path); }

Document* Documents::find(const std::string& path) {
  const auto found = all_.find(path);
  return found == all_.end() ? nullptr : &found->second;
}

const Document* Documents::find(const std::string& path) const {
  const auto found = all_.find(path);
  return found == all_.end() ? nullptr : &found->second;
}

DiskResult<std::vector<Entry>> Overlay::list(const std::string& folder) const {
  DiskResult<std::vector<Entry>> entries = below_.list(folder);
  if (!entries)
    return entries;
  const std::string real = real_path(folder);
  const size_t before = entries->size();
  for (const auto& [path, document] : documents_.all()) {
    const std::string_view name = file_name(path);
    if (parent_path(path) == real && std::none_of(entries->begin(), entries->end(),
                                                  [&](const Entry& e) { return e.name == name; }))
      entries->push_back({std::string(name), EntryKind::file, false});
  }
  if (entries->size() != before)
    std::sort(entries->begin(), entries->end(),
              [](const Entry& a, const Entry& b) { return a.name < b.name; });
  return entries;
}

DiskResult<std::string> Overlay::read(const std::string& path) const {
  for (const auto& [own_path, document] : documents_.all())
    if (own_path == path || (file_name(own_path) == file_name(path) && own_path == real_path(path)))
      return document.text;
  return below_.read(path);
}

EntryKind Overlay::kind(const std::string& path) const {
  return documents_.find(path) ? EntryKind::file : below_.kind(path);
}

bool Overlay::exists(const std::string& path) const {
  return documents_.find(path) || below_.exists(path);
}

std::string Overlay::real_path(const std::string& path) const { return below_.real_path(path); }

}  // namespace retort::lsp
