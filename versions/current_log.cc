// The log of a guarded script, from psql or from any other client that keeps notices.
#include "versions/current_forms.h"

#include "common/text.h"

#include <fmt/format.h>

namespace retort::current {
namespace {

constexpr std::string_view kMark = "retort: ";

// What the script says in a line: `retort: at {…}`, also as `psql:up.sql:8: NOTICE:  retort: at
// {…}` in whatever language. Not what psql -e shows of its SQL, which has it in quotes.
std::string_view message_of(std::string_view line) {
  if (line.starts_with(kMark))
    return line.substr(kMark.size());
  const size_t at = line.find(":  retort: ");
  if (at == line.npos || line.substr(0, at).find('\'') != line.npos)
    return {};
  return line.substr(at + 3 + kMark.size());
}

bool is_error(std::string_view line) {
  const size_t at = line.find("ERROR:  ");
  return at == 0 || (at != line.npos && line.starts_with("psql:"));
}

// The ids in the braces behind a word: none when the text has not that word.
std::optional<std::string_view> braces_behind(std::string_view text, std::string_view word) {
  const size_t at = text.find(word);
  if (at == text.npos)
    return std::nullopt;
  const size_t begin = at + word.size();
  const size_t end = text.find('}', begin);
  if (begin >= text.size() || text[begin] != '{' || end == text.npos)
    return std::nullopt;
  return text.substr(begin + 1, end - begin - 1);
}

std::optional<std::string_view> fact_in(std::string_view message) {
  if (message.starts_with("at "))
    return braces_behind(message, "at ");
  if (message.find("is taken back") != message.npos)
    return std::nullopt;  // what it saw was in the transaction that is gone
  for (const std::string_view words :
       {"the database is at ", "the database is already at ", "database at "})
    if (const auto found = braces_behind(message, words))
      return found;
  const size_t moved = message.find("the database has moved from {");
  const size_t to = moved == message.npos ? moved : message.find("} to {", moved);
  return to == message.npos ? std::nullopt : braces_behind(message.substr(to), "} to ");
}

}  // namespace

Answer read_log(const Lines& lines) {
  bool said = false, begun = false, finished = false;
  std::optional<std::string_view> fact;
  std::string_view step, why;  // of the run that is not over
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::string_view message = message_of(lines[i]);
    if (message.empty()) {
      if (begun && !finished && is_error(lines[i]))
        why = lines[i];
      continue;
    }
    said = true;
    if (const auto found = fact_in(message))
      fact = found;
    if (message.starts_with('[')) {
      step = message.substr(1, message.find(']') - 1);
      why = lines[i];
      begun = true;
      finished = false;
    } else if (message.starts_with("done ")) {
      finished = true;
    } else if (begun && !finished && is_error(lines[i])) {
      why = lines[i];
    }
  }
  if (!said)
    return std::nullopt;
  Reading reading{{"log of a script", {}, {}}, {}};
  if (!fact) {
    reading.refusal = Refusal{"", "this log does not say where the database is", {}, {}};
    return reading;
  }
  for (const std::string_view id : split(*fact, ','))
    lines.add(id, reading.rows.ids);
  if (begun && !finished) {
    const std::vector<std::string_view> numbers = split(step, '/');
    reading.rows.unfinished =
        Unfinished{numbers.size() == 2 ? fmt::format("step {} of {}", numbers[0], numbers[1])
                                       : fmt::format("step {}", step),
                   lines.span(why)};
  }
  return reading;
}

}  // namespace retort::current
