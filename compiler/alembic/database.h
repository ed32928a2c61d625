// The database as the revisions before have left it, plus what the one at hand has done so far: the
// place where a revision's questions are answered without a server.
#pragma once

#include "compiler/body.h"
#include "compiler/catalog/replay.h"
#include "compiler/python/interpreter.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace retort::alembic {

// Objects that one revision made: ids from `begin` to before `end`.
struct Made {
  catalog::Id begin = 0;
  catalog::Id end = 0;
};

class Database {
public:
  // `before` is copied; `own` is what the revision's upgrade() made, where that is known.
  explicit Database(const catalog::Catalog& before, std::optional<Made> own);

  // Brings it to where `items` ends. Call on a large stack.
  void run(const BodyItem& item);
  void reset();  // to where the revision began

  const catalog::Catalog& catalog() const { return now_.catalog(); }
  // Whether what is not found is not there.
  bool certain() const { return !catalog().opaque && !catalog().incomplete; }

  const catalog::Object* relation(std::string_view schema, std::string_view name);
  const catalog::Object* type(std::string_view schema, std::string_view name);
  std::vector<const catalog::Object*> relations(std::string_view schema, catalog::Kind kind);
  std::string type_text(const catalog::Type& type);
  std::vector<std::string> column_names(catalog::Id table, const std::vector<int>& numbers) const;

  // The name that the server gave to a constraint which the revision left without one.
  struct Unnamed {
    std::string name;
    size_t candidates = 0;  // how many there were
  };
  Expected<Unnamed, std::string> unnamed_constraint(std::string_view schema, std::string_view table,
                                                    std::string_view type);
  // Choices that only hold when all of the candidates are dropped in the end.
  std::vector<std::string> open_choices() const;

private:
  struct Choice {
    std::string table;
    std::vector<catalog::Id> candidates;
  };
  catalog::Catalog before_;
  catalog::Replay now_;
  std::optional<Made> own_;
  std::vector<Choice> choices_;
};

}  // namespace retort::alembic
