// CREATE TYPE and CREATE DOMAIN, and which of them a run has printed.
#pragma once

#include "compiler/types/types.h"

#include <set>
#include <string>
#include <tuple>

namespace retort {

std::string create_type_text(const NamedType& type);
std::string drop_type_text(const NamedType& type);

// What create_table has made in this run. Alembic forgets nothing: a type stays known after it or
// its table was dropped, and E.create() is not noted. Who knows better (the replayed catalog) fills
// this before each revision.
class TypesSeen {
public:
  // True when the type was not known before.
  bool add(const NamedType& type) {
    return seen_.emplace(type.kind, type.schema.text, type.name.text).second;
  }
  void forget(const NamedType& type) { seen_.erase({type.kind, type.schema.text, type.name.text}); }

private:
  std::set<std::tuple<NamedType::Kind, std::string, std::string>> seen_;
};

}  // namespace retort
