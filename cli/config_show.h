// `retort config show`: every effective value and where it comes from.
#pragma once

#include "versions/config.h"

#include <string>

namespace retort {

// As a retort.toml would say it; with `origin`, each line ends in the place as a comment.
std::string config_text(const Config& config, const Sources& sources, bool origin);

// One object of schema `retort.config/1`.
std::string config_json(const Config& config, const Sources& sources);

// The table of settings for the manual, in Markdown.
std::string settings_markdown();

}  // namespace retort
