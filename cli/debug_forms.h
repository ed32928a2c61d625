// The phases of `debug --print` that look into statements.
#pragma once

#include "cli/project.h"

namespace retort {

class Output;

bool is_sql_file(const Arguments& arguments);  // bare SQL files instead of revisions
int print_file_forms(Run& run, const Arguments& arguments, Output& output);
int print_chain_forms(Run& run, const Project& project, const Arguments& arguments, Output& output);

}  // namespace retort
