#!/usr/bin/env python3
"""Made-up programs over numbers, texts, lists, dictionaries, functions, classes, loops and try.

    random_programs.py SEED COUNT      one program in hex per line

A program may raise: what counts is that both interpreters print the same up to there and end with
the same exception. Names are bound before they are used, and loops are short.
"""

import random
import sys


class Maker:
    def __init__(self, rng):
        self.rng = rng
        self.lines = []
        self.names = {"int": ["i0", "i1"], "str": ["s0"], "list": ["l0"], "dict": ["d0"],
                      "float": ["f0"], "bool": ["b0"], "tuple": ["t0"], "set": []}
        self.functions = []
        self.made = 0
        self.loops = 0
        self.in_function = False

    def fresh(self, prefix):
        self.made += 1
        return "%s_%d" % (prefix, self.made)

    def put(self, depth, text):
        self.lines.append("    " * depth + text)

    def name(self, kind):
        return self.rng.choice(self.names[kind]) if self.names[kind] else None

    # --- expressions ----------------------------------------------------------------------------

    def any(self, depth):
        return self.expression(self.rng.choice(
            ["int", "int", "str", "str", "list", "dict", "float", "bool", "tuple"]), depth)

    def expression(self, kind, depth):
        rng = self.rng
        if depth <= 0 or rng.random() < 0.2:
            if rng.random() < 0.5 and self.names[kind]:
                return self.name(kind)
            return self.literal(kind)
        if rng.random() < 0.06:
            return "(%s if %s else %s)" % (self.expression(kind, depth - 1),
                                           self.expression("bool", depth - 1),
                                           self.expression(kind, depth - 1))
        if rng.random() < 0.04:
            return "(%s := %s)" % (self.bind(kind), self.expression(kind, depth - 1)) \
                if self.loops == 0 else self.literal(kind)
        if rng.random() < 0.03:
            return "(lambda x, y=%s: x)(%s)" % (self.any(0), self.expression(kind, depth - 1))
        return getattr(self, "make_" + kind)(depth - 1)

    def bind(self, kind):
        if self.names[kind] and self.rng.random() < 0.5:
            return self.name(kind)
        return self.fresh("w")

    def literal(self, kind):
        rng = self.rng
        if kind == "int":
            return str(rng.choice([0, 1, 2, 3, 5, 7, 10, -1, -3, 100, 255, 1 << 20, 0x7fffffff]))
        if kind == "float":
            return rng.choice(["0.5", "1.0", "2.5", "-1.25", "1e3", "0.1", "3.75", "1e-7", "0.0"])
        if kind == "str":
            return rng.choice(["''", "'a'", "'abc'", "'Hello World'", "' x '", "'a,b,c'", "'%s!'",
                               "'1'", "'42'", "'ä€'", "\"it's\"", "'line\\nline'", "'Zz'", "'{}'",
                               "r'\\d'", "'tab\\t'"])
        if kind == "bool":
            return rng.choice(["True", "False"])
        if kind == "list":
            return rng.choice(["[]", "[1]", "[3, 1, 2]", "['b', 'a']", "[1, 'x', None]", "[[1], [2]]",
                               "[0, 0, 1]", "[True, 2.5]"])
        if kind == "tuple":
            return rng.choice(["()", "(1,)", "(1, 'a')", "(3, 2, 1)", "('k', [1])"])
        if kind == "set":
            return rng.choice(["set()", "{1}", "{'a'}"])
        return rng.choice(["{}", "{'a': 1}", "{'k': 'v', 'n': None}", "{1: 'one', 2: 'two'}",
                           "{'l': [1, 2]}", "{(1, 2): 3}"])

    def make_int(self, depth):
        rng = self.rng
        e = self.expression
        k = rng.randrange(22)
        if k < 6:
            return "(%s %s %s)" % (e("int", depth), rng.choice(["+", "-", "*", "//", "%", "&", "|",
                                                                "^", "+", "-", "*"]), e("int", depth))
        if k == 6:
            return "(%s ** %s)" % (e("int", depth), rng.choice(["0", "1", "2", "3"]))
        if k == 7:
            return "(%s %s %s)" % (e("int", depth), rng.choice(["<<", ">>"]), rng.randint(0, 8))
        if k == 8:
            return "len(%s)" % e(rng.choice(["str", "list", "dict", "tuple"]), depth)
        if k == 9:
            return "(-%s)" % e("int", depth)
        if k == 10:
            return "abs(%s)" % e("int", depth)
        if k == 11:
            return "int(%s)" % e(rng.choice(["str", "float", "bool", "int"]), depth)
        if k == 12:
            return "%s.%s(%s)" % (e("str", depth), rng.choice(["find", "count", "rfind", "index"]),
                                  e("str", depth))
        if k == 13:
            return "%s[%s]" % (e("list", depth), e("int", 0))
        if k == 14:
            return "sum(x for x in %s if isinstance(x, int))" % e("list", depth)
        if k == 15:
            return "%s(%s, %s)" % (rng.choice(["min", "max"]), e("int", depth), e("int", depth))
        if k == 16:
            return "%s.get(%s, %s)" % (e("dict", depth), self.any(0), e("int", depth))
        if k == 17:
            return "ord(%s[0])" % e("str", depth)
        if k == 18 and self.functions:
            return self.call(depth)
        if k == 19:
            return "(~%s)" % e("int", depth)
        if k == 20:
            return "%s.%s(%s)" % (e(rng.choice(["list", "tuple"]), depth),
                                  rng.choice(["count", "index"]), self.any(0))
        return "round(%s)" % e("float", depth)

    def make_float(self, depth):
        rng = self.rng
        e = self.expression
        k = rng.randrange(7)
        if k < 3:
            return "(%s %s %s)" % (e("float", depth), rng.choice(["+", "-", "*", "/", "//", "%"]),
                                   e(rng.choice(["int", "float"]), depth))
        if k == 3:
            return "(%s / %s)" % (e("int", depth), e("int", depth))
        if k == 4:
            return "float(%s)" % e(rng.choice(["int", "str"]), depth)
        if k == 5:
            return "round(%s, %d)" % (e("float", depth), rng.randint(0, 3))
        return "abs(%s)" % e("float", depth)

    def make_bool(self, depth):
        rng = self.rng
        e = self.expression
        k = rng.randrange(14)
        if k < 3:
            kind = rng.choice(["int", "str", "float", "list", "tuple"])
            return "(%s %s %s)" % (e(kind, depth), rng.choice(["<", "<=", "==", "!=", ">", ">="]),
                                   e(kind, depth))
        if k == 3:
            return "(%s < %s <= %s)" % (e("int", depth), e("int", depth), e("int", depth))
        if k == 4:
            return "(not %s)" % self.any(depth)
        if k == 5:
            return "(%s %s %s)" % (e("bool", depth), rng.choice(["and", "or"]), e("bool", depth))
        if k == 6:
            return "(%s in %s)" % (self.any(0), e(rng.choice(["list", "dict", "tuple"]), depth))
        if k == 7:
            return "(%s not in %s)" % (e("str", depth), e("str", depth))
        if k == 8:
            return "isinstance(%s, %s)" % (self.any(depth),
                                           rng.choice(["int", "str", "(list, tuple)", "bool", "dict"]))
        if k == 9:
            return "%s(%s)" % (rng.choice(["any", "all"]), e("list", depth))
        if k == 10:
            return "%s.%s(%s)" % (e("str", depth), rng.choice(["startswith", "endswith"]), e("str", depth))
        if k == 11:
            return "%s.%s()" % (e("str", depth), rng.choice(["isdigit", "isalpha", "isupper", "islower",
                                                            "isspace", "isalnum", "istitle",
                                                            "isidentifier", "isnumeric"]))
        if k == 12:
            return "(%s == %s)" % (self.any(depth), self.any(depth))
        return "bool(%s)" % self.any(depth)

    def make_str(self, depth):
        rng = self.rng
        e = self.expression
        k = rng.randrange(24)
        if k < 3:
            return "(%s + %s)" % (e("str", depth), e("str", depth))
        if k == 3:
            return "(%s * %s)" % (e("str", depth), rng.choice(["0", "1", "2", "3", "-1"]))
        if k == 4:
            return "str(%s)" % self.any(depth)
        if k == 5:
            return "repr(%s)" % self.any(depth)
        if k in (6, 7):
            return "%s.%s()" % (e("str", depth), rng.choice(
                ["upper", "lower", "strip", "title", "capitalize", "swapcase", "lstrip", "rstrip",
                 "casefold"]))
        if k == 8:
            return "%s.replace(%s, %s)" % (e("str", depth), e("str", depth), e("str", depth))
        if k == 9:
            return "%s.join(str(x) for x in %s)" % (e("str", depth), e("list", depth))
        if k == 10:
            return "%s[%s]" % (e("str", depth), self.slice())
        if k in (11, 12):
            spec = rng.choice(["", "!r", "!s", ":>6", ":<5", ":^7", "!r:>8", ":s"])
            return "f\"<{%s%s}>\"" % (self.inside(self.simple("str")), spec)
        if k == 13:
            spec = rng.choice(["", ":d", ":05d", ":x", ":,", ":+d", ":>4", ":b", ":#x", ":e", ":.2f",
                               ":3", ":_d", ":o", ":^+8d", ":%"])
            return "f\"{%s%s}|\"" % (self.inside(self.simple("int")), spec)
        if k == 14:
            spec = rng.choice(["", ":.2f", ":10.3f", ":g", ":e", ":.0f", ":+.1f", ":%", ":08.2f",
                               ":.3g", ":,.2f"])
            return "f\"{%s%s}\"" % (self.inside(self.simple("float")), spec)
        if k == 15:
            return "('%%s-%%r-%%5s' %% (%s, %s, %s))" % (self.any(depth), self.any(depth), self.any(0))
        if k == 16:
            return "('%%d|%%05d|%%x' %% (%s, %s, %s))" % (e("int", depth), e("int", 0),
                                                       "abs(%s)" % e("int", 0))
        if k == 17:
            return "'{} {!r:>8} {k}'.format(%s, %s, k=%s)" % (self.any(depth), self.simple("str"),
                                                          self.any(0))
        if k == 18:
            return "%s.%s(%s)" % (e("str", depth), rng.choice(["ljust", "rjust", "center", "zfill"]),
                                  rng.randint(0, 12))
        if k == 19:
            return "chr(%s %% 90 + 33)" % e("int", depth)
        if k == 20:
            return "%s.%s(%s)" % (e("str", depth), rng.choice(["removeprefix", "removesuffix", "strip",
                                                              "lstrip"]), e("str", depth))
        if k == 21:
            return "%s[%s]" % (e("str", depth), e("int", 0))
        if k == 22:
            return "%s(%s)" % (rng.choice(["hex", "bin", "oct", "ascii"]), e("int", depth))
        return "type(%s).__name__" % self.any(depth)

    def simple(self, kind):
        return self.name(kind) or self.literal(kind)

    @staticmethod
    def inside(text):
        return "'q'" if "\\" in text or '"' in text else "(%s)" % text

    def slice(self):
        rng = self.rng
        part = lambda: rng.choice(["", "", "0", "1", "2", "-1", "-2", "5", self.name("int")])
        step = rng.choice(["", "", "", ":", ":-1", ":2"])
        return part() + ":" + part() + step

    def make_list(self, depth):
        rng = self.rng
        e = self.expression
        k = rng.randrange(20)
        if k < 3:
            return "[%s]" % ", ".join(self.any(depth) for _ in range(rng.randint(0, 3)))
        if k == 3:
            return "(%s + %s)" % (e("list", depth), e("list", depth))
        if k == 4:
            return "%s[%s]" % (e("list", depth), self.slice())
        if k in (5, 6):
            v = self.fresh("c")
            old = self.names["int"]
            self.names["int"] = old + [v]
            body, condition = e(rng.choice(["int", "str", "tuple"]), depth), e("bool", 0)
            self.names["int"] = old
            return "[%s for %s in range(%d)%s]" % (body, v, rng.randint(0, 4),
                                                    rng.choice(["", " if " + condition]))
        if k == 7:
            return "list(%s)" % e(rng.choice(["str", "tuple", "dict", "list"]), depth)
        if k == 8:
            return "sorted(%s%s)" % (e("list", depth), rng.choice(
                ["", ", key=str", ", reverse=True", ", key=lambda x: (str(type(x)), str(x))"]))
        if k == 9:
            return "%s.split(%s)" % (e("str", depth), rng.choice(["", "','", "' '", "'a', 1", "None, 1"]))
        if k == 10:
            return "list(%s.%s())" % (e("dict", depth), rng.choice(["keys", "values", "items"]))
        if k == 11:
            return "[*%s, *%s]" % (e("list", depth), e(rng.choice(["tuple", "str", "list"]), depth))
        if k == 12:
            return "list(%s(%s))" % (rng.choice(["reversed", "enumerate"]), e("list", depth))
        if k == 13:
            return "list(zip(%s, %s))" % (e("list", depth), e(rng.choice(["str", "list", "tuple"]), depth))
        if k == 14:
            return "list(map(%s, %s))" % (rng.choice(["str", "repr", "bool", "type", "len"]), e("list", depth))
        if k == 15:
            return "list(range(%s, %s, %s))" % (rng.randint(-2, 3), rng.randint(0, 6), rng.choice([1, 2, -1]))
        if k == 16:
            return "(%s * %d)" % (e("list", depth), rng.randint(0, 2))
        if k == 17:
            return "list(filter(%s, %s))" % (rng.choice(["None", "lambda x: x", "str"]), e("list", depth))
        if k == 18:
            return "%s.splitlines(%s)" % (e("str", depth), rng.choice(["", "True"]))
        return "[(a, b) for a in %s for b in %s if a != b]" % (e("list", 0), e("list", 0))

    def make_tuple(self, depth):
        rng = self.rng
        e = self.expression
        k = rng.randrange(7)
        if k < 3:
            return "(%s, %s)" % (self.any(depth), self.any(depth))
        if k == 3:
            return "tuple(%s)" % e(rng.choice(["list", "str"]), depth)
        if k == 4:
            return "(%s + %s)" % (e("tuple", depth), e("tuple", depth))
        if k == 5:
            return "divmod(%s, %s)" % (e("int", depth), e("int", depth))
        return "%s.partition(%s)" % (e("str", depth), e("str", depth))

    def make_set(self, depth):
        return "{%s}" % self.any(depth)

    def make_dict(self, depth):
        rng = self.rng
        e = self.expression
        k = rng.randrange(9)
        if k < 3:
            return "{%s}" % ", ".join("%s: %s" % (e(rng.choice(["int", "str", "tuple"]), 0),
                                                  self.any(depth)) for _ in range(rng.randint(0, 3)))
        if k == 3:
            return "{**%s, **%s}" % (e("dict", depth), e("dict", depth))
        if k == 4:
            return "(%s | %s)" % (e("dict", depth), e("dict", depth))
        if k == 5:
            return "dict(zip(%s, %s))" % (e("str", depth), e("list", depth))
        if k == 6:
            return "{str(k): v for k, v in %s.items()}" % e("dict", depth)
        if k == 7:
            return "dict(%s, x=%s)" % (e("dict", 0), self.any(depth))
        return "{v: i for i, v in enumerate(%s)}" % e("str", depth)

    def call(self, depth):
        name, arity = self.rng.choice(self.functions)
        given = self.rng.choice([arity, arity, arity, max(arity - 1, 0)])
        return "%s(%s)" % (name, ", ".join(self.any(depth - 1) for _ in range(given)))

    # --- statements -----------------------------------------------------------------------------

    def block(self, depth, budget):
        before = len(self.lines)
        for _ in range(self.rng.randint(1, budget)):
            self.statement(depth, budget - 1)
        if len(self.lines) == before:
            self.put(depth, "pass")

    def show(self, depth):
        self.put(depth, "print(%s)" % ", ".join(
            self.any(2) for _ in range(self.rng.choice([1, 1, 2]))))

    def assign(self, depth):
        rng = self.rng
        kind = rng.choice(["int", "int", "str", "list", "dict", "float", "bool", "tuple"])
        text = self.expression(kind, 2)
        if rng.random() < 0.5:
            self.put(depth, "%s = %s" % (self.name(kind), text))
        else:
            name = self.fresh(kind[0])
            self.put(depth, "%s = %s" % (name, text))
            if depth == 0:
                self.names[kind].append(name)

    def statement(self, depth, budget):
        rng = self.rng
        k = rng.randrange(24)
        if k < 5:
            return self.show(depth)
        if k < 9 or budget <= 0:
            return self.assign(depth)
        if k == 9:
            return self.put(depth, "%s %s= %s" % (self.name("int"), rng.choice("+-*|&"),
                                                  self.expression("int", 1)))
        if k == 10:
            return self.put(depth, rng.choice(["%s.append(%s)", "%s.insert(0, %s)", "%s.extend([%s])",
                                               "%s += [%s]"]) % (self.name("list"), self.any(1)))
        if k == 11:
            return self.put(depth, rng.choice(["%s[%s] = %s", "%s.setdefault(%s, %s)",
                                               "%s.update({%s: %s})", "print(%s.pop(%s, %s))"]) % (
                self.name("dict"), self.expression(rng.choice(["str", "int"]), 0), self.any(1)))
        if k == 12:
            return self.put(depth, rng.choice(["%s.sort(key=str)", "%s.reverse()", "%s.pop()",
                                               "del %s[0]", "%s[1:] = 'xy'", "%s.remove(1)",
                                               "print(%s.pop(0))", "del %s[:1]"]) % self.name("list"))
        if k in (13, 14):
            self.put(depth, "if %s:" % self.expression("bool", 2))
            self.block(depth + 1, budget)
            if rng.random() < 0.4:
                self.put(depth, "elif %s:" % self.any(1))
                self.block(depth + 1, budget)
            if rng.random() < 0.5:
                self.put(depth, "else:")
                self.block(depth + 1, budget)
            return None
        if k in (15, 16) and self.loops < 2:
            return self.loop(depth, budget)
        if k == 17:
            return self.trial(depth, budget)
        if k == 18 and depth == 0:
            return self.function(depth, budget)
        if k == 19:
            names = self.names["int"]
            return self.put(depth, rng.choice(["a, *b = %s\nprint(a, b)", "a, b = %s, 1\nprint(b, a)",
                                               "(a, b), c = [1, %s], 2\nprint(a, b, c)",
                                               "*a, b = %s\nprint(a, b)"]).replace(
                                                   "\n", "\n" + "    " * depth)
                            % self.expression(rng.choice(["list", "tuple"]), 1))
        if k == 20:
            self.put(depth, "for k, v in %s.items():" % self.expression("dict", 1))
            return self.put(depth + 1, "print(k, v)")
        if k == 21:
            return self.match(depth, budget)
        if k == 22 and depth == 0:
            return self.generator()
        if k == 23 and depth == 0:
            return self.classes()
        return self.show(depth)

    def loop(self, depth, budget):
        rng = self.rng
        self.loops += 1
        name = self.fresh("v")
        if rng.random() < 0.7:
            self.put(depth, "for %s in %s:" % (name, rng.choice(
                ["range(%d)" % rng.randint(0, 3), self.literal("list"), self.literal("str"),
                 self.literal("tuple")])))
            self.put(depth + 1, "print(%s)" % name)
        else:
            self.put(depth, "%s = 0" % name)
            self.put(depth, "while %s < %d:" % (name, rng.randint(0, 3)))
            self.put(depth + 1, "%s += 1" % name)
        self.block(depth + 1, budget)
        if rng.random() < 0.4:
            self.put(depth + 1, "if %s:" % self.expression("bool", 1))
            self.put(depth + 2, rng.choice(["break", "continue"]))
        if rng.random() < 0.3:
            self.put(depth, "else:")
            self.put(depth + 1, "print('else')")
        self.loops -= 1

    def trial(self, depth, budget):
        rng = self.rng
        self.put(depth, "try:")
        self.block(depth + 1, budget)
        if rng.random() < 0.3:
            self.put(depth + 1, rng.choice(["raise ValueError(%s)", "raise KeyError(%s)",
                                            "assert %s, 'no'"]) % self.any(1))
        kind = rng.choice(["Exception", "(ValueError, TypeError)", "LookupError", "ArithmeticError",
                           "ValueError"])
        finish = rng.random()
        if finish < 0.8:
            self.put(depth, "except %s as error:" % kind)
            self.put(depth + 1, "print(type(error).__name__)")
            if rng.random() < 0.15:
                self.put(depth + 1, "raise")
        if 0.3 < finish < 0.6:
            self.put(depth, "else:")
            self.put(depth + 1, "print('fine')")
        if finish > 0.5:
            self.put(depth, "finally:")
            self.put(depth + 1, "print('finally')")

    def function(self, depth, budget):
        rng = self.rng
        name = self.fresh("f")
        arity = rng.randint(0, 3)
        parameters = ["p%d" % i for i in range(arity)]
        signature = [p if i + 1 < arity else p + rng.choice(["", "=%s" % self.literal("int")])
                     for i, p in enumerate(parameters)]
        if rng.random() < 0.2:
            signature.append("*rest")
        self.put(depth, "def %s(%s):" % (name, ", ".join(signature)))
        if rng.random() < 0.2:
            self.put(depth + 1, "global %s" % self.name("int"))
            written = self.lines[-1].split()[-1]
            self.put(depth + 1, "%s = 5" % written)
        for parameter in parameters:
            if rng.random() < 0.4:
                self.put(depth + 1, "print(%s)" % parameter)
        if parameters and rng.random() < 0.5:
            p = rng.choice(parameters)
            self.put(depth + 1, "if %s:" % p)
            self.put(depth + 2, "return %s" % self.any(1))
        if rng.random() < 0.2:
            self.put(depth + 1, "def inner(x=1):")
            self.put(depth + 2, "return (x, %s)" % (rng.choice(parameters) if parameters else "0"))
            self.put(depth + 1, "print(inner(), inner(2))")
        self.put(depth + 1, "return %s" % rng.choice([self.any(2), "None"] + parameters))
        self.functions.append((name, arity))

    def match(self, depth, budget):
        rng = self.rng
        self.put(depth, "match %s:" % self.any(1))
        patterns = ["0 | 1", "'a'", "[x]", "[x, *rest]", "(x, y)", "{'a': x}", "{'k': x, **rest}",
                    "int()", "str() as x", "None", "[[x], *_]", "int(x) if x > 2", "True", "-1",
                    "float()", "list() | tuple()", "2.5", "[_, _, _]", "{}"]
        for pattern in rng.sample(patterns, rng.randint(1, 4)):
            self.put(depth + 1, "case %s:" % pattern)
            names = [n for n in ("x", "y", "rest") if n in pattern.replace("list", "")
                     .replace("tuple", "") and "if" not in n]
            self.put(depth + 2, "print(%r, %s)" % (pattern, ", ".join(names) or "0"))
        if rng.random() < 0.6:
            self.put(depth + 1, "case %s:" % rng.choice(["_", "other"]))
            self.put(depth + 2, "print('other')")

    def generator(self):
        name = self.fresh("g")
        rng = self.rng
        self.put(0, "def %s(n):" % name)
        self.put(1, "for i in range(n):")
        if rng.random() < 0.3:
            self.put(2, "print('round', i)")
        self.put(2, rng.choice(["yield i", "yield from [i, %s]" % self.any(0), "yield (i, %s)" % self.any(0)]))
        use = rng.choice(["print(list(%s(3)))", "for x in %s(2):\n    print(x)", "print(sum(1 for _ in %s(3)))",
                          "print(next(%s(1)), next(%s(0), 'none'))" , "a, b = %s(2)\nprint(a, b)",
                          "print(dict(enumerate(%s(2))))", "print(*%s(3), sep=';')",
                          "print(any(x for x in %s(3)))", "g = %s(2)\nprint(next(g))\nprint(list(g))",
                          "print(max(%s(3)))", "print([x for x in zip(%s(3), 'ab')])"])
        for line in use.replace("%s", name).split("\n"):
            self.put(0, line)

    def classes(self):
        rng = self.rng
        name = self.fresh("C")
        self.put(0, "class %s:" % name)
        self.put(1, "kind = %s" % self.any(1))
        self.put(1, "def __init__(self, a, b=%s):" % self.literal("int"))
        self.put(2, "self.a = a")
        self.put(2, "self.b = b")
        extra = {
            "__repr__": ["return f'<{self.a!r}>'"],
            "__eq__": ["return isinstance(other, %s) and self.a == other.a" % name],
            "__len__": ["return 2"],
            "__iter__": ["yield self.a", "yield self.b"],
            "__getitem__": ["return (self.a, self.b)[key]"],
            "__contains__": ["return item == self.a"],
            "__call__": ["return (args, self.b)"],
            "__add__": ["return %s(self.a, other)" % name],
            "__bool__": ["return False"],
            "__lt__": ["return str(self.a) < str(other.a)"],
            "__str__": ["return 'S' + str(self.b)"],
            "__hash__": ["return 7"],
        }
        arguments = {"__eq__": ", other", "__getitem__": ", key", "__contains__": ", item",
                     "__call__": ", *args", "__add__": ", other", "__lt__": ", other"}
        chosen = rng.sample(sorted(extra), rng.randint(1, 6))
        if "__repr__" not in chosen:
            chosen.append("__repr__")
        for method in chosen:
            self.put(1, "def %s(self%s):" % (method, arguments.get(method, "")))
            for line in extra[method]:
                self.put(2, line)
        self.put(1, rng.choice(["@property", "@staticmethod", "@classmethod"]))
        self.put(1, "def extra(%s):" % ("" if "static" in self.lines[-1] else "it"))
        self.put(2, "return %s" % self.any(0))
        made = self.fresh("o")
        self.put(0, "%s = %s(%s)" % (made, name, self.any(1)))
        uses = ["print(%s)", "print([%s], str(%s))", "print(len(%s))", "print(list(%s))", "print(%s[0])",
                "print(1 in %s)", "print(%s(1, 2))", "print((%s + 3).b)", "print(bool(%s))",
                "print(%s == %s, %s != 1)", "print(%s.extra)", "print(%s.kind, %s.a)", "a, b = %s\nprint(a, b)",
                "print(sorted([%s, %s]))", "print({%s: 1})", "print(f'{%s}{%s!r}')", "%s.a = 5\nprint(%s)",
                "print(hasattr(%s, 'zz'), getattr(%s, 'b', 0))", "print(isinstance(%s, " + name + "))",
                "print(%s or 'falsy')", "print(vars(%s))", "print(%s.missing)"]
        for use in rng.sample(uses, 4):
            if "extra" in use and self.lines[-1] and "staticmethod" not in "".join(self.lines[-40:]):
                pass
            for line in use.replace("%s", made).split("\n"):
                self.put(0, line)
        if rng.random() < 0.4:
            child = self.fresh("D")
            self.put(0, "class %s(%s):" % (child, name))
            self.put(1, "def __init__(self, *args, **kw):")
            self.put(2, "super().__init__(*args, **kw)")
            self.put(2, "self.c = 1")
            self.put(0, "print(%s(1, b=2), %s(3).c, issubclass(%s, %s))" % (child, child, child, name))

    def program(self):
        for line in ("i0 = 3", "i1 = -7", "s0 = 'hello'", "l0 = [1, 2, 3]", "d0 = {'a': 1, 'b': [2]}",
                     "f0 = 1.5", "b0 = True", "t0 = (1, 'x')"):
            self.put(0, line)
        for _ in range(self.rng.randint(3, 9)):
            self.statement(0, 3)
        return "\n".join(self.lines) + "\n"


def main():
    rng = random.Random(int(sys.argv[1]))
    made = 0
    while made < int(sys.argv[2]):
        text = Maker(rng).program()
        try:
            compile(text, "program", "exec")
        except (SyntaxError, MemoryError):
            continue
        # An object's address is no output to compare.
        if ".extra)" in text and "@property" not in text:
            continue
        print(text.encode().hex())
        made += 1


main()
