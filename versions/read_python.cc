// Two readers give the same answer. The first takes the plain shapes (`NAME = literal` at the start
// of a line) straight from the text and covers nearly every file; whatever it finds unusual goes to
// the second, which asks the parser's tree. The first must never guess: it says "unusual" instead.
#include "versions/read_python.h"

#include "common/path.h"
#include "common/text.h"
#include "common/utf8.h"
#include "grammars/python/lines.h"
#include "grammars/python/literal.h"
#include "versions/python_constants.h"

#include <fmt/core.h>

namespace retort {
namespace {

// Which header variable the text starts with, as a whole word; -1 for none.
int header_name(std::string_view text) {
  for (size_t i = 0; i < kHeaderNames.size(); ++i)
    if (text.starts_with(kHeaderNames[i]) &&
        (text.size() == kHeaderNames[i].size() || !is_word(text[kHeaderNames[i].size()])))
      return static_cast<int>(i);
  return -1;
}

bool mentions_header_name(std::string_view text) {
  return text.find("revision") != text.npos || text.find("branch_labels") != text.npos ||
         text.find("depends_on") != text.npos;
}

enum class Outcome { plain, unusual };

// Reads tokens of one `NAME[: annotation] = literal` line.
class PlainLine {
public:
  PlainLine(std::string_view source, Span line)
      : source_(source), at_(line.begin), end_(line.end) {}

  Outcome read(size_t name_size, HeaderValue& value, bool& assigned) {
    at_ += static_cast<uint32_t>(name_size);
    skip_blanks();
    if (peek() == ':' && !skip_annotation())
      return Outcome::unusual;
    if (at_ == end_) {  // an annotation alone assigns nothing
      assigned = false;
      return Outcome::plain;
    }
    if (peek() != '=' || (at_ + 1 < end_ && source_[at_ + 1] == '='))
      return Outcome::unusual;
    ++at_;
    skip_blanks();
    assigned = true;
    value = {};
    value.at = {at_, end_};
    return read_value(value) && at_ == end_ ? Outcome::plain : Outcome::unusual;
  }

private:
  char peek() const { return at_ < end_ ? source_[at_] : '\0'; }

  // White space, comments and line ends inside brackets.
  void skip_blanks() {
    while (at_ < end_) {
      const char c = source_[at_];
      if (c == '#')
        while (at_ < end_ && source_[at_] != '\n' && source_[at_] != '\r')
          ++at_;
      else if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f')
        ++at_;
      else
        return;
    }
  }

  bool skip_annotation() {
    int depth = 0;
    for (; at_ < end_; ++at_) {
      const char c = source_[at_];
      if (c == '[' || c == '(')
        ++depth;
      else if (c == ']' || c == ')')
        --depth;
      else if (c == '=' && depth == 0)
        return true;
      else if (c == '\'' || c == '"' || c == '#' || c == '\\')
        return false;
    }
    return true;
  }

  bool read_value(HeaderValue& value) {
    if (source_.substr(at_, end_ - at_) == "None") {
      at_ = end_;
      value.shape = HeaderValue::Shape::none;
      return true;
    }
    const char opening = peek();
    const bool bracketed = opening == '(' || opening == '[';
    if (bracketed)
      ++at_;
    bool comma = false;
    skip_blanks();
    while (at_ < end_ && peek() != ')' && peek() != ']') {
      Reference item;
      if (!read_string(item))
        return false;
      value.items.push_back(std::move(item));
      comma = peek() == ',';
      if (!comma)
        break;
      ++at_;
      skip_blanks();
    }
    if (bracketed) {
      if (peek() != (opening == '(' ? ')' : ']'))
        return false;
      ++at_;
      skip_blanks();
    }
    const bool list = opening == '[' || comma || value.items.size() != 1;
    value.shape = list ? HeaderValue::Shape::list : HeaderValue::Shape::text;
    return bracketed || !value.items.empty();
  }

  // Neighbouring literals are one string.
  bool read_string(Reference& item) {
    py::StringValue text;
    item.at = {at_, at_};
    while (true) {
      const uint32_t opening = py::string_start(source_, at_);
      if (opening == 0)
        return item.at.end > item.at.begin && finish(item, text);
      const char quote = source_[at_ + opening - 1];
      uint32_t close = at_ + opening;
      while (close < end_ && source_[close] != quote && source_[close] != '\\' &&
             source_[close] != '\n' && source_[close] != '\r')
        ++close;
      const bool triple = opening >= 3 && source_[at_ + opening - 2] == quote;
      if (close >= end_ || source_[close] != quote || triple)
        return false;
      // Without a prefix or an escape the characters are the value.
      if (opening == 1)
        text.text.append(source_.substr(at_ + 1, close - at_ - 1));
      else if (!py::append_string(source_, {at_, close + 1}, text))
        return false;
      at_ = item.at.end = close + 1;
      skip_blanks();
    }
  }

  static bool finish(Reference& item, py::StringValue& text) {
    item.id = std::move(text.text);
    return !text.bytes && !text.has_holes;
  }

