#: json.dumps
import json
data = {"a": [1, 2.5, None, True], "b": {"c": "é\"\\\n\t\u2028😀"}, "e": [], "f": {}, 1: 2, None: 3, True: 4, 1.5: 5}
print(json.dumps(data))
print(json.dumps(data, indent=2))
print(json.dumps({"b": 1, "a": 2}, sort_keys=True), json.dumps([1, {"a": 2}], separators=(",", ":")), json.dumps("é", ensure_ascii=False), json.dumps((1, 2)), json.dumps({"a": {}}, indent=4), json.dumps([[], [1]], indent=1), json.dumps("\x7f\x00\x1f/"), json.dumps(1e20), json.dumps("a'b"))
#: json.dumps with a default
import json
import datetime, uuid
print(json.dumps({"d": datetime.date(2020, 1, 2), "u": uuid.UUID("12345678123456781234567812345678")}, default=str))
try:
    json.dumps({"s": {1}})
except TypeError as e:
    print(e)
try:
    json.dumps({(1,): 1})
except TypeError as e:
    print(e)
#: json of enumerations
import json
from enum import Enum, IntEnum
class S(str, Enum):
    a = "x"
class N(IntEnum):
    one = 1
print(json.dumps([S.a, {"k": S.a}]), json.dumps(N.one))
#: json.loads
import json
print(json.loads('{"a": [1, -2.5e3, "x\\u00e9\\n\\ud83d\\ude00", null, true, false], "b": {}}'), json.loads(" [ ] "), json.loads('"s"'), json.loads("12"), json.loads("-0.5"), json.loads('{"a":1,"a":2}'), json.loads(b"[1]"))
for bad in ("", "[1,]", "{", '{"a" 1}', "nul", '"abc', "[1] x", "01", "'a'"):
    try:
        json.loads(bad)
    except json.JSONDecodeError as e:
        print(e)
    except ValueError as e:
        print("value", e)
#: json round trip
import json
d = {"k": [1, {"x": None}], "s": "ü"}
print(json.loads(json.dumps(d)) == d, json.dumps(json.loads('{"b": 1.0, "a": 10000000000}')))
#: dates
from datetime import date, datetime, timedelta, time, timezone
d = date(2020, 2, 28)
print(d, repr(d), d + timedelta(days=2), d - timedelta(weeks=1), date(2021, 1, 1) - d, d.isoformat(), d.year, d.weekday(), d.isoweekday(), d < date(2021, 1, 1), d == date(2020, 2, 28), d.replace(day=1), d.strftime("%Y/%m/%d %j %b %A"), d.toordinal(), date(1, 1, 1), date.fromisoformat("2024-02-29"), str(d), f"{d}", f"{d:%d.%m.%y}")
for bad in ((2021, 2, 29), (2020, 13, 1), (0, 1, 1)):
    try:
        date(*bad)
    except ValueError as e:
        print(e)
#: datetimes
from datetime import datetime, timedelta, timezone, time, date
t = datetime(2020, 1, 2, 3, 4, 5, 678)
print(t, repr(t), t.isoformat(), t.isoformat(" "), t.date(), t.time(), t + timedelta(hours=30, minutes=5), t - datetime(2020, 1, 1), t.replace(microsecond=0), t.hour, t.microsecond, datetime(2020, 1, 1), repr(datetime(2020, 1, 1)), t > datetime(2019, 1, 1), t.strftime("%H:%M:%S.%f %p %I"), str(t))
u = datetime(2020, 1, 2, tzinfo=timezone.utc)
print(u, repr(u), u.timestamp(), u.tzinfo, u.astimezone(timezone(timedelta(hours=2))), datetime.fromisoformat("2020-01-02T03:04:05+02:00"), datetime.fromisoformat("2020-01-02"), datetime.strptime("2020-01-02 03:04", "%Y-%m-%d %H:%M"), datetime.combine(date(2020, 1, 1), time(5)), time(1, 2), repr(time(1, 2, 3)), datetime.fromtimestamp(0, timezone.utc), datetime(2020, 1, 1, tzinfo=timezone(timedelta(minutes=-90))), datetime.min, datetime.max, date.max)
try:
    u < t
except TypeError as e:
    print(e)
#: spans of time
from datetime import timedelta
print(timedelta(1), timedelta(days=1, hours=2), timedelta(seconds=-1), repr(timedelta(days=2, microseconds=3)), timedelta(hours=1).total_seconds(), timedelta(1) + timedelta(1), timedelta(1) * 3, -timedelta(1), timedelta(days=1).days, timedelta(hours=25).seconds, timedelta(1) > timedelta(hours=23), timedelta(0), bool(timedelta()), timedelta(days=1.5), repr(timedelta()), abs(timedelta(-1)), timedelta(minutes=90))
#: uuid
import uuid
u = uuid.UUID("{12345678-1234-5678-1234-567812345678}")
print(u, repr(u), str(u), u.hex, u == uuid.UUID("12345678123456781234567812345678"), u.bytes, {u: 1}[u], f"'{u}'", sorted([u, uuid.UUID(int=0) if False else u])[0])
try:
    uuid.UUID("xyz")
except ValueError as e:
    print(e)
#: os.path
import os
from os.path import join, basename
print(join("a", "b", "c.sql"), join("a/", "/b"), basename("/x/y.py"), os.path.dirname("/x/y.py"), os.path.splitext("a/b.tar.gz"), os.path.split("/a/b"), os.path.splitext(".x"), os.path.dirname("x"), os.path.join("", "a"), os.sep)
#: string constants
import string
print(string.ascii_lowercase, string.digits, string.ascii_letters[-3:], string.hexdigits)
#: math
import math
print(math.ceil(1.2), math.floor(-1.2), math.trunc(2.9), math.pi)
#: decimals as written
from decimal import Decimal
print(Decimal("1.50"), repr(Decimal("10")), str(Decimal(5)), f"{Decimal('0.1')}", Decimal("-2.5"))
#: logging and warnings do nothing
import logging, warnings
logger = logging.getLogger(__name__)
logger.setLevel(logging.CRITICAL)
logger.info("hello %s", 1)
for i in range(2):
    logger.debug(f"{i}")
x = [1]
logger.debug(x)
print(x)
#: time.sleep does nothing
import time
time.sleep(0)
print("slept")
#: re with plain text
import re
print(re.sub("a", "b", "banana"), re.escape("a.b"))
#: the clock
#? the clock
import datetime
print(datetime.datetime.now() - datetime.timedelta(days=1))
#: random values
#? random
import uuid
print("id-" + str(uuid.uuid4()))
#: the environment
#? environment variable `RETORT_NOT_SET`
import os
print(os.environ.get("RETORT_NOT_SET", "x"))
#: other packages
#? package `xml`
import xml.dom
print(xml.dom.Node)
#: files
#? outside
print(open("/dev/null"))
#: hash of text
#? hash()
print(hash("a"))
