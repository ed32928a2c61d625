#include "compiler/integrity/canonical.h"

#include "common/sha256.h"
#include "common/text.h"
#include "common/utf8.h"
#include "grammars/postgres/lexer.h"

namespace retort {
namespace {

void add(std::string& form, char kind, std::string_view bytes) {
  form += kind;
  form += std::to_string(bytes.size());
  form += ':';
  form += bytes;
}

// ASCII only: what the server does with other letters depends on the database.
std::string folded(std::string_view word) {
  std::string result(word);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return result;
}

// 'it''s' and $$it's$$ are the same.
std::string unquoted(std::string_view token) {
  std::string result;
  for (size_t i = 1; i + 1 < token.size(); ++i) {
    result += token[i];
    if (token[i] == '\'')
      ++i;
  }
  return result;
}

std::string_view without_dollars(std::string_view token) {
  const size_t tag = token.find('$', 1) + 1;
  return token.substr(tag, token.size() - 2 * tag);
}

void add_statement(std::string& form, std::string_view sql) {
  pg::Lexer lexer(sql, {0, static_cast<uint32_t>(sql.size())});
  // A string behind E'…' goes on with its escapes, so that it stands for something else.
  bool escapes = false;
  for (pg::Token token = lexer.next(); token.kind != pg::TokenKind::end; token = lexer.next()) {
    const std::string_view text = lexer.text(token);
    if (token.kind == pg::TokenKind::comment)
      continue;
    const bool plain = token.kind == pg::TokenKind::string && text.front() == '\'';
    if (token.kind == pg::TokenKind::word || token.kind == pg::TokenKind::number)
      add(form, 'w', folded(text));
    else if (plain && !escapes && !token.open)
      add(form, 's', unquoted(text));
    else if (token.kind == pg::TokenKind::dollar && !token.open)
      add(form, 's', without_dollars(text));
    else
      add(form, 'r', text);
    escapes = token.kind == pg::TokenKind::string &&
              (plain ? escapes : text.front() == 'e' || text.front() == 'E');
  }
}

}  // namespace

std::string source_hash(std::string_view text) {
  if (text.starts_with(utf8::kByteOrderMark))
    text.remove_prefix(utf8::kByteOrderMark.size());
  return sha256(with_line_feeds(text));
}

std::string source_hash(const std::vector<SourcePart>& parts) {
  if (parts.size() == 1)
    return source_hash(parts.front().text);
  std::string lines;
  for (const SourcePart& part : parts) {
    lines += part.role;
    lines += ' ';
    lines += source_hash(part.text);
    lines += '\n';
  }
  return sha256(lines);
}

std::string canonical(const Body& body) {
  std::string form;
  bool outside = false;
  for (size_t i = 0; i < body.items.size(); ++i) {
    const BodyItem& item = body.items[i];
    if (item.kind != BodyItem::Kind::statement) {
      outside = item.kind == BodyItem::Kind::autocommit_begin;
      continue;
    }
    form += item.transaction && !outside ? 't' : 'o';
    // What stands in a file of SQL has the line ends of the checkout; what Python has made was
    // read with its own rules for them.
    const bool from_file = item.op == "sql";
    const std::string text = executed_text(body.items, i);
    add_statement(form, from_file ? with_line_feeds(text) : text);
    if (item.data)
      add(form, 'd', from_file ? with_line_feeds(*item.data) : *item.data);
    form += ';';
  }
  return form;
}

std::string body_hash(const Body& body) { return sha256(canonical(body)); }

}  // namespace retort
