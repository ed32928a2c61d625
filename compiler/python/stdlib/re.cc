// re: patterns, matches and the functions of the module.
#include "common/utf8.h"
#include "compiler/python/stdlib/modules.h"
#include "compiler/python/stdlib/regex.h"

#include <fmt/format.h>

namespace retort::py {
namespace {

using regex::Outcome;
constexpr size_t kUnset = regex::Matcher::kUnset;

extern const NativeTypeInfo kPatternType, kMatchType;

// A text, its characters, and the byte at which each of them begins.
struct Subject : Foreign {
  const Str* string = nullptr;
  std::u32string codes;
  std::vector<size_t> offsets;  // empty for ASCII
  std::string_view type_name() const override { return "subject"; }

  size_t byte(size_t character) const { return offsets.empty() ? character : offsets[character]; }
  Value cut(Interpreter& in, size_t begin, size_t end) const {
    return substring(in, *string, byte(begin), byte(end));
  }
};

std::u32string codes_of(std::string_view text, std::vector<size_t>* offsets) {
  std::u32string codes;
  for (size_t at = 0; at < text.size();) {
    const utf8::Char c = utf8::decode(text, at);
    codes += c.code;
    if (offsets)
      offsets->push_back(at);
    at += c.size;
  }
  if (offsets)
    offsets->push_back(text.size());
  return codes;
}

Subject* subject_of(Interpreter& in, const Str& string) {
  // Reading a text takes time, and a loop may do it often.
  for (size_t i = 0; i <= string.text.size() / 256; ++i)
    if (!in.step())
      return nullptr;
  if (!in.charge(string.text.size() * sizeof(char32_t)))
    return nullptr;
  Subject* const made = in.make<Subject>();
  made->string = &string;
  made->codes = codes_of(string.text, string.ascii() ? nullptr : &made->offsets);
  return made;
}

struct Pattern : Foreign {
  const Str* source = nullptr;
  regex::Program program;
  bool with_flags = false;

