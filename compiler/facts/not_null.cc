// Whether a CHECK says that a column is not null, so that SET NOT NULL need not look (12 and later;
// NotNullImpliedByRelConstraints in tablecmds.c).
#include "compiler/facts/study.h"

#include <algorithm>

namespace retort::facts {
namespace {

std::string_view without_parentheses(std::string_view text) {
  while (text.size() > 1 && text.front() == '(' && text.back() == ')') {
    int depth = 0;
    for (size_t i = 0; i + 1 < text.size(); ++i) {
      depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
      if (depth == 0)
        return text;  // `(a) … (b)`
    }
    text = text.substr(1, text.size() - 2);
  }
  return text;
}

}  // namespace

Conjuncts conjuncts(std::string_view text) {
  Conjuncts result;
  text = without_parentheses(text);
  int depth = 0;
  char quote = 0;
  size_t begin = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      quote = c == quote ? '\0' : quote;
      continue;
    }
    if (c == '\'' || c == '"')
      quote = c;
    depth += c == '(' || c == '[' ? 1 : c == ')' || c == ']' ? -1 : 0;
    if (depth != 0)
      continue;
    const std::string_view rest = text.substr(i);
    if (rest.starts_with(" OR ") || rest.starts_with(" CASE ") || text.starts_with("CASE "))
      return {{}, text.find(" AND ") == std::string_view::npos};
    if (rest.starts_with(" BETWEEN "))
      return {result.parts, false};
    if (rest.starts_with(" AND ")) {
      result.parts.push_back(without_parentheses(text.substr(begin, i - begin)));
      begin = i + 5;
    }
  }
  result.parts.push_back(without_parentheses(text.substr(begin)));
  return result;
}

Answer proven_not_null(const Study& s, Id table, const catalog::Column& column) {
  const std::string name = forms::quoted(column.name);
  Answer answer = s.look.partial(table) ? Answer::unknown : Answer::no;
  for (const Id id : s.before.members(table, Kind::constraint)) {
    const auto& check = s.before.get(id)->as<catalog::Constraint>();
    // ALTER TABLE drops before it looks.
    if (check.kind != forms::ConstraintKind::check || !check.valid || s.dropped(id))
      continue;
    if (std::find(check.columns.begin(), check.columns.end(), column.number) == check.columns.end())
      continue;
    const Conjuncts all = conjuncts(check.text);
    for (const std::string_view part : all.parts)
      if (part == name + " IS NOT NULL" || part == "NOT " + name + " IS NULL" ||
          part == "NOT (" + name + " IS NULL)")
        return Answer::yes;
    if (!all.all && check.text.find("NULL") != std::string::npos)
      answer = Answer::unknown;
  }
  return answer;
}

}  // namespace retort::facts
