// Whether a CHECK says that a column is not null, so that SET NOT NULL need not look (12 and later;
// NotNullImpliedByRelConstraints in tablecmds.c).
#include "compiler/facts/study.h"

#include <algorithm>

namespace retort::facts {

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

std::vector<std::string_view> parts_of(std::string_view text, std::string_view word) {
  if (text.find("CASE ") != text.npos)
    return {text};
  std::vector<std::string_view> parts;
  int depth = 0;
  int ranges = 0;
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
    ranges += text.substr(i).starts_with(" BETWEEN ") ? 1 : 0;
    if (!text.substr(i).starts_with(word))
      continue;
    if (word == " AND " && ranges > 0) {  // a BETWEEN 1 AND 2
      --ranges;
      continue;
    }
    parts.push_back(without_parentheses(text.substr(begin, i - begin)));
    begin = i + word.size();
  }
  parts.push_back(without_parentheses(text.substr(begin)));
  return parts;
}

Conjuncts conjuncts(std::string_view text) {
  text = without_parentheses(text);
  if (text.find("CASE ") != text.npos || parts_of(text, " OR ").size() > 1)
    return {{}, text.find(" AND ") == text.npos};
  return {parts_of(text, " AND ")};
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
