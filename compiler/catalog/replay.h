// Statements in the order of the chain, each applied whole or not at all.
#pragma once

#include "compiler/catalog/apply.h"

#include <optional>

namespace retort::catalog {

class Replay {
public:
  // Applies the forms of one statement. A problem leaves the catalog as it was.
  std::optional<Problem> statement(const std::vector<forms::Form>& forms);

  const Catalog& catalog() const { return catalog_; }
  Catalog& catalog() { return catalog_; }

private:
  Done<> apply(const std::vector<forms::Form>& forms);
  Done<> apply_drops(const std::vector<forms::Form>& forms);

  Catalog catalog_;
};

}  // namespace retort::catalog
