// What statements have said of objects and the catalog does not hold: the text of a view, a
// trigger or a policy, privileges, storage settings. Two states are the same where the same has
// been said last.
#pragma once

#include "compiler/catalog/catalog.h"
#include "compiler/statement_forms.h"

#include <map>
#include <string>

namespace retort::rollback {

class Ledger {
public:
  using Sayings = std::map<std::string, std::string>;  // by what they are about: "definition"

  // A statement that was just applied and has changed this much.
  void add(const StatementForms& statement, catalog::Catalog& after,
           const std::vector<catalog::Catalog::Change>& changes);

  const Sayings& of(catalog::Id id) const;
  const std::map<catalog::Id, Sayings>& all() const { return said_; }

private:
  void form(const forms::Form& form, const std::string& text, catalog::Catalog& catalog);
  void set(catalog::Id id, const std::string& about, std::string what);

  std::map<catalog::Id, Sayings> said_;
};

// The tokens of a statement, without comments, blanks, letter case, OR REPLACE and IF NOT EXISTS.
std::string normal(std::string_view sql);

}  // namespace retort::rollback
