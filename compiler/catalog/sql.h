// SQL that makes, changes and drops what the catalog holds. Nothing where the catalog does not hold
// all of it: a function's body with its settings, an operator class, storage parameters.
#pragma once

#include "compiler/catalog/catalog.h"

#include <optional>
#include <string>
#include <vector>

namespace retort::catalog {

// The statements that make an object, with all that belongs to it: a table with its constraints and
// indexes, but without the foreign keys that others have to it.
std::optional<std::vector<std::string>> creation(Catalog& catalog, Id id);
// `DROP TABLE t`, `ALTER TABLE t DROP CONSTRAINT c`. Empty: nothing drops it but what it is part
// of.
std::optional<std::string> removal(Catalog& catalog, Id id);
// "id bigint DEFAULT 1 NOT NULL", as it stands in CREATE TABLE.
std::optional<std::string> column_definition(Catalog& catalog, Id table, const Column& column);
// The type as a statement writes it.
std::string type_name(Catalog& catalog, const Type& type);
// The object's name as a statement writes it, qualified where the search path does not lead there.
std::string reference(Catalog& catalog, const Object& object);

}  // namespace retort::catalog
