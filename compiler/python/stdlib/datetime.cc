#include "compiler/python/stdlib/datetime.h"

#include "compiler/python/stdlib/modules.h"

#include <array>
#include <cmath>
#include <fmt/format.h>

namespace retort::py {
namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr int64_t kDay = 86400 * kSecond;
constexpr int64_t kFirstDay = -719162;  // 0001-01-01
constexpr int64_t kLastDay = 2932896;   // 9999-12-31
constexpr int64_t kMaxDelta = 999999999;

struct Civil {
  int64_t year, month, day;
};

int64_t days_of(const Civil& date) {
  const int64_t year = date.year - (date.month <= 2 ? 1 : 0);
  const int64_t era = (year >= 0 ? year : year - 399) / 400;
  const int64_t of_era = year - era * 400;
  const int64_t of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

Civil civil_of(int64_t days) {
  days += 719468;
  const int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  const int64_t of_era = days - era * 146097;
  const int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
  const int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
  const int64_t month = (5 * of_year + 2) / 153;
  const int64_t real = month < 10 ? month + 3 : month - 9;
  return {year + era * 400 + (real <= 2 ? 1 : 0), real, of_year - (153 * month + 2) / 5 + 1};
}

int64_t month_days(int64_t year, int64_t month) {
  constexpr std::array<int64_t, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : kDays[static_cast<size_t>(month - 1)];
}

int64_t floor_div(int64_t a, int64_t b) {
  return a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0);
}

std::string offset_text(int64_t seconds) {
  const int64_t size = std::abs(seconds);
  std::string text =
      fmt::format("{}{:02}:{:02}", seconds < 0 ? '-' : '+', size / 3600, size / 60 % 60);
  if (size % 60 != 0)
    text += fmt::format(":{:02}", size % 60);
  return text;
}

Value make_delta(Interpreter& in, int64_t microseconds) {
  const int64_t days = floor_div(microseconds, kDay);
  if (days > kMaxDelta || days < -kMaxDelta)
    return in.raise("OverflowError", "date value out of range");
  Delta* const delta = in.make<Delta>();
  delta->microseconds = microseconds;
  return delta;
}

Value make_moment(Interpreter& in, Moment::What what, int64_t days, int64_t microseconds,
                  TimeZone* zone) {
  days += floor_div(microseconds, kDay);
  microseconds -= floor_div(microseconds, kDay) * kDay;
  if (what != Moment::What::time && (days < kFirstDay || days > kLastDay))
    return in.raise("OverflowError", "date value out of range");
  Moment* const moment = in.make<Moment>();
  moment->what = what;
  moment->days = days;
  moment->microseconds = microseconds;
  moment->zone = zone;
  return moment;
}

Value clock(Interpreter& in, std::string_view what) {
  return in.unknown(Cause::Kind::clock, fmt::format("`{}` asks the clock", what));
}

Delta* delta_of(Value value) {
  Foreign* const foreign = value.as<Foreign>();
  return foreign ? dynamic_cast<Delta*>(foreign) : nullptr;
}
Moment* moment_of(Value value) {
  Foreign* const foreign = value.as<Foreign>();
  return foreign ? dynamic_cast<Moment*>(foreign) : nullptr;
}
bool zone_of(Interpreter& in, Value value, TimeZone*& zone, Value& problem) {
  zone = nullptr;
  if (value.is_none())
    return true;
  Foreign* const foreign = value.as<Foreign>();
  zone = foreign ? dynamic_cast<TimeZone*>(foreign) : nullptr;
  if (zone)
    return true;
  problem = value.is_unknown()
                ? in.poison(value)
                : in.unknown(Cause::Kind::unsupported, "this time zone is not interpreted");
  return false;
}

bool numbers(Interpreter& in, const Args& args, size_t first, size_t count, int64_t* out,
             Value& problem) {
  for (size_t i = 0; i < count; ++i)
    if (!in.index(args[first + i], out[i], problem))
      return false;
  return true;
}

bool check_date(Interpreter& in, const int64_t* date) {
  if (date[0] < 1 || date[0] > 9999)
    in.raise("ValueError", fmt::format("year {} is out of range", date[0]));
  else if (date[1] < 1 || date[1] > 12)
    in.raise("ValueError", "month must be in 1..12");
  else if (date[2] < 1 || date[2] > month_days(date[0], date[1]))
    in.raise("ValueError", "day is out of range for month");
  return !in.unwinding();
}
bool check_time(Interpreter& in, const int64_t* time) {
  if (time[0] < 0 || time[0] > 23)
    in.raise("ValueError", "hour must be in 0..23");
  else if (time[1] < 0 || time[1] > 59)
    in.raise("ValueError", "minute must be in 0..59");
  else if (time[2] < 0 || time[2] > 59)
    in.raise("ValueError", "second must be in 0..59");
  else if (time[3] < 0 || time[3] > 999999)
    in.raise("ValueError", "microsecond must be in 0..999999");
  return !in.unwinding();
}
int64_t time_of(const int64_t* time) {
  return ((time[0] * 60 + time[1]) * 60 + time[2]) * kSecond + time[3];
}

Value new_date(Interpreter& in, const Args& args) {
  int64_t date[3];
  Value problem;
  if (!numbers(in, args, 0, 3, date, problem) || !check_date(in, date))
    return problem;
  return make_moment(in, Moment::What::date, days_of({date[0], date[1], date[2]}), 0, nullptr);
}

Value new_datetime(Interpreter& in, const Args& args) {
  int64_t date[7];
  Value problem;
  TimeZone* zone = nullptr;
  if (!numbers(in, args, 0, 7, date, problem) || !zone_of(in, args[7], zone, problem) ||
      !check_date(in, date) || !check_time(in, date + 3))
    return problem;
  return make_moment(in, Moment::What::both, days_of({date[0], date[1], date[2]}),
                     time_of(date + 3), zone);
}

Value new_time(Interpreter& in, const Args& args) {
  int64_t time[4];
  Value problem;
  TimeZone* zone = nullptr;
  if (!numbers(in, args, 0, 4, time, problem) || !zone_of(in, args[4], zone, problem) ||
      !check_time(in, time))
    return problem;
  return make_moment(in, Moment::What::time, 0, time_of(time), zone);
}

Value new_delta(Interpreter& in, const Args& args) {
  constexpr std::array<int64_t, 7> kUnits = {kDay,         kSecond,        1,       1000,
                                             60 * kSecond, 3600 * kSecond, 7 * kDay};
  int64_t total = 0;
  for (size_t i = 0; i < kUnits.size(); ++i) {
    const Value value = in.plain(args[i]);
    if (value.is_unknown())
      return in.poison(value);
    int64_t part = 0;
    if (value.is(Type::floating)) {
      const double exact = value.floating() * static_cast<double>(kUnits[i]);
      if (exact != std::floor(exact) || std::fabs(exact) > 0x1p53)
        return in.unknown(Cause::Kind::unsupported, "this fraction of time is not interpreted");
      part = static_cast<int64_t>(exact);
    } else {
      int64_t count = 0;
      Value problem;
      if (!in.index(value, count, problem))
        return problem;
      if (__builtin_mul_overflow(count, kUnits[i], &part))
        return in.unknown(Cause::Kind::number, "this span of time is too long");
    }
    if (__builtin_add_overflow(total, part, &total))
      return in.unknown(Cause::Kind::number, "this span of time is too long");
  }
  return make_delta(in, total);
}

Value new_zone(Interpreter& in, const Args& args) {
  const Delta* const delta = delta_of(args[0]);
  if (!delta || args[1] || delta->microseconds % kSecond != 0)
    return in.unknown(Cause::Kind::unsupported, "this time zone is not interpreted");
  TimeZone* const zone = in.make<TimeZone>();
  zone->seconds = delta->microseconds / kSecond;
  return zone;
}

Value utc(Interpreter& in, const Args&) { return in.make<TimeZone>(); }

// --- methods ----------------------------------------------------------------------------------

Moment& self_of(const Args& args) { return *static_cast<Moment*>(args.self.as<Foreign>()); }

Value isoformat(Interpreter& in, const Args& args) {
  const Str* separator = nullptr;
  Value problem;
  if (!text_of(in, args[0], separator, problem))
    return problem;
  if (separator->text.size() != 1 || args[1].as<Str>() == nullptr ||
      args[1].as<Str>()->text != "auto")
    return in.unknown(Cause::Kind::unsupported, "this isoformat() is not interpreted");
  return in.text(self_of(args).iso(separator->text[0]));
}

Value strftime(Interpreter& in, const Args& args) {
  const Str* pattern = nullptr;
  Value problem;
  if (!text_of(in, args[0], pattern, problem))
    return problem;
  return self_of(args).format(in, pattern->text);
}

Value weekday(Interpreter&, const Args& args) {
  return Value::of(((self_of(args).days + 3) % 7 + 7) % 7);
}
Value isoweekday(Interpreter&, const Args& args) {
  return Value::of(((self_of(args).days + 3) % 7 + 7) % 7 + 1);
}
Value toordinal(Interpreter&, const Args& args) {
  return Value::of(self_of(args).days - kFirstDay + 1);
}
Value date_part(Interpreter& in, const Args& args) {
  return make_moment(in, Moment::What::date, self_of(args).days, 0, nullptr);
}
Value time_part(Interpreter& in, const Args& args) {
  return make_moment(in, Moment::What::time, 0, self_of(args).microseconds, nullptr);
}

Value timestamp(Interpreter& in, const Args& args) {
  const Moment& self = self_of(args);
  if (!self.zone)
    return in.unknown(Cause::Kind::environment, "a time without a zone depends on the machine's");
  const int64_t instant = self.instant();
  if (instant % kSecond != 0)
    return in.unknown(Cause::Kind::unsupported, "fractions of a second are not interpreted here");
  return Value::of(static_cast<double>(instant / kSecond));
}

Value astimezone(Interpreter& in, const Args& args) {
  const Moment& self = self_of(args);
  TimeZone* zone = nullptr;
  Value problem;
  if (!zone_of(in, args[0], zone, problem))
    return problem;
  if (!self.zone || !zone)
    return in.unknown(Cause::Kind::environment, "a time without a zone depends on the machine's");
  return make_moment(in, self.what, self.days,
                     self.microseconds + (zone->seconds - self.zone->seconds) * kSecond, zone);
}

Value replace(Interpreter& in, const Args& args) {
  const Moment& self = self_of(args);
  const Civil date = civil_of(self.days);
  int64_t parts[7] = {date.year,
                      date.month,
                      date.day,
                      self.microseconds / (3600 * kSecond),
                      self.microseconds / (60 * kSecond) % 60,
                      self.microseconds / kSecond % 60,
                      self.microseconds % kSecond};
  const bool time_only = self.what == Moment::What::time;
  constexpr std::array<std::string_view, 7> kNames = {"year",   "month",  "day",        "hour",
                                                      "minute", "second", "microsecond"};
  TimeZone* zone = self.zone;
  Value problem;
  const std::vector<Value>& given = args[0].as<Tuple>()->items;
  for (size_t i = 0; i < given.size(); ++i)
    if (i + (time_only ? 3 : 0) >= 7 ||
        !in.index(given[i], parts[i + (time_only ? 3 : 0)], problem))
      return problem;
  for (const Table::Entry& entry : args[1].as<Dict>()->table.entries()) {
    const std::string& name = entry.key.as<Str>()->text;
    bool known = name == "tzinfo" && self.what != Moment::What::date;
    if (known && !zone_of(in, entry.value, zone, problem))
      return problem;
    for (size_t i = 0; i < kNames.size(); ++i)
      if (kNames[i] == name) {
        known = true;
        if (!in.index(entry.value, parts[i], problem))
          return problem;
      }
    if (!known)
      return in.raise("TypeError", fmt::format("'{}' is an invalid keyword argument", name));
  }
  if (time_only)
    return check_time(in, parts + 3) ? make_moment(in, self.what, 0, time_of(parts + 3), zone)
                                     : Value();
  if (!check_date(in, parts) || !check_time(in, parts + 3))
    return {};
  return make_moment(in, self.what, days_of({parts[0], parts[1], parts[2]}), time_of(parts + 3),
                     zone);
}

Value total_seconds(Interpreter&, const Args& args) {
  const int64_t all = static_cast<Delta*>(args.self.as<Foreign>())->microseconds;
  return Value::of(static_cast<double>(all) / static_cast<double>(kSecond));
}

// --- from text --------------------------------------------------------------------------------

bool digits(std::string_view& text, size_t least, size_t most, int64_t& number) {
  size_t count = 0;
  number = 0;
  while (count < most && count < text.size() && text[count] >= '0' && text[count] <= '9')
    number = number * 10 + (text[count++] - '0');
  if (count < least)
    return false;
  text.remove_prefix(count);
  return true;
}
bool take(std::string_view& text, char c) {
  if (text.empty() || text[0] != c)
    return false;
  text.remove_prefix(1);
  return true;
}

Value fromisoformat(Interpreter& in, const Args& args) {
  const bool only_date =
      args.self.is(Type::native_type) && args.self.as<NativeType>()->info->name == "date";
  const Str* string = nullptr;
  Value problem;
  if (!text_of(in, args[0], string, problem))
    return problem;
  std::string_view text = string->text;
  int64_t parts[7] = {};
  TimeZone* zone = nullptr;
  bool good = digits(text, 4, 4, parts[0]) && take(text, '-') && digits(text, 2, 2, parts[1]) &&
              take(text, '-') && digits(text, 2, 2, parts[2]);
  if (good && !only_date && !text.empty()) {
    text.remove_prefix(1);
    good = digits(text, 2, 2, parts[3]) && take(text, ':') && digits(text, 2, 2, parts[4]);
    if (good && take(text, ':'))
      good = digits(text, 2, 2, parts[5]);
    if (good && take(text, '.')) {
      const std::string_view before = text;
      good = digits(text, 6, 6, parts[6]);
      if (!good) {
        text = before;
        good = digits(text, 3, 3, parts[6]);
        parts[6] *= 1000;
      }
    }
    if (good && text == "Z")
      return in.unknown(Cause::Kind::unsupported,
                        "`Z` in fromisoformat() depends on the version of Python");
    if (good && (text.starts_with('+') || text.starts_with('-'))) {
      const bool west = text[0] == '-';
      text.remove_prefix(1);
      int64_t hours = 0;
      int64_t minutes = 0;
      good = digits(text, 2, 2, hours) && take(text, ':') && digits(text, 2, 2, minutes);
      zone = in.make<TimeZone>();
      zone->seconds = (hours * 3600 + minutes * 60) * (west ? -1 : 1);
    }
  }
  if (!good || !text.empty())
    return in.unknown(Cause::Kind::unsupported, "this date is not interpreted");
  if (!check_date(in, parts) || !check_time(in, parts + 3))
    return {};
  return make_moment(in, only_date ? Moment::What::date : Moment::What::both,
                     days_of({parts[0], parts[1], parts[2]}), time_of(parts + 3), zone);
}

Value strptime(Interpreter& in, const Args& args) {
  const Str* string = nullptr;
  const Str* pattern = nullptr;
  Value problem;
  if (!text_of(in, args[0], string, problem) || !text_of(in, args[1], pattern, problem))
    return problem;
  std::string_view text = string->text;
  int64_t parts[7] = {1900, 1, 1, 0, 0, 0, 0};
  const std::string_view format = pattern->text;
  for (size_t i = 0; i < format.size(); ++i) {
    bool good = false;
    if (format[i] != '%') {
      good = format[i] != ' ' && take(text, format[i]);
      if (format[i] == ' ' && text.starts_with(' ') && !text.substr(1).starts_with(' '))
        good = take(text, ' ');
    } else {
      constexpr std::string_view kCodes = "YmdHMS";
      const char code = i + 1 < format.size() ? format[++i] : '%';
      const size_t field = kCodes.find(code);
      if (field != kCodes.npos) {
        // Two digits or nothing: with one, Python tries further readings.
        good = digits(text, field == 0 ? 4 : 2, field == 0 ? 4 : 2, parts[field]);
      } else if (code == 'f') {
        good = digits(text, 6, 6, parts[6]);
      }
    }
    if (!good)
      return in.unknown(Cause::Kind::unsupported, "this strptime() is not interpreted");
  }
  if (!text.empty())
    return in.raise("ValueError", fmt::format("unconverted data remains: {}", text));
  if (!check_date(in, parts) || !check_time(in, parts + 3))
    return {};
  return make_moment(in, Moment::What::both, days_of({parts[0], parts[1], parts[2]}),
                     time_of(parts + 3), nullptr);
}

Value from_timestamp(Interpreter& in, Value value, TimeZone* zone) {
  const Value number = in.plain(value);
  if (number.is_unknown())
    return in.poison(number);
  if (!number.is_integral())
    return in.unknown(Cause::Kind::unsupported, "fractions of a second are not interpreted here");
  if (number.integer() > 253402300799 || number.integer() < -62135596800)
    return in.raise("ValueError", "year is out of range");
  return make_moment(in, Moment::What::both, 0,
                     (number.integer() + (zone ? zone->seconds : 0)) * kSecond, zone);
}
Value fromtimestamp(Interpreter& in, const Args& args) {
  TimeZone* zone = nullptr;
  Value problem;
  if (!zone_of(in, args[1], zone, problem))
    return problem;
  // Of the zones that TZ can name, this one needs no table of offsets.
  const Value local = zone ? Value() : in.given("os.environ.TZ");
  const Str* const name = local ? local.as<Str>() : nullptr;
  if (!zone && !(name && (name->text == "UTC" || name->text == "Etc/UTC" || name->text == "UTC0")))
    return in.unknown(Cause::Kind::environment, "local time depends on the machine",
                      "set `TZ` to \"UTC\" below `[environment]` in retort.toml, where that is so");
  return from_timestamp(in, args[0], zone);
}
Value utcfromtimestamp(Interpreter& in, const Args& args) {
  return from_timestamp(in, args[0], nullptr);
}

Value combine(Interpreter& in, const Args& args) {
  const Moment* const date = moment_of(args[0]);
  const Moment* const time = moment_of(args[1]);
  if (!date || !time || time->what != Moment::What::time)
    return in.unknown(Cause::Kind::unsupported, "this combine() is not interpreted");
  return make_moment(in, Moment::What::both, date->days, time->microseconds, time->zone);
}

// The clock stands still at the moment that the revision was created.
Value at_creation(Interpreter& in, std::string_view what, Moment::What kind, TimeZone* zone) {
  if (!in.stand_ins)
    return clock(in, what);
  in.notice("clock", in.here(),
            fmt::format("`{}` asks the clock: the time when the revision was created stands for it",
                        what));
  const int64_t moment = in.stand_ins->now + (zone ? zone->seconds * kSecond : 0);
  const int64_t days = floor_div(moment, kDay);
  return make_moment(in, kind, days, kind == Moment::What::date ? 0 : moment - days * kDay, zone);
}
Value now(Interpreter& in, const Args& args) {
  TimeZone* zone = nullptr;
  Value problem;
  if (!zone_of(in, args[0], zone, problem))
    return problem;
  return at_creation(in, "now()", Moment::What::both, zone);
}
Value utcnow(Interpreter& in, const Args&) {
  return at_creation(in, "utcnow()", Moment::What::both, nullptr);
}
Value datetime_today(Interpreter& in, const Args&) {
  return at_creation(in, "today()", Moment::What::both, nullptr);
}
Value date_today(Interpreter& in, const Args&) {
  return at_creation(in, "today()", Moment::What::date, nullptr);
}

template <Moment::What kWhat, bool kLast>
Value bound(Interpreter& in, const Args&) {
  return make_moment(in, kWhat, kLast ? kLastDay : kFirstDay,
                     kLast && kWhat == Moment::What::both ? kDay - 1 : 0, nullptr);
}

constexpr NativeRow kDateMethods[] = {
    {"isoformat", "",
     [](Interpreter& in, const Args& args) { return in.text(self_of(args).iso()); }},
    {"strftime", "format", strftime},
    {"weekday", "", weekday},
    {"isoweekday", "", isoweekday},
    {"toordinal", "", toordinal},
    {"replace", "*parts, **named", replace},
};
constexpr NativeRow kMomentMethods[] = {
    {"isoformat", "sep='T', timespec='auto'", isoformat},
    {"strftime", "format", strftime},
    {"weekday", "", weekday},
    {"isoweekday", "", isoweekday},
    {"toordinal", "", toordinal},
    {"date", "", date_part},
    {"time", "", time_part},
    {"timestamp", "", timestamp},
    {"astimezone", "tz=None", astimezone},
    {"replace", "*parts, **named", replace},
};
constexpr NativeRow kTimeMethods[] = {
    {"isoformat", "",
     [](Interpreter& in, const Args& args) { return in.text(self_of(args).iso()); }},
    {"strftime", "format", strftime},
    {"replace", "*parts, **named", replace},
};
constexpr NativeRow kDateClassMethods[] = {
    {"today", "", date_today},
    {"fromisoformat", "date_string", fromisoformat},
    {"min", "@", bound<Moment::What::date, false>},
    {"max", "@", bound<Moment::What::date, true>},
};
constexpr NativeRow kMomentClassMethods[] = {
    {"now", "tz=None", now},
    {"utcnow", "", utcnow},
    {"today", "", datetime_today},
    {"fromisoformat", "date_string", fromisoformat},
    {"strptime", "date_string, format", strptime},
    {"fromtimestamp", "timestamp, tz=None", fromtimestamp},
    {"utcfromtimestamp", "timestamp", utcfromtimestamp},
    {"combine", "date, time", combine},
    {"min", "@", bound<Moment::What::both, false>},
    {"max", "@", bound<Moment::What::both, true>},
};
constexpr NativeRow kDeltaMethods[] = {{"total_seconds", "", total_seconds}};
constexpr NativeRow kZoneClassMethods[] = {{"utc", "@", utc}};

bool holds(Value value, Moment::What what) {
  const Moment* const moment = moment_of(value);
  return moment && moment->what == what;
}

const NativeTypeInfo kDateType = {"date",
                                  [](Value value) {
                                    return holds(value, Moment::What::date) ||
                                           holds(value, Moment::What::both);
                                  },
                                  {"date", "year, month, day", new_date},
                                  kDateMethods,
                                  kDateClassMethods};
const NativeTypeInfo kMomentType = {
    "datetime",
    [](Value value) { return holds(value, Moment::What::both); },
    {"datetime",
     "year, month, day, hour=0, minute=0, second=0, microsecond=0, tzinfo=None, *, fold=0",
     new_datetime},
    kMomentMethods,
    kMomentClassMethods};
const NativeTypeInfo kTimeType = {
    "time",
    [](Value value) { return holds(value, Moment::What::time); },
    {"time", "hour=0, minute=0, second=0, microsecond=0, tzinfo=None", new_time},
    kTimeMethods,
    {}};
const NativeTypeInfo kDeltaType = {
    "timedelta",
    [](Value value) { return delta_of(value) != nullptr; },
    {"timedelta", "days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0",
     new_delta},
    kDeltaMethods,
    {}};
const NativeTypeInfo kZoneType = {"timezone",
                                  [](Value value) {
                                    Foreign* const foreign = value.as<Foreign>();
                                    return foreign && dynamic_cast<TimeZone*>(foreign);
                                  },
                                  {"timezone", "offset, name=?", new_zone},
                                  {},
                                  kZoneClassMethods};

constexpr TypeRow kTypes[] = {
    {"date", &kDateType},       {"datetime", &kMomentType}, {"time", &kTimeType},
    {"timedelta", &kDeltaType}, {"timezone", &kZoneType},
};
constexpr ConstantRow kConstants[] = {
    {"UTC", [](Interpreter& in) -> Value { return in.make<TimeZone>(); }},
};

}  // namespace