  std::string_view type_name() const override { return "re.Pattern"; }
  const NativeTypeInfo* type_info() const override { return &kPatternType; }
  Value get(Interpreter& in, std::string_view name) override {
    if (name == "pattern")
      return const_cast<Str*>(source);
    if (name == "flags")
      return Value::of(int64_t{program.flags});
    if (name == "groups")
      return Value::of_size(program.groups);
    if (name == "groupindex") {
      Dict* const dict = in.new_dict();
      for (const auto& [label, group] : program.names)
        if (!in.dict_set(*dict, in.text(label), Value::of_size(group)))
          return {};
      return dict;
    }
    return {};
  }
  Truth equals(Interpreter&, Value other) override;
  std::optional<size_t> hash() const override { return std::hash<std::string>{}(source->text); }
  Value repr(Interpreter& in) override {
    const Value shown = in.repr(const_cast<Str*>(source));
    if (!shown.is(Type::string) || shown.as<Str>()->text.size() > 200 || with_flags)
      return in.unknown(Cause::Kind::unsupported, "how this pattern is shown is not interpreted");
    return in.text(fmt::format("re.compile({})", shown.as<Str>()->text));
  }
};

Pattern* pattern_of(Value value) {
  Foreign* const foreign = value.as<Foreign>();
  return foreign ? dynamic_cast<Pattern*>(foreign) : nullptr;
}

Truth Pattern::equals(Interpreter&, Value other) {
  const Pattern* const pattern = pattern_of(other);
  return truth_of(pattern && pattern->source->text == source->text &&
                  pattern->program.flags == program.flags);
}

// `re.I`: a number that is shown by name.
struct RegexFlag : Foreign {
  int64_t bits = 0;
  std::string_view type_name() const override { return "RegexFlag"; }
  Value get(Interpreter&, std::string_view name) override {
    return name == "value" ? Value::of(bits) : Value();
  }
  Value binary(Interpreter& in, std::string_view op, Value other, bool) override {
    const Foreign* const foreign = other.as<Foreign>();
    const RegexFlag* const flag = foreign ? dynamic_cast<const RegexFlag*>(foreign) : nullptr;
    if ((!flag && !other.is(Type::integer)) || (op != "|" && op != "&"))
      return {};
    const int64_t more = flag ? flag->bits : other.integer();
    RegexFlag* const made = in.make<RegexFlag>();
    made->bits = op == "|" ? bits | more : bits & more;
    return made;
  }
  Truth truth(Interpreter&) override { return truth_of(bits != 0); }
  Truth equals(Interpreter&, Value other) override {
    const Foreign* const foreign = other.as<Foreign>();
    const RegexFlag* const flag = foreign ? dynamic_cast<const RegexFlag*>(foreign) : nullptr;
    return truth_of(flag ? flag->bits == bits : other.is_integral() && other.integer() == bits);
  }
  std::optional<size_t> hash() const override { return std::hash<int64_t>{}(bits); }
  Value repr(Interpreter& in) override {
    return in.unknown(Cause::Kind::unsupported, "how flags are shown is not interpreted");
  }
};

bool flags_of(Interpreter& in, Value value, uint32_t& flags, Value& problem) {
  const Foreign* const foreign = value.as<Foreign>();
  const RegexFlag* const flag = foreign ? dynamic_cast<const RegexFlag*>(foreign) : nullptr;
  int64_t bits = 0;
  if (flag)
    bits = flag->bits;
  else if (!in.index(value, bits, problem))
    return false;
  constexpr int64_t kKnown = regex::kIgnoreCase | regex::kMultiline | regex::kDotAll |
                             regex::kUnicode | regex::kVerbose | regex::kAscii;
  if ((bits & ~kKnown) != 0 || ((bits & regex::kAscii) != 0 && (bits & regex::kUnicode) != 0)) {
    problem = in.unknown(Cause::Kind::unsupported, "these flags are not interpreted");
    return false;
  }
  flags = static_cast<uint32_t>(bits);
  return true;
}

// Text, or an unknown for bytes and what is no text.
bool subject_text(Interpreter& in, Value value, const Str*& string, Value& problem) {
  if (in.plain(value).is(Type::bytes)) {
    problem =
        in.unknown(Cause::Kind::unsupported, "regular expressions of bytes are not interpreted");
    return false;
  }
  return text_of(in, value, string, problem);
}

Pattern* compiled(Interpreter& in, Value source, Value flags, Value& problem) {
  if (Pattern* const known = pattern_of(source)) {
    uint32_t bits = 0;
    if (!flags_of(in, flags, bits, problem))
      return nullptr;
    if (bits != 0)
      problem = in.raise("ValueError", "cannot process flags argument with a compiled pattern");
    return bits == 0 ? known : nullptr;
  }
  const Str* text = nullptr;
  uint32_t bits = 0;
  if (!subject_text(in, source, text, problem) || !flags_of(in, flags, bits, problem))
    return nullptr;
  for (size_t i = 0; i <= text->text.size() / 16; ++i)
    if (!in.step())
      return nullptr;
  std::optional<regex::Program> program = regex::compile(codes_of(text->text, nullptr), bits);
  if (!program) {
    // It may be no pattern at all: Python would raise then.
    problem = in.poison(
        in.unknown(Cause::Kind::unsupported, "this regular expression is not interpreted"));
    return nullptr;
  }
  if (!in.charge(program->code.size() * sizeof(regex::Instruction)))
    return nullptr;
  Pattern* const made = in.make<Pattern>();
  made->source = text;
  made->with_flags = program->flags != regex::kUnicode;
  made->program = std::move(*program);
  return made;
}

// --- matches ------------------------------------------------------------------------------------

struct Match : Foreign {
  Pattern* pattern = nullptr;
  Subject* subject = nullptr;
  std::vector<size_t> spans;
  size_t last_group = 0;
  size_t position = 0;
  size_t end_position = 0;

  std::string_view type_name() const override { return "re.Match"; }
  const NativeTypeInfo* type_info() const override { return &kMatchType; }

