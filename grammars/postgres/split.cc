#include "grammars/postgres/split.h"

#include "common/utf8.h"
#include "grammars/postgres/lexer.h"

#include <algorithm>
#include <array>

namespace retort::pg {
namespace {

// psql ends the query buffer at these; any other command leaves it open.
constexpr std::array<std::string_view, 7> kSendingCommands = {
    "g", "gx", "gset", "gexec", "gdesc", "crosstabview", "watch"};

std::string_view command_name(std::string_view command) {
  command.remove_prefix(1);
  return command.substr(0, std::min(command.find_first_of(" \t\f\\"), command.size()));
}

class Splitter {
public:
  Splitter(std::string_view text, Span range)
      : text_(text.substr(0, range.end)), range_(range), lexer_(text, range) {}

  Split run() {
    find_nul();
    while (true) {
      // Asked before the next token is read: a quote in the data would be followed to the end.
      if (!waiting_.empty() && lexer_.next_begin() >= waiting_line_end_)
        read_copy_data();
      const Token token = lexer_.next();
      if (token.kind == TokenKind::end)
        break;
      last_end_ = token.span.end;
      take(token);
    }
    finish(false);
    std::stable_sort(result_.faults.begin(), result_.faults.end(),
                     [](const Fault& a, const Fault& b) { return a.at.begin < b.at.begin; });
    return std::move(result_);
  }

private:
  void take(const Token& token) {
    if (token.open)
      report_open(token);
    switch (token.kind) {
    case TokenKind::comment: result_.comments.push_back(token.span); return;
    case TokenKind::backslash: take_command(token); return;
    case TokenKind::semicolon: take_semicolon(token); return;
    default: break;
    }
    if (!started_) {
      started_ = true;
      current_ = {};
      current_.span.begin = token.span.begin;
      current_.broken = token.open;
    }
    current_.span.end = token.span.end;
    switch (token.kind) {
    case TokenKind::open: parentheses_.push_back(token.span.begin); break;
    case TokenKind::close:
      if (!parentheses_.empty())
        parentheses_.pop_back();
      break;
    case TokenKind::word: take_word(lexer_.text(token)); break;
    default: previous_ = Word::other; break;
    }
  }

  void take_word(std::string_view word) {
    // CREATE [OR REPLACE] FUNCTION|PROCEDURE|RULE, and COPY.
    if (words_ < 4)
      note_leading(word);
    ++words_;

    const bool outside = parentheses_.empty();
    const Word before = previous_;
    previous_ = Word::other;
    if (kind_ == Kind::routine && outside) {
      if (same_word(word, "begin"))
        previous_ = Word::begin;
      else if (before == Word::begin && body_depth_ == 0 && same_word(word, "atomic"))
        body_depth_ = 1;
      else if (body_depth_ > 0 && same_word(word, "case"))
        ++body_depth_;
      else if (body_depth_ > 0 && same_word(word, "end"))
        --body_depth_;
    } else if (kind_ == Kind::copy && outside) {
      if (same_word(word, "from"))
        previous_ = Word::from;
      else if (before == Word::from && (same_word(word, "stdin") || same_word(word, "stdout")))
        current_.copies = true;  // the grammar takes FROM STDOUT for FROM STDIN
    }
  }

  void note_leading(std::string_view word) {
    if (words_ == 0) {
      kind_ = same_word(word, "create") ? Kind::create
              : same_word(word, "copy") ? Kind::copy
                                        : Kind::other;
    } else if (kind_ == Kind::create) {
      const bool or_replace =
          (words_ == 1 && same_word(word, "or")) || (words_ == 2 && same_word(word, "replace"));
      if (same_word(word, "function") || same_word(word, "procedure"))
        kind_ = Kind::routine;
      else if (same_word(word, "rule"))
        kind_ = Kind::rule;
      else if (!or_replace)
        kind_ = Kind::other;
    }
  }

  void take_semicolon(const Token& token) {
    if (!started_)
      return;
    if (body_depth_ > 0 || (!parentheses_.empty() && kind_ == Kind::rule)) {
      current_.span.end = token.span.end;
      return;
    }
    if (!parentheses_.empty())
      fault(Problem::open_parenthesis, {parentheses_.back(), parentheses_.back() + 1});
    if (current_.copies) {
      waiting_.push_back(result_.statements.size());
      waiting_line_end_ = line_end(token.span.end);
    }
    finish(true);
  }

  void take_command(const Token& token) {
    const std::string_view command = lexer_.text(token);
    const std::string_view name = command_name(command);
    if (name == "restrict" || name == "unrestrict") {
      result_.faults.push_back({Problem::restrict_command, token.span});
      return;
    }
    fault(Problem::psql_command, token.span);
    if (std::find(kSendingCommands.begin(), kSendingCommands.end(), name) != kSendingCommands.end())
      finish(false);
  }

