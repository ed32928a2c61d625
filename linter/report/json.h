// Findings for programs: one document, or the value of a key inside another command's document.
#pragma once

#include "common/diagnostic.h"
#include "common/json.h"

#include <span>
#include <string>

namespace retort {

// {"schema":"retort.findings/1","findings":[…],"summary":{…}} is json_report() of report.h; this
// is the array alone.
void write_findings(JsonWriter& json, std::span<const Diagnostic> diagnostics,
                    const Sources& sources);

}  // namespace retort
