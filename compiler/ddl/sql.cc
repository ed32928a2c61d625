#include "compiler/ddl/sql.h"

#include "common/text.h"

namespace retort {
namespace {

bool is_name(char c) { return is_word(c) || c == '$'; }

// Length of `$tag$` at the start of `text`, or 0.
size_t dollar_tag(std::string_view text) {
  if (text.empty() || text[0] != '$')
    return 0;
  size_t end = 1;
  while (end < text.size() && is_word(text[end]))
    ++end;
  const bool tag = end < text.size() && text[end] == '$' && !(text[1] >= '0' && text[1] <= '9');
  return tag ? end + 1 : 0;
}

// Length of the quoted text or comment that `text` begins with, or 0.
size_t opaque_length(std::string_view text) {
  const auto until = [&](std::string_view end, size_t from) {
    const size_t found = text.find(end, from);
    return found == text.npos ? text.size() : found + end.size();
  };
  if (text.substr(0, 2) == "--")
    return until("\n", 2);
  if (text.substr(0, 2) == "/*")
    return until("*/", 2);
  if (text[0] == '\'' || text[0] == '"')
    return until(text.substr(0, 1), 1);
  const size_t tag = dollar_tag(text);
  return tag == 0 ? 0 : until(text.substr(0, tag), tag);
}

// `\:` becomes `:`, as SQLAlchemy does wherever the backslash stands.
void append_unescaped(std::string& result, std::string_view text) {
  for (size_t i = 0; i < text.size(); ++i)
    if (text[i] != '\\' || i + 1 >= text.size() || text[i + 1] != ':')
      result += text[i];
}

}  // namespace

Answer<Sql> text_clause(std::string_view text) {
  return text_clause(text, [](std::string_view) { return std::nullopt; });
}

Answer<Sql> text_clause(std::string_view text, const ParameterValue& value) {
  Sql result;
  for (size_t i = 0; i < text.size();) {
    const std::string_view rest = text.substr(i);
    const bool in_word = i > 0 && is_name(text[i - 1]);
    const size_t opaque = in_word && rest[0] == '$' ? 0 : opaque_length(rest);
    if (opaque > 0) {
      append_unescaped(result.text, rest.substr(0, opaque));
      i += opaque;
      continue;
    }
    const bool parameter = rest.size() > 1 && rest[0] == ':' && is_name(rest[1]) && !in_word &&
                           (i == 0 || (text[i - 1] != ':' && text[i - 1] != '\\'));
    if (parameter) {
      size_t end = 1;
      while (end < rest.size() && is_name(rest[end]))
        ++end;
      if (end == rest.size() || rest[end] != ':') {
        if (const std::optional<std::string> literal = value(rest.substr(1, end - 1))) {
          result.text += *literal;
          i += end;
          continue;
        }
        return problem("parameter `" + std::string(rest.substr(0, end)) +
                       "` has no value; write `\\:` for a colon");
      }
    }
    if (rest[0] != '\\' || rest.size() < 2 || rest[1] != ':')
      result.text += rest[0];
    ++i;
  }
  return result;
}

}  // namespace retort