  void report_open(const Token& token) {
    const uint32_t begin = token.span.begin;
    switch (token.kind) {
    case TokenKind::string: fault(Problem::open_string, {begin, quote_end(begin, '\'')}); break;
    case TokenKind::name: fault(Problem::open_name, {begin, quote_end(begin, '"')}); break;
    case TokenKind::dollar: fault(Problem::open_dollar, {begin, quote_end(begin + 1, '$')}); break;
    default: fault(Problem::open_comment, {begin, begin + 2}); break;
    }
  }

  uint32_t quote_end(uint32_t begin, char quote) const {
    return static_cast<uint32_t>(text_.find(quote, begin)) + 1;
  }

  void fault(Problem problem, Span at) {
    result_.faults.push_back({problem, at});
    if (started_)
      current_.broken = true;
  }

  void finish(bool terminated) {
    if (started_) {
      if (!terminated && !parentheses_.empty() && !current_.broken)
        fault(Problem::open_parenthesis, {parentheses_.back(), parentheses_.back() + 1});
      const std::string_view statement = text_.substr(current_.span.begin, current_.span.size());
      if (has_nul_ && statement.find('\0') != std::string_view::npos)
        current_.broken = true;
      current_.terminated = terminated;
      result_.statements.push_back(current_);
    }
    started_ = false;
    parentheses_.clear();
    words_ = 0;
    body_depth_ = 0;
    kind_ = Kind::other;
    previous_ = Word::other;
  }

  // psql reads the data from the line after the one it runs the COPY from.
  void read_copy_data() {
    uint32_t begin = next_line(std::max(waiting_line_end_, line_end(last_end_)));
    for (const size_t index : waiting_) {
      uint32_t line = begin;
      uint32_t after = begin;
      while (line < range_.end) {
        const uint32_t end = line_end(line);
        after = next_line(end);
        if (text_.substr(line, end - line) == "\\.")
          break;
        line = after;
      }
      result_.statements[index].data = {begin, std::min(line, range_.end)};
      begin = after;
    }
    waiting_.clear();
    last_end_ = begin;
    lexer_.jump(begin);
  }

  uint32_t line_end(uint32_t offset) const {
    const size_t newline = text_.find('\n', offset);
    uint32_t end = static_cast<uint32_t>(std::min<size_t>(newline, range_.end));
    if (end > offset && text_[end - 1] == '\r')
      --end;
    return end;
  }
  uint32_t next_line(uint32_t line_end) const {
    const size_t newline = text_.find('\n', line_end);
    return newline == std::string_view::npos ? range_.end : static_cast<uint32_t>(newline) + 1;
  }

  void find_nul() {
    const size_t at = text_.find('\0', range_.begin);
    if (at == std::string_view::npos)
      return;
    has_nul_ = true;
    const uint32_t begin = static_cast<uint32_t>(at);
    result_.faults.push_back({Problem::nul, {begin, begin + 1}});
  }

  enum class Kind : uint8_t { other, create, routine, rule, copy };
  enum class Word : uint8_t { other, begin, from };

  std::string_view text_;
  Span range_;
  Lexer lexer_;
  Split result_;
  bool has_nul_ = false;

  Statement current_;
  bool started_ = false;
  Kind kind_ = Kind::other;
  Word previous_ = Word::other;
  uint32_t words_ = 0;
  uint32_t body_depth_ = 0;
  std::vector<uint32_t> parentheses_;

  std::vector<size_t> waiting_;  // COPY statements of the current line whose data is to come
  uint32_t waiting_line_end_ = 0;
  uint32_t last_end_ = 0;
};

}  // namespace

bool is_error(Problem problem) { return problem != Problem::restrict_command; }

std::string_view explain(Problem problem) {
  switch (problem) {
  case Problem::open_string: return "string is never closed";
  case Problem::open_name: return "quoted name is never closed";
  case Problem::open_dollar: return "dollar-quoted string is never closed";
  case Problem::open_comment: return "comment is never closed";
  case Problem::open_parenthesis: return "parenthesis is never closed in this statement";
  case Problem::psql_command: return "psql commands can't be compiled";
  case Problem::restrict_command: return "psql's restrict command of a dump is skipped";
  case Problem::nul: return "NUL byte: the server would stop reading here";
  }
  return "";
}

Split split(std::string_view text, Span range) {
  range.end = std::min(range.end, static_cast<uint32_t>(text.size()));
  range.begin = std::min(range.begin, range.end);
  if (range.begin == 0 && text.substr(0, range.end).starts_with(utf8::kByteOrderMark))
    range.begin = 3;
  return Splitter(text, range).run();
}

Split split(std::string_view text) { return split(text, {0, static_cast<uint32_t>(text.size())}); }

}  // namespace retort::pg