const NativeTypeInfo* Delta::type_info() const { return &kDeltaType; }
const NativeTypeInfo* TimeZone::type_info() const { return &kZoneType; }
const NativeTypeInfo* Moment::type_info() const {
  return what == What::date ? &kDateType : what == What::time ? &kTimeType : &kMomentType;
}
std::string_view Moment::type_name() const {
  return what == What::date   ? "datetime.date"
         : what == What::time ? "datetime.time"
                              : "datetime.datetime";
}

// --- timedelta --------------------------------------------------------------------------------

Value Delta::get(Interpreter&, std::string_view name) {
  const int64_t days = floor_div(microseconds, kDay);
  const int64_t rest = microseconds - days * kDay;
  if (name == "days")
    return Value::of(days);
  if (name == "seconds")
    return Value::of(rest / kSecond);
  if (name == "microseconds")
    return Value::of(rest % kSecond);
  return {};
}

Value Delta::binary(Interpreter& in, std::string_view op, Value other, bool reflected) {
  if (const Delta* const delta = delta_of(other)) {
    const int64_t a = reflected ? delta->microseconds : microseconds;
    const int64_t b = reflected ? microseconds : delta->microseconds;
    int64_t result = 0;
    if (op == "+" || op == "-") {
      if (op == "+" ? __builtin_add_overflow(a, b, &result) : __builtin_sub_overflow(a, b, &result))
        return in.unknown(Cause::Kind::number, "this span of time is too long");
      return make_delta(in, result);
    }
    if (op == "/" || op == "//" || op == "%")
      return in.unknown(Cause::Kind::unsupported, "division of spans of time is not interpreted");
    return in.compare(op, Value::of(a), Value::of(b));
  }
  if (op == "*" && in.plain(other).is_integral()) {
    int64_t result = 0;
    if (__builtin_mul_overflow(microseconds, in.plain(other).integer(), &result))
      return in.unknown(Cause::Kind::number, "this span of time is too long");
    return make_delta(in, result);
  }
  if ((op == "*" || op == "/" || op == "//") && in.plain(other).is_number())
    return in.unknown(Cause::Kind::unsupported, "fractions of a span of time are not interpreted");
  return {};
}

