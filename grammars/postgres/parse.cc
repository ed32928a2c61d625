#include "grammars/postgres/parse.h"

#include "grammars/postgres/lexer.h"
#include "grammars/postgres/measure.h"
#include "grammars/postgres/tree.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <pg_query.h>

namespace retort::pg {
namespace {

constexpr size_t kMaxQuotedText = 40;
constexpr int kRetoldSince = 18;
constexpr size_t kMostRetold = 64;  // each one is a parse of its own

int grammar_major() {
  constexpr std::string_view kMajor = PG_MAJORVERSION;
  int major = 0;
  std::from_chars(kMajor.data(), kMajor.data() + kMajor.size(), major);
  return major;
}

// `syntax error at or near "selec"` with backticks, the quoted text cut to one short line.
std::string cleaned(std::string_view message) {
  const size_t open = message.find('"');
  const size_t close = message.rfind('"');
  if (open == std::string_view::npos || close == open)
    return std::string(message);
  std::string_view quoted = message.substr(open + 1, close - open - 1);
  const size_t line = std::min(quoted.find_first_of("\r\n"), quoted.size());
  size_t kept = std::min(line, kMaxQuotedText);
  while (kept > 0 && kept < quoted.size() && (quoted[kept] & 0xC0) == 0x80)
    --kept;
  const std::string_view more = kept < quoted.size() ? "…" : "";
  return fmt::format("{}`{}{}`{}", message.substr(0, open), quoted.substr(0, kept), more,
                     message.substr(close + 1));
}

Reject too_large(std::string message) {
  return {Reject::Reason::too_large, {}, std::move(message)};
}

std::optional<Reject> refused_unparsed(std::string_view statement, const Limits& limits) {
  if (statement.size() > limits.bytes)
    return too_large(fmt::format("not checked: a statement of {} bytes is over the limit of {}",
                                 statement.size(), limits.bytes));
  const size_t nul = statement.find('\0');
  if (nul != std::string_view::npos) {
    const uint32_t at = static_cast<uint32_t>(nul);
    return Reject{Reject::Reason::syntax, {at, at + 1}, "NUL byte in a statement"};
  }
  // A level takes a byte at least, and so does an operator.
  if (statement.size() < std::min(limits.nesting, limits.tree))
    return std::nullopt;
  const Depth depth = measure(statement);
  if (depth.nesting > limits.nesting)
    return too_large(fmt::format("not checked: {} levels of nesting are over the limit of {}",
                                 depth.nesting, limits.nesting));
  if (depth.tree > limits.tree)
    return too_large(fmt::format("not checked: a chain of {} operators is over the limit of {}",
                                 depth.tree, limits.tree));
  return std::nullopt;
}

// The token that begins at the offset, or the byte there.
Span token_at(std::string_view statement, uint32_t offset) {
  const uint32_t end = static_cast<uint32_t>(statement.size());
  if (offset >= end)
    return {end, end};
  const Token token = Lexer(statement, {offset, end}).next();
  if (token.kind == TokenKind::end || token.span.begin != offset || token.open)
    return {offset, offset + 1};
  return token.span;
}

Reject described(std::string statement, const PgQueryError& error, int server) {
  const std::string_view message = error.message ? error.message : "syntax error";
  const uint32_t offset = byte_offset(statement, error.cursorpos);
  const Span at = token_at(statement, offset);
  const std::string feature = newer_feature(statement, offset, message, grammar_major());
  if (!feature.empty()) {
    // What could be retold is refused for the target's sake, not for the grammar's.
    const bool too_old = server < kRetoldSince && retell(statement, offset);
    return {Reject::Reason::newer_grammar, at,
            too_old
                ? fmt::format("not in PostgreSQL {}: {}", server, feature)
                : "not in the PostgreSQL " PG_MAJORVERSION " grammar of this build: " + feature};
  }
  return {Reject::Reason::syntax, at,
          "not valid in PostgreSQL " PG_MAJORVERSION ": " + cleaned(message),
          meant_by(statement, offset)};
}

template <class Result>
struct Parsed {
  std::string text;
  std::vector<Retold> retold;
  Result result;
};

// Where need be after the words of a later grammar have been told in those of this one.
template <class Result>
Expected<Parsed<Result>, Reject> parsed(std::string_view statement, const Limits& limits,
                                        Result (*parse)(const char*), void (*free)(Result)) {
  if (std::optional<Reject> refused = refused_unparsed(statement, limits))
    return Unexpected{std::move(*refused)};
  Parsed<Result> all{blank_comments(statement), {}, {}};
  while (true) {
    all.result = parse(all.text.c_str());
    const PgQueryError* const error = all.result.error;
    if (!error)
      return all;
    const bool may_retell = limits.server >= kRetoldSince && all.retold.size() < kMostRetold &&
                            all.retold.size() * all.text.size() < limits.bytes;
    const std::optional<Retold> told =
        may_retell ? retell(all.text, byte_offset(all.text, error->cursorpos)) : std::nullopt;
    if (!told) {
      Reject reject = described(all.text, *error, limits.server);
      free(all.result);
      return Unexpected{std::move(reject)};
    }
    free(all.result);
    all.retold.push_back(*told);
  }
}

}  // namespace

std::string_view Reject::sqlstate(int server) const {
  return meant && meant->read_since != 0 && server >= meant->read_since ? "0A000" : "42601";
}

std::optional<Reject> check(std::string_view statement, const Limits& limits) {
  // Cutting by the grammar is its parse without the tree as text, which costs as much again.
  auto done = parsed(statement, limits, pg_query_split_with_parser, pg_query_free_split_result);
  if (!done)
    return std::move(done.error());
  pg_query_free_split_result(done->result);
  return std::nullopt;
}

Expected<Tree, Reject> parse(std::string_view statement, const Limits& limits) {
  auto done = parsed(statement, limits, pg_query_parse, pg_query_free_parse_result);
  if (!done)
    return Unexpected{std::move(done.error())};
  char* const json = done->result.parse_tree;
  done->result.parse_tree = nullptr;  // the tree reads it in place and frees it
  pg_query_free_parse_result(done->result);
  return Tree(std::move(done->text), json, std::move(done->retold));
}

std::string blank_comments(std::string_view statement) {
  std::string blanked(statement);
  if (!may_have_comments(statement))
    return blanked;
  Lexer lexer(statement, {0, static_cast<uint32_t>(statement.size())});
  for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
    if (token.kind != TokenKind::comment)
      continue;
    for (uint32_t i = token.span.begin; i < token.span.end; ++i)
      if (blanked[i] != '\n' && blanked[i] != '\r')
        blanked[i] = ' ';
  }
  return blanked;
}

uint32_t byte_offset(std::string_view text, int cursor) {
  size_t offset = 0;
  for (int character = 1; character < cursor && offset < text.size(); ++character) {
    const unsigned char first = static_cast<unsigned char>(text[offset]);
    offset += (first & 0xE0) == 0xC0   ? 2
              : (first & 0xF0) == 0xE0 ? 3
              : (first & 0xF8) == 0xF0 ? 4
                                       : 1;
  }
  return static_cast<uint32_t>(std::min(offset, text.size()));
}

std::optional<std::vector<Span>> split_by_grammar(const std::string& text) {
  const PgQuerySplitResult result = pg_query_split_with_parser(text.c_str());
  std::optional<std::vector<Span>> statements;
  if (!result.error) {
    statements.emplace();
    for (int i = 0; i < result.n_stmts; ++i) {
      const uint32_t begin = static_cast<uint32_t>(result.stmts[i]->stmt_location);
      const uint32_t size = static_cast<uint32_t>(result.stmts[i]->stmt_len);
      statements->push_back({begin, begin + size});
    }
  }
  pg_query_free_split_result(result);
  return statements;
}

}  // namespace retort::pg
