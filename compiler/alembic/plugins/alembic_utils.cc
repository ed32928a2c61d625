// `op.create_entity(…)`, `op.replace_entity(…)` and `op.drop_entity(…)` with PGFunction and its
// kin, whose SQL follows from their arguments alone.
#include "compiler/alembic/plugins/plugins.h"

namespace retort::alembic {

static constexpr std::string_view kOperations[] = {"create_entity", "replace_entity",
                                                   "drop_entity"};

const Plugin kAlembicUtils = {"alembic_utils", R"py(
from alembic.operations import MigrateOperation, Operations


def unquoted(text):
    return " ".join(text.split()).replace('"', "")


def quoted(text):
    return ".".join('"' + part.strip().strip('"').strip() + '"' for part in text.split(".", 1))


def without_semicolon(sql):
    return sql.strip().rstrip(";").strip()


def register_entities(entities, **options):
    pass


class ReplaceableEntity:
    def __init__(self, schema, signature, definition):
        self.schema = unquoted(schema)
        self.signature = unquoted(signature)
        self.definition = without_semicolon(definition)

    @property
    def literal_schema(self):
        return quoted(self.schema)

    @property
    def name(self):
        return f'{self.literal_schema}."{self.signature}"'


class OnEntity(ReplaceableEntity):
    def __init__(self, schema, signature, definition, on_entity):
        super().__init__(schema, signature, definition)
        self.on_entity = unquoted(on_entity if "." in on_entity else "public." + on_entity)


class PGFunction(ReplaceableEntity):
    def text(self):
        name, rest = self.signature.split("(", 1)
        return f'FUNCTION {self.literal_schema}."{name.strip()}"({rest} {self.definition}'

    def create(self):
        return ["CREATE " + self.text()]

    def replace(self):
        return ["CREATE OR REPLACE " + self.text()]

    def drop(self, cascade):
        name, rest = self.signature.split("(", 1)
        parameters = rest[: rest.rindex(")")].split(",")
        parameters = [p[: len(p.lower().split("default")[0])].strip() for p in parameters]
        return f'DROP FUNCTION {self.literal_schema}."{name.strip()}"({", ".join(parameters)}){cascade}'


class PGView(ReplaceableEntity):
    def create(self):
        return [f"CREATE VIEW {self.name} AS {self.definition}"]

    def replace(self):
        return [
            f"""do $$
            begin
                CREATE OR REPLACE VIEW {self.name} AS {self.definition};

            exception when others then
                DROP VIEW IF EXISTS {self.name};

                CREATE VIEW {self.name} AS {self.definition};
            end;
        $$ language 'plpgsql'"""
        ]

    def drop(self, cascade):
        return f"DROP VIEW {self.name}{cascade}"


class PGMaterializedView(ReplaceableEntity):
    def __init__(self, schema, signature, definition, with_data=True):
        super().__init__(schema, signature, definition)
        self.with_data = with_data

    def create(self):
        data = "WITH DATA" if self.with_data else "WITH NO DATA"
        return [f"CREATE MATERIALIZED VIEW {self.name} AS {self.definition} {data}"]

    def replace(self):
        return [f"DROP MATERIALIZED VIEW IF EXISTS {self.name}"] + self.create()

    def drop(self, cascade):
        return f"DROP MATERIALIZED VIEW {self.name}{cascade}"


class PGTrigger(OnEntity):
    def __init__(self, schema, signature, definition, on_entity, is_constraint=False):
        super().__init__(schema, signature, definition, on_entity)
        self.is_constraint = is_constraint

    def create(self):
        words = self.definition.split()
        on = [word.lower() for word in words].index("on")
        event = " ".join(words[:on])
        table = words[on + 1].split(".", 1)[-1]
        action = self.definition.split(None, on + 2)[-1]
        kind = "CONSTRAINT TRIGGER" if self.is_constraint else "TRIGGER"
        return [f'CREATE {kind} "{self.signature}" {event} ON {self.schema}.{table} {action}']

    def replace(self):
        return [f'DROP TRIGGER IF EXISTS "{self.signature}" ON {self.on_entity}'] + self.create()

    def drop(self, cascade):
        return f'DROP TRIGGER "{self.signature}" ON {self.on_entity}{cascade}'


class PGExtension(ReplaceableEntity):
    def __init__(self, schema, signature):
        super().__init__(schema, signature, "")

    def create(self):
        return [f'CREATE EXTENSION "{self.signature}" WITH SCHEMA {self.literal_schema}']

    def replace(self):
        raise NotImplementedError()

    def drop(self, cascade):
        return f'DROP EXTENSION "{self.signature}"{cascade}'


class PGPolicy(OnEntity):
    def create(self):
        return [f"CREATE POLICY {self.signature} on {self.on_entity} {self.definition}"]

    def replace(self):
        return [f"DROP POLICY IF EXISTS {self.signature} on {self.on_entity}"] + self.create()

    def drop(self, cascade):
        return f"DROP POLICY {self.signature} on {self.on_entity}{cascade}"


class PGGrantTableChoice:
    SELECT = "SELECT"
    INSERT = "INSERT"
    UPDATE = "UPDATE"
    REFERENCES = "REFERENCES"
    DELETE = "DELETE"
    TRUNCATE = "TRUNCATE"
    TRIGGER = "TRIGGER"


class PGGrantTable(ReplaceableEntity):
    def __init__(self, schema, table, role, grant, columns=None, with_grant_option=False):
        self.schema = unquoted(schema)
        self.table = unquoted(table)
        self.columns = sorted(columns) if columns else []
        self.role = unquoted(role)
        self.grant = grant
        self.with_grant_option = with_grant_option
        by_column = grant in ("SELECT", "INSERT", "UPDATE", "REFERENCES")
        if by_column != bool(self.columns):
            word = "must" if by_column else "must not"
            raise ValueError(f"When grant type is {grant} a value {word} be provided for columns")

    def where(self):
        return f"ON {self.literal_schema}.{quoted(self.table)}"

    def create(self):
        columns = f' ({", ".join(self.columns)})' if self.columns else ""
        option = " WITH GRANT OPTION" if self.with_grant_option else ""
        return [f"GRANT {self.grant}{columns} {self.where()} TO {quoted(self.role)}{option}"]

    def replace(self):
        return [self.drop("")] + self.create()

    def drop(self, cascade):
        return f"REVOKE {self.grant} {self.where()} FROM {quoted(self.role)}"


def execute(operations, statements):
    for sql in statements:
        operations.execute(sql.replace("\\:", ":").replace(":", "\\:"))


@Operations.register_operation("create_entity")
@Operations.register_operation("replace_entity")
@Operations.register_operation("drop_entity")
class EntityOp(MigrateOperation):
    @classmethod
    def create_entity(cls, operations, target):
        execute(operations, target.create())

    @classmethod
    def replace_entity(cls, operations, target):
        execute(operations, target.replace())

    @classmethod
    def drop_entity(cls, operations, target, cascade=False):
        execute(operations, [target.drop(" CASCADE" if cascade else "")])
)py",
                              kOperations};

}  // namespace retort::alembic