Value Delta::unary(Interpreter& in, std::string_view op) {
  if (op == "abs")
    return make_delta(in, std::abs(microseconds));
  return op == "~" ? Value() : make_delta(in, op == "-" ? -microseconds : microseconds);
}

Truth Delta::equals(Interpreter&, Value other) {
  const Delta* const delta = delta_of(other);
  return truth_of(delta && delta->microseconds == microseconds);
}

Value Delta::repr(Interpreter& in) {
  const int64_t days = floor_div(microseconds, kDay);
  const int64_t rest = microseconds - days * kDay;
  std::string text;
  const auto add = [&](std::string_view name, int64_t value) {
    if (value != 0)
      text += fmt::format("{}{}={}", text.empty() ? "" : ", ", name, value);
  };
  add("days", days);
  add("seconds", rest / kSecond);
  add("microseconds", rest % kSecond);
  return in.text(fmt::format("datetime.timedelta({})", text.empty() ? "0" : text));
}

Value Delta::str(Interpreter& in) {
  const int64_t days = floor_div(microseconds, kDay);
  const int64_t rest = microseconds - days * kDay;
  std::string text;
  if (days != 0)
    text = fmt::format("{} day{}, ", days, days == 1 || days == -1 ? "" : "s");
  const int64_t seconds = rest / kSecond;
  text += fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (rest % kSecond != 0)
    text += fmt::format(".{:06}", rest % kSecond);
  return in.text(text);
}

