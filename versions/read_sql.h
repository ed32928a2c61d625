#pragma once
#include "common/diagnostic.h"
#include "versions/revision.h"
#include <span>
namespace retort {
struct SqlFile { std::string path; FileId file; };
inline std::vector<Revision> read_sql_files(Sources&, std::span<const SqlFile>, bool, Diagnostics&) { return {}; }
}
