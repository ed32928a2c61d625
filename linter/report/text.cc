#include "linter/report/text.h"

#include "common/text.h"
#include "common/utf8.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort {
namespace {

constexpr int kTabWidth = 4;
constexpr size_t kGutter = 4;
constexpr size_t kFrameWidth = 120;  // longer lines are cut around the place

// Adds to a text, piece by piece: thousands of findings are printed at once.
struct Printer {
  std::string& text;
  bool color;

  Printer& operator<<(std::string_view more) {
    text += more;
    return *this;
  }
  Printer& operator<<(uint32_t number) { return *this << fmt::format_int(number).c_str(); }
  Printer& fill(size_t count, char c) {
    text.append(count, c);
    return *this;
  }
  // What comes between two of these has a colour.
  Printer& begin(std::string_view code) { return color ? *this << "\x1b[" << code << "m" : *this; }
  Printer& end() { return color ? *this << "\x1b[0m" : *this; }
};

std::string_view color_of(Level level) {
  return level == Level::error ? "1;31" : level == Level::warning ? "1;33" : "1;36";
}

// No text at the very beginning: the file as a whole is meant.
bool is_whole_file(Loc at) { return at.span == Span{}; }

void print_place(Printer& print, Loc at, const Sources& sources) {
  if (at.file == FileId::none)
    return;
  print << sources.path(at.file) << ":";
  if (sources.has_text(at.file) && !sources.is_argument(at.file) && !is_whole_file(at)) {
    const Position position = sources.position(at.file, at.span.begin);
    print << position.line << ":" << position.column << ":";
  }
  print << " ";
}

// One line of source as a terminal shows it, with the marked part measured in columns.
struct Frame {
  std::string text;
  size_t caret_column = 0;
  size_t caret_width = 0;
};

bool is_plain(std::string_view line) {
  return std::all_of(line.begin(), line.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

Frame frame_of(std::string_view line, uint32_t mark_begin, uint32_t mark_end) {
  Frame frame;
  if (line.size() <= kFrameWidth && is_plain(line)) {
    frame.text = line;
    frame.caret_column = std::min<size_t>(mark_begin, line.size());
    frame.caret_width = std::max<uint32_t>(mark_end - mark_begin, 1);
    return frame;
  }
  size_t column = 0;
  std::vector<std::pair<size_t, size_t>> cells;  // byte in frame.text, column
  for (size_t i = 0; i < line.size();) {
    const utf8::Char c = utf8::decode(line, i);
    if (i <= mark_begin)
      frame.caret_column = column;
    cells.emplace_back(frame.text.size(), column);
    const size_t before = column;
    if (c.code == '\t') {
      const size_t width = kTabWidth - column % kTabWidth;
      frame.text.append(width, ' ');
      column += width;
    } else if (!c.valid || c.code < 0x20 || c.code == 0x7F) {
      utf8::append(frame.text, 0xFFFD);  // also keeps escape sequences off the terminal
      ++column;
    } else {
      frame.text.append(line.substr(i, c.size));
      column += static_cast<size_t>(utf8::display_width(c.code));
    }
    if (i >= mark_begin && i < mark_end)
      frame.caret_width += column - before;
    i += c.size;
  }
  if (mark_begin >= line.size())
    frame.caret_column = column;
  frame.caret_width = std::max<size_t>(frame.caret_width, 1);
  if (column <= kFrameWidth)
    return frame;

  // A window that begins a little before the mark.
  const size_t first = frame.caret_column > 40 ? frame.caret_column - 40 : 0;
  const auto cell_at = [&](size_t wanted) {
    return std::find_if(cells.begin(), cells.end(),
                        [&](const auto& cell) { return cell.second >= wanted; });
  };
  const auto begin = cell_at(first);
  const auto end = cell_at(first + kFrameWidth);
  const size_t from = begin == cells.end() ? frame.text.size() : begin->first;
  const size_t to = end == cells.end() ? frame.text.size() : end->first;
  const size_t shift = begin == cells.end() ? column : begin->second;
  const std::string cut = frame.text.substr(from, to - from);
  const size_t lead = from > 0 ? 1 : 0;
  frame.text = (from > 0 ? "…" : "") + cut + (to < frame.text.size() ? "…" : "");
  frame.caret_column = frame.caret_column - shift + lead;
  frame.caret_width = std::min(frame.caret_width, kFrameWidth + 1 - frame.caret_column);
  return frame;
}

void print_frame(Printer& print, Loc at, const Sources& sources, Level level) {
  if (!sources.has_text(at.file) || is_whole_file(at))
    return;
  const Position position = sources.position(at.file, at.span.begin);
  const Span line = sources.line_span(at.file, position.line);
  const std::string_view text = sources.text(Loc{at.file, line});
  const bool bom = line.begin == 0 && text.starts_with(utf8::kByteOrderMark);
  const uint32_t skipped = bom ? 3 : 0;
  const uint32_t begin = std::clamp(at.span.begin, line.begin + skipped, line.end) - line.begin;
  const uint32_t end = std::clamp(at.span.end, line.begin + begin, line.end) - line.begin;
  const Frame frame = frame_of(text.substr(skipped), begin - skipped, end - skipped);
  const fmt::format_int number(position.line);
  const size_t gutter = std::max(number.size(), kGutter);
  print.begin("2").fill(gutter - number.size(), ' ') << number.c_str() << " |";
  print.end() << " " << frame.text << "\n";
  print.begin("2").fill(gutter, ' ') << " |";
  print.end().fill(frame.caret_column + 1, ' ');
  print.begin(color_of(level)).fill(frame.caret_width, '^').end() << "\n";
}

std::string_view label_of(const Fix& fix) {
  if (!fix.steps.empty())
    return "instead:";
  return fix.safety == Safety::safe ? "fix:" : "fix (review):";
}

}  // namespace

std::string_view place_of_step(const Fix& fix, size_t number) {
  if (number == 0)
    return fix.steps[0].outside ? "outside of a transaction" : "";
  return fix.steps[number].outside ? "in the next revision, outside of a transaction"
                                   : "in the next revision";
}

void append_text(std::string& text, const Diagnostic& diagnostic, const Sources& sources,
                 bool color) {
  Printer print{text, color};
  const Loc at = sources.origin(diagnostic.at);
  print.begin("1");
  print_place(print, at, sources);
  print.end().begin(color_of(diagnostic.level)) << to_string(diagnostic.level);
  print.end().begin("2") << "[" << diagnostic.rule << "]";
  print.end() << ": " << diagnostic.message << "\n";
  if (at.file != FileId::none)
    print_frame(print, at, sources, diagnostic.level);
  for (const Note& note : diagnostic.notes) {
    print << "     ";
    print.begin("1;36") << "note:";
    print.end() << " ";
    print_place(print, sources.origin(note.at), sources);
    print << note.text << "\n";
  }
  for (const Fix& fix : diagnostic.fixes) {
    print << "     ";
    print.begin("1;32") << label_of(fix);
    print.end() << " " << fix.title << "\n";
    for (size_t i = 0; i < fix.steps.size(); ++i) {
      if (const std::string_view place = place_of_step(fix, i); !place.empty()) {
        print << "       ";
        print.begin("2") << "-- " << place << ":";
        print.end() << "\n";
      }
      const std::string sql = fix.steps[i].sql + ";";
      for (const std::string_view line : split(sql, '\n'))
        print << "       " << line << "\n";
    }
  }
}

std::string to_text(std::span<const Diagnostic> diagnostics, const Sources& sources, bool color) {
  std::string text;
  for (const Diagnostic& diagnostic : diagnostics)
    append_text(text, diagnostic, sources, color);
  return text;
}

std::string summary(const LevelCounts& counts) {
  std::string text;
  for (const Level level : {Level::error, Level::warning, Level::info}) {
    const size_t count = counts[static_cast<size_t>(level)];
    if (count == 0)
      continue;
    text += text.empty() ? "" : ", ";
    text += level == Level::info ? fmt::format("{} info", count) : counted(count, to_string(level));
  }
  return text;
}

std::string summary(std::span<const Diagnostic> diagnostics) {
  LevelCounts counts{};
  for (const Diagnostic& diagnostic : diagnostics)
    ++counts[static_cast<size_t>(diagnostic.level)];
  return summary(counts);
}

}  // namespace retort
