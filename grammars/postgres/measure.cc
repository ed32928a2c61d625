#include "grammars/postgres/measure.h"

#include "grammars/postgres/lexer.h"

#include <algorithm>
#include <array>
#include <vector>

namespace retort::pg {
namespace {

// One pair of parentheses, or one CASE … END.
struct Level {
  bool is_case = false;
  uint32_t operators = 0;  // since the last comma, AND or OR
  uint32_t inner = 0;      // the highest tree inside, since then
  uint32_t highest = 0;    // of the elements before
  uint32_t joined = 0;     // JOIN, UNION, …: commas between them don't end their chain
  void separate() {
    highest = std::max(highest, operators + inner);
    operators = inner = 0;
  }
  uint32_t height() const { return std::max(highest, operators + inner) + joined + 1; }
};

// Words that the grammar applies from the left, as it does with operators.
constexpr std::array<std::string_view, 10> kOperatorWords = {
    "at", "between", "collate", "ilike", "is", "isnull", "like", "notnull", "operator", "similar"};
constexpr std::array<std::string_view, 4> kJoiningWords = {"except", "intersect", "join", "union"};

template <size_t N>
bool contains(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view candidate) { return same_word(word, candidate); });
}

class Measure {
public:
  void open(bool is_case) {
    levels_.push_back({.is_case = is_case});
    nesting_ = std::max(nesting_, static_cast<uint32_t>(levels_.size() - 1));
  }
  void close() {
    if (levels_.size() == 1)
      return;
    const uint32_t height = levels_.back().height();
    levels_.pop_back();
    levels_.back().inner = std::max(levels_.back().inner, height);
  }
  void close_parenthesis() {
    while (levels_.back().is_case)
      close();
    close();
  }
  void word(std::string_view word) {
    if (word.size() < 2 || word.size() > 9)
      return;
    if (same_word(word, "case"))
      open(true);
    else if (same_word(word, "end") && levels_.back().is_case)
      close();
    else if (same_word(word, "and") || same_word(word, "or"))
      levels_.back().separate();
    else if (contains(kJoiningWords, word))
      ++levels_.back().joined;
    else if (contains(kOperatorWords, word))
      ++levels_.back().operators;
  }
  Level& level() { return levels_.back(); }
  Depth result() {
    while (levels_.size() > 1)
      close();
    return {nesting_, levels_.back().height()};
  }

private:
  std::vector<Level> levels_{1};
  uint32_t nesting_ = 0;
};

}  // namespace

Depth measure(std::string_view statement) {
  Lexer lexer(statement, {0, static_cast<uint32_t>(statement.size())});
  Measure measure;
  while (true) {
    const Token token = lexer.next();
    switch (token.kind) {
    case TokenKind::end: return measure.result();
    case TokenKind::open: measure.open(false); break;
    case TokenKind::close: measure.close_parenthesis(); break;
    case TokenKind::comma:
    case TokenKind::semicolon: measure.level().separate(); break;
    case TokenKind::operation: ++measure.level().operators; break;
    case TokenKind::word: measure.word(lexer.text(token)); break;
    default: break;
    }
  }
}

}  // namespace retort::pg
