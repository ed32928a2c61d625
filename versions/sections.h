// The bodies of one plain-SQL revision: which bytes go up, which go down, in which transaction
// setting, and the marks among them. Read when a command needs bodies, not for the graph.
#pragma once

#include "common/diagnostic.h"
#include "common/source.h"
#include "versions/revision.h"
#include "versions/sql_header.h"

#include <optional>
#include <string>
#include <vector>

namespace retort {

struct RowRange {
  uint64_t least = 0;
  uint64_t most = 0;  // UINT64_MAX: no limit

  bool operator==(const RowRange&) const = default;
};

// `-- retort: …` that belongs to the SQL behind it.
struct SqlMark {
  enum class Kind : uint8_t { assertion, expected_rows, allow, note };
  Kind kind = Kind::note;
  Span at;    // the comment
  Span text;  // what stands behind the mark's word
  RowRange rows;
};

struct SqlSection {
  bool down = false;
  Wrap wrap = Wrap::automatic;
  FileId file = FileId::none;
  Span span;
  std::vector<SqlMark> marks;
};

struct SqlBody {
  std::vector<SqlSection> sections;  // in the order of the files; none is blank
  bool has_down = false;             // a down part is written, be it empty
};

// For all formats but Python. Marks that don't fit are reported.
SqlBody read_sections(const Sources& sources, const Revision& revision, Diagnostics& diagnostics);

// A file of SQL that stands for one direction.
SqlBody read_half(const Sources& sources, FileId file, bool down, Diagnostics& diagnostics);

// dbmate's and goose's files (versions/layout_sections.cc).
SqlBody read_marked_sections(const Sources& sources, const Revision& revision,
                             Diagnostics& diagnostics);

// Adds the section unless it is blank.
void add_section(SqlBody& body, const Sources& sources, SqlSection section);

}  // namespace retort
