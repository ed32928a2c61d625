// What only the project knows and the user says in retort.toml: values of the application, the
// environment, arguments of upgrade(), operations of plug-ins.
#pragma once

#include "versions/toml_tree.h"

#include <span>

namespace retort {

struct GivenValue {
  std::string name;  // `app.settings.SCHEMA`, `STAGE`, …
  Loc name_at;       // nowhere when the command line gave it
  Toml value;
};

struct Given {
  std::vector<GivenValue> values;       // by dotted name
  std::vector<GivenValue> environment;  // strings
  std::vector<GivenValue> arguments;    // by parameter; "op" and "ignore" are objects
  std::vector<GivenValue> x;            // strings
  std::vector<GivenValue> operations;   // strings: "ignore", or a template of SQL
};

// The names of the tables, for who checks the keys of the file.
std::span<const std::string_view> given_tables();

// From retort.toml and [tool.retort]; what the first says wins.
Result<Given> read_given(Diagnostics& diagnostics, std::span<const Toml* const> files);

// `NAME=VALUE` of the command line, which comes before every file.
void set_given(std::vector<GivenValue>& values, std::string_view assignment);

}  // namespace retort