  std::string_view source_;
  uint32_t at_;
  uint32_t end_;
};

// The whole line as one docstring, when it is nothing but string literals.
bool read_docstring(std::string_view source, Span line, std::string& doc) {
  const uint32_t opening = py::string_start(source, line.begin);
  if (opening == 0)
    return false;
  const char quote = source[line.begin + opening - 1];
  const bool triple = opening >= 3 && source[line.begin + opening - 2] == quote;
  const std::string_view closing =
      source.substr(line.begin + opening - (triple ? 3 : 1), triple ? 3 : 1);
  const std::string_view text = source.substr(0, line.end);
  if (line.size() < opening + closing.size())
    return false;
  // One literal to the end of the line without escapes; anything else is for the tree.
  const uint32_t begin = line.begin + opening;
  const size_t end = text.find(closing, begin);
  if (end == text.npos || end + closing.size() != line.end ||
      text.substr(begin, end - begin).find('\\') != text.npos)
    return false;
  if (opening == closing.size() && text.substr(begin, end - begin).find('\r') == text.npos) {
    doc = trim(text.substr(begin, end - begin));
    return true;
  }
  py::StringValue value;
  if (!py::append_string(source, line, value) || value.has_holes)
    return false;
  if (!value.bytes)
    doc = trim(value.text);
  return true;
}

}  // namespace

std::optional<Header> read_plain_header(std::string_view source,
                                        std::optional<py::LineError>& error) {
  Header header;
  py::Lines lines(source);
  bool first = true;
  bool in_definition = false;  // below `def` or `class`: another scope
  while (const std::optional<py::Line> line = lines.next()) {
    const std::string_view text = source.substr(line->span.begin, line->span.size());
    const bool is_first = std::exchange(first, false);
    if (line->indent > 0) {
      if (!in_definition && mentions_header_name(text))
        return std::nullopt;
      continue;
    }
    in_definition = text.starts_with("def ") || text.starts_with("class ") ||
                    text.starts_with("async def ") || text.starts_with("@");
    if (in_definition)
      continue;
    if (is_first && py::string_start(source, line->span.begin) != 0) {
      if (!read_docstring(source, line->span, header.doc))
        return std::nullopt;
      continue;
    }
    const int name = header_name(text);
    if (name < 0) {
      if (mentions_header_name(text))
        return std::nullopt;
      continue;
    }
    HeaderValue value;
    bool assigned = false;
    if (PlainLine(source, line->span)
            .read(kHeaderNames[static_cast<size_t>(name)].size(), value, assigned) ==
        Outcome::unusual)
      return std::nullopt;
    if (assigned)
      header.values[static_cast<size_t>(name)] = std::move(value);
  }
  error = lines.error();
  return header;
}

std::string decode_python(std::string bytes) {
  if (utf8::first_invalid(bytes) == bytes.npos)
    return bytes;
  const std::string_view encoding = py::declared_encoding(bytes);
  if (encoding.empty())
    return bytes;
  std::optional<std::string> text = utf8::from_encoding(bytes, encoding);
  return text ? *std::move(text) : bytes;
}

std::optional<Revision> read_python(const Sources& sources, FileId file, std::string_view file_name,
                                    Diagnostics& diagnostics) {
  const std::string_view source = sources.text(file);
  const size_t invalid = utf8::first_invalid(source);
  if (invalid != source.npos) {
    const auto at = static_cast<uint32_t>(invalid);
    const std::string_view encoding = py::declared_encoding(source);
    diagnostics.report(
        Level::error, "chain/broken", "encoding", {file, {at, at + 1}},
        encoding.empty()
            ? "this byte is not UTF-8 and the file declares no other encoding"
            : fmt::format("the file is not readable as `{}`, the encoding it declares", encoding));
    return std::nullopt;
  }

  const auto unparsable = [&](const py::LineError& error) {
    Diagnostic& report = diagnostics.report(Level::error, "chain/broken", "unparsable",
                                            {file, error.at}, error.message);
    if (!error.opened.empty())
      report.note({file, error.opened}, std::string(error.opened_note));
    return std::nullopt;
  };
  // Python takes none, in strings and comments neither.
  if (const size_t nul = source.find('\0'); nul != source.npos) {
    const auto at = static_cast<uint32_t>(nul);
    return unparsable({{at, at + 1}, "a NUL byte is no Python", {}, {}, true});
  }
  std::optional<py::LineError> error;
  std::optional<Header> header = read_plain_header(source, error);
  if (error && error->certain)
    return unparsable(*error);
  if (!header || error) {
    // What the line reader cannot follow may be newer syntax: the parser decides.
    header.emplace();
    const py::Tree tree = py::parse(source);
    if (error && !tree.errors().empty())
      return unparsable(*error);
    if (!read_tree_header(tree, kHeaderNames, file, *header, diagnostics))
      return std::nullopt;
  }
  return to_revision(*header, file, file_name, diagnostics);
}

}  // namespace retort
