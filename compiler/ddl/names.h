// Names and strings as generated SQL writes them.
#pragma once

#include <string>
#include <string_view>

namespace retort {

// Bare or in double quotes, as SQLAlchemy decides, and quoted as well where PostgreSQL could not
// read the bare name of a table or column.
std::string quoted(std::string_view name);

// `schema.name`, each part quoted by itself; the name alone without a schema. A dot is part of a
// name.
std::string qualified(std::string_view schema, std::string_view name);

// 'text' with inner quotes doubled. Backslashes stay single: standard_conforming_strings is on.
std::string literal(std::string_view text);

}  // namespace retort
