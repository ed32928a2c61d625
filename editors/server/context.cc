#include "editors/server/context.h"

#include "common/text.h"

#include <algorithm>
#include <array>

namespace retort::lsp {
namespace {

// Calls whose first string is SQL.
bool takes_sql(std::string_view call) {
  return call == "execute" || call == "text" || call == "exec_driver_sql" || call == "scalar" ||
         call == "scalars" || call == "DDL";
}

std::string_view word_before(std::string_view text, size_t offset) {
  size_t begin = offset;
  while (begin > 0 && is_word(text[begin - 1]))
    --begin;
  return text.substr(begin, offset - begin);
}

// Python from the begin of a top-level statement to the cursor.
class Reader {
public:
  Reader(std::string_view text, size_t begin, size_t end) : text_(text), at_(begin), end_(end) {}

  Context read() {
    while (at_ < end_) {
      const char c = text_[at_];
      if (c == '#') {
        at_ = std::min(text_.find('\n', at_), end_);
      } else if (c == '"' || c == '\'') {
        if (!string())
          return result_;
      } else if (c == '(' || c == '[' || c == '{') {
        open(c);
      } else if (c == ')' || c == ']' || c == '}') {
        if (!calls_.empty())
          calls_.pop_back();
        ++at_;
      } else {
        if (c == ',' && !calls_.empty()) {
          ++calls_.back().argument;
          calls_.back().keyword = {};
        } else if (c == '=' && !calls_.empty() && at_ > 0 && is_word(text_[at_ - 1])) {
          calls_.back().keyword = word_before(text_, at_);
        }
        ++at_;
      }
    }
    const std::string_view typed = word_before(text_, end_);
    const size_t before = end_ - typed.size();
    if (before > 0 && text_[before - 1] == '.') {
      result_.kind = Context::Kind::attribute;
      result_.object = word_before(text_, before - 1);
    } else {
      fill();
    }
    result_.typed = typed;
    return result_;
  }

private:
  struct Call {
    std::string_view object, name;
    size_t argument = 0;
    std::string_view keyword;
    std::vector<std::string_view> strings;
  };

  void open(char c) {
    Call call;
    if (c == '(') {
      call.name = word_before(text_, at_);
      const size_t before = at_ - call.name.size();
      if (!call.name.empty() && before > 0 && text_[before - 1] == '.')
        call.object = word_before(text_, before - 1);
    }
    calls_.push_back(call);
    ++at_;
  }

  // What encloses the cursor: lists inside of a call are part of it.
  void fill() {
    for (auto call = calls_.rbegin(); call != calls_.rend(); ++call) {
      if (call->name.empty())
        continue;
      result_.kind = Context::Kind::argument;
      result_.object = call->object;
      result_.call = call->name;
      result_.argument = call->argument;
      result_.keyword = call->keyword;
      result_.strings = call->strings;
      return;
    }
  }

  // A string; false when the cursor is in it.
  bool string() {
    const char quote = text_[at_];
    const std::string_view three = text_.substr(at_, 3);
    const bool triple = three.size() == 3 && three[1] == quote && three[2] == quote;
    const size_t begin = at_ + (triple ? 3 : 1);
    size_t i = begin;
    for (; i < end_; ++i) {
      if (text_[i] == '\\') {
        ++i;
      } else if (text_[i] == quote && (!triple || text_.substr(i, 3) == three)) {
        break;
      } else if (text_[i] == '\n' && !triple) {
        break;  // it was never closed
      }
    }
    if (i < end_) {
      if (!calls_.empty())
        for (Call& call : calls_)
          call.strings.push_back(text_.substr(begin, i - begin));
      at_ = i + (triple ? 3 : 1);
      return true;
    }
    inside(begin);
    return false;
  }

  void inside(size_t begin) {
    fill();
    result_.in_string = true;
    result_.typed = word_before(text_, end_);
    if (result_.kind == Context::Kind::argument && takes_sql(result_.call)) {
      result_.kind = Context::Kind::sql;
      result_.sql = text_.substr(begin, end_ - begin);
      return;
    }
    if (result_.kind != Context::Kind::none)
      return;
    // `down_revision = "`, also in a tuple
    const std::string_view before = text_.substr(0, begin);
    const size_t line = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    const std::string_view head = trim(before.substr(line));
    if (head.starts_with("down_revision") || head.starts_with("depends_on"))
      result_.kind = Context::Kind::revision_id;
  }

  std::string_view text_;
  size_t at_, end_;
  std::vector<Call> calls_;
  Context result_;
};

// A comment of ours: the names in the parentheses.
std::optional<Context> allowance(std::string_view line) {
  const size_t sign = line.rfind("retort:");
  if (sign == std::string_view::npos)
    return std::nullopt;
  const size_t open = line.find("allow", sign);
  const size_t paren = open == std::string_view::npos ? open : line.find('(', open);
  if (paren == std::string_view::npos || line.find(')', paren) != std::string_view::npos)
    return std::nullopt;
  Context context;
  context.kind = Context::Kind::allowance;
  const size_t begin = line.find_last_of("(, ") + 1;
  context.typed = line.substr(begin);
  return context;
}

bool begins_statement(std::string_view line) {
  constexpr std::array<std::string_view, 8> kBegins = {
      "def ",     "async def ",    "class ",     "@",
      "revision", "down_revision", "depends_on", "branch_labels"};
  return std::any_of(kBegins.begin(), kBegins.end(),
                     [&](std::string_view begin) { return line.starts_with(begin); });
}

Context in_sql_file(std::string_view before) {
  Context context;
  const size_t line = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  const std::string_view own = trim(before.substr(line));
  context.typed = word_before(before, before.size());
  if (own.starts_with("-- down_revision") || own.starts_with("-- depends_on")) {
    context.kind = Context::Kind::revision_id;
    return context;
  }
  const size_t end_of_last = before.rfind(';');
  context.kind = Context::Kind::sql;
  context.sql = before.substr(end_of_last == std::string_view::npos ? 0 : end_of_last + 1);
  return context;
}

}  // namespace

Context context_at(std::string_view text, size_t offset, bool python) {
  const std::string_view before = text.substr(0, offset);
  const size_t line = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  if (std::optional<Context> found = allowance(before.substr(line)))
    return *found;
  if (!python)
    return in_sql_file(before);
  // Back to where a statement of the module certainly begins: SQL may stand at the left margin,
  // too.
  size_t begin = line;
  while (begin > 0 && !begins_statement(before.substr(begin))) {
    const size_t previous = before.substr(0, begin - 1).rfind('\n');
    begin = previous == std::string_view::npos ? 0 : previous + 1;
  }
  return Reader(text, begin, offset).read();
}

}  // namespace retort::lsp
