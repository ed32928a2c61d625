#include "grammars/python/plain.h"

#include "grammars/python/plain_cursor.h"

#include <algorithm>

namespace retort::py {
namespace {

constexpr int kMaxDepth = 100;

// Recursive descent. A function that makes a row returns its index, and 0 when the text is not
// plain, which ends everything. `at_` is behind the last token, except where skip() was called.
class PlainParser : PlainCursor {
public:
  explicit PlainParser(std::string_view source) : PlainCursor(source) {}

  std::optional<Tree> run() {
    // Other line ends, and what a text may not hold at all.
    if (source_.find('\r') != source_.npos || source_.find('\0') != source_.npos)
      return std::nullopt;
    const uint32_t begin =
        static_cast<uint32_t>(std::min(source_.find_first_not_of(" \n"), source_.size()));
    row(Kind::module_, begin, static_cast<uint32_t>(source_.size()));
    List children;
    if (!statements(0, children))
      return std::nullopt;
    set_children(0, children);
    return std::move(tree_);
  }

private:
  // What begins behind blanks.
  Index next(Index (PlainParser::*read)()) {
    skip();
    return (this->*read)();
  }

  // From the opening bracket to the closing one: items with commas between them and at the end.
  bool bracketed(char close, List& list, Index (PlainParser::*item)(), Field field = Field::none) {
    ++at_;
    ++brackets_;
    for (skip(); peek() != close; skip()) {
      const Index made = (this->*item)();
      if (!made)
        return false;
      append(list, made, field);
      skip();
      if (peek() != close && !take(','))
        return false;
    }
    ++at_;
    --brackets_;
    return true;
  }

  Index enclosed(Kind kind, char close, Index (PlainParser::*item)()) {
    const uint32_t begin = at_;
    List list;
    return bracketed(close, list, item) ? row(kind, begin, at_, list.first) : 0;
  }

  // --- lines ------------------------------------------------------------------------------------

  bool statements(uint32_t indent, List& list) {
    indent_ = indent;
    while (true) {
      const Ahead next = ahead();
      if (next.end && indent == 0)
        return true;
      if (next.indent < indent) {
        take_comments(indent);
        return true;
      }
      if (next.indent > indent)
        return false;
      at_ = next.at;
      const Index made = statement(indent);
      if (!made)
        return false;
      append(list, made);
      indent_ = indent;
    }
  }

  // Nothing else may stand on the line of a simple statement.
  Index end_line(Index made) {
    end_ = at_;
    skip();
    if (peek() == '#') {
      skip_comment();
      end_ = at_;
    }
    return at_ == source_.size() || peek() == '\n' ? made : 0;
  }

  Index suite(uint32_t indent) {
    if (!take(':') || !end_line(1))
      return 0;
    const Ahead first = ahead();
    List list;
    if (first.end || first.indent <= indent || !statements(first.indent, list))
      return 0;
    return row(Kind::block, first.at, end_, list.first);
  }

  // --- statements -------------------------------------------------------------------------------

  Index statement(uint32_t indent) {
    const uint32_t begin = at_;
    const std::string_view first = word();
    if (first == "import")
      return end_line(import(begin));
    if (first == "from")
      return end_line(import_from(begin));
    if (first == "def")
      return function(begin, indent);
    if (first == "with")
      return with(begin, indent);
    if (first == "pass")
      return end_line(row(Kind::pass_statement, begin, at_));
    if (first == "return" || first == "raise")
      return end_line(
          leave(first == "raise" ? Kind::raise_statement : Kind::return_statement, begin));
    at_ = begin;
    Index made = expression();
    if (made && kind(made) == Kind::identifier)
      made = assignment(made);
    return end_line(node(Kind::expression_statement, begin, {{made}}));
  }

  // `NAME[: TYPE] = VALUE` from behind the name, or the name alone.
  Index assignment(Index left) {
    Index declared = 0;
    if (take(':')) {
      declared = next(&PlainParser::type);
      if (!declared)
        return 0;
    }
    if (!take('='))
      return declared ? 0 : left;
    const Index right = next(&PlainParser::expression);
    const uint32_t begin = span(left).begin;
    return declared ? node(Kind::assignment, begin,
                           {{left, Field::left}, {declared, Field::type}, {right, Field::right}})
                    : node(Kind::assignment, begin, {{left, Field::left}, {right, Field::right}});
  }

  Index leave(Kind kind, uint32_t begin) {
    const uint32_t end = at_;
    skip();
    if (peek() != '\n' && peek() != '#' && at_ != source_.size())
      return node(kind, begin, {{expression()}});
    at_ = end;
    return row(kind, begin, at_);
  }

  Index identifier() {
    const uint32_t begin = at_;
    const std::string_view name = word();
    const bool plain =
        !name.empty() && !kKeywords.contains(name) && static_cast<unsigned char>(peek()) < 0x80;
    return plain ? row(Kind::identifier, begin, at_) : 0;
  }

