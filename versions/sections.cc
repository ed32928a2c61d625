#include "versions/sections.h"

#include "common/text.h"
#include "grammars/postgres/split.h"
#include "versions/lines.h"

#include <array>
#include <charconv>
#include <fmt/format.h>
#include <limits>

namespace retort {
namespace {

constexpr std::string_view kRule = "chain/broken";
constexpr std::string_view kBadMark = "bad-mark";
constexpr std::array<std::string_view, 8> kMarks = {"up",     "down",  "transaction", "assert",
                                                    "expect", "allow", "allow-file",  "note"};

bool starts_line(std::string_view text, uint32_t offset) {
  return offset == text_begin(text) || text[offset - 1] == '\n' || text[offset - 1] == '\r';
}

// `-- retort: WORD TEXT`, any case, the blanks optional.
struct Marking {
  Span word;
  Span text;
};
std::optional<Marking> marking(std::string_view text, Span comment) {
  constexpr std::string_view kPrefix = "retort:";
  std::string_view words = text.substr(comment.begin, comment.size());
  if (!words.starts_with("--"))
    return std::nullopt;
  words = trim(words.substr(2));
  if (lower(words.substr(0, kPrefix.size())) != kPrefix)
    return std::nullopt;
  words = trim(words.substr(kPrefix.size()));
  size_t size = 0;
  while (size < words.size() && (is_word(words[size]) || words[size] == '-'))
    ++size;
  const std::string_view rest = trim(words.substr(size));
  const auto span_of = [&](std::string_view part) {
    const size_t begin =
        part.empty() ? comment.end : static_cast<size_t>(part.data() - text.data());
    return Span{static_cast<uint32_t>(begin), static_cast<uint32_t>(begin + part.size())};
  };
  return Marking{span_of(words.substr(0, size)), span_of(rest)};
}

// `rows 5`, `rows 1..500`, `rows 1..`
std::optional<RowRange> parse_rows(std::string_view words) {
  if (lower(words.substr(0, 4)) != "rows")
    return std::nullopt;
  words = trim(words.substr(4));
  const auto number = [](std::string_view digits, uint64_t& value) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return error == std::errc() && end == digits.data() + digits.size();
  };
  RowRange rows;
  const size_t dots = words.find("..");
  if (!number(trim(words.substr(0, dots)), rows.least))
    return std::nullopt;
  rows.most = rows.least;
  if (dots == std::string_view::npos)
    return rows;
  const std::string_view most = trim(words.substr(dots + 2));
  rows.most = std::numeric_limits<uint64_t>::max();
  if (!most.empty() && !number(most, rows.most))
    return std::nullopt;
  return rows.least <= rows.most ? std::optional(rows) : std::nullopt;
}

// False where certainly no comment is a mark.
bool may_have_marks(std::string_view text) {
  constexpr std::string_view kWord = "retort";
  for (size_t at = text.find(':'); at != text.npos; at = text.find(':', at + 1))
    if (at >= kWord.size() && lower(text.substr(at - kWord.size(), kWord.size())) == kWord)
      return true;
  return false;
}

// Walks over the comments of one file; a mark of a part or a transaction ends the section before.
class BodyReader {
public:
  BodyReader(const Sources& sources, const SqlHeader& header, SqlBody& body,
             Diagnostics& diagnostics)
      : sources_(sources), header_(header), body_(body), diagnostics_(diagnostics) {}

  // `half`: the file is one of a pair and can't change direction.
  void read(FileId file, uint32_t begin, bool down, bool half) {
    file_ = file;
    text_ = sources_.text(file);
    half_ = half;
    up_at_ = down_at_ = {};
    const uint32_t end = static_cast<uint32_t>(text_.size());
    start(begin, down, header_.transaction);
    if (may_have_marks(text_))
      for (const Span comment : pg::split(text_, {begin, end}).comments)
        if (const std::optional<Marking> mark = marking(text_, comment))
          take(comment, *mark);
    finish(end);
  }

private:
  void take(Span comment, const Marking& mark) {
    const std::string word = lower(text_.substr(mark.word.begin, mark.word.size()));
    if (word == "allow" || word == "allow-file") {
      section_.marks.push_back({SqlMark::Kind::allow, comment, mark.text, {}});
      return;
    }
    if (!starts_line(text_, comment.begin)) {
      error(comment, "mark has no effect: it must stand at the start of a line");
      return;
    }
    if (word == "up" || word == "down")
      take_part(comment, mark, word == "down");
    else if (word == "transaction")
      take_transaction(comment, mark);
    else if (word == "assert" || word == "note")
      take_text(comment, mark, word == "assert");
    else if (word == "expect")
      take_expect(comment, mark);
    else
      report_unknown(comment, mark, word);
  }

