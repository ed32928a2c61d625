// From the text of a pattern to its program.
#include "compiler/python/stdlib/regex.h"

#include <algorithm>
#include <memory>

namespace retort::py::regex {
namespace {

constexpr size_t kMaxNesting = 100;
constexpr size_t kMaxCode = 20'000;
constexpr char32_t kNone = 0xffffffff;

struct Item;
using Sequence = std::vector<Item>;

struct Item {
  enum class Kind : uint8_t { one, assertion, backreference, group, repeat, look, condition };
  Kind kind = Kind::one;
  Instruction code;                // of what is one instruction
  std::vector<Sequence> branches;  // of what holds others
  size_t group = 0;                // 0: not captured
  size_t min = 0;
  size_t max = SIZE_MAX;
  bool greedy = true;
  bool behind = false;
  bool negated = false;
};

bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }
bool is_octal(char32_t c) { return c >= '0' && c <= '7'; }
bool is_letter(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

class Parser {
public:
  Parser(std::u32string_view text, uint32_t flags) : text_(text) { program.flags = flags; }

  // False: no pattern, or one that is not understood.
  bool parse(std::vector<Sequence>& branches) {
    uint32_t flags = program.flags;
    while (global_flags(flags)) {
    }
    program.flags = flags;
    return !bad_ && alternatives(branches, flags, 0) && at_ == text_.size();
  }

  Program program;

private:
  char32_t peek(size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : kNone;
  }
  bool take(char32_t c) {
    if (peek() != c)
      return false;
    ++at_;
    return true;
  }
  bool fail() {
    bad_ = true;
    return false;
  }

  static uint32_t flag_of(char32_t c) {
    switch (c) {
    case 'i': return kIgnoreCase;
    case 'm': return kMultiline;
    case 's': return kDotAll;
    case 'x': return kVerbose;
    case 'a': return kAscii;
    case 'u': return kUnicode;
    default: return 0;
    }
  }

  // `(?im)` at the very start.
  bool global_flags(uint32_t& flags) {
    size_t at = at_;
    if (peek() != '(' || peek(1) != '?' || flag_of(peek(2)) == 0)
      return false;
    uint32_t added = 0;
    for (at += 2; at < text_.size() && flag_of(text_[at]) != 0; ++at)
      added |= flag_of(text_[at]);
    if (at >= text_.size() || text_[at] != ')')
      return false;
    if ((added & kAscii) != 0 && (added & kUnicode) != 0)
      return fail();
    if ((added & kAscii) != 0)
      flags &= ~uint32_t{kUnicode};
    flags |= added;
    at_ = at + 1;
    return true;
  }

  bool alternatives(std::vector<Sequence>& branches, uint32_t flags, size_t depth) {
    if (depth > kMaxNesting)
      return fail();
    do {
      branches.emplace_back();
      if (!sequence(branches.back(), flags, depth))
        return false;
    } while (take('|'));
    return true;
  }

  bool sequence(Sequence& items, uint32_t flags, size_t depth) {
    while (at_ < text_.size() && peek() != '|' && peek() != ')') {
      const char32_t c = peek();
      if ((flags & kVerbose) != 0) {
        if (c == ' ' || (c >= 9 && c <= 13)) {
          ++at_;
          continue;
        }
        if (c == '#') {
          while (at_ < text_.size() && text_[at_] != '\n')
            ++at_;
          continue;
        }
      }
      const size_t from = at_;
      if (c == '*' || c == '+' || c == '?' || c == '{') {
        size_t min = 0;
        size_t max = SIZE_MAX;
        if (quantifier(min, max)) {
          if (!repeat(items, min, max))
            return false;
          continue;
        }
        if (bad_)
          return false;
        at_ = from;
      }
      if (!item(items, flags, depth))
        return false;
    }
    return true;
  }

  // False, and not bad: a literal brace.
  bool quantifier(size_t& min, size_t& max) {
    const char32_t c = text_[at_++];
    if (c != '{') {
      min = c == '+' ? 1 : 0;
      max = c == '?' ? 1 : SIZE_MAX;
      return true;
    }
    if (peek() == '}')
      return false;
    const auto number = [&](size_t& value) {
      const size_t from = at_;
      size_t read = 0;
      while (is_digit(peek())) {
        read = std::min<size_t>(read * 10 + (peek() - '0'), 1'000'000'000);
        ++at_;
      }
      if (at_ != from)
        value = read;
      return at_ != from;
    };
    const bool low = number(min);
    bool high = low;
    if (take(','))
      high = number(max);
    else
      max = min;
    if (!take('}'))
      return false;
    if (!low && !high && max != SIZE_MAX)
      return false;
    if (max < min)
      return fail();
    return true;
  }

  bool repeat(Sequence& items, size_t min, size_t max) {
    if (items.empty() || items.back().kind == Item::Kind::repeat ||
        items.back().kind == Item::Kind::assertion)
      return fail();
    Item made;
    made.kind = Item::Kind::repeat;
    made.min = min;
    made.max = max;
    made.greedy = !take('?');
    if (peek() == '+' && made.greedy)  // possessive, since Python 3.11
      return fail();
    made.branches.emplace_back();
    made.branches.back().push_back(std::move(items.back()));
    items.back() = std::move(made);
    return true;
  }

  Item one(Op op, uint32_t flags, char32_t code = 0, size_t a = 0) const {
    Item made;
    made.code.op = op;
    made.code.flags = flags;
    made.code.code = code;
    made.code.a = a;
    return made;
  }
  Item assertion(Op op, uint32_t flags) const {
    Item made = one(op, flags);
    made.kind = Item::Kind::assertion;
    return made;
  }

  bool item(Sequence& items, uint32_t flags, size_t depth) {
    const char32_t c = text_[at_++];
    switch (c) {
    case '.': items.push_back(one(Op::any, flags)); return true;
    case '^': items.push_back(assertion(Op::line_begin, flags)); return true;
    case '$': items.push_back(assertion(Op::line_end, flags)); return true;
    case '[': return set(items, flags);
    case '(': return group(items, flags, depth);
    case '\\': return escape(items, flags);
    default:
      // With case folding a letter beyond ASCII may be that of one within.
      if ((flags & kIgnoreCase) != 0 && c >= 0x80)
        return fail();
      items.push_back(one(Op::literal, flags, c));
      return true;
    }
  }

  // Escapes that stand for a character anywhere; kNone with bad_ or when it is none.
  char32_t character(char32_t c) {
    switch (c) {
    case 'a': return '\a';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'v': return '\v';
    case '\\': return '\\';
    case 'x': return hexadecimal(2);
    case 'u': return hexadecimal(4);
    case 'U': return hexadecimal(8);
    default: break;
    }
    if (is_letter(c) || c == kNone)
      fail();
    return is_letter(c) || is_digit(c) ? kNone : c;
  }
  char32_t hexadecimal(size_t digits) {
    char32_t value = 0;
    for (size_t i = 0; i < digits; ++i) {
      const char32_t c = peek();
      const char32_t letter = c | 0x20;
      if (!is_digit(c) && !(letter >= 'a' && letter <= 'f')) {
        fail();
        return kNone;
      }
      value = value * 16 + (is_digit(c) ? c - '0' : letter - 'a' + 10);
      ++at_;
    }
    if (value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) {
      fail();
      return kNone;
    }
    return value;
  }
  char32_t octal(char32_t first, size_t more) {
    char32_t value = first - '0';
    for (size_t i = 0; i < more && is_octal(peek()); ++i)
      value = value * 8 + (text_[at_++] - '0');
    if (value > 0377)
      fail();
    return value;
  }

  static std::optional<Category> category(char32_t c) {
    switch (c) {
    case 'd': return Category::digit;
    case 'D': return Category::not_digit;
    case 's': return Category::space;
    case 'S': return Category::not_space;
    case 'w': return Category::word;
    case 'W': return Category::not_word;
    default: return std::nullopt;
    }
  }
  size_t add_set(Set set) {
    program.sets.push_back(std::move(set));
    return program.sets.size() - 1;
  }

  bool escape(Sequence& items, uint32_t flags) {
    if (at_ >= text_.size())
      return fail();
    const char32_t c = text_[at_++];
    if (const std::optional<Category> known = category(c)) {
      items.push_back(one(Op::set, flags, 0, add_set({false, {}, {*known}})));
      return true;
    }
    switch (c) {
    case 'A': items.push_back(assertion(Op::text_begin, flags)); return true;
    case 'Z': items.push_back(assertion(Op::text_end, flags)); return true;
    case 'b': items.push_back(assertion(Op::word_edge, flags)); return true;
    case 'B': items.push_back(assertion(Op::no_word_edge, flags)); return true;
    default: break;
    }
    char32_t code = kNone;
    if (c == '0') {
      code = octal(c, 2);
    } else if (is_digit(c)) {
      size_t number = c - '0';
      if (is_digit(peek())) {
        if (is_octal(c) && is_octal(peek()) && is_octal(peek(1)))
          code = octal(c, 2);
        else
          number = number * 10 + (text_[at_++] - '0');
      }
      if (code == kNone)
        return backreference(items, flags, number);
    } else {
      code = character(c);
    }
    if (bad_ || ((flags & kIgnoreCase) != 0 && code >= 0x80))
      return fail();
    items.push_back(one(Op::literal, flags, code));
    return true;
  }

  bool backreference(Sequence& items, uint32_t flags, size_t number) {
    if (number == 0 || number > program.groups ||
        std::find(open_.begin(), open_.end(), number) != open_.end())
      return fail();
    Item made = one(Op::backreference, flags, 0, number);
    made.kind = Item::Kind::backreference;
    items.push_back(std::move(made));
    return true;
  }

  // One end of a range: a character, or a category of characters.
  bool set_part(Set& set, char32_t& code) {
    code = text_[at_++];
    if (code != '\\')
      return true;
    if (at_ >= text_.size())
      return fail();
    const char32_t c = text_[at_++];
    if (const std::optional<Category> known = category(c)) {
      set.categories.push_back(*known);
      code = kNone;
      return true;
    }
    if (is_octal(c))
      code = octal(c, 2);
    else if (c == 'b')
      code = '\b';
    else if (is_digit(c))
      return fail();
    else
      code = character(c);
    return !bad_;
  }

  bool set(Sequence& items, uint32_t flags) {
    Set made;
    made.negated = take('^');
    for (bool first = true; first || peek() != ']'; first = false) {
      if (at_ >= text_.size())
        return fail();
      char32_t from = 0;
      if (!set_part(made, from))
        return false;
      if (peek() != '-' || peek(1) == ']') {
        if (peek() == kNone)
          return fail();
        if (from != kNone)
          made.ranges.emplace_back(from, from);
        continue;
      }
      ++at_;
      char32_t to = 0;
      if (at_ >= text_.size() || !set_part(made, to) || from == kNone || to == kNone || to < from)
        return fail();
      made.ranges.emplace_back(from, to);
    }
    ++at_;
    if ((flags & kIgnoreCase) != 0)
      for (const auto& [from, to] : made.ranges)
        if (to >= 0x80)
          return fail();
    items.push_back(one(Op::set, flags, 0, add_set(std::move(made))));
    return true;
  }

  bool name(std::string& out, char32_t end) {
    while (peek() != end) {
      const char32_t c = peek();
      if (c >= 0x80 || !(is_word(c, true).value_or(false)) || (out.empty() && is_digit(c)))
        return fail();
      out += static_cast<char>(c);
      ++at_;
    }
    ++at_;
    return !out.empty() || fail();
  }

  bool close() { return take(')') || fail(); }

  bool group(Sequence& items, uint32_t flags, size_t depth) {
    Item made;
    made.kind = Item::Kind::group;
    if (!take('?')) {
      made.group = ++program.groups;
    } else {
      const char32_t c = peek();
      ++at_;
      if (c == ':') {
      } else if (c == 'P' && take('<')) {
        std::string label;
        if (!name(label, '>') || program.group_named(label) != SIZE_MAX)
          return fail();
        made.group = ++program.groups;
        program.names.emplace_back(label, made.group);
      } else if (c == 'P' && take('=')) {
        std::string label;
        if (!name(label, ')'))
          return false;
        const size_t number = program.group_named(label);
        return number == SIZE_MAX ? fail() : backreference(items, flags, number);
      } else if (c == '#') {
        while (at_ < text_.size() && peek() != ')')
          ++at_;
        return close();
      } else if (c == '=' || c == '!') {
        made.kind = Item::Kind::look;
        made.negated = c == '!';
      } else if (c == '<' && (peek() == '=' || peek() == '!')) {
        made.kind = Item::Kind::look;
        made.behind = true;
        made.negated = text_[at_++] == '!';
      } else if (c == '(') {
        return condition(items, flags, depth);
      } else {
        --at_;
        if (!local_flags(flags))
          return false;
      }
    }
    if (made.group != 0)
      open_.push_back(made.group);
    if (!alternatives(made.branches, flags, depth + 1) || !close())
      return false;
    if (made.group != 0)
      open_.pop_back();
    items.push_back(std::move(made));
    return true;
  }

  // `(?i-s:`
  bool local_flags(uint32_t& flags) {
    bool minus = false;
    bool any = false;
    for (; peek() != ':'; ++at_) {
      if (peek() == '-' && !minus) {
        minus = true;
        any = false;
        continue;
      }
      const uint32_t flag = flag_of(peek());
      if (flag == 0 || (minus && (flag == kAscii || flag == kUnicode)))
        return fail();
      if (flag == kAscii || flag == kUnicode)
        flags &= ~uint32_t{kAscii | kUnicode};
      flags = minus ? flags & ~flag : flags | flag;
      any = true;
    }
    ++at_;
    return any || fail();
  }

  // `(?(1)yes|no)`
  bool condition(Sequence& items, uint32_t flags, size_t depth) {
    Item made;
    made.kind = Item::Kind::condition;
    if (is_digit(peek())) {
      while (is_digit(peek()) && made.group < 1000)
        made.group = made.group * 10 + (text_[at_++] - '0');
      if (!close())
        return false;
    } else {
      std::string label;
      if (!name(label, ')'))
        return false;
      made.group = program.group_named(label);
    }
    // One that comes later is allowed, and never took part.
    if (made.group == 0 || made.group > program.groups)
      return fail();
    if (!alternatives(made.branches, flags, depth + 1) || made.branches.size() > 2 || !close())
      return fail();
    items.push_back(std::move(made));
    return true;
  }

  std::u32string_view text_;
  size_t at_ = 0;
  bool bad_ = false;
  std::vector<size_t> open_;  // groups that are being read
};

class Writer {
public:
  explicit Writer(Program& out) : out_(out) {}

  bool write(const std::vector<Sequence>& branches) {
    std::vector<size_t> ends;
    for (size_t i = 0; i < branches.size(); ++i) {
      const bool last = i + 1 == branches.size();
      const size_t split = last ? 0 : emit(Op::split);
      for (const Item& item : branches[i])
        if (!write(item))
          return false;
      if (!last) {
        ends.push_back(emit(Op::jump));
        out_.code[split].a = out_.code.size();
      }
    }
    for (const size_t end : ends)
      out_.code[end].a = out_.code.size();
    return out_.code.size() <= kMaxCode;
  }
  size_t emit(Op op) {
    out_.code.emplace_back();
    out_.code.back().op = op;
    return out_.code.size() - 1;
  }

private:
  // What takes exactly one character, however often it is wrapped.
  static const Item* single(const Item& item) {
    if (item.kind == Item::Kind::one)
      return &item;
    if (item.kind == Item::Kind::group && item.group == 0 && item.branches.size() == 1 &&
        item.branches[0].size() == 1)
      return single(item.branches[0][0]);
    return nullptr;
  }

  // How many characters it takes; nothing when that differs.
  static std::optional<size_t> width(const std::vector<Sequence>& branches) {
    std::optional<size_t> all;
    for (const Sequence& branch : branches) {
      size_t own = 0;
      for (const Item& item : branch) {
        const std::optional<size_t> one = width(item);
        if (!one)
          return one;
        own += *one;
      }
      if (all && *all != own)
        return std::nullopt;
      all = own;
    }
    return all;
  }
  static std::optional<size_t> width(const Item& item) {
    switch (item.kind) {
    case Item::Kind::one: return 1;
    case Item::Kind::assertion:
    case Item::Kind::look: return 0;
    case Item::Kind::group: return width(item.branches);
    case Item::Kind::repeat: {
      const std::optional<size_t> inner = width(item.branches);
      return inner && item.min == item.max && item.min < 1000
                 ? std::optional<size_t>(*inner * item.min)
                 : std::nullopt;
    }
    default: return std::nullopt;
    }
  }

  bool write(const Item& item) {
    switch (item.kind) {
    case Item::Kind::one:
    case Item::Kind::assertion:
    case Item::Kind::backreference: out_.code.push_back(item.code); return true;
    case Item::Kind::group:
      if (item.group != 0)
        out_.code[emit(Op::save)].a = 2 * item.group;
      if (!write(item.branches))
        return false;
      if (item.group != 0)
        out_.code[emit(Op::save)].a = 2 * item.group + 1;
      return true;
    case Item::Kind::repeat: return write_repeat(item);
    case Item::Kind::look: {
      const std::optional<size_t> back = item.behind ? width(item.branches) : 0;
      if (!back)
        return false;
      const size_t look = emit(Op::look);
      out_.code[look].b = *back;
      out_.code[look].min = item.negated ? 1 : 0;
      if (!write(item.branches))
        return false;
      out_.code[emit(Op::end)].a = 1;
      out_.code[look].a = out_.code.size();
      return true;
    }
    case Item::Kind::condition: {
      const size_t condition = emit(Op::condition);
      out_.code[condition].a = item.group;
      if (!write({item.branches[0]}))
        return false;
      const size_t jump = emit(Op::jump);
      out_.code[condition].b = out_.code.size();
      if (item.branches.size() > 1 && !write({item.branches[1]}))
        return false;
      out_.code[jump].a = out_.code.size();
      return true;
    }
    }
    return false;
  }

  bool write_repeat(const Item& item) {
    const Item& body = item.branches[0][0];
    if (const Item* const one = single(body); one && item.greedy) {
      Instruction& repeat = out_.code[emit(Op::repeat_one)];
      repeat.min = item.min;
      repeat.max = item.max;
      out_.code.push_back(one->code);
      return true;
    }
    const size_t reg = out_.registers;
    out_.registers += 2;
    out_.code[emit(Op::loop_begin)].a = reg;
    const size_t loop = emit(Op::loop);
    out_.code[loop].greedy = item.greedy;
    out_.code[loop].a = reg;
    out_.code[loop].min = item.min;
    out_.code[loop].max = item.max;
    out_.code[emit(Op::loop_round)].a = reg;
    if (!write(body))
      return false;
    out_.code[emit(Op::jump)].a = loop;
    out_.code[loop].b = out_.code.size();
    return true;
  }

  Program& out_;
};

}  // namespace

std::optional<Program> compile(std::u32string_view pattern, uint32_t flags) {
  if ((flags & kAscii) == 0)
    flags |= kUnicode;
  Parser parser(pattern, flags);
  std::vector<Sequence> branches;
  if (!parser.parse(branches) || parser.program.groups > 500)
    return std::nullopt;
  parser.program.registers = 2 * (parser.program.groups + 1);
  Writer writer(parser.program);
  if (!writer.write(branches))
    return std::nullopt;
  writer.emit(Op::end);
  return std::move(parser.program);
}

}  // namespace retort::py::regex
