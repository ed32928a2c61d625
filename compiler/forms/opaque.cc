#include "compiler/forms/opaque.h"

#include "common/text.h"
#include "grammars/postgres/lexer.h"

#include <algorithm>
#include <set>

namespace retort::forms {
namespace {

constexpr std::string_view kChanging[] = {"alter", "create", "drop",     "import",
                                          "into",  "call",   "reassign", "security"};

struct Scan {
  std::set<std::string> names;
  bool changes = false;
  bool executes = false;

  void read(std::string_view text, int depth) {
    pg::Lexer lexer(text, {0, static_cast<uint32_t>(text.size())});
    for (pg::Token token = lexer.next(); token.kind != pg::TokenKind::end; token = lexer.next()) {
      const std::string_view word = lexer.text(token);
      if (token.kind == pg::TokenKind::name && word.size() > 2) {
        names.emplace(word.substr(1, word.size() - 2));
      } else if (token.kind == pg::TokenKind::word) {
        executes |= pg::same_word(word, "execute");
        changes |=
            std::any_of(std::begin(kChanging), std::end(kChanging),
                        [&](std::string_view change) { return pg::same_word(word, change); });
        names.insert(lower(word));
      } else if (token.kind == pg::TokenKind::string && depth < 4 && word.size() > 2) {
        // Text that may be executed: its words count as well.
        const size_t quote = word.find('\'');
        read(word.substr(quote + 1, word.size() - quote - 2), depth + 1);
      }
    }
  }
};

}  // namespace

Opaque opaque_body(std::string_view body) {
  Scan scan;
  scan.read(body, 0);
  Opaque opaque;
  opaque.anything = scan.executes;
  if (scan.changes && !scan.executes)
    for (const std::string& name : scan.names)
      opaque.touches.push_back({"", name, {}});
  return opaque;
}

}  // namespace retort::forms