  Value group(Interpreter& in, size_t number, Value absent) const {
    const size_t begin = spans[2 * number];
    const size_t end = spans[2 * number + 1];
    return begin == kUnset || end == kUnset ? absent : subject->cut(in, begin, end);
  }
  // By number or name.
  bool find(Interpreter& in, Value key, size_t& number, Value& problem) const {
    const Value inner = in.plain(key);
    if (inner.is_unknown()) {
      problem = in.poison(inner);
      return false;
    }
    if (const Str* const name = inner.as<Str>())
      number = pattern->program.group_named(name->text);
    else
      number = inner.is_integral() && inner.integer() >= 0 ? static_cast<size_t>(inner.integer())
                                                           : SIZE_MAX;
    if (number <= pattern->program.groups)
      return true;
    problem = in.raise("IndexError", "no such group");
    return false;
  }
  Value get(Interpreter& in, std::string_view name) override {
    if (name == "string")
      return const_cast<Str*>(subject->string);
    if (name == "re")
      return pattern;
    if (name == "pos")
      return Value::of_size(position);
    if (name == "endpos")
      return Value::of_size(end_position);
    if (name == "lastindex")
      return last_group == 0 ? Value::none() : Value::of_size(last_group);
    if (name == "lastgroup") {
      for (const auto& [label, group] : pattern->program.names)
        if (group == last_group)
          return in.text(label);
      return Value::none();
    }
    return {};
  }
  Value subscript(Interpreter& in, Value key) override {
    size_t number = 0;
    Value problem;
    return find(in, key, number, problem) ? group(in, number, Value::none()) : problem;
  }
  Value repr(Interpreter& in) override {
    const Value whole = in.repr(group(in, 0, Value::none()));
    if (!whole.is(Type::string))
      return whole;
    if (char_count(*whole.as<Str>()) > 50)
      return in.unknown(Cause::Kind::unsupported, "how this match is shown is not interpreted");
    return in.text(fmt::format("<re.Match object; span=({}, {}), match={}>", spans[0], spans[1],
                               whole.as<Str>()->text));
  }
};

const Match& match_of(const Args& args) {
  return static_cast<const Match&>(*args.self.as<Foreign>());
}

Value match_group(Interpreter& in, const Args& args) {
  const Match& self = match_of(args);
  const std::vector<Value>& keys = args[0].as<Tuple>()->items;
  if (keys.empty())
    return self.group(in, 0, Value::none());
  std::vector<Value> found;
  for (const Value key : keys) {
    size_t number = 0;
    Value problem;
    if (!self.find(in, key, number, problem))
      return problem;
    found.push_back(self.group(in, number, Value::none()));
  }
  return found.size() == 1 ? found[0] : in.tuple(std::move(found));
}

Value match_groups(Interpreter& in, const Args& args) {
  const Match& self = match_of(args);
  std::vector<Value> found;
  for (size_t i = 1; i <= self.pattern->program.groups; ++i)
    found.push_back(self.group(in, i, args[0]));
  return in.tuple(std::move(found));
}

Value match_groupdict(Interpreter& in, const Args& args) {
  const Match& self = match_of(args);
  Dict* const dict = in.new_dict();
  for (const auto& [label, number] : self.pattern->program.names)
    if (!in.dict_set(*dict, in.text(label), self.group(in, number, args[0])))
      return {};
  return dict;
}

Value bounds(Interpreter& in, const Args& args, bool begin, bool end) {
  const Match& self = match_of(args);
  size_t number = 0;
  Value problem;
  if (!self.find(in, args[0], number, problem))
    return problem;
  const auto one = [&](size_t at) {
    const bool unset = self.spans[2 * number + 1] == kUnset;
    return unset ? Value::of(int64_t{-1}) : Value::of_size(at);
  };
  const Value from = one(self.spans[2 * number]);
  const Value to = one(self.spans[2 * number + 1]);
  return begin && end ? in.tuple({from, to}) : begin ? from : to;
}
Value match_start(Interpreter& in, const Args& args) { return bounds(in, args, true, false); }
Value match_end(Interpreter& in, const Args& args) { return bounds(in, args, false, true); }
Value match_span(Interpreter& in, const Args& args) { return bounds(in, args, true, true); }

// --- the text that takes the place of a match ---------------------------------------------------

// Pieces of text of their own, and groups.
struct Template {
  struct Part {
    std::string text;
    size_t group = kUnset;
  };
  std::vector<Part> parts;
  bool plain = true;
};

bool digit(char c) { return c >= '0' && c <= '9'; }
bool octal(char c) { return c >= '0' && c <= '7'; }

// `\1`, `\g<name>` and escapes; nothing for what Python refuses too.
std::optional<Template> parse_template(const Pattern& pattern, std::string_view text) {
  Template out;
  const auto literal = [&](std::string_view added) {
    if (out.parts.empty() || out.parts.back().group != kUnset)
      out.parts.push_back({});
    out.parts.back().text += added;
  };
  const auto group = [&](size_t number) {
    out.parts.push_back({{}, number});
    return number <= pattern.program.groups;
  };
  for (size_t at = 0; at < text.size();) {
    const size_t slash = std::min(text.find('\\', at), text.size());
    literal(text.substr(at, slash - at));
    at = slash + 1;
    if (slash == text.size())
      break;
    out.plain = false;
    if (at >= text.size())
      return std::nullopt;
    const char c = text[at++];
    if (c == 'g') {
      const size_t end = text.find('>', at);
      if (at >= text.size() || text[at] != '<' || end == text.npos)
        return std::nullopt;
      const std::string_view name = text.substr(at + 1, end - at - 1);
      at = end + 1;
      size_t number = pattern.program.group_named(name);
      if (number == SIZE_MAX) {
        if (name.empty() || name.size() > 4 || name.find_first_not_of("0123456789") != name.npos)
          return std::nullopt;
        number = 0;
        for (const char figure : name)
          number = number * 10 + static_cast<size_t>(figure - '0');
      }
      if (!group(number))
        return std::nullopt;
      continue;
    }
    if (digit(c)) {
      const auto next = [&](size_t ahead) {
        return at + ahead < text.size() ? text[at + ahead] : '\0';
      };
      size_t size = 0;
      if (c == '0')
        size = octal(next(0)) ? (octal(next(1)) ? 2 : 1) : 0;
      else if (octal(c) && octal(next(0)) && octal(next(1)))
        size = 2;
      if (c == '0' || size == 2) {
        size_t code = 0;
        for (size_t i = 0; i <= size; ++i)
          code = code * 8 + static_cast<size_t>(text[at - 1 + i] - '0');
        if (code > 0377)
          return std::nullopt;
        std::string added;
        utf8::append(added, static_cast<char32_t>(code));
        literal(added);
        at += size;
        continue;
      }
      auto number = static_cast<size_t>(c - '0');
      if (digit(next(0)))
        number = number * 10 + static_cast<size_t>(text[at++] - '0');
      if (!group(number))
        return std::nullopt;
      continue;
    }
    constexpr std::string_view kNames = "abfnrtv\\";
    constexpr std::string_view kCodes = "\a\b\f\n\r\t\v\\";
    if (const size_t known = kNames.find(c); known != kNames.npos)
      literal(kCodes.substr(known, 1));
    else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
      return std::nullopt;
    else
      literal(text.substr(slash, 2));
  }
  return out;
}

Value bad_template(Interpreter& in) {
  return in.poison(in.unknown(Cause::Kind::unsupported, "this replacement is not interpreted"));
}

bool append_template(Interpreter& in, const Match& match, const Template& made, const Str& written,
                     Text& out) {
  if (made.plain) {
    out.append(written);
    return true;
  }
  for (const Template::Part& part : made.parts) {
    if (part.group == kUnset) {
      out.append(part.text, written.at);
      continue;
    }
    const Value text = match.group(in, part.group, Value::none());
    if (!text)
      return false;
    if (const Str* const string = text.as<Str>())
      out.append(*string);
  }
  return true;
}

Value match_expand(Interpreter& in, const Args& args) {
  const Match& self = match_of(args);
  const Str* text = nullptr;
  Value problem;
  if (!text_of(in, args[0], text, problem))
    return problem;
  const std::optional<Template> made = parse_template(*self.pattern, text->text);
  if (!made)
    return bad_template(in);
  Text out;
  out.at = text->at;
  return append_template(in, self, *made, *text, out) ? in.text(std::move(out)) : Value();
}

// --- running a pattern --------------------------------------------------------------------------

struct Search {
  Pattern* pattern = nullptr;
  Subject* subject = nullptr;
  size_t begin = 0;
  size_t end = 0;

