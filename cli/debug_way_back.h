// `debug --print way-back`: what going back from each revision of a range gives back.
#pragma once

#include "cli/project.h"

namespace retort {

class Output;

int print_ways_back(Run& run, const Project& project, const Arguments& arguments, Output& output);

}  // namespace retort
