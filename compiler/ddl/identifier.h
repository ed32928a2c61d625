// A name as a revision gives it: text, and whether `quoted_name` or `quote=` decided how to write
// it.
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace retort {

enum class Quote : unsigned char { automatic, always, never };

struct Identifier {
  std::string text;
  Quote quote = Quote::automatic;

  Identifier() = default;
  Identifier(const char* name) : text(name) {}
  Identifier(std::string_view name) : text(name) {}
  Identifier(std::string name, Quote how = Quote::automatic) : text(std::move(name)), quote(how) {}

  bool empty() const { return text.empty(); }
  bool operator==(const Identifier&) const = default;
};

std::string written(const Identifier& name);
// `schema.name`, or the name alone when the schema is empty.
std::string written(const Identifier& schema, const Identifier& name);
// As Alembic's own ALTER TABLE forms do it: a plain schema is split at its dots.
std::string written_dotted(const Identifier& schema, const Identifier& name);
// The name of an enum or a domain where a column uses it. PostgreSQL reads `time` or `values` there
// as its own type or not at all, so such names are quoted although SQLAlchemy prints them bare.
std::string written_type(const Identifier& schema, const Identifier& name);

}  // namespace retort
