// CREATE FUNCTION: the body of one in SQL is read when it is made, so that a table that comes later
// is missing (42P01). The text of any other language waits for its first call.
#include "common/parallel.h"
#include "compiler/facts/study.h"
#include "compiler/forms/read.h"
#include "grammars/postgres/split.h"
#include "grammars/postgres/tree.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::facts {
namespace {

bool is_off(const Transaction& transaction, const std::string& setting) {
  const auto found = transaction.settings.find(setting);
  return found != transaction.settings.end() &&
         (found->second == "off" || found->second == "false" || found->second == "0" ||
          found->second == "no");
}

// Forms of all statements; none where the grammar does not take one.
std::vector<forms::Form> forms_of(std::string_view body) {
  std::vector<forms::Form> all;
  on_large_stack([&] {
    for (const pg::Statement& statement : pg::split(body).statements) {
      const auto tree = pg::parse(body.substr(statement.span.begin, statement.span.size()));
      if (!tree)
        return all.clear();
      for (forms::Form& form : forms::read_forms(*tree))
        all.push_back(std::move(form));
    }
  });
  return all;
}

class Reading {
public:
  Reading(Study& study, Span at) : s_(study), at_(at) {}

  // Other commands are not looked into before they run.
  template <class F>
  void operator()(const F& form) {
    constexpr bool kWrites = std::is_same_v<F, forms::Insert> || std::is_same_v<F, forms::Update> ||
                             std::is_same_v<F, forms::Delete>;
    if constexpr (kWrites)
      look(form.table);
    if constexpr (kWrites || std::is_same_v<F, forms::Select> ||
                  std::is_same_v<F, forms::CreateTableAs>)
      look(form.query);
  }

private:
  void look(const forms::Name& name) {
    const bool common = name.schema.empty() &&
                        std::find(common_.begin(), common_.end(), name.name) != common_.end();
    if (name.name.empty() || common)
      return;
    const auto found = s_.look.existing(name, Kind::none);
    if (!found)
      s_.fail(found.error().sqlstate, found.error().message, at_);
  }

  void look(const forms::Query& query) {
    const size_t known = common_.size();
    for (const forms::Query::Common& common : query.with)
      common_.push_back(common.name);
    for (const forms::Query::Common& common : query.with)
      if (common.query)
        look(*common.query);
    for (const forms::Query::Source& source : query.from) {
      if (source.kind == forms::Query::Source::Kind::relation)
        look(source.relation);
      if (source.query)
        look(*source.query);
    }
    for (const auto* const queries : {&query.branches, &query.mentions.queries.get()})
      for (const std::shared_ptr<forms::Query>& inner : *queries)
        look(*inner);
    common_.resize(known);
  }

  Study& s_;
  Span at_;
  std::vector<std::string> common_;  // the names of WITH
};

}  // namespace

void study(Study& s, const forms::CreateFunction& form) {
  if (form.language != "sql" || is_off(s.transaction, "check_function_bodies"))
    return;
  Reading reading(s, form.at);
  for (const forms::Form& each : forms_of(form.body))
    std::visit(reading, each);
}

}  // namespace retort::facts
