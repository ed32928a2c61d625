#include "common/source.h"

#include "common/utf8.h"

#include <algorithm>

namespace retort {
namespace {

// Every line ends in CRLF, and no CR stands anywhere else.
bool is_crlf(std::string_view text) {
  size_t lines = 0;
  for (size_t cr = text.find('\r'); cr != text.npos; cr = text.find('\r', cr + 2), ++lines)
    if (cr + 1 == text.size() || text[cr + 1] != '\n')
      return false;
  return lines > 0 && lines == static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

FileId Sources::declare(std::string path) {
  const std::lock_guard lock(adding_);
  const uint32_t place = count_ + (1U << kFirstBlock);
  const auto block = static_cast<unsigned>(std::bit_width(place)) - 1;
  if (!blocks_[block - kFirstBlock])
    blocks_[block - kFirstBlock] = std::make_unique<Buffer[]>(size_t{1} << block);
  const auto id = static_cast<FileId>(count_++);
  at(id).path = std::move(path);
  return id;
}

void Sources::set_text(FileId id, std::string text) {
  Buffer& buffer = at(id);
  buffer.text = std::move(text);
  buffer.has_text = true;
  buffer.crlf = is_crlf(buffer.text);
  if (buffer.crlf)
    std::erase(buffer.text, '\r');
  buffer.line_starts.clear();
}

FileId Sources::add(std::string path, std::string text) {
  const FileId id = declare(std::move(path));
  set_text(id, std::move(text));
  return id;
}

FileId Sources::add_argument(std::string name, std::string text) {
  const FileId id = add(std::move(name), std::move(text));
  at(id).is_argument = true;
  return id;
}

FileId Sources::derive(FileId parent, std::string text, std::vector<Piece> pieces) {
  const FileId id = declare(at(parent).path);
  Buffer& buffer = at(id);
  buffer.text = std::move(text);  // its line ends are somebody's data
  buffer.has_text = true;
  buffer.parent = parent;
  buffer.pieces = std::move(pieces);
  return id;
}

void Sources::drop_derived(uint32_t count) {
  while (count_ > count && is_derived(static_cast<FileId>(count_ - 1)))
    at(static_cast<FileId>(--count_)) = {};
}

std::string_view Sources::text(Loc loc) const {
  return text(loc.file).substr(loc.span.begin, loc.span.size());
}

std::string Sources::as_on_disk(FileId id, std::string text) const {
  if (!at(id).crlf)
    return text;
  std::string result;
  result.reserve(text.size() + text.size() / 32);
  for (const char c : text)
    result.append(c == '\n' ? "\r\n" : std::string_view(&c, 1));
  return result;
}

Loc Sources::origin(Loc loc) const {
  while (loc.file != FileId::none && is_derived(loc.file)) {
    const Buffer& buffer = at(loc.file);
    const std::vector<Piece>& pieces = buffer.pieces;
    // The origin of one byte; the end of the buffer belongs to the last piece.
    const auto of_byte = [&](uint32_t offset) {
      const auto after =
          std::upper_bound(pieces.begin(), pieces.end(), offset,
                           [](uint32_t value, const Piece& piece) { return value < piece.begin; });
      if (after == pieces.begin())
        return pieces.empty() ? Span{} : Span{pieces[0].origin.begin, pieces[0].origin.begin};
      const Piece& piece = *(after - 1);
      if (!piece.verbatim)
        return piece.origin;
      const uint32_t begin =
          std::min(piece.origin.begin + (offset - piece.begin), piece.origin.end);
      return Span{begin, std::min(begin + 1, piece.origin.end)};
    };
    const Span first = of_byte(loc.span.begin);
    const uint32_t end =
        loc.span.empty() ? first.begin : std::max(first.begin, of_byte(loc.span.end - 1).end);
    loc = {buffer.parent, {first.begin, end}};
  }
  return loc;
}

const std::vector<uint32_t>& Sources::line_starts(FileId id) const {
  const Buffer& buffer = at(id);
  if (buffer.line_starts.empty()) {
    buffer.line_starts.push_back(0);
    for (uint32_t i = 0; i < buffer.text.size(); ++i) {
      const char c = buffer.text[i];
      const bool lone_cr = c == '\r' && (i + 1 == buffer.text.size() || buffer.text[i + 1] != '\n');
      if (c == '\n' || lone_cr)
        buffer.line_starts.push_back(i + 1);
    }
  }
  return buffer.line_starts;
}

Position Sources::position(FileId id, uint32_t offset) const {
  const std::vector<uint32_t>& starts = line_starts(id);
  const auto after = std::upper_bound(starts.begin(), starts.end(), offset);
  const uint32_t line = static_cast<uint32_t>(after - starts.begin());
  const std::string_view text = at(id).text;
  uint32_t begin = starts[line - 1];
  // A byte order mark is no character of the first line.
  if (begin == 0 && text.starts_with(utf8::kByteOrderMark) && offset >= 3)
    begin = 3;
  const uint32_t end = std::min<uint32_t>(offset, static_cast<uint32_t>(text.size()));
  return {line, 1 + static_cast<uint32_t>(utf8::count(text.substr(begin, end - begin)))};
}

Span Sources::line_span(FileId id, uint32_t line) const {
  const std::vector<uint32_t>& starts = line_starts(id);
  const std::string_view text = at(id).text;
  if (line == 0 || line > starts.size())
    return {};
  const uint32_t begin = starts[line - 1];
  uint32_t end = line < starts.size() ? starts[line] : static_cast<uint32_t>(text.size());
  while (end > begin && (text[end - 1] == '\n' || text[end - 1] == '\r'))
    --end;
  return {begin, end};
}

}  // namespace retort