  Match* made(Interpreter& in, const regex::Matcher& matcher) const {
    Match* const match = in.make<Match>();
    match->pattern = pattern;
    match->subject = subject;
    const auto groups = static_cast<ptrdiff_t>(2 * (pattern->program.groups + 1));
    match->spans.assign(matcher.registers().begin(), matcher.registers().begin() + groups);
    match->last_group = matcher.last_group();
    match->position = begin;
    match->end_position = end;
    return match;
  }

  // Each match from left to right, until `visit` has enough; false with `problem`.
  bool each(Interpreter& in, const std::function<bool(Match&)>& visit, Value& problem) const {
    regex::Matcher matcher(in, pattern->program, subject->codes, end);
    bool advance = false;
    for (size_t at = begin; at <= end;) {
      switch (matcher.search(at, advance)) {
      case Outcome::no: return true;
      case Outcome::stopped: return false;
      case Outcome::undecided: problem = undecided(in); return false;
      case Outcome::yes: break;
      }
      Match* const match = made(in, matcher);
      at = match->spans[1];
      // Behind an empty match another one that is not empty may begin.
      advance = match->spans[0] == match->spans[1];
      if (!in.charge_items(match->spans.size() + 8))
        return false;
      if (!visit(*match))
        return !in.unwinding();
    }
    return true;
  }
  static Value undecided(Interpreter& in) {
    return in.poison(in.unknown(Cause::Kind::unsupported,
                                "this question to text beyond ASCII is not interpreted"));
  }
};

bool start(Interpreter& in, Pattern* pattern, Value text, Value from, Value to, Search& search,
           Value& problem) {
  const Str* string = nullptr;
  int64_t begin = 0;
  int64_t end = INT64_MAX;
  if (!subject_text(in, text, string, problem) || (from && !in.index(from, begin, problem)) ||
      (to && !in.index(to, end, problem)))
    return false;
  search.pattern = pattern;
  search.subject = subject_of(in, *string);
  if (!search.subject)
    return false;
  const auto size = static_cast<int64_t>(search.subject->codes.size());
  search.end = static_cast<size_t>(std::clamp<int64_t>(end, 0, size));
  search.begin = static_cast<size_t>(std::clamp<int64_t>(begin, 0, size));
  return true;
}

enum class How : uint8_t { match, fullmatch, search };

Value matched(Interpreter& in, const Search& search, How how) {
  if (search.begin > search.end)
    return Value::none();
  regex::Matcher matcher(in, search.pattern->program, search.subject->codes, search.end);
  const Outcome outcome = how == How::search
                              ? matcher.search(search.begin, false)
                              : matcher.match(search.begin, how == How::fullmatch, false);
  switch (outcome) {
  case Outcome::no: return Value::none();
  case Outcome::yes: return search.made(in, matcher);
  case Outcome::undecided: return Search::undecided(in);
  case Outcome::stopped: break;
  }
  return {};
}

Value all_found(Interpreter& in, const Search& search) {
  std::vector<Value> found;
  const size_t groups = search.pattern->program.groups;
  Value problem;
  const bool good = search.each(
      in,
      [&](Match& match) {
        const Value none = in.text("");
        if (groups <= 1) {
          found.push_back(match.group(in, groups, none));
        } else {
          std::vector<Value> row;
          for (size_t i = 1; i <= groups; ++i)
            row.push_back(match.group(in, i, none));
          found.push_back(in.tuple(std::move(row)));
        }
        return !in.unwinding();
      },
      problem);
  return good ? in.list(std::move(found)) : problem;
}

Value iterator_of(Interpreter& in, const Search& search) {
  std::vector<Value> found;
  Value problem;
  const bool good = search.each(
      in,
      [&](Match& match) {
        found.emplace_back(&match);
        return true;
      },
      problem);
  return good ? in.iterator("callable_iterator", std::move(found)) : problem;
}

Value replaced(Interpreter& in, const Search& search, Value by, Value count, bool counted) {
  int64_t most = 0;
  Value problem;
  if (!in.index(count, most, problem))
    return problem;
  if (by.is_unknown())
    return in.poison(by);
  const bool function = in.callable(by);
  const Str* text = nullptr;
  std::optional<Template> made;
  if (!function) {
    if (!text_of(in, by, text, problem))
      return problem;
    made = parse_template(*search.pattern, text->text);
    if (!made)
      return bad_template(in);
  }
  const Str& subject = *search.subject->string;
  Text out;
  out.at = subject.at;
  size_t last = 0;
  int64_t times = 0;
  const bool good =
      most < 0 ||
      search.each(
          in,
          [&](Match& match) {
            out.append(subject, search.subject->byte(last), search.subject->byte(match.spans[0]));
            last = match.spans[1];
            ++times;
            if (!function)
              return append_template(in, match, *made, *text, out) &&
                     (out.text.size() <= in.limits().text || in.charge(out.text.size())) &&
                     times != most;
            const Value result = in.call(by, {Value(&match)});
            const Str* added = nullptr;
            if (!result || !text_of(in, result, added, problem))
              return false;
            out.append(*added);
            return (out.text.size() <= in.limits().text || in.charge(out.text.size())) &&
                   times != most;
          },
          problem);
  if (!good || problem || in.unwinding())
    return in.unwinding() ? Value() : problem;
  out.append(subject, search.subject->byte(last));
  const Value result = in.text(std::move(out));
  return counted && result ? in.tuple({result, Value::of(times)}) : result;
}

Value parts(Interpreter& in, const Search& search, Value limit) {
  int64_t most = 0;
  Value problem;
  if (!in.index(limit, most, problem))
    return problem;
  std::vector<Value> found;
  size_t last = 0;
  int64_t times = 0;
  const bool good =
      most < 0 || search.each(
                      in,
                      [&](Match& match) {
                        found.push_back(search.subject->cut(in, last, match.spans[0]));
                        for (size_t i = 1; i <= search.pattern->program.groups; ++i)
                          found.push_back(match.group(in, i, Value::none()));
                        last = match.spans[1];
                        return !in.unwinding() && ++times != most;
                      },
                      problem);
  if (!good)
    return problem;
  found.push_back(search.subject->cut(in, last, search.subject->codes.size()));
  return in.unwinding() ? Value() : in.list(std::move(found));
}

// --- the module and the methods of patterns -----------------------------------------------------

Pattern* self_of(const Args& args) { return static_cast<Pattern*>(args.self.as<Foreign>()); }

// re.f(pattern, string, flags=0); `then` runs the search.
template <class Then>
Value with_pattern(Interpreter& in, const Args& args, size_t string, Value flags,
                   const Then& then) {
  Value problem;
  Pattern* const pattern = compiled(in, args[0], flags, problem);
  Search search;
  if (!pattern || !start(in, pattern, args[string], {}, {}, search, problem))
    return problem;
  return then(search);
}
// pattern.f(string, pos=0, endpos=sys.maxsize)
template <class Then>
Value with_self(Interpreter& in, const Args& args, const Then& then) {
  Value problem;
  Search search;
  if (!start(in, self_of(args), args[0], args[1], args[2], search, problem))
    return problem;
  return then(search);
}

template <How kHow>
Value module_match(Interpreter& in, const Args& args) {
  return with_pattern(in, args, 1, args[2],
                      [&](const Search& search) { return matched(in, search, kHow); });
}
template <How kHow>
Value pattern_match(Interpreter& in, const Args& args) {
  return with_self(in, args, [&](const Search& search) { return matched(in, search, kHow); });
}

Value compile(Interpreter& in, const Args& args) {
  Value problem;
  Pattern* const pattern = compiled(in, args[0], args[1], problem);
  return pattern ? Value(pattern) : problem;
}
Value findall(Interpreter& in, const Args& args) {
  return with_pattern(in, args, 1, args[2],
                      [&](const Search& search) { return all_found(in, search); });
}
Value finditer(Interpreter& in, const Args& args) {
  return with_pattern(in, args, 1, args[2],
                      [&](const Search& search) { return iterator_of(in, search); });
}
template <bool kCounted>
Value sub(Interpreter& in, const Args& args) {
  return with_pattern(in, args, 2, args[4], [&](const Search& search) {
    return replaced(in, search, args[1], args[3], kCounted);
  });
}
Value split(Interpreter& in, const Args& args) {
  return with_pattern(in, args, 1, args[3],
                      [&](const Search& search) { return parts(in, search, args[2]); });
}

Value pattern_findall(Interpreter& in, const Args& args) {
  return with_self(in, args, [&](const Search& search) { return all_found(in, search); });
}
Value pattern_finditer(Interpreter& in, const Args& args) {
  return with_self(in, args, [&](const Search& search) { return iterator_of(in, search); });
}
template <bool kCounted>
Value pattern_sub(Interpreter& in, const Args& args) {
  Value problem;
  Search search;
  if (!start(in, self_of(args), args[1], {}, {}, search, problem))
    return problem;
  return replaced(in, search, args[0], args[2], kCounted);
}
Value pattern_split(Interpreter& in, const Args& args) {
  Value problem;
  Search search;
  if (!start(in, self_of(args), args[0], {}, {}, search, problem))
    return problem;
  return parts(in, search, args[1]);
}

Value escape(Interpreter& in, const Args& args) {
  const Str* text = nullptr;
  Value problem;
  if (!subject_text(in, args[0], text, problem))
    return problem;
  std::string out;
  for (const char c : text->text) {
    if (std::string_view("()[]{}?*+-|^$\\.&~# \t\n\r\v\f").find(c) != std::string_view::npos)
      out += '\\';
    out += c;
  }
  return in.text(out);
}
Value purge(Interpreter&, const Args&) { return Value::none(); }

constexpr NativeRow kFunctions[] = {
    {"compile", "pattern, flags=0", compile},
    {"match", "pattern, string, flags=0", module_match<How::match>},
    {"fullmatch", "pattern, string, flags=0", module_match<How::fullmatch>},
    {"search", "pattern, string, flags=0", module_match<How::search>},
    {"findall", "pattern, string, flags=0", findall},
    {"finditer", "pattern, string, flags=0", finditer},
    {"sub", "pattern, repl, string, count=0, flags=0", sub<false>},
    {"subn", "pattern, repl, string, count=0, flags=0", sub<true>},
    {"split", "pattern, string, maxsplit=0, flags=0", split},
    {"escape", "pattern", escape},
    {"purge", "", purge},
};
constexpr NativeRow kPatternMethods[] = {
    {"match", "string, pos=?, endpos=?", pattern_match<How::match>},
    {"fullmatch", "string, pos=?, endpos=?", pattern_match<How::fullmatch>},
    {"search", "string, pos=?, endpos=?", pattern_match<How::search>},
    {"findall", "string, pos=?, endpos=?", pattern_findall},
    {"finditer", "string, pos=?, endpos=?", pattern_finditer},
    {"sub", "repl, string, count=0", pattern_sub<false>},
    {"subn", "repl, string, count=0", pattern_sub<true>},
    {"split", "string, maxsplit=0", pattern_split},
};
constexpr NativeRow kMatchMethods[] = {
    {"group", "*groups", match_group},
    {"groups", "default=None", match_groups},
    {"groupdict", "default=None", match_groupdict},
    {"start", "group=0, /", match_start},
    {"end", "group=0, /", match_end},
    {"span", "group=0, /", match_span},
    {"expand", "template", match_expand},
};

const NativeTypeInfo kPatternType = {
    "Pattern", [](Value value) { return pattern_of(value) != nullptr; }, {}, kPatternMethods, {}};
const NativeTypeInfo kMatchType = {"Match",
                                   [](Value value) {
                                     const Foreign* const foreign = value.as<Foreign>();
                                     return foreign && dynamic_cast<const Match*>(foreign);
                                   },
                                   {},
                                   kMatchMethods,
                                   {}};

template <int64_t kBits>
Value flag(Interpreter& in) {
  RegexFlag* const made = in.make<RegexFlag>();
  made->bits = kBits;
  return made;
}
constexpr TypeRow kTypes[] = {{"Pattern", &kPatternType}, {"Match", &kMatchType}};
constexpr ConstantRow kConstants[] = {
    {"I", flag<regex::kIgnoreCase>},
    {"IGNORECASE", flag<regex::kIgnoreCase>},
    {"M", flag<regex::kMultiline>},
    {"MULTILINE", flag<regex::kMultiline>},
    {"S", flag<regex::kDotAll>},
    {"DOTALL", flag<regex::kDotAll>},
    {"X", flag<regex::kVerbose>},
    {"VERBOSE", flag<regex::kVerbose>},
    {"A", flag<regex::kAscii>},
    {"ASCII", flag<regex::kAscii>},
    {"U", flag<regex::kUnicode>},
    {"UNICODE", flag<regex::kUnicode>},
    {"NOFLAG", flag<0>},
    // Patterns that Python refuses are unknown here, so nobody raises it.
    {"error",
     [](Interpreter& in) {
       return in.unknown(Cause::Kind::unsupported, "this regular expression is not interpreted");
     }},
};

}  // namespace

const TableModule::Content kReModule = {"re", kFunctions, kTypes, kConstants};

}  // namespace retort::py
