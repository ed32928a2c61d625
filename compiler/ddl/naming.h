// Names of constraints and indexes: as given, by the naming convention, cut to what fits.
#pragma once

#include "compiler/ddl/identifier.h"
#include "compiler/ddl/problem.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

// What stands in `name=`: nothing, a plain string, or op.f(…), which no convention touches.
struct ConstraintName {
  enum class Kind : unsigned char { none, plain, final };
  Kind kind = Kind::none;
  Identifier name;

  ConstraintName() = default;
  ConstraintName(const char* text) : ConstraintName(Identifier(text)) {}
  ConstraintName(std::string text) : ConstraintName(Identifier(std::move(text))) {}
  ConstraintName(Identifier given) : kind(Kind::plain), name(std::move(given)) {}

  static ConstraintName f(Identifier given) {
    ConstraintName result(std::move(given));
    result.kind = Kind::final;
    return result;
  }
};

// target_metadata.naming_convention: templates by `ix`, `uq`, `ck`, `fk` and `pk`.
using NamingConvention = std::map<std::string, std::string, std::less<>>;
NamingConvention default_naming_convention();  // SQLAlchemy's: only `ix`

// What a template may ask about.
struct NamingSubject {
  struct Column {
    std::string key;
    std::string name;
  };
  std::string_view kind;  // a key of the convention
  std::string schema;
  std::string table;
  std::vector<Column> columns;
  std::string referred_table;                 // of foreign keys, like the next two
  std::vector<std::string> referred_columns;  // names
  bool referred_known = true;  // the referred table was seen, so its columns have names
};

// As the statement writes it, quotes included; empty when there is no name and no template.
Answer<std::string> constraint_name(const ConstraintName& name, const NamingSubject& subject,
                                    const NamingConvention& convention);

inline constexpr size_t kLongestName = 63;
// The first 55 characters, `_`, and the end of the MD5 of the whole, when the name is too long.
std::string cut_name(std::string_view name);

}  // namespace retort