  Index single_name() {
    const uint32_t begin = at_;
    return node(Kind::dotted_name, begin, {{identifier()}});
  }
  Index dotted_name() {
    const uint32_t begin = at_;
    List parts;
    do {
      const Index part = identifier();
      if (!part)
        return 0;
      append(parts, part);
    } while (peek() == '.' && ++at_);
    return row(Kind::dotted_name, begin, at_, parts.first);
  }

  Index renamed(Index name) {
    if (!name || !take_word("as"))
      return name;
    return node(Kind::aliased_import, span(name).begin,
                {{name, Field::name}, {next(&PlainParser::identifier), Field::alias}});
  }
  Index imported_module() { return renamed(dotted_name()); }
  Index imported_name() { return renamed(single_name()); }

  bool imported(List& list, Index (PlainParser::*name)()) {
    do {
      const Index made = next(name);
      if (!made)
        return false;
      append(list, made, Field::name);
    } while (take(','));
    return true;
  }

  Index import(uint32_t begin) {
    List list;
    return imported(list, &PlainParser::imported_module)
               ? row(Kind::import_statement, begin, at_, list.first)
               : 0;
  }

  Index import_from(uint32_t begin) {
    List list;
    const Index module = next(&PlainParser::dotted_name);
    if (!module || !take_word("import"))
      return 0;
    append(list, module, Field::module_name);
    skip();
    bool good = true;
    if (take('*'))
      append(list, row(Kind::wildcard_import, at_ - 1, at_));
    else if (peek() == '(')
      good = bracketed(')', list, &PlainParser::imported_name, Field::name) && list.last != module;
    else
      good = imported(list, &PlainParser::imported_name);
    return good ? row(Kind::import_from_statement, begin, at_, list.first) : 0;
  }

  Index function(uint32_t begin, uint32_t indent) {
    List parts;
    const Index name = next(&PlainParser::identifier);
    const Index list =
        name && peek() == '(' ? enclosed(Kind::parameters, ')', &PlainParser::identifier) : 0;
    if (!list)
      return 0;
    append(parts, name, Field::name);
    append(parts, list, Field::parameters);
    skip();
    if (peek() == '-' && peek(1) == '>') {
      at_ += 2;
      const Index result = next(&PlainParser::type);
      if (!result)
        return 0;
      append(parts, result, Field::return_type);
    }
    const Index body = suite(indent);
    if (!body)
      return 0;
    append(parts, body, Field::body);
    return row(Kind::function_definition, begin, end_, parts.first);
  }

  // One context manager, with or without a name.
  Index with(uint32_t begin, uint32_t indent) {
    skip();
    const uint32_t start = at_;
    if (peek() == '(')  // may be a list of managers
      return 0;
    Index value = expression();
    if (value && take_word("as")) {
      skip();
      const uint32_t target = at_;
      const Index name = node(Kind::other, target, {{identifier()}});
      value = node(Kind::as_pattern, start, {{value}, {name, Field::alias}});
    }
    const Index item = node(Kind::with_item, start, {{value, Field::value}});
    const Index clause = node(Kind::with_clause, start, {{item}});
    const Index body = clause ? suite(indent) : 0;
    const Index made = node(Kind::with_statement, begin, {{clause}, {body, Field::body}});
    if (made)
      set_end(made, end_);
    return made;
  }

  // --- types ------------------------------------------------------------------------------------

  // `NAME`, `NAME[TYPE, …]`, `NAME | NAME`
  Index type() {
    if (++depth_ > kMaxDepth)
      return 0;
    const uint32_t begin = at_;
    Index made = type_name();
    if (made && peek() == '[') {
      List parameters;
      const uint32_t open = at_;
      if (!bracketed(']', parameters, &PlainParser::type) || !parameters.first)
        return 0;
      made = node(Kind::generic_type, begin,
                  {{made}, {row(Kind::other, open, at_, parameters.first)}});
    } else if (made && take('|')) {
      const Index bar = row(Kind::token, at_ - 1, at_);
      made = node(Kind::binary_operator, begin,
                  {{made, Field::left},
                   {bar, Field::operator_},
                   {next(&PlainParser::type_name), Field::right}});
    }
    --depth_;
    return node(Kind::type, begin, {{made}});
  }

  Index type_name() {
    const uint32_t begin = at_;
    return take_word("None") ? row(Kind::none, begin, at_) : identifier();
  }

  // --- expressions ------------------------------------------------------------------------------

  Index expression() {
    if (++depth_ > kMaxDepth)
      return 0;
    const uint32_t begin = at_;
    Index made = primary();
    while (made) {
      if (take('.')) {
        made =
            node(Kind::attribute, begin, {{made, Field::object}, {identifier(), Field::attribute}});
      } else if (take('(')) {
        --at_;
        made =
            node(Kind::call, begin,
                 {{made, Field::function},
                  {enclosed(Kind::argument_list, ')', &PlainParser::argument), Field::arguments}});
      } else if (take('[')) {
        const Index index = next(&PlainParser::expression);
        if (!take(']'))
          return 0;
        made = node(Kind::subscript, begin, {{made, Field::value}, {index, Field::subscript}});
      } else {
        break;
      }
    }
    --depth_;
    return made;
  }

