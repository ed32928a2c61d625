// The header of an Alembic revision file: `revision`, `down_revision`, `branch_labels`,
// `depends_on` and the docstring. Nothing is evaluated but literals.
#pragma once

#include "common/diagnostic.h"
#include "grammars/python/lines.h"
#include "versions/header.h"

#include <optional>
#include <string>

namespace retort {

// Python text as UTF-8, from whatever encoding the file declares. Text that is not what it says
// stays as it is: read_python reports it.
std::string decode_python(std::string bytes);

// Nothing when the file is no revision (helper modules lie beside revisions) or cannot be read as
// one, which is then reported.
std::optional<Revision> read_python(const Sources& sources, FileId file, std::string_view file_name,
                                    Diagnostics& diagnostics);

// The first of its two readers: from lines alone, some sixty times faster than from the tree.
// Nothing when a line could mean more than it knows. `error` is what makes the file no Python.
std::optional<Header> read_plain_header(std::string_view source,
                                        std::optional<py::LineError>& error);

}  // namespace retort
