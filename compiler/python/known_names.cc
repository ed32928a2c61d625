// Attributes that objects of Python's own types have there, whether or not they are interpreted
// here: a name that is not among them is an AttributeError, the others are unknown.
#include "compiler/python/natives.h"

#include "common/text.h"

#include <algorithm>

namespace retort::py {
namespace {

struct Known {
  std::string_view type;
  std::string_view names;
};

constexpr Known kKnown[] = {
    {"str",
     "capitalize casefold center count encode endswith expandtabs find format "
     "format_map index isalnum isalpha isascii isdecimal isdigit isidentifier islower "
     "isnumeric isprintable isspace istitle isupper join ljust lower lstrip maketrans "
     "partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit "
     "rstrip split splitlines startswith strip swapcase title translate upper zfill"},
    {"bytes",
     "capitalize center count decode endswith expandtabs find fromhex hex index "
     "isalnum isalpha isascii isdigit islower isspace istitle isupper join ljust lower "
     "lstrip maketrans partition removeprefix removesuffix replace rfind rindex rjust "
     "rpartition rsplit rstrip split splitlines startswith strip swapcase title "
     "translate upper zfill"},
    {"list",
     "append clear copy count extend index insert pop remove reverse sort"},
    {"tuple",
     "count index"},
    {"dict",
     "clear copy fromkeys get items keys pop popitem setdefault update values"},
    {"set",
     "add clear copy difference difference_update discard intersection "
     "intersection_update isdisjoint issubset issuperset pop remove "
     "symmetric_difference symmetric_difference_update union update"},
    {"frozenset",
     "copy difference intersection isdisjoint issubset issuperset symmetric_difference "
     "union"},
    {"int",
     "as_integer_ratio bit_count bit_length conjugate denominator from_bytes imag "
     "numerator real to_bytes"},
    {"float",
     "as_integer_ratio conjugate fromhex hex imag is_integer real"},
    {"bool",
     "as_integer_ratio bit_count bit_length conjugate denominator from_bytes imag "
     "numerator real to_bytes"},
    {"range",
     "count index start step stop"},
    {"slice",
     "indices start step stop"},
    {"datetime.datetime",
     "astimezone combine ctime date day dst fold fromisocalendar fromisoformat "
     "fromordinal fromtimestamp hour isocalendar isoformat isoweekday max microsecond "
     "min minute month now replace resolution second strftime strptime time timestamp "
     "timetuple timetz today toordinal tzinfo tzname utcfromtimestamp utcnow utcoffset "
     "utctimetuple weekday year"},
    {"datetime.date",
     "ctime day fromisocalendar fromisoformat fromordinal fromtimestamp isocalendar "
     "isoformat isoweekday max min month replace resolution strftime timetuple today "
     "toordinal weekday year"},
    {"datetime.time",
     "dst fold fromisoformat hour isoformat max microsecond min minute replace "
     "resolution second strftime tzinfo tzname utcoffset"},
    {"datetime.timedelta",
     "days max microseconds min resolution seconds total_seconds"},
    {"datetime.timezone",
     "dst fromutc max min tzname utc utcoffset"},
    {"UUID",
     "bytes bytes_le clock_seq clock_seq_hi_variant clock_seq_low fields hex int "
     "is_safe node time time_hi_version time_low time_mid urn variant version"},
    {"decimal.Decimal",
     "adjusted as_integer_ratio as_tuple canonical compare compare_signal "
     "compare_total compare_total_mag conjugate copy_abs copy_negate copy_sign exp fma "
     "from_float imag is_canonical is_finite is_infinite is_nan is_normal is_qnan "
     "is_signed is_snan is_subnormal is_zero ln log10 logb logical_and logical_invert "
     "logical_or logical_xor max max_mag min min_mag next_minus next_plus next_toward "
     "normalize number_class quantize radix real remainder_near rotate same_quantum "
     "scaleb shift sqrt to_eng_string to_integral to_integral_exact to_integral_value"},
    {"re.Pattern",
     "findall finditer flags fullmatch groupindex groups match pattern scanner search "
     "split sub subn"},
    {"re.Match",
     "end endpos expand group groupdict groups lastgroup lastindex pos re regs span "
     "start string"},
    {"collections.deque",
     "append appendleft clear copy count extend extendleft index insert maxlen pop "
     "popleft remove reverse rotate"},
};

}  // namespace

bool python_has(std::string_view type, std::string_view name) {
  const auto own = std::find_if(std::begin(kKnown), std::end(kKnown),
                                [&](const Known& row) { return row.type == type; });
  if (own == std::end(kKnown))
    return false;
  const std::vector<std::string_view> names = split(own->names, ' ');
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace retort::py
