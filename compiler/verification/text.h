// Pieces of the script: how a value is written, and what the server prints for a default.
#pragma once

#include "compiler/catalog/catalog.h"

#include <optional>
#include <string>
#include <string_view>

namespace retort::verification {

// 'it''s'; with escapes where a character would not survive a file or a terminal.
std::string literal(std::string_view text);

// A type in the words of format_type(), with nothing in quotes.
struct TypeWords {
  std::string text;
  bool by_name = false;  // an extension's: its schema is not known, nor what its modifiers print
};
std::optional<TypeWords> type_words(const catalog::Catalog& catalog, const catalog::Type& type);
// "shop.orders", without quotes: words for people, compared with words.
std::string plain_name(const catalog::Catalog& catalog, const catalog::Object& object);

// A default that the server is sure to print in a known way.
struct PrintedDefault {
  // '#' compared as a number, 'v' without the casts behind it, 'f' without the schema before it,
  // '=' as it is.
  char how = 'v';
  std::string text;
};
std::optional<PrintedDefault> printed_default(const catalog::Catalog& catalog,
                                              const catalog::Column& column, bool relabelled);

}  // namespace retort::verification
