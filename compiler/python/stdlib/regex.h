// Python's regular expressions: a pattern becomes a small program, which a backtracking machine
// runs over code points. Its stack is on the heap, so that no text is too long for it, and each
// move counts as a part of a step of the interpreter: a catastrophic pattern ends at the limit.
#pragma once

#include "compiler/python/interpreter.h"

namespace retort::py::regex {

// The values that `re` gives them.
enum Flag : uint32_t {
  kIgnoreCase = 2,
  kMultiline = 8,
  kDotAll = 16,
  kUnicode = 32,
  kVerbose = 64,
  kAscii = 256,
};

enum class Category : uint8_t { digit, not_digit, space, not_space, word, not_word };

struct Set {
  bool negated = false;
  std::vector<std::pair<char32_t, char32_t>> ranges;
  std::vector<Category> categories;
};

enum class Op : uint8_t {
  literal,        // code
  any,            // `.`
  set,            // a: which
  line_begin,     // `^`
  line_end,       // `$`
  text_begin,     // `\A`
  text_end,       // `\Z`
  word_edge,      // `\b`
  no_word_edge,   // `\B`
  backreference,  // a: group
  save,           // a: register
  jump,           // a: where to
  split,          // goes on behind it, or else at a
  repeat_one,     // the next instruction, which takes one character, as often as it can
  loop_begin,     // a: register of the count; the next one holds where the last round began
  loop,           // a: register, b: behind the loop
  loop_round,     // a: register
  look,           // a: behind it, b: how far back, min: 1 when it must not match
  condition,      // a: group, b: where to when it did not take part
  end,            // of a match or of a look
};

struct Instruction {
  Op op = Op::end;
  bool greedy = true;
  uint32_t flags = 0;
  char32_t code = 0;
  size_t a = 0;
  size_t b = 0;
  size_t min = 0;
  size_t max = SIZE_MAX;
};

struct Program {
  std::vector<Instruction> code;
  std::vector<Set> sets;
  std::vector<std::pair<std::string, size_t>> names;  // of groups
  size_t groups = 0;
  size_t registers = 0;  // two for each group and the whole, then those of loops
  uint32_t flags = 0;

  size_t group_named(std::string_view name) const;  // SIZE_MAX: none
};

// Nothing when it is no pattern, or one that is not understood here.
std::optional<Program> compile(std::u32string_view pattern, uint32_t flags);

// What `(?…)`, `\w` and the like ask of a character; nothing when it is not known here.
std::optional<bool> is_word(char32_t code, bool ascii);

enum class Outcome : uint8_t { no, yes, undecided, stopped };

class Matcher {
public:
  static constexpr size_t kUnset = SIZE_MAX;

  Matcher(Interpreter& in, const Program& program, std::u32string_view text, size_t end)
      : in_(in), program_(program), text_(text), end_(end) {}

  // `advance`: a match that ends where it starts does not count.
  Outcome match(size_t start, bool full, bool advance);
  // At `start` or behind it.
  Outcome search(size_t start, bool advance);

  // Of the last match: where the groups begin and end, the whole one first.
  const std::vector<size_t>& registers() const { return registers_; }
  size_t last_group() const { return last_group_; }

private:
  // A choice that was not taken, or what a register held.
  struct Entry {
    size_t pc;  // kUnset: a register
    size_t position;
    size_t reg;
  };
  Outcome run(size_t pc, size_t& position);
  Outcome look(const Instruction& look, size_t pc, size_t position);
  std::optional<bool> takes(const Instruction& one, char32_t code) const;
  std::optional<bool> in_set(const Instruction& one, char32_t code) const;
  std::optional<bool> at_edge(const Instruction& one, size_t position) const;
  void put(size_t reg, size_t value);
  void put_last_group(size_t group);
  bool back(size_t base, size_t& pc, size_t& position);
  bool spend();

  Interpreter& in_;
  const Program& program_;
  std::u32string_view text_;
  size_t end_;
  size_t start_ = 0;
  bool full_ = false;
  bool advance_ = false;
  size_t spent_ = 0;
  size_t last_group_ = 0;
  std::vector<size_t> registers_;
  std::vector<Entry> stack_;
};

}  // namespace retort::py::regex