  void take_part(Span comment, const Marking& mark, bool down) {
    if (half_) {
      error(comment, "file can't change direction: it is one half of an up and down pair");
      return;
    }
    if (!mark.text.empty())
      error(mark.text, fmt::format("nothing may follow `{}` on its line", down ? "down" : "up"));
    Span& first = down ? down_at_ : up_at_;
    if (!first.empty())
      error(comment, fmt::format("`{}` part begins twice", down ? "down" : "up"))
          .note({file_, first}, "it began here");
    first = comment;
    finish(comment.begin);
    start(comment.end, down, header_.transaction);
    body_.has_down |= down;
  }

  void take_transaction(Span comment, const Marking& mark) {
    const std::string setting = lower(text_.substr(mark.text.begin, mark.text.size()));
    if (setting != "on" && setting != "off") {
      error(mark.text.empty() ? comment : mark.text, "`transaction` must be on or off");
      return;
    }
    finish(comment.begin);
    start(comment.end, section_.down, setting == "on" ? Wrap::always : Wrap::never);
  }

  void take_text(Span comment, const Marking& mark, bool assertion) {
    if (mark.text.empty()) {
      error(comment, fmt::format("`{}` has no text", assertion ? "assert" : "note"));
      return;
    }
    section_.marks.push_back(
        {assertion ? SqlMark::Kind::assertion : SqlMark::Kind::note, comment, mark.text, {}});
  }

  void take_expect(Span comment, const Marking& mark) {
    const std::optional<RowRange> rows =
        parse_rows(text_.substr(mark.text.begin, mark.text.size()));
    if (rows)
      section_.marks.push_back({SqlMark::Kind::expected_rows, comment, mark.text, *rows});
    else
      error(mark.text.empty() ? comment : mark.text,
            "expectation must be written as `expect rows 1..500`");
  }

  void report_unknown(Span comment, const Marking& mark, const std::string& word) {
    std::string message = word.empty() ? "mark has no word behind `retort:`"
                                       : fmt::format("mark `{}` is unknown", word);
    const std::string_view near = nearest(word, kMarks);
    if (!near.empty())
      message += fmt::format(", did you mean `{}`?", near);
    diagnostics_.report(Level::warning, kRule, "unknown-mark",
                        {file_, mark.word.empty() ? comment : mark.word}, std::move(message));
  }

  void start(uint32_t begin, bool down, Wrap wrap) {
    section_ = {down, wrap, file_, {begin, begin}, {}};
  }
  void finish(uint32_t end) {
    section_.span.end = end;
    add_section(body_, sources_, section_);
  }

  Diagnostic& error(Span at, std::string message) {
    return diagnostics_.report(Level::error, kRule, kBadMark, {file_, at}, std::move(message));
  }

  const Sources& sources_;
  const SqlHeader& header_;
  SqlBody& body_;
  Diagnostics& diagnostics_;
  FileId file_ = FileId::none;
  std::string_view text_;
  bool half_ = false;
  Span up_at_;
  Span down_at_;
  SqlSection section_;
};

SqlBody read_own(const Sources& sources, const Revision& revision, Diagnostics& diagnostics) {
  SqlBody body;
  const bool pair = revision.down_file != FileId::none;
  BodyReader reader(sources, *revision.sql, body, diagnostics);
  reader.read(revision.file, revision.sql->body, false, pair);
  if (pair) {
    body.has_down = true;
    reader.read(revision.down_file, text_begin(sources.text(revision.down_file)), true, true);
  }
  if (body.has_down && !revision.sql->irreversible.text.empty())
    diagnostics.report(Level::warning, kRule, "unused-down",
                       {revision.file, revision.sql->irreversible.at},
                       "down part is never run: the header says `irreversible`");
  return body;
}

SqlSection whole_file(const Sources& sources, FileId file, bool down, Wrap wrap) {
  const std::string_view text = sources.text(file);
  return {down, wrap, file, {text_begin(text), static_cast<uint32_t>(text.size())}, {}};
}

}  // namespace

void add_section(SqlBody& body, const Sources& sources, SqlSection section) {
  if (!section.marks.empty() || !trim(sources.text({section.file, section.span})).empty())
    body.sections.push_back(std::move(section));
}

SqlBody read_half(const Sources& sources, FileId file, bool down, Diagnostics& diagnostics) {
  SqlBody body;
  const SqlHeader header;
  BodyReader(sources, header, body, diagnostics)
      .read(file, text_begin(sources.text(file)), down, true);
  return body;
}

SqlBody read_sections(const Sources& sources, const Revision& revision, Diagnostics& diagnostics) {
  SqlBody body;
  switch (revision.format) {
  case Format::python: return body;
  case Format::sql: return read_own(sources, revision, diagnostics);
  case Format::dbmate:
  case Format::goose: return read_marked_sections(sources, revision, diagnostics);
  case Format::golang_migrate:
  case Format::flyway: break;
  }
  const Wrap wrap = revision.sql->transaction;
  add_section(body, sources, whole_file(sources, revision.file, false, wrap));
  body.has_down = revision.down_file != FileId::none;
  if (body.has_down)
    add_section(body, sources, whole_file(sources, revision.down_file, true, wrap));
  return body;
}

}  // namespace retort
