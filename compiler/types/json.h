// Numbers and JSON as Python prints them.
#pragma once

#include "compiler/types/datum.h"

#include <string>

namespace retort {

std::string number_text(const Datum& value);  // as str(); empty for anything but numbers
std::string python_float(double value);       // as repr()
std::string json_text(const Datum& value);    // as json.dumps()

}  // namespace retort
