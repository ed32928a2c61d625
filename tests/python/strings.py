#: case
s = "Hello World"
print(s.upper(), s.lower(), s.title(), s.capitalize(), s.swapcase(), "they're bill's".title(), s.casefold())
#: strip
print(repr("  a b \n".strip()), repr("  a ".lstrip()), repr("  a ".rstrip()), "xxaxx".strip("x"), "abcba".strip("ab"), "www.x.com".lstrip("w."), "a\u00a0".strip() == "a")
#: split
print("a,b,,c".split(","), "a b  c ".split(), "a b c".split(" ", 1), "a,b,c".rsplit(",", 1), "".split(), "".split(","), " a  b ".split(" "), "a  b c".split(None, 1), "  a  b c  ".rsplit(None, 1))
print("a--b--c".split("--"), "abc".split("abc"), "aaa".rsplit("a", 2), "1,2;3".split(",")[1].split(";"))
#: splitlines
print("a\nb\r\nc\rd".splitlines(), "a\n".splitlines(), "a\n\nb".splitlines(True), "".splitlines(), "x\x0by\x85z".splitlines())
#: partition
print("k=v=w".partition("="), "k=v=w".rpartition("="), "none".partition("="), "none".rpartition("="))
#: join
print(", ".join(["a", "b"]), "".join("abc"), "-".join([]), ", ".join(str(i) for i in range(3)), "x".join(("a",)), ",".join({"k": 1, "l": 2}))
try:
    ",".join([1])
except TypeError as e:
    print(e)
#: replace
print("aaa".replace("a", "b"), "aaa".replace("a", "b", 2), "abc".replace("", "-"), "abc".replace("x", "y"), "abc".replace("", "-", 2), "a'b".replace("'", "''"), "äö".replace("", "."))
#: find and count
s = "abcabc"
print(s.find("c"), s.find("z"), s.rfind("a"), s.index("b"), s.find("a", 1), s.find("c", 0, 2), s.count("a"), s.count("a", 1), "aaaa".count("aa"), s.count(""), s.find("", 6), s.find("", 7), s.rfind("b", -3))
try:
    s.index("z")
except ValueError as e:
    print(e)
