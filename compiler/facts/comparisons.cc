// GROUP BY, DISTINCT, UNION and ORDER BY need operators that some types do not have. Only plain
// columns are looked at, whose types the catalog knows.
#include "compiler/facts/study.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::facts {
namespace {

using forms::ColumnUse;
using forms::Query;

struct Comparisons {
  Study& s;
  std::vector<std::string> common;  // names of WITH, which hide tables

  void look(const Query& query) {
    const size_t outside = common.size();
    for (const Query::Common& each : query.with)
      common.push_back(each.name);
    for (const Query::Common& each : query.with)
      if (each.query)
        look(*each.query);
    for (const Query::Source& source : query.from)
      if (source.query)
        look(*source.query);
    for (const std::shared_ptr<Query>& inner : query.mentions.queries)
      look(*inner);
    for (const std::shared_ptr<Query>& branch : query.branches)
      look(*branch);
    for (const ColumnUse& use : query.grouped)
      refuse(query, use, false);
    for (const ColumnUse& use : query.sorted)
      refuse_sorted(query, use);
    if (query.distinct)
      for (const Query::Target& target : query.targets)
        refuse(query, target.column, false);
    common.resize(outside);
  }

  // A bare name is that of an output first.
  void refuse_sorted(const Query& query, const ColumnUse& use) const {
    for (const Query::Target& target : query.targets)
      if (use.names.size() == 1 && target.name == use.names[0])
        return refuse(query, target.column, true);
    refuse(query, use, true);
  }

  void refuse(const Query& query, const ColumnUse& use, bool sorted) const {
    const catalog::Type* type = type_of(query, use);
    if (!type || !s.look.lacks_class(*type, "btree") ||
        (!sorted && !s.look.lacks_class(*type, "hash")))
      return;
    s.fail("42883",
           fmt::format("could not identify an {} operator for type {}",
                       sorted ? "ordering" : "equality", s.look.text(*type)),
           use.at);
  }

  const catalog::Type* type_of(const Query& query, const ColumnUse& use) const {
    if (use.star || use.names.empty() || use.names.size() > 2)
      return nullptr;
    const catalog::Type* found = nullptr;
    for (const Query::Source& source : query.from) {
      if (use.names.size() == 2 && source.alias != use.names[0])
        continue;
      const bool hidden =
          source.relation.schema.empty() &&
          std::find(common.begin(), common.end(), source.relation.name) != common.end();
      const Id id =
          source.kind == Query::Source::Kind::relation && !hidden ? s.find(source.relation) : Id{0};
      // What else is read may have a column of that name.
      if (id == 0 || !source.columns.empty() || s.look.partial(id) || found)
        return nullptr;
      if (const catalog::Column* column = s.before.column(id, use.names.back()))
        found = &column->type;
    }
    return found;
  }
};

}  // namespace

void study_comparisons(Study& s, const std::vector<forms::Form>& forms) {
  Comparisons comparisons{s, {}};
  for (const forms::Form& form : forms)
    std::visit(
        [&](const auto& each) {
          if constexpr (requires { each.query.from; })
            comparisons.look(each.query);
        },
        form);
}

}  // namespace retort::facts
