#!/usr/bin/env python3
"""Made-up regular expressions and texts, as programs that print what `re` answers.

    random_patterns.py SEED COUNT      one program in hex per line

Only what Python accepts is printed: patterns that it refuses are not interpreted by retort.
"""

import random
import re
import sys
import warnings

warnings.simplefilter("ignore")

ALPHABET = "aab1 _\n-"
BEYOND = "äж"


def class_part(rng):
    return rng.choice(["a", "b", "a-z", "0-9", "A-C", r"\d", r"\w", r"\s", r"\W", "_", r"\-", ".",
                       r"\n", "^", "b-b"])


def atom(rng, depth, groups):
    kind = rng.randrange(20)
    if kind < 7:
        return rng.choice(["a", "b", "ab", "1", "_", " ", r"\.", "-"])
    if kind < 9:
        return rng.choice([".", r"\d", r"\w", r"\s", r"\D", r"\W", r"\S"])
    if kind < 11:
        negated = rng.choice(["", "", "^"])
        return "[" + negated + "".join(class_part(rng) for _ in range(rng.randint(1, 3))) + "]"
    if kind == 11:
        return rng.choice(["^", "$", r"\b", r"\B", r"\A", r"\Z"])
    if kind == 12 and groups[0]:
        return "\\%d" % rng.randint(1, groups[0])
    if depth <= 0:
        return "a"
    if kind == 13:
        return "(?:" + alternatives(rng, depth - 1, groups) + ")"
    if kind == 14:
        return rng.choice(["(?=", "(?!"]) + alternatives(rng, depth - 1, groups) + ")"
    if kind == 15:
        return rng.choice(["(?<=", "(?<!"]) + rng.choice(["a", "ab", "[ab]", r"\w\w", "a|b"]) + ")"
    if kind == 16 and groups[0]:
        yes_no = "b|" + atom(rng, 0, groups)
        return "(?(%d)%s)" % (rng.randint(1, groups[0]), yes_no)
    if kind == 17:
        return "(?%s:%s)" % (rng.choice("ims"), alternatives(rng, depth - 1, groups))
    inside = alternatives(rng, depth - 1, groups)
    groups[0] += 1
    if rng.random() < 0.2:
        return "(?P<n%d>%s)" % (groups[0], inside)
    return "(" + inside + ")"


def quantifier(rng):
    return rng.choice(["", "", "", "", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{,2}",
                       "{1,}?", "{0,3}?", "{2,}"])


def alternatives(rng, depth, groups):
    branches = []
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        branches.append("".join(atom(rng, depth, groups) + quantifier(rng)
                                for _ in range(rng.randint(0 if depth < 3 else 1, 3))))
    return "|".join(branches)


def text(rng):
    letters = ALPHABET + (BEYOND if rng.random() < 0.15 else "AB" if rng.random() < 0.3 else "")
    return "".join(rng.choice(letters) for _ in range(rng.randint(0, 9)))


PROGRAM = """import re
p = re.compile({pattern!r}, {flags})
t = {text!r}
for m in (p.match(t), p.fullmatch(t), p.search(t)):
    if m:
        print(m.span(), m.groups(), m.lastindex, m.groupdict(), [m.span(i) for i in range(p.groups + 1)])
    else:
        print(None)
print(p.findall(t), [m.span() for m in p.finditer(t)])
print(p.subn({replacement!r}, t, {count}))
print(p.sub(lambda m: '<' + m.group() + '>', t), p.split(t, {count}))
"""


def main():
    rng = random.Random(int(sys.argv[1]))
    made = 0
    while made < int(sys.argv[2]):
        groups = [0]
        pattern = alternatives(rng, 3, groups)
        flags = rng.choice(["0", "0", "0", "re.I", "re.M", "re.S", "re.X", "re.A", "re.I | re.M"])
        try:
            known = re.compile(pattern, eval(flags))
        except (re.error, OverflowError):
            continue
        replacement = rng.choice(["", "-", r"\g<0>!", r"[\1]" if known.groups else "x", r"\n"])
        program = PROGRAM.format(pattern=pattern, flags=flags, text=text(rng),
                                 replacement=replacement, count=rng.choice([0, 0, 1, 2]))
        print(program.encode().hex())
        made += 1


main()