  Index primary() {
    const uint32_t begin = at_;
    const char c = peek();
    if (c == '\'' || c == '"')
      return strings();
    if (is_digit(c))
      return number();
    if (is_name_start(c)) {
      const std::string_view name = word();
      const char after = peek();
      if (after == '\'' || after == '"' || static_cast<unsigned char>(after) >= 0x80)
        return 0;  // r'…', or a name beyond ASCII
      if (!kKeywords.contains(name))
        return row(Kind::identifier, begin, at_);
      const Kind constant = name == "None"    ? Kind::none
                            : name == "True"  ? Kind::true_
                            : name == "False" ? Kind::false_
                                              : Kind::other;
      return constant == Kind::other ? 0 : row(constant, begin, at_);
    }
    switch (c) {
    case '(': return parenthesis();
    case '[': return enclosed(Kind::list, ']', &PlainParser::expression);
    case '{': return enclosed(Kind::dictionary, '}', &PlainParser::pair);
    case '-': {
      ++at_;
      const Index minus = row(Kind::token, begin, at_);
      skip();
      return node(Kind::unary_operator, begin,
                  {{minus, Field::operator_}, {is_digit(peek()) ? number() : 0, Field::argument}});
    }
    default: return 0;
    }
  }

  // (), (a), (a,), (a, b)
  Index parenthesis() {
    const uint32_t begin = at_;
    List list;
    if (!bracketed(')', list, &PlainParser::expression))
      return 0;
    const uint32_t end = at_;
    bool tuple = list.first == list.last ? list.first == 0 : true;
    if (!tuple) {  // a comma behind it makes it one
      at_ = span(list.first).end;
      ++brackets_;
      tuple = take(',');
      --brackets_;
      at_ = end;
    }
    return row(tuple ? Kind::tuple : Kind::parenthesized_expression, begin, end, list.first);
  }

  Index pair() {
    const uint32_t begin = at_;
    const Index key = expression();
    if (!key || !take(':'))
      return 0;
    return node(Kind::pair, begin,
                {{key, Field::key}, {next(&PlainParser::expression), Field::value}});
  }

  // VALUE, NAME=VALUE, *VALUE, **VALUE
  Index argument() {
    const uint32_t begin = at_;
    if (peek() == '*') {
      const Kind kind = peek(1) == '*' ? Kind::dictionary_splat : Kind::list_splat;
      at_ += kind == Kind::list_splat ? 1 : 2;
      return node(kind, begin, {{next(&PlainParser::expression)}});
    }
    const std::string_view name = word();
    const uint32_t name_end = at_;
    if (name.empty() || !take('=') || peek() == '=') {
      at_ = begin;
      return expression();
    }
    if (kKeywords.contains(name))
      return 0;
    const Index keyword = row(Kind::identifier, begin, name_end);
    return node(Kind::keyword_argument, begin,
                {{keyword, Field::name}, {next(&PlainParser::expression), Field::value}});
  }

  // Decimal integers, and `1.5`.
  Index number() {
    const uint32_t begin = at_;
    const auto digits = [&] {
      while (is_digit(peek()))
        ++at_;
    };
    digits();
    bool whole = true;
    if (peek() == '.' && is_digit(peek(1))) {
      whole = false;
      ++at_;
      digits();
    }
    const bool leading_zero = source_[begin] == '0' && whole && at_ - begin > 1;
    if (leading_zero || peek() == '.' || is_name(peek()) ||
        static_cast<unsigned char>(peek()) >= 0x80)
      return 0;
    return row(whole ? Kind::integer : Kind::float_, begin, at_);
  }

  // Neighbouring literals are one string.
  Index strings() {
    const uint32_t begin = at_;
    List all;
    uint32_t end = at_;
    do {
      const Index one = string();
      if (!one)
        return 0;
      append(all, one);
      end = at_;
      skip();
    } while (peek() == '\'' || peek() == '"');
    at_ = end;
    return all.first == all.last ? all.first
                                 : row(Kind::concatenated_string, begin, end, all.first);
  }

  Index string() {
    const uint32_t begin = at_;
    const char quote = peek();
    const bool triple = peek(1) == quote && peek(2) == quote;
    const uint32_t size = triple ? 3 : 1;
    at_ += size;
    const uint32_t content = at_;
    List escapes;
    while (true) {
      const char c = peek();
      if (at_ == source_.size() || (c == '\n' && !triple))
        return 0;
      if (c == quote && (!triple || (peek(1) == quote && peek(2) == quote)))
        break;
      if (c == '\\') {
        if (std::string_view("'\"abfnrtv\\").find(peek(1)) == std::string_view::npos)
          return 0;
        at_ += 2;
        append(escapes, row(Kind::other, at_ - 2, at_));
      } else {
        ++at_;
      }
    }
    List parts;
    append(parts, row(Kind::string_start, begin, content));
    if (at_ > content)
      append(parts, row(Kind::string_content, content, at_, escapes.first));
    at_ += size;
    append(parts, row(Kind::string_end, at_ - size, at_));
    return row(Kind::string, begin, at_, parts.first);
  }

  int depth_ = 0;
};

}  // namespace

std::optional<Tree> parse_plain(std::string_view source) { return PlainParser(source).run(); }

}  // namespace retort::py