// --- timezone ---------------------------------------------------------------------------------

Truth TimeZone::equals(Interpreter&, Value other) {
  Foreign* const foreign = other.as<Foreign>();
  const TimeZone* const zone = foreign ? dynamic_cast<TimeZone*>(foreign) : nullptr;
  return truth_of(zone && zone->seconds == seconds);
}
Value TimeZone::repr(Interpreter& in) {
  if (seconds == 0)
    return in.text("datetime.timezone.utc");
  const Value delta = make_delta(in, seconds * kSecond);
  const Value shown = delta ? in.repr(delta) : delta;
  return shown.is(Type::string)
             ? in.text(fmt::format("datetime.timezone({})", shown.as<Str>()->text))
             : shown;
}
Value TimeZone::str(Interpreter& in) {
  return in.text(seconds == 0 ? "UTC" : "UTC" + offset_text(seconds));
}

// --- date, time, datetime ---------------------------------------------------------------------

int64_t Moment::instant() const {
  return days * kDay + microseconds - (zone ? zone->seconds * kSecond : 0);
}

std::string Moment::iso(char separator) const {
  std::string text;
  if (what != What::time) {
    const Civil date = civil_of(days);
    text = fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
    if (what == What::date)
      return text;
    text += separator;
  }
  const int64_t seconds = microseconds / kSecond;
  text += fmt::format("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (microseconds % kSecond != 0)
    text += fmt::format(".{:06}", microseconds % kSecond);
  if (zone)
    text += offset_text(zone->seconds);
  return text;
}

Value Moment::get(Interpreter&, std::string_view name) {
  const Civil date = civil_of(days);
  const int64_t seconds = microseconds / kSecond;
  if (what != What::time) {
    if (name == "year")
      return Value::of(date.year);
    if (name == "month")
      return Value::of(date.month);
    if (name == "day")
      return Value::of(date.day);
  }
  if (what == What::date)
    return {};
  if (name == "hour")
    return Value::of(seconds / 3600);
  if (name == "minute")
    return Value::of(seconds / 60 % 60);
  if (name == "second")
    return Value::of(seconds % 60);
  if (name == "microsecond")
    return Value::of(microseconds % kSecond);
  if (name == "tzinfo")
    return zone ? Value(zone) : Value::none();
  return {};
}

Value Moment::binary(Interpreter& in, std::string_view op, Value other, bool reflected) {
  if (const Delta* const delta = delta_of(other); delta && what != What::time) {
    if (op != "+" && (op != "-" || reflected))
      return {};
    // A date takes whole days.
    const int64_t span =
        what == What::date ? floor_div(delta->microseconds, kDay) * kDay : delta->microseconds;
    if (std::abs(floor_div(span, kDay)) > 2 * kLastDay)
      return in.raise("OverflowError", "date value out of range");
    return make_moment(in, what, days, microseconds + (op == "+" ? span : -span), zone);
  }
  const Moment* const moment = moment_of(other);
  if (!moment || moment->what != what)
    return {};
  if (op == "==" || op == "!=")
    return Value::of((equals(in, other) == Truth::yes) == (op == "=="));
  if ((zone == nullptr) != (moment->zone == nullptr))
    return in.raise("TypeError", op == "-"
                                     ? "can't subtract offset-naive and offset-aware datetimes"
                                     : "can't compare offset-naive and offset-aware datetimes");
  const int64_t a = reflected ? moment->instant() : instant();
  const int64_t b = reflected ? instant() : moment->instant();
  if (op == "-")
    return what == What::time ? Value() : make_delta(in, a - b);
  if (op == "<" || op == ">" || op == "<=" || op == ">=")
    return in.compare(op, Value::of(a), Value::of(b));
  return {};
}

Truth Moment::equals(Interpreter&, Value other) {
  const Moment* const moment = moment_of(other);
  return truth_of(moment && moment->what == what &&
                  (moment->zone == nullptr) == (zone == nullptr) && moment->instant() == instant());
}

std::optional<size_t> Moment::hash() const { return static_cast<size_t>(instant()); }

Value Moment::repr(Interpreter& in) {
  std::string text = fmt::format("{}(", type_name());
  if (what != What::time) {
    const Civil date = civil_of(days);
    text += fmt::format("{}, {}, {}", date.year, date.month, date.day);
  }
  if (what != What::date) {
    const int64_t seconds = microseconds / kSecond;
    text +=
        fmt::format("{}{}, {}", what == What::both ? ", " : "", seconds / 3600, seconds / 60 % 60);
    if (seconds % 60 != 0 || microseconds % kSecond != 0)
      text += fmt::format(", {}", seconds % 60);
    if (microseconds % kSecond != 0)
      text += fmt::format(", {}", microseconds % kSecond);
  }
  if (zone) {
    const Value shown = zone->repr(in);
    if (!shown.is(Type::string))
      return shown;
    text += ", tzinfo=" + shown.as<Str>()->text;
  }
  return in.text(text + ")");
}

Value Moment::str(Interpreter& in) { return in.text(iso(' ')); }

Value Moment::format(Interpreter& in, std::string_view pattern) {
  constexpr std::array<std::string_view, 12> kMonths = {
      "January", "February", "March",     "April",   "May",      "June",
      "July",    "August",   "September", "October", "November", "December"};
  constexpr std::array<std::string_view, 7> kWeekdays = {
      "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
  const Civil date = what == What::time ? Civil{1900, 1, 1} : civil_of(days);
  const int64_t seconds = microseconds / kSecond;
  const int64_t hour = seconds / 3600;
  std::string text;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '%' || i + 1 == pattern.size()) {
      text += pattern[i];
      continue;
    }
    switch (pattern[++i]) {
    case 'Y':
      if (date.year < 1000)
        return in.unknown(Cause::Kind::unsupported, "years before 1000 are not formatted");
      text += fmt::format("{}", date.year);
      break;
    case 'y': text += fmt::format("{:02}", date.year % 100); break;
    case 'm': text += fmt::format("{:02}", date.month); break;
    case 'd': text += fmt::format("{:02}", date.day); break;
    case 'H': text += fmt::format("{:02}", hour); break;
    case 'I': text += fmt::format("{:02}", hour % 12 == 0 ? 12 : hour % 12); break;
    case 'p': text += hour < 12 ? "AM" : "PM"; break;
    case 'M': text += fmt::format("{:02}", seconds / 60 % 60); break;
    case 'S': text += fmt::format("{:02}", seconds % 60); break;
    case 'f': text += fmt::format("{:06}", microseconds % kSecond); break;
    case 'j': text += fmt::format("{:03}", days_of(date) - days_of({date.year, 1, 1}) + 1); break;
    case 'B': text += kMonths[static_cast<size_t>(date.month - 1)]; break;
    case 'b': text += kMonths[static_cast<size_t>(date.month - 1)].substr(0, 3); break;
    case 'A': text += kWeekdays[static_cast<size_t>(((days_of(date) + 3) % 7 + 7) % 7)]; break;
    case 'a':
      text += kWeekdays[static_cast<size_t>(((days_of(date) + 3) % 7 + 7) % 7)].substr(0, 3);
      break;
    case '%': text += '%'; break;
    default:
      return in.unknown(Cause::Kind::unsupported, "this format of a date is not interpreted");
    }
  }
  return in.text(text);
}

const TableModule::Content kDatetimeModule = {"datetime", {}, kTypes, kConstants};

}  // namespace retort::py
