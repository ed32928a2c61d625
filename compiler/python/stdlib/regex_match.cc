// The machine that runs patterns.
#include "compiler/python/stdlib/regex.h"

#include <algorithm>
#include <array>

namespace retort::py::regex {
namespace {

constexpr size_t kMovesPerStep = 16;
constexpr size_t kLastGroup = SIZE_MAX - 1;  // stands for last_group_ on the stack

char32_t lower(char32_t code) { return code >= 'A' && code <= 'Z' ? code + 32 : code; }
char32_t upper(char32_t code) { return code >= 'a' && code <= 'z' ? code - 32 : code; }

std::optional<bool> in_category(Category category, char32_t code, bool ascii) {
  const auto negated = [](std::optional<bool> answer, bool negate) {
    return answer ? std::optional<bool>(*answer != negate) : answer;
  };
  switch (category) {
  case Category::digit:
  case Category::not_digit: {
    std::optional<bool> digit = code >= '0' && code <= '9';
    // Scripts have digits of their own; in those that is_word() knows there are none.
    if (code >= 0x80 && !ascii && !is_word(code, false))
      digit = std::nullopt;
    return negated(digit, category == Category::not_digit);
  }
  case Category::space:
  case Category::not_space:
    return (ascii ? code == ' ' || (code >= 9 && code <= 13) : is_space(code)) !=
           (category == Category::not_space);
  case Category::word:
  case Category::not_word: return negated(is_word(code, ascii), category == Category::not_word);
  }
  return std::nullopt;
}

}  // namespace

std::optional<bool> is_word(char32_t code, bool ascii) {
  if (code < 0x80)
    return (code >= '0' && code <= '9') || (lower(code) >= 'a' && lower(code) <= 'z') ||
           code == '_';
  if (ascii)
    return false;
  struct Block {
    char32_t first;
    char32_t last;
    bool word;
  };
  // Blocks of one kind in every Unicode version that Python 3 has had, none with digits.
  constexpr std::array kBlocks = {
      Block{0x80, 0xa9, false},      Block{0xaa, 0xaa, true},      Block{0xab, 0xb1, false},
      Block{0xb4, 0xb4, false},      Block{0xb5, 0xb5, true},      Block{0xb6, 0xb8, false},
      Block{0xba, 0xba, true},       Block{0xbb, 0xbb, false},     Block{0xbf, 0xbf, false},
      Block{0xc0, 0xd6, true},       Block{0xd7, 0xd7, false},     Block{0xd8, 0xf6, true},
      Block{0xf7, 0xf7, false},      Block{0xf8, 0x2c1, true},     Block{0x388, 0x38a, true},
      Block{0x38e, 0x3a1, true},     Block{0x3a3, 0x3f5, true},    Block{0x400, 0x481, true},
      Block{0x48a, 0x52f, true},     Block{0x5d0, 0x5ea, true},    Block{0x2010, 0x2027, false},
      Block{0x2030, 0x203e, false},  Block{0x20a0, 0x20bf, false}, Block{0x2190, 0x23f3, false},
      Block{0x2500, 0x26ff, false},  Block{0x3041, 0x3096, true},  Block{0x30a1, 0x30fa, true},
      Block{0x4e01, 0x4e02, true},   Block{0xac00, 0xd7a3, true},  Block{0x1f300, 0x1f5ff, false},
      Block{0x1f600, 0x1f64f, false}};
  for (const Block& block : kBlocks)
    if (code >= block.first && code <= block.last)
      return block.word;
  return std::nullopt;
}

size_t Program::group_named(std::string_view name) const {
  for (const auto& [known, group] : names)
    if (known == name)
      return group;
  return SIZE_MAX;
}

bool Matcher::spend() { return ++spent_ % kMovesPerStep != 0 || in_.step(); }

void Matcher::put(size_t reg, size_t value) {
  stack_.push_back({kUnset, registers_[reg], reg});
  registers_[reg] = value;
}

void Matcher::put_last_group(size_t group) {
  stack_.push_back({kUnset, last_group_, kLastGroup});
  last_group_ = group;
}

// To the last choice that was made behind `base` of the stack.
bool Matcher::back(size_t base, size_t& pc, size_t& position) {
  while (stack_.size() > base) {
    const Entry entry = stack_.back();
    stack_.pop_back();
    if (entry.pc != kUnset) {
      pc = entry.pc;
      position = entry.position;
      return true;
    }
    if (entry.reg == kLastGroup)
      last_group_ = entry.position;
    else
      registers_[entry.reg] = entry.position;
  }
  return false;
}

std::optional<bool> Matcher::in_set(const Instruction& one, char32_t code) const {
  const Set& set = program_.sets[one.a];
  const bool folded = (one.flags & kIgnoreCase) != 0;
  bool found = false;
  for (const auto& [first, last] : set.ranges)
    found |= (code >= first && code <= last) ||
             (folded && ((lower(code) >= first && lower(code) <= last) ||
                         (upper(code) >= first && upper(code) <= last)));
  for (const Category category : set.categories) {
    if (found)
      break;
    const std::optional<bool> inside =
        in_category(category, folded ? lower(code) : code, (one.flags & kAscii) != 0);
    if (!inside)
      return inside;
    found = *inside;
  }
  return found != set.negated;
}

std::optional<bool> Matcher::takes(const Instruction& one, char32_t code) const {
  // Letters beyond ASCII have cases of their own, and some of them are those of ASCII letters.
  if ((one.flags & kIgnoreCase) != 0 && code >= 0x80 && one.op != Op::any)
    return std::nullopt;
  switch (one.op) {
  case Op::literal:
    return code == one.code || ((one.flags & kIgnoreCase) != 0 && lower(code) == lower(one.code));
  case Op::any: return code != '\n' || (one.flags & kDotAll) != 0;
  default: return in_set(one, code);
  }
}

std::optional<bool> Matcher::at_edge(const Instruction& one, size_t position) const {
  const bool ascii = (one.flags & kAscii) != 0;
  const std::optional<bool> before = position > 0 ? is_word(text_[position - 1], ascii) : false;
  const std::optional<bool> behind = position < end_ ? is_word(text_[position], ascii) : false;
  if (!before || !behind)
    return std::nullopt;
  // An empty text has no edge, and before Python 3.14 the lack of one is not one either.
  if (end_ == 0)
    return one.op == Op::no_word_edge ? std::nullopt : std::optional<bool>(false);
  return (*before != *behind) == (one.op == Op::word_edge);
}

Outcome Matcher::look(const Instruction& look, size_t pc, size_t position) {
  const bool negated = look.min != 0;
  if (position < look.b)
    return negated ? Outcome::yes : Outcome::no;
  size_t inner = position - look.b;
  const size_t base = stack_.size();
  const Outcome found = run(pc + 1, inner);
  if (found == Outcome::yes && !negated) {
    // There is no way back into it, but what it set can still be taken back.
    stack_.erase(std::remove_if(stack_.begin() + static_cast<ptrdiff_t>(base), stack_.end(),
                                [](const Entry& entry) { return entry.pc != kUnset; }),
                 stack_.end());
    return found;
  }
  for (size_t to = 0, at = 0; stack_.size() > base;)
    back(base, to, at);
  if (found == Outcome::undecided || found == Outcome::stopped)
    return found;
  return (found == Outcome::yes) != negated ? Outcome::yes : Outcome::no;
}

Outcome Matcher::run(size_t pc, size_t& position) {
  const size_t base = stack_.size();
  while (true) {
    if (!spend())
      return Outcome::stopped;
    if (stack_.size() > in_.limits().items) {
      in_.charge_items(stack_.size());
      return Outcome::stopped;
    }
    const Instruction& at = program_.code[pc];
    std::optional<bool> good = true;
    switch (at.op) {
    case Op::literal:
    case Op::any:
    case Op::set:
      good = position < end_ ? takes(at, text_[position]) : false;
      if (good.value_or(false)) {
        ++position;
        ++pc;
      }
      break;
    case Op::line_begin:
      good = position == 0 || ((at.flags & kMultiline) != 0 && text_[position - 1] == '\n');
      ++pc;
      break;
    case Op::line_end:
      good = position == end_ ||
             (text_[position] == '\n' && (position + 1 == end_ || (at.flags & kMultiline) != 0));
      ++pc;
      break;
    case Op::text_begin:
      good = position == 0;
      ++pc;
      break;
    case Op::text_end:
      good = position == end_;
      ++pc;
      break;
    case Op::word_edge:
    case Op::no_word_edge:
      good = at_edge(at, position);
      ++pc;
      break;
    case Op::backreference: {
      const size_t from = registers_[2 * at.a];
      const size_t to = registers_[2 * at.a + 1];
      good = from != kUnset && to != kUnset && from <= to && to - from <= end_ - position;
      for (size_t i = from; *good && i < to; ++i) {
        if (!spend())
          return Outcome::stopped;
        const char32_t wanted = text_[i];
        const char32_t found = text_[position + (i - from)];
        if ((at.flags & kIgnoreCase) == 0)
          good = wanted == found;
        else if (wanted >= 0x80 || found >= 0x80)
          return Outcome::undecided;
        else
          good = lower(wanted) == lower(found);
      }
      if (*good) {
        position += to - from;
        ++pc;
      }
      break;
    }
    case Op::save:
      put(at.a, position);
      if (at.a % 2 == 1)
        put_last_group(at.a / 2);
      ++pc;
      break;
    case Op::jump: pc = at.a; break;
    case Op::split:
      stack_.push_back({at.a, position, 0});
      ++pc;
      break;
    case Op::repeat_one: {
      const Instruction& one = program_.code[pc + 1];
      size_t count = 0;
      while (count < at.max && position < end_) {
        const std::optional<bool> more = takes(one, text_[position]);
        if (!more)
          return Outcome::undecided;
        if (!*more)
          break;
        if (!spend())
          return Outcome::stopped;
        ++count;
        ++position;
        if (count > at.min)
          stack_.push_back({pc + 2, position - 1, 0});
      }
      good = count >= at.min;
      pc += 2;
      break;
    }
    case Op::loop_begin:
      put(at.a, 0);
      put(at.a + 1, kUnset);
      ++pc;
      break;
    case Op::loop: {
      const size_t count = registers_[at.a];
      if (count < at.min) {
        put(at.a, count + 1);
        pc += 2;
        break;
      }
      const bool more = count < at.max && position != registers_[at.a + 1];
      if (more && at.greedy) {
        stack_.push_back({at.b, position, 0});
        ++pc;
        break;
      }
      if (more)
        stack_.push_back({pc + 1, position, 0});
      pc = at.b;
      break;
    }
    case Op::loop_round:
      put(at.a, registers_[at.a] + 1);
      put(at.a + 1, position);
      ++pc;
      break;
    case Op::look: {
      const Outcome found = look(at, pc, position);
      if (found == Outcome::undecided || found == Outcome::stopped)
        return found;
      good = found == Outcome::yes;
      pc = at.a;
      break;
    }
    case Op::condition: pc = registers_[2 * at.a + 1] == kUnset ? at.b : pc + 1; break;
    case Op::end:
      if (at.a != 0)  // of a look
        return Outcome::yes;
      if ((!full_ || position == end_) && !(advance_ && position == start_))
        return Outcome::yes;
      good = false;
      break;
    }
    if (!good)
      return Outcome::undecided;
    if (!*good && !back(base, pc, position))
      return Outcome::no;
  }
}

Outcome Matcher::match(size_t start, bool full, bool advance) {
  registers_.assign(program_.registers, kUnset);
  stack_.clear();
  last_group_ = 0;
  start_ = start;
  full_ = full;
  advance_ = advance;
  size_t position = start;
  const Outcome outcome = run(0, position);
  if (outcome == Outcome::yes) {
    registers_[0] = start;
    registers_[1] = position;
  }
  return outcome;
}

Outcome Matcher::search(size_t start, bool advance) {
  for (size_t at = start; at <= end_; ++at) {
    const Outcome outcome = match(at, false, advance && at == start);
    if (outcome != Outcome::no)
      return outcome;
  }
  return Outcome::no;
}

}  // namespace retort::py::regex
