// Goes through the statements of a chain and keeps what may be said for sure of the database that
// results, for who asks a real one whether it is so.
#pragma once

#include "compiler/catalog/replay.h"

#include <memory>
#include <set>
#include <string>
#include <vector>

namespace retort::verification {

// What the replayed catalog is not sure of.
struct Doubts {
  // The catalog when something may last have changed anything: what is the same as then is not
  // known to be there.
  std::shared_ptr<const catalog::Catalog> unknown_then;
  // Objects with these names may have been changed in a way that is not known, or may have been
  // there before the statement that would have made them.
  std::set<std::string> names;
  // Used and never made by a statement of their own. One that is in the catalog all the same came
  // with something else, as a sequence comes with its column.
  std::set<std::string> unmade;
  std::set<std::string> schemas;
  // Names of enums whose labels were renamed: a default that is written in the old word means the
  // new one.
  std::set<std::string> relabelled;
  size_t unknown = 0;  // statements and bodies that may have changed anything
  size_t refused = 0;  // statements that the replay could not make sense of
};

// What the chain takes for there.
struct Found {
  std::set<std::string> names;           // of objects that it uses and never makes
  std::set<std::string> schemas;         // the same
  std::vector<std::string> search_path;  // of its scripts; empty: the server's default
};

class Witness {
public:
  explicit Witness(const Found& found = {});

  // A revision; what was set for the last one's transaction ends. Where its body has holes, what
  // they do, and where in between, is not known.
  void begin(bool complete = true);
  void statement(const std::vector<forms::Form>& forms);
  void end();
  // From here on changes are kept, so that what they touch can be told apart.
  void mark();

  catalog::Catalog& catalog() { return replay_.catalog(); }
  const Doubts& doubts() const { return doubts_; }
  size_t marked() const { return mark_; }

private:
  void doubt_all();
  void doubt(const forms::Form& form);

  catalog::Replay replay_;
  Doubts doubts_;
  size_t mark_ = 0;
  bool opaque_ = false;
  bool complete_ = true;
};

}  // namespace retort::verification
