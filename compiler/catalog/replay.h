// Statements in the order of the chain, each applied whole or not at all.
#pragma once

#include "compiler/catalog/apply.h"

#include <optional>

namespace retort::catalog {

class Replay {
public:
  Replay() = default;
  explicit Replay(Catalog catalog) : catalog_(std::move(catalog)) {}

  // Applies the forms of one statement. A problem leaves the catalog as it was.
  std::optional<Problem> statement(const std::vector<forms::Form>& forms);

  // The same in two halves, for who wants to see both sides: after `look` the catalog is as it was
  // before the statement, and `take` does what was looked at.
  struct Look {
    std::optional<Problem> problem;
    std::vector<Catalog::Change> changes;
  };
  Look look(const std::vector<forms::Form>& forms);
  void take();

  // Between two statements: COMMIT does it by itself.
  void end_transaction() {
    take();
    catalog_.end_transaction();
  }

  // What follows until `give_up` leaves nothing behind, so that a way down can be looked at behind
  // each way up.
  void try_out();
  void give_up();

  const Catalog& catalog() const { return catalog_; }
  Catalog& catalog() { return catalog_; }

private:
  Done<> apply(const std::vector<forms::Form>& forms);
  Done<> apply_drops(const std::vector<forms::Form>& forms);

  // What the undoing does not cover.
  struct Session {
    std::vector<std::string> search_path;
    std::optional<std::vector<std::string>> path_behind;
    bool incomplete = false;
    bool opaque = false;
    Names blurred;
  };
  Session session() const;
  void exchange(Session& session);

  Catalog catalog_;
  Session other_;  // of the other side, between look and take
  size_t mark_ = 0;
  bool looked_ = false;
  Session start_;  // of what is tried out
  size_t tried_mark_ = 0;
  bool trying_ = false;
};

}  // namespace retort::catalog
