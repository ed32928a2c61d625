// `op.sync_enum_values(…)`: the labels of an enum type are replaced by making the type anew. The
// operators between the old and the new type keep indexes and checks with conditions valid while
// columns are cast.
#include "compiler/alembic/plugins/plugins.h"

namespace retort::alembic {

static constexpr std::string_view kOperations[] = {"sync_enum_values"};

const Plugin kAlembicPostgresqlEnum = {"alembic_postgresql_enum", R"py(
from dataclasses import dataclass
from enum import Enum

from alembic.operations import MigrateOperation, Operations
from sqlalchemy import text


class ColumnType(Enum):
    COMMON = "Enum"
    ARRAY = "ARRAY"


Unspecified = object()


@dataclass(frozen=True)
class TableReference:
    table_name: str
    column_name: str
    table_schema: str = Unspecified
    column_type: ColumnType = ColumnType.COMMON
    existing_server_default: str = None


class Config:
    def __init__(self, **options):
        pass


def set_configuration(config):
    pass


def renamed(default, renames):
    for old, new in renames:
        for quote in ("'", '"'):
            default = default.replace(quote + old + quote, quote + new + quote)
    return default


def behind_name(cast):
    end = 0
    while end < len(cast) and (cast[end].isalnum() or cast[end] in "._"):
        end += 1
    return cast[end:]


def new_default(default, type_name, renames):
    if default.startswith("ARRAY["):
        first, *casts = renamed(default, renames).split("::")
        return first + "".join("::" + type_name + behind_name(cast) for cast in casts)
    value = renamed(default[: default.find("::")], renames)
    return value + "::" + type_name + ("[]" if default.endswith("[]") else "")


def cast(column, type_name, is_array, renames):
    if is_array:
        value = column + "::text[]"
        for old, new in renames:
            value = f"array_replace({value}, '{old}', '{new}')"
        return f"{value}::{type_name}[]"
    if not renames:
        return f"{column}::text::{type_name}"
    cases = "".join(f"WHEN {column}::text = '{old}' THEN '{new}'::{type_name} " for old, new in renames)
    return f"CASE {cases}ELSE {column}::text::{type_name} END"


def asked_default(operations, schema, table, column):
    return operations.get_bind().execute(text(
        "SELECT column_default FROM information_schema.columns WHERE "
        f"table_schema = '{schema}' AND table_name = '{table}' AND column_name = '{column}'"
    )).scalar()


@Operations.register_operation("sync_enum_values")
class SyncEnumValuesOp(MigrateOperation):
    @classmethod
    def sync_enum_values(cls, operations, enum_schema, enum_name, new_values, affected_columns,
                         enum_values_to_rename=()):
        renames = list(enum_values_to_rename)
        old = f'"{enum_schema}"."{enum_name}_old"'
        new = f'"{enum_schema}"."{enum_name}"'
        run = lambda sql: operations.execute(sql.replace(":", "\\:"))

        references = []
        for given in affected_columns:
            if isinstance(given, tuple):
                given = TableReference(
                    *given[:2], enum_schema, *given[2:3],
                    existing_server_default=asked_default(operations, enum_schema, *given[:2]),
                )
            references.append(given)

        run(f"ALTER TYPE {new} RENAME TO {enum_name}_old")
        labels = ", ".join(f"'{value}'" for value in new_values)
        run(f"CREATE TYPE {new} AS ENUM({labels})")
        parameters = f"new_enum_val {new}, old_enum_val {old}"
        cases = "".join(f"WHEN old_enum_val::text = '{a}' THEN '{b}' " for a, b in renames)
        old_text = f"CASE {cases}ELSE old_enum_val::text END" if renames else "old_enum_val::text"
        comparisons = (("!=", "new_old_not_equals"), ("=", "new_old_equals"))
        for operator, function in comparisons:
            run(
                f"CREATE FUNCTION {function}({parameters}) RETURNS boolean AS $$ "
                f"SELECT new_enum_val::text {operator} {old_text}; $$ LANGUAGE SQL IMMUTABLE"
            )
            run(
                f"CREATE OPERATOR {operator} "
                f"(leftarg = {new}, rightarg = {old}, procedure = {function})"
            )
        for reference in references:
            schema = reference.table_schema
            if schema is Unspecified:
                schema = enum_schema
            table = (f'"{schema}".' if schema else "") + f'"{reference.table_name}"'
            column = f'"{reference.column_name}"'
            is_array = reference.column_type == ColumnType.ARRAY
            default = reference.existing_server_default
            if default is not None:
                run(f"ALTER TABLE {table} ALTER COLUMN {column} DROP DEFAULT")
            run(
                f"ALTER TABLE {table} ALTER COLUMN {column} TYPE {new}{'[]' if is_array else ''} "
                f"USING {cast(column, new, is_array, renames)}"
            )
            if default is not None:
                name = f"{enum_schema}.{enum_name}" if enum_schema else enum_name
                run(
                    f"ALTER TABLE {table} ALTER COLUMN {column} "
                    f"SET DEFAULT {new_default(default, name, renames)}"
                )
        for _, function in comparisons:
            run(f"DROP FUNCTION {function}({parameters}) CASCADE")
        run(f"DROP TYPE {old}")
)py",
                                       kOperations};

}  // namespace retort::alembic
