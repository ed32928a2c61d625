// Bodies of dbmate's and goose's files. Their marks count wherever a line begins with them, inside
// strings too, since those tools look at lines.
#include "common/path.h"
#include "common/text.h"
#include "grammars/postgres/split.h"
#include "versions/layouts.h"
#include "versions/lines.h"
#include "versions/sections.h"

#include <fmt/format.h>

namespace retort {
namespace {

constexpr std::string_view kRule = "chain/broken";
constexpr std::string_view kBadMark = "bad-mark";

class MarkedReader {
public:
  MarkedReader(const Sources& sources, const Revision& revision, Diagnostics& diagnostics)
      : sources_(sources), text_(sources.text(revision.file)), format_(revision.format),
        file_(revision.file), diagnostics_(diagnostics) {}

  SqlBody read() {
    section_.file = file_;
    section_.span.begin = text_begin(text_);
    for (uint32_t at = section_.span.begin; at < text_.size();) {
      const Line line = line_at(text_, at);
      at = line.next;
      take(layout_line(format_, text_, line.span));
    }
    finish(static_cast<uint32_t>(text_.size()));
    if (!statement_begin_.empty())
      error(statement_begin_, "statement has no `-- +goose StatementEnd`");
    if (unwrapped_)
      for (SqlSection& section : body_.sections)
        section.wrap = Wrap::never;
    return std::move(body_);
  }

private:
  void take(const LayoutLine& line) {
    switch (line.mark) {
    case LayoutMark::none: return;
    case LayoutMark::up: start(line, false); return;
    case LayoutMark::down: start(line, true); return;
    case LayoutMark::no_transaction: unwrapped_ = true; return;
    // The grammar finds the ends of statements, so the marks only have to be a pair.
    case LayoutMark::statement_begin:
      if (!statement_begin_.empty())
        error(line.span, "`StatementBegin` stands inside another one");
      statement_begin_ = line.span;
      return;
    case LayoutMark::statement_end:
      if (statement_begin_.empty())
        error(line.span, "`StatementEnd` has no `StatementBegin`");
      statement_begin_ = {};
      return;
    case LayoutMark::substitution:
      if (lower(text_.substr(line.rest.begin, line.rest.size())) != "off")
        error(line.span, "SQL can't be known: `ENVSUB` puts environment variables into it");
      return;
    case LayoutMark::unknown:
      diagnostics_.report(Level::warning, kRule, "unknown-mark", {file_, line.span},
                          fmt::format("mark is not one of {}'s", to_string(format_)));
      return;
    }
  }

  void start(const LayoutLine& line, bool down) {
    finish(line.span.begin);
    section_ = {down, Wrap::always, file_, {line.span.end, line.span.end}, {}};
    started_ = true;
    body_.has_down |= down;
    read_options(line);
  }

  // dbmate: `-- migrate:up transaction:false`
  void read_options(const LayoutLine& line) {
    const std::string_view rest = text_.substr(line.rest.begin, line.rest.size());
    for (const std::string_view word : split(rest, ' ')) {
      const std::string_view option = trim(word);
      if (option.empty())
        continue;
      const uint32_t begin = static_cast<uint32_t>(option.data() - text_.data());
      if (option == "transaction:false")
        section_.wrap = Wrap::never;
      else if (option != "transaction:true")
        diagnostics_.report(Level::warning, kRule, "unknown-mark",
                            {file_, {begin, begin + static_cast<uint32_t>(option.size())}},
                            fmt::format("option `{}` has no effect", option));
    }
  }

  void finish(uint32_t end) {
    section_.span.end = end;
    if (started_) {
      add_section(body_, sources_, section_);
      return;
    }
    const pg::Split before = pg::split(text_, section_.span);
    if (!before.statements.empty())
      error(before.statements[0].span,
            fmt::format("SQL belongs to no part: it stands before {}'s first mark",
                        to_string(format_)));
  }

  void error(Span at, std::string message) {
    diagnostics_.report(Level::error, kRule, kBadMark, {file_, at}, std::move(message));
  }

  const Sources& sources_;
  std::string_view text_;
  Format format_;
  FileId file_;
  Diagnostics& diagnostics_;
  SqlBody body_;
  SqlSection section_;
  bool started_ = false;
  bool unwrapped_ = false;
  Span statement_begin_;
};

}  // namespace

SqlBody read_marked_sections(const Sources& sources, const Revision& revision,
                             Diagnostics& diagnostics) {
  return MarkedReader(sources, revision, diagnostics).read();
}

}  // namespace retort
