#: re.match, search and fullmatch
import re
m = re.match(r"(\w+)-(\d+)", "abc-42 rest")
print(m.group(), m.group(1), m.group(2), m.groups(), m.span(), m.start(2), m.end(2), m[1], m[0])
print(re.search(r"\d+", "no digits"), re.fullmatch("a+", "aaab"), bool(re.fullmatch("a+b", "aaab")))
print(re.match("a", "a"), re.search("(?<=-)b", "a-b").span())
#: named groups
import re
m = re.match(r"(?P<year>\d{4})-(?P<month>\d\d)?", "2024-")
print(m.groupdict(), m.group("year"), m["month"], m.groupdict("-"), m.lastgroup, m.lastindex)
print(re.compile(r"(?P<a>x)(?P<b>y)").groupindex, re.compile("(a)(b)").groups)
try:
    m.group("day")
except IndexError as error:
    print(error)
#: sub with templates
import re
print(re.sub(r"(\w+) (\w+)", r"\2 \1", "hello world"))
print(re.sub(r"(?P<first>\w)", r"\g<first>\g<1>\g<0>", "ab"), re.sub("a", r"\\", "banana"))
print(re.sub("x*", "-", "abxd"), re.sub("b|", "!", "abc"), re.subn("a", "b", "aaa", count=2))
print(re.sub(r"\s+", " ", "a \t\n b"), re.sub("(a)|b", r"[\1]", "ab"))
#: sub with a function
import re
print(re.sub(r"\d+", lambda m: str(int(m.group()) * 2), "a1b22c333"))
print(re.sub(r"(?<!^)(?=[A-Z])", "_", "camelCaseName").lower())
def dash(match):
    return "-" if match.group(0) == " " else ""
print(re.sub("[ _]", dash, "a b_c d"))
#: snake and slugs
import re
def slug(text):
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")
print([slug(t) for t in ("Hello, World!", "  A  B ", "x__y")])
s1 = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", "HTTPResponseCode")
print(re.sub("([a-z0-9])([A-Z])", r"\1_\2", s1).lower())
#: findall and finditer
import re
print(re.findall(r"\b\w", "the quick fox"), re.findall(r"(\w)(\d)", "a1b2"), re.findall("(a)|b", "ab"))
print([(m.group(), m.start()) for m in re.finditer("[aeiou]", "education")])
print(re.findall("", "ab"), re.findall("a??", "aa"), re.findall(r"^.", "a\nb", re.M))
#: split
import re
print(re.split(r"[,;]\s*", "a, b;c,d"), re.split("(-)", "a-b-c"), re.split("x", "abc"), re.split(r"\d", "a1b2c", maxsplit=1))
print(re.split("", "ab"), re.split(r"\b", "a b"), re.split("(a)|b", "xaybz"))
#: flags
import re
print(re.findall("a.b", "a\nb A b", re.S | re.I), re.match("ABC", "abc", re.IGNORECASE) is not None)
print(re.sub(r"""
    (\d+)   # digits
    \s*     # blanks
    [#]
""", "n", "12 #", flags=re.VERBOSE), re.search("(?i)HELLO", "say hello").group())
print(re.search("(?s:a.)b", "a\nb") is not None, re.search("a(?i:b)c", "aBc") is not None, re.search("a(?i:b)c", "aBC"))
#: compiled patterns
import re
p = re.compile(r"(\d+)")
print(p.pattern, p.flags, p.groups, p, p.match("12a", 1).group(), p.search("ab12", 0, 3).group())
print(p.sub("#", "a1b2", count=1), p.split("a1b2c"), p.findall("1 22"), p.fullmatch("12") is not None)
print(p == re.compile(r"(\d+)"), isinstance(p, re.Pattern), re.match(p, "1") is not None)
#: lookaround, backreferences and conditions
import re
print(re.findall(r"(\w)\1", "aabbcd"), re.search(r"(?P<q>['\"]).*?(?P=q)", "say 'hi' \"x\"").group())
print(re.findall(r"\w+(?=;)", "a; b c;"), re.findall(r"\b(?!no)\w+", "no yes none maybe"))
print([bool(re.fullmatch(r"(<)?x(?(1)>|)", t)) for t in ("<x>", "x", "<x", "x>")])
print(re.findall(r"(?<!\d)\d{2}(?!\d)", "1 22 333 44"))
#: greedy and lazy
import re
print(re.match("<.*>", "<a><b>").group(), re.match("<.*?>", "<a><b>").group(), re.match("a{2,3}", "aaaa").group(), re.match("a{2,3}?", "aaaa").group())
print(re.match("(a+)+b", "aaab").groups(), re.match("(?:a|ab)(?:c|bcd)(d*)", "abcd").groups(), re.match("(a|b)*", "abba").group(1))
print(re.match("a{,2}", "aaa").group(), re.match("a{x", "a{x").group(), re.match("x{2}{", "xx{").group() if False else "")
#: classes of characters
import re
print(re.findall(r"[^\W\d_]+", "ab_1cd"), re.findall(r"[]a]", "a]b"), re.findall(r"[\-a-c.]", "a-d.c"), re.findall(r"[\x41\u0042\103]", "ABCD"))
print(re.findall(r"\S+", " é x\u00a0y "), re.findall(r"[а-я]+", "привет мир"), re.findall(r"\w+", "naïve café"), re.findall("€.", "€5"))
#: anchors
import re
print([m.start() for m in re.finditer("^", "a\nb\n", re.M)], [m.start() for m in re.finditer("$", "a\nb\n")], [m.start() for m in re.finditer("$", "a\nb\n", re.M)])
print(re.search(r"a\Z", "a\n"), re.search(r"a$", "a\n").span(), re.findall(r"\Ba", "a ba"))
#: escape
import re
print(re.escape("a.b*c[d]-e f"), re.escape("ä_1"), re.match(re.escape("1+1"), "1+1").group())
#: expand and the parts of a match
import re
m = re.search(r"(\d)(x)?", "a1b")
print(m.expand(r"<\1>"), m.string, m.re.pattern, m.pos, m.endpos, m.span(2), m.groups(), m.groups(""), m.regs if False else "")
#: where a statement begins
import re
sql = "CREATE TABLE a (x int); -- note\nDROP INDEX  b ;"
print([s.strip() for s in re.split(r";\s*(?:--[^\n]*\n)?", sql) if s.strip()])
print(re.sub(r"--.*$", "", sql, flags=re.MULTILINE))
print(re.match(r"^\s*(create|drop)\s+(table|index)", sql, re.I).groups())
#: a walrus over matches
import re
for line in ["x=1", "bad", "y = 22"]:
    if (m := re.match(r"(\w)\s*=\s*(\d+)", line)):
        print(m[1], int(m[2]))
#: catastrophic patterns end at the limit
#? compile/limit
import re
print(re.match("(a*)*b", "a" * 40))
#: what is no pattern is not interpreted
#? this regular expression is not interpreted
import re
print(re.match("(", "x"))
#: letters beyond ASCII without their case
#? beyond ASCII
import re
print(re.findall("ä", "Ä", re.I), re.match("k", "\u212a", re.I))
#: patterns of bytes
#? regular expressions of bytes
import re
print(re.match(b"a", b"a"))
