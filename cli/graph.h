// Revisions as documents for programs and pictures.
#pragma once

#include "common/json.h"
#include "common/run.h"
#include "versions/chain.h"

#include <span>
#include <string>

namespace retort {

// One object per revision, the same in every command's document.
void write_revisions(JsonWriter& json, const Chain& chain, const Sources& sources,
                     std::span<const RevIndex> revisions, const std::vector<RevIndex>* current);

// The document of a command that lists revisions, with the run's findings.
std::string to_json(std::string_view schema, const Chain& chain, const Run& run,
                    std::span<const RevIndex> revisions, const std::vector<RevIndex>* current);

std::string to_dot(const Chain& chain, std::span<const RevIndex> revisions);
std::string to_mermaid(const Chain& chain, std::span<const RevIndex> revisions);

}  // namespace retort
