// The headers of plain-SQL revision files: retort's own, or those of another tool's layout.
//
//   -- /// retort
//   -- revision = "7d21c0f4a9be"
//   -- down_revision = "41f0a6c2d853"
//   -- ///
#pragma once

#include "common/diagnostic.h"
#include "common/source.h"
#include "versions/revision.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

// `path` is absolute with links resolved; `file` has its text.
struct SqlFile {
  std::string path;
  FileId file = FileId::none;
};

// Reads the headers of one folder's `.sql` and `.sql.conf` files, sorted by name. Bodies are not
// looked at. A revision whose id or parents can't be read is reported and left out; a file that is
// no revision is reported as information. A folder with a header of retort's, or with Python
// revisions, is never taken for another tool's.
std::vector<Revision> read_sql_files(Sources& sources, std::span<const SqlFile> files,
                                     bool folder_has_python_revisions, Diagnostics& diagnostics);

// The revision that the header of one file describes, without its path. Nothing without a header,
// or when its errors were reported. Positions go through a derived buffer of the block's TOML.
std::optional<Revision> read_sql_header(Sources& sources, FileId file, Diagnostics& diagnostics);

}  // namespace retort
