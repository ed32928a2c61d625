// The header of one revision: what the graph needs to know of a file, read without looking into
// the bodies.
#pragma once

#include "common/source.h"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

struct SqlHeader;  // versions/sql_header.h

enum class Format : uint8_t { python, sql, dbmate, goose, golang_migrate, flyway };
std::string_view to_string(Format format);

// An id or label as a header names it, and where (in Revision::file).
struct Reference {
  std::string id;
  Span at;
};

struct Revision {
  Format format = Format::python;
  std::string id;
  Span id_at;
  std::vector<Reference> down_revisions;
  std::vector<Reference> depends_on;
  std::vector<Reference> branch_labels;
  std::string doc;      // the docstring or message, trimmed
  std::string created;  // as written in the file, may be empty
  std::string path;     // absolute, links resolved
  FileId file = FileId::none;
  FileId down_file = FileId::none;  // the second file of an `.up.sql`/`.down.sql` pair

  std::shared_ptr<const SqlHeader> sql;  // none for Python files

  // The first paragraph of the text; it may span lines.
  std::string_view title() const { return std::string_view(doc).substr(0, doc.find("\n\n")); }
};

// PostgreSQL stores ids in VARCHAR(32).
inline constexpr size_t kMaxIdLength = 32;

}  // namespace retort