#: startswith and endswith
print("abc".startswith("ab"), "abc".startswith(("x", "a")), "abc".endswith("bc"), "abc".endswith(("x",)), "abc".startswith("b", 1), "abc".startswith(""), "abc".endswith("b", 0, 2))
#: prefixes and suffixes
print("abc".removeprefix("a"), "abc".removeprefix("x"), "abc".removesuffix("c"), "abc".removesuffix(""))
#: padding
print("a".ljust(3) + "|", "a".rjust(3), "a".center(4) + "|", "a".center(5, "*"), "ab".center(5) + "|", "42".zfill(5), "-42".zfill(5), "+1".zfill(4), "abc".zfill(2), "a".rjust(3, "é"))
#: predicates
print("abc".isalpha(), "ab1".isalnum(), "12".isdigit(), "".isdigit(), " ".isspace(), "AB".isupper(), "ab".islower(), "Ab".isupper(), "a1".islower(), "1".isupper(), "x_1".isidentifier(), "1x".isidentifier(), "12".isdecimal(), "12".isnumeric(), "é".isascii())
#: expandtabs
print(repr("a\tb\tc".expandtabs(4)), repr("\t".expandtabs()))
#: encode and decode
print("é".encode(), "abc".encode("ascii"), "é".encode("utf-8").decode("utf-8"), b"abc".decode(), b"\xc3\xa9".hex(), bytes.fromhex("ff 00"))
#: repetition and concatenation
print("ab" * 3, 3 * "a", "a" * 0, "a" * -1, "a" "b", "a" + "b", [1] * 3, (0,) * 2, 2 * [None])
#: repr of strings
print(repr("it's"), repr('say "hi"'), repr("it's \"both\""), repr("\x00\x1f\x7f\xa0\xad"), repr("é€中😀"), repr("\\"), repr("\u200b\u2028\ufeff"))
#: str of values
print(str(None), str(True), str(1.0), str([1, "a"]), str({"a": (1,)}), str(b"x"), str(()), str(range(3)), str(ValueError("x")), str(KeyError("x")))
#: format specs of text
print(f"{'abc':10}|{'abc':>10}|{'abc':^10}|{'abc':-<10}|{'abc':.2}|{'abc':>5.1}|{'é':>3}|{'abc':010}")
#: format specs of integers
print(f"{42:d}|{42:x}|{42:X}|{42:o}|{42:b}|{42:#b}|{42:#o}|{42:+d}|{42: d}|{-42:05d}|{42:>6}|{42:<6}|{42:^6}|{42:=+6}|{1234567:,}|{1234567:010,}|{65:c}|{255:#06x}|{True:d}|{255:_b}")
#: format specs of floats
print(f"{3.14159:.2f}|{3.14159:10.2f}|{3.14159:<10.2f}|{3.14159:+.1f}|{1234567.891:,.2f}|{0.00001234:e}|{1e10:g}|{123456789.0:g}|{0.5:.0%}|{2.5:.0f}|{3.5:.0f}|{1e20:f}|{-1.5:08.2f}|{1.0:.3}|{123.456:.4g}|{3.0:g}|{1.5:n}" if False else f"{3.14159:.2f}|{3.14159:10.2f}|{3.14159:<10.2f}|{3.14159:+.1f}|{1234567.891:,.2f}|{0.00001234:e}|{1e10:g}|{123456789.0:g}|{0.5:.0%}|{2.5:.0f}|{3.5:.0f}|{1e20:f}|{-1.5:08.2f}|{123.456:.4g}|{3.0:g}|{1.25:.1f}|{5:.1f}|{7:e}|{1e-7:g}|{100000.0:.3g}|{1.5:E}")
#: format builtin
print(format(5, "03d"), format("a", ">3"), format(1.5), format([1]), format(None))
#: errors in format specs
for f in (lambda: f"{'a':d}", lambda: f"{1.5:d}", lambda: f"{[]:>5}", lambda: f"{1:.2d}", lambda: f"{'a':+}", lambda: f"{None:5}"):
    try:
        f()
    except Exception as e:
        print(type(e).__name__)
#: iteration over characters
print([c for c in "aé€"], list(enumerate("ab", 1)), list(zip("abc", range(2))), list(reversed("abc")), sorted("bca"), min("bca"), max("bca"), set("a"))
#: comparison of text
print("a" < "b", "a" < "B", "abc" == "abc", "é" > "z", "10" < "9", max(["a", "b"], key=lambda s: -ord(s)))
#: chr ord hex
print(chr(97), ord("a"), chr(233), ord("€"), hex(255), oct(8), bin(5), hex(-1), chr(128512))
#: textwrap
from textwrap import dedent, indent
print(repr(dedent("""
    a
      b

    c
""")), repr(dedent("\ta\n\t b")), repr(dedent("  a\n b")), repr(dedent("")), repr(dedent("   \n  x\n")), repr(indent("a\n\nb", "> ")))
#: dedent with mixed blanks
import textwrap
print(repr(textwrap.dedent("    a\n\tb")), repr(textwrap.dedent("x\n  y")), repr(textwrap.dedent("  \n\n   a\n  b  \n")))
#: text beyond ASCII in other letters
#? beyond ASCII
print("é".upper())
#: bytes
b = b"abc"
print(b, len(b), b + b"d", b[0], b[1:], b * 2, b == b"abc", b"a" in b, list(b), bytes([65, 66]))
#: SQL made of parts
cols = ["id", "name"]
rows = [(1, "it's"), (2, "b")]
def lit(v):
    return str(v) if isinstance(v, int) else "'" + v.replace("'", "''") + "'"
print("INSERT INTO t (%s) VALUES %s" % (", ".join(cols), ", ".join("(" + ", ".join(lit(v) for v in r) + ")" for r in rows)))
#: text of long formats
t = """
UPDATE {table}
SET {sets}
WHERE id = {id:d}
""".format(table="x", sets=", ".join(f"{k} = '{v}'" for k, v in {"a": 1, "b": "z"}.items()), id=7)
print(t.strip().splitlines())
