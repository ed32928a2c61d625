"""What a server's pg_catalog says, in the words of `retort debug --print catalog`.

Texts of expressions are left out on both sides: the server prints them after its own analysis.
"""

import difflib
import re

SYSTEM = "('pg_catalog', 'information_schema', 'pg_toast')"


RESERVED = set()  # words that cannot name a column, as the server says


def quoted(name):
    if re.fullmatch(r"[a-z_][a-z0-9_]*", name) and name not in RESERVED:
        return name
    return '"' + name.replace('"', '""') + '"'


def full(schema, name):
    return f"{quoted(schema)}.{quoted(name)}"


def listed(names):
    return "(" + ", ".join(quoted(name) for name in names) + ")"


def text(value):
    return "'" + value.replace("\n", "\\n") + "'"


class ServerCatalog:
    def __init__(self, cursor):
        self.cursor = cursor
        cursor.execute("SET search_path = ''")
        self.lines = []
        RESERVED.update(word for word, in self.rows(
            "SELECT word FROM pg_get_keywords() WHERE catcode IN ('R', 'T')"))

    def rows(self, query, *values):
        self.cursor.execute(query, values or None)
        return self.cursor.fetchall()

    def print(self):
        """Blocks of lines, one per object, sorted."""
        blocks = []
        for schema, comment in self.rows(
                f"SELECT nspname, obj_description(oid) FROM pg_namespace WHERE nspname NOT IN {SYSTEM} "
                "AND nspname NOT LIKE 'pg_temp%%' AND nspname NOT LIKE 'pg_toast%%'"):
            block = [f"schema {quoted(schema)}"]
            if comment and schema != "public":
                block.append(f"  comment {text(comment)}")
            blocks.append(block)
        for (name,) in self.rows("SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'"):
            blocks.append([f"extension {quoted(name)}"])
        for (name,) in self.rows("SELECT pubname FROM pg_publication"):
            blocks.append([f"publication {quoted(name)}"])
        blocks += self.relations() + self.sequences() + self.types() + self.functions()
        return sorted("\n".join(block) for block in blocks)

    def relations(self):
        kinds = {"r": "table", "p": "table", "v": "view", "m": "materialized view",
                 "f": "foreign table"}
        blocks = []
        for oid, schema, name, kind, persistence, security, comment, partition in self.rows(
                "SELECT c.oid, nspname, relname, relkind::text, relpersistence::text, relrowsecurity, "
                "obj_description(c.oid, 'pg_class'), relispartition FROM pg_class c "
                f"JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname NOT IN {SYSTEM} "
                "AND relkind IN ('r', 'p', 'v', 'm', 'f')"):
            line = f"{kinds[kind]} {full(schema, name)}"
            if persistence == "u":
                line += " unlogged"
            for (key,) in self.rows("SELECT pg_get_partkeydef(%s) WHERE %s", oid, kind == "p"):
                line += f" partitioned by {key.split(' ')[0].lower()} {key.split(' ', 1)[1]}"
            parents = [full(*row) for row in self.rows(
                "SELECT nspname, relname FROM pg_inherits JOIN pg_class c ON c.oid = inhparent "
                "JOIN pg_namespace n ON n.oid = relnamespace WHERE inhrelid = %s ORDER BY inhseqno",
                oid)]
            if parents:
                line += (" partition of " if partition else " inherits ") + ", ".join(parents)
            if security:
                line += " row-security"
            block = [line] + self.columns(oid, kind) + self.constraints(oid) + self.indexes(oid)
            block += self.members(oid)
            if comment:
                block.append(f"  comment {text(comment)}")
            blocks.append(block)
        return blocks

    def columns(self, oid, kind):
        lines = []
        for name, kind_name, not_null, identity, has_default, generated, local, comment in self.rows(
                "SELECT attname, format_type(atttypid, atttypmod), attnotnull, attidentity::text, "
                "atthasdef, attgenerated <> '', attislocal, col_description(attrelid, attnum) "
                "FROM pg_attribute WHERE attrelid = %s AND attnum > 0 AND NOT attisdropped "
                "ORDER BY attnum", oid):
            line = f"  column {quoted(name)} {kind_name}"
            if not_null:
                line += " not null"
            line += {"a": " identity always", "d": " identity by default"}.get(identity, "")
            if has_default:
                line += " generated" if generated else " default"
            if not local:
                line += " inherited"
            lines.append(line)
            if comment:
                lines.append(f"    comment {text(comment)}")
        return lines

    def constraints(self, oid):
        kinds = {"p": "primary key", "u": "unique", "c": "check", "f": "foreign key", "x": "exclude"}
        actions = {"r": "restrict", "c": "cascade", "n": "set null", "d": "set default"}
        lines = []
        for (name, kind, columns, schema, table, others, on_delete, on_update, match, deferrable,
             deferred, valid, no_inherit, comment) in self.rows(
                """SELECT conname, contype::text,
                     ARRAY(SELECT attname::text FROM unnest(conkey) WITH ORDINALITY k(number, place)
                           JOIN pg_attribute ON attrelid = conrelid AND attnum = number ORDER BY place),
                     nspname, relname,
                     ARRAY(SELECT attname::text FROM unnest(confkey) WITH ORDINALITY k(number, place)
                           JOIN pg_attribute ON attrelid = confrelid AND attnum = number ORDER BY place),
                     confdeltype::text, confupdtype::text, confmatchtype::text, condeferrable, condeferred, convalidated,
                     connoinherit, obj_description(o.oid, 'pg_constraint')
                   FROM pg_constraint o LEFT JOIN pg_class c ON c.oid = confrelid
                   LEFT JOIN pg_namespace n ON n.oid = c.relnamespace
                   WHERE conrelid = %s AND contype IN ('p', 'u', 'c', 'f', 'x')
                     AND NOT EXISTS (SELECT FROM pg_constraint up WHERE up.oid = o.conparentid
                                     AND up.conrelid = o.conrelid)
                   ORDER BY conname""", oid):
            if kind == "c":
                columns = sorted(columns)
            line = f"  constraint {quoted(name)} {kinds[kind]} {listed(columns)}"
            if kind == "f":
                line += f" references {full(schema, table)} {listed(others)}"
            if on_delete in actions:
                line += f" on delete {actions[on_delete]}"
            if on_update in actions:
                line += f" on update {actions[on_update]}"
            if match == "f":
                line += " match full"
            if deferrable:
                line += " deferrable initially deferred" if deferred else " deferrable"
            if not valid:
                line += " not valid"
            if no_inherit and kind == "c":
                line += " no inherit"
            lines.append(line)
            if comment:
                lines.append(f"    comment {text(comment)}")
        return lines

    def indexes(self, oid):
        lines = []
        for index, name, method, unique, primary, partial, nulls, count, comment in self.rows(
                "SELECT indexrelid, relname, amname, indisunique, indisprimary, indpred IS NOT NULL, "
                "indnullsnotdistinct, indnkeyatts, obj_description(c.oid, 'pg_class') FROM pg_index "
                "JOIN pg_class c ON c.oid = indexrelid JOIN pg_am a ON a.oid = relam "
                "WHERE indrelid = %s ORDER BY relname", oid):
            parts = []
            for number, (column, option) in enumerate(self.rows(
                    "SELECT (SELECT attname FROM pg_attribute WHERE attrelid = indrelid AND attnum = key), "
                    "indoption[place - 1] FROM pg_index, unnest(indkey::int[]) WITH ORDINALITY k(key, place) "
                    "WHERE indexrelid = %s ORDER BY place", index)):
                part = quoted(column) if column else "(expression)"
                if number < count and option is not None:
                    if option & 1:
                        part += " desc"
                    if bool(option & 2) != bool(option & 1):
                        part += " nulls first" if option & 2 else " nulls last"
                parts.append(part)
            line = f"  index {quoted(name)} {'primary ' if primary else 'unique ' if unique else ''}{method}"
            line += f" ({', '.join(parts[:count])})"
            if parts[count:]:
                line += f" include ({', '.join(parts[count:])})"
            if nulls:
                line += " nulls not distinct"
            if partial:
                line += " where"
            lines.append(line)
            if comment:
                lines.append(f"    comment {text(comment)}")
        return lines

    def members(self, oid):
        lines = []
        for name, bits, schema, function in self.rows(
                "SELECT tgname, tgtype, nspname, proname FROM pg_trigger JOIN pg_proc p ON p.oid = tgfoid "
                "JOIN pg_namespace n ON n.oid = pronamespace WHERE tgrelid = %s AND NOT tgisinternal "
                "OR tgrelid = %s AND tgparentid <> 0 ORDER BY tgname", oid, oid):
            timing = "before" if bits & 2 else "instead of" if bits & 64 else "after"
            events = [word for bit, word in ((4, "insert"), (8, "delete"), (16, "update"),
                                             (32, "truncate")) if bits & bit]
            lines.append(f"  trigger {quoted(name)} {timing} {' or '.join(events)}"
                         f"{' each row' if bits & 1 else ''} {full(schema, function)}")
        for query in ("SELECT 'rule', rulename FROM pg_rewrite WHERE ev_class = %s AND rulename <> '_RETURN'",
                      "SELECT 'policy', polname FROM pg_policy WHERE polrelid = %s",
                      "SELECT 'statistics object', stxname FROM pg_statistic_ext WHERE stxrelid = %s"):
            lines += sorted(f"  {kind} {quoted(name)}" for kind, name in self.rows(query, oid))
        for name, columns, filtered in self.rows(
                "SELECT pubname, (SELECT array_agg(attname::text ORDER BY attnum) FROM pg_attribute "
                "WHERE attrelid = prrelid AND attnum = ANY (prattrs)), prqual IS NOT NULL "
                "FROM pg_publication_rel JOIN pg_publication p ON p.oid = prpubid "
                "WHERE prrelid = %s ORDER BY pubname", oid):
            names = f" ({', '.join(map(quoted, columns))})" if columns else ""
            lines.append(f"  published in {quoted(name)}{names}{' where' if filtered else ''}")
        return lines

    def sequences(self):
        blocks = []
        for (schema, name, kind, start, increment, low, high, cache, cycle, comment, owner_schema,
             owner, column, dependency) in self.rows(
                f"""SELECT n.nspname, c.relname, format_type(seqtypid, NULL), seqstart, seqincrement,
                     seqmin, seqmax, seqcache, seqcycle, obj_description(c.oid, 'pg_class'),
                     tn.nspname, t.relname, attname, deptype::text
                   FROM pg_sequence JOIN pg_class c ON c.oid = seqrelid
                   JOIN pg_namespace n ON n.oid = c.relnamespace
                   LEFT JOIN pg_depend d ON d.objid = c.oid AND d.classid = 'pg_class'::regclass
                     AND d.refclassid = 'pg_class'::regclass AND deptype IN ('a', 'i')
                   LEFT JOIN pg_class t ON t.oid = refobjid
                   LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace
                   LEFT JOIN pg_attribute ON attrelid = t.oid AND attnum = refobjsubid
                   WHERE n.nspname NOT IN {SYSTEM}"""):
            line = (f"sequence {full(schema, name)} {kind} start {start} increment {increment} "
                    f"from {low} to {high} cache {cache}{' cycle' if cycle else ''}")
            if owner:
                line += (f" {'identity of' if dependency == 'i' else 'owned by'} "
                         f"{full(owner_schema, owner)}.{quoted(column)}")
            blocks.append([line] + ([f"  comment {text(comment)}"] if comment else []))
        return blocks

    def types(self):
        blocks = []
        for oid, schema, name, kind, base, not_null, default, relation, comment in self.rows(
                "SELECT t.oid, nspname, typname, typtype::text, format_type(typbasetype, typtypmod), "
                "typnotnull, typdefault IS NOT NULL, typrelid, obj_description(t.oid, 'pg_type') "
                "FROM pg_type t JOIN pg_namespace n ON n.oid = typnamespace "
                "LEFT JOIN pg_class c ON c.oid = typrelid "
                f"WHERE nspname NOT IN {SYSTEM} AND (typtype IN ('e', 'd', 'r', 'm') OR relkind = 'c')"):
            words = {"e": "enum", "d": "domain", "r": "range", "m": "multirange", "c": "composite"}
            line = f"{words[kind]} {full(schema, name)}"
            block = []
            if kind == "e":
                labels = [text(row[0]) for row in self.rows(
                    "SELECT enumlabel FROM pg_enum WHERE enumtypid = %s ORDER BY enumsortorder", oid)]
                line += f" ({', '.join(labels)})"
            elif kind == "d":
                line += f" {base}{' not null' if not_null else ''}{' default' if default else ''}"
                for check, valid in self.rows(
                        "SELECT conname, convalidated FROM pg_constraint WHERE contypid = %s", oid):
                    block.append(f"  constraint {quoted(check)} check{'' if valid else ' not valid'}")
            elif kind == "r":
                line += " of " + self.rows("SELECT format_type(rngsubtype, NULL) FROM pg_range "
                                           "WHERE rngtypid = %s", oid)[0][0]
            else:
                block += self.columns(relation, "c")
            if comment:
                block.append(f"  comment {text(comment)}")
            blocks.append([line] + sorted(block) if kind == "d" else [line] + block)
        return blocks

    def functions(self):
        blocks = []
        kinds = {"f": "function", "p": "procedure", "a": "aggregate", "w": "function"}
        volatility = {"v": "volatile", "s": "stable", "i": "immutable"}
        for schema, name, kind, inputs, returns, many, language, changes, comment in self.rows(
                "SELECT nspname, proname, prokind::text, ARRAY(SELECT format_type(t, NULL) "
                "FROM unnest(proargtypes::oid[]) t), format_type(prorettype, NULL), proretset, lanname, "
                "provolatile::text, obj_description(p.oid, 'pg_proc') FROM pg_proc p "
                "JOIN pg_namespace n ON n.oid = pronamespace JOIN pg_language l ON l.oid = prolang "
                f"WHERE nspname NOT IN {SYSTEM} AND NOT EXISTS (SELECT FROM pg_depend "
                "WHERE objid = p.oid AND deptype IN ('e', 'i'))"):
            line = f"{kinds[kind]} {full(schema, name)}({', '.join(inputs)})"
            if kind == "f":
                line += f" returns {'setof ' if many else ''}{returns}"
            line += f" language {language}"
            if kind == "f":
                line += f" {volatility[changes]}"
            blocks.append([line] + ([f"  comment {text(comment)}"] if comment else []))
        return blocks


