#!/usr/bin/env python3
"""Writes examples for record.py: random expressions, or random statements around them.

    random_examples.py expressions|statements COUNT SEED <file-with-a-prelude >out.md
"""

import random
import re
import sys

PRELUDE = re.compile(r"^```python prelude\n.*?^```\n", re.M | re.S)


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, *choices):
        return self.random.choice(choices)

    def deep(self, depth):
        return depth > 0 and self.random.random() < 0.8

    def integer(self, depth):
        if not self.deep(depth):
            return self.pick("u.id", "u.age", "o.id", "o.user_id", "sa.literal(7)", "x")
        a, b = self.integer(depth - 1), self.integer(depth - 1)
        number = str(self.random.randint(0, 9))
        b = self.pick(b, b, number)
        return self.pick(
            f"({a} + {b})", f"({a} - {b})", f"({a} * {b})", f"({a} / {b})", f"({a} % {b})",
            f"({a} // {b})", f"(-{a})", f"({number} - {a})", f"({number} * {a})",
            f"sa.func.f({a}, {b})", f"sa.func.coalesce({a}, {b})", f"sa.cast({a}, sa.BigInteger)",
            f"sa.case(({self.truth(depth - 1)}, {a}), else_={b})", f"{a}.op('&')({b})",
            f"{a}.op('^', precedence=9)({b})", f"{a}.bitwise_or({b})", f"{a}.bitwise_and({b})",
            f"sa.type_coerce({a}, sa.Integer)", f"sa.func.max({a}).filter({self.truth(depth - 1)})",
            f"sa.extract('epoch', {a})", f"({a}).label('n')", f"(u.score * {a})", f"(u.score + {b})",
        )  # fmt: skip

    def text(self, depth):
        if not self.deep(depth):
            return self.pick("u.name", "o.note", "sa.literal('q')", "u.doc['k'].astext")
        a, b = self.text(depth - 1), self.text(depth - 1)
        b = self.pick(b, b, "'it''s'", "'s'")
        return self.pick(
            f"({a} + {b})", f"({a} + {b})", f"sa.func.lower({a})", f"('p' + {a})",
            f"{a}.concat({b})", f"sa.cast({self.integer(depth - 1)}, sa.String)",
            f"sa.case(({self.truth(depth - 1)}, {a}), else_={b})", f"{a}.collate('C')",
            f"u.more['a'][{a}].astext", f"sa.func.coalesce({a}, {b})", f"u.tags[{self.integer(0)}]",
            f"{a}.regexp_replace('a', {b})",
        )  # fmt: skip

    def truth(self, depth):
        if not self.deep(depth):
            return self.pick("u.active", "u.id == 1", "u.name.is_(None)", "o.total > 5", "sa.true()",
                             "sa.false()", "u.age.in_([1, 2])")  # fmt: skip
        if self.random.random() < 0.5:
            a, b, c = (self.truth(depth - 1) for _ in range(3))
            return self.pick(
                f"(({a}) & ({b}))", f"(({a}) | ({b}))", f"(~({a}))", f"sa.and_({a}, {b}, {c})",
                f"sa.or_({a}, {b}, {c})", f"sa.not_({a})", f"(({a}) == ({b}))",
                f"sa.func.g({a})", f"sa.and_({a})", f"sa.or_({a}, {b})",
                f"sa.exists().where({a})", f"sa.case(({a}, {b}), else_={c})",
                f"sa.cast({a}, sa.Boolean)", f"({a}).is_({self.pick('True', 'None', 'False')})",
            )  # fmt: skip
        if self.random.random() < 0.5:
            a, b = self.text(depth - 1), self.text(depth - 1)
            return self.pick(
                f"({a} == {b})", f"({a} != {b})", f"{a}.like({b})", f"{a}.ilike('%x')",
                f"{a}.not_like({b})", f"{a}.startswith({b})", f"{a}.contains('c')",
                f"{a}.in_(['a', 'b'])", f"{a}.not_in(['a'])", f"{a}.is_(None)",
                f"{a}.is_not(None)", f"{a}.between('a', {b})", f"{a}.op('~')({b})",
                f"{a}.regexp_match({b})", f"{a}.is_distinct_from({b})", f"{a}.endswith('z')",
                f"({a} == sa.any_(u.tags))", f"u.more.has_key({a})", f"{a}.bool_op('~*')({b})",
            )  # fmt: skip
        a, b = self.integer(depth - 1), self.integer(depth - 1)
        return self.pick(
            f"({a} == {b})", f"({a} != {b})", f"({a} < {b})", f"({a} >= {b})", f"({a} == None)",
            f"{a}.in_([1, 2, 3])", f"{a}.in_([])", f"{a}.not_in([])", f"{a}.between({b}, 9)",
            f"{a}.in_([{b}, 4])", f"{a}.in_(sa.select(o.id).where({self.truth(depth - 1)}))",
            f"{a}.is_distinct_from({b})", f"({a} > sa.select(sa.func.max(o.id)).scalar_subquery())",
            f"({a}) > 3", f"(3 <= {a})",
        )  # fmt: skip

    def expression(self):
        depth = self.random.randint(1, 4)
        return self.pick(self.integer, self.text, self.truth, self.truth)(depth)

    def column(self):
        value = self.pick(self.integer, self.text, self.truth)(self.random.randint(0, 2))
        return self.pick(value, value, f"({value}).label('c{self.random.randint(1, 3)}')")

    def statement(self):
        kind = self.random.randint(0, 6)
        if kind == 0:
            return f"sa.update(users).values(age={self.integer(2)}, name={self.text(1)}).where({self.truth(2)})"
        if kind == 1:
            return f"sa.delete(users).where({self.truth(2)}, {self.truth(1)})"
        columns = ", ".join(self.column() for _ in range(self.random.randint(1, 4)))
        text = f"sa.select({columns})"
        for part, chance in (
            (lambda: f".where({self.truth(2)})", 0.6),
            (lambda: f".where({self.truth(1)}, {self.truth(1)})", 0.3),
            (lambda: f".group_by({self.integer(1)}, {self.text(1)})", 0.2),
            (lambda: f".having({self.truth(2)})", 0.15),
            (lambda: f".order_by({self.integer(1)}.desc(), {self.text(1)})", 0.3),
            (lambda: f".limit({self.random.randint(1, 9)})", 0.2),
            (lambda: ".distinct()", 0.1),
        ):
            if self.random.random() < chance:
                text += part()
        if kind == 2:
            return f"sa.select({text}.subquery())"
        if kind == 3:
            return f"sa.select(sa.func.count()).select_from({text}.cte('c'))"
        if kind == 4:
            return f"sa.insert(users).from_select(['id'], sa.select({self.integer(1)}).where({self.truth(2)}))"
        return text


def main():
    kind, count, seed = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    maker = Maker(seed)
    make = maker.expression if kind == "expressions" else maker.statement
    print(f"# Random {kind}\n\nRecorded from nothing yet.\n")
    print(f"Made by `random_examples.py {kind} {count} {seed}`.\n")
    print(PRELUDE.search(sys.stdin.read()).group(0))
    print("```python\n" + "\n\n".join(make() for _ in range(count)) + "\n```")


if __name__ == "__main__":
    main()