def without_expressions(printed):
    """The print of `retort`, as the same blocks."""
    blocks = []
    for line in printed.splitlines():
        line = re.sub(r"^(  column .*?)( default| generated) .*?( inherited)?$", r"\1\2\3", line)
        line = re.sub(r"^(  constraint .*? check \(.*?\).*?): .*$", r"\1", line)
        line = re.sub(r"^(  constraint \S+ check): .*?( not valid)?$", r"\1\2", line)
        line = re.sub(r"^(domain .*? default) .*$", r"\1", line)
        line = re.sub(r"^(  published in .*? where) .*$", r"\1", line)
        if line.startswith("  constraint") and " check (" in line:
            before, rest = line.split(" check (", 1)
            columns, rest = rest.split(")", 1)
            line = f"{before} check ({', '.join(sorted(columns.split(', ')))}){rest}"
        if line.startswith("  index"):
            line = re.sub(r" where .*$", " where", line)
            head, _, rest = line.partition(" (")
            depth, result, inner = 0, "", False
            for character in rest:
                if character == "(":
                    depth += 1
                    if depth == 1:
                        result += "(expression"
                if depth == 0:
                    result += character
                if character == ")" and depth > 0:
                    depth -= 1
                    if depth == 0:
                        result += ")"
            line = head + " (" + result.replace("include (expression)", "include (expression)")
            included = re.search(r" include \((.*)", rest)
            if included:
                line = re.sub(r" include \(expression\)", " include (" +
                              included.group(1).split(")")[0] + ")", line)
        if line.startswith("  ") and blocks:
            blocks[-1].append(line)
        else:
            blocks.append([line])
    for block in blocks:
        if block[0].startswith("domain"):
            block[1:] = sorted(block[1:])
    return sorted("\n".join(block) for block in blocks)


def with_known_types(blocks, expected):
    """Types of a view's computed columns that retort does not infer are taken from the server."""
    theirs = {block.split("\n")[0]: block.split("\n") for block in expected}
    extended = any(head.startswith("extension ") for head in theirs)
    result = []
    for block in blocks:
        lines = block.split("\n")
        other = theirs.get(lines[0], [])
        for i, line in enumerate(lines):
            if line.startswith("  column ") and line.endswith(" ?") and i < len(other) \
                    and other[i].startswith(line[:-1]):
                lines[i] = other[i]
            # So is the schema of a type that an extension brings.
            if extended and i < len(other) and other[i] == re.sub(
                    r"^(  column \S+ )(?=\w)", r"\1public.", line):
                lines[i] = other[i]
        result.append("\n".join(lines))
    return result


def show_difference(seed, what, own, expected):
    print(f"{seed}: the catalogs differ {what} (- server, + retort)")
    mine = [line for block in own for line in block.splitlines()]
    theirs = [line for block in expected for line in block.splitlines()]
    for line in difflib.unified_diff(theirs, mine, n=1, lineterm=""):
        if not line.startswith(("---", "+++", "@@")):
            print("  " + line)
