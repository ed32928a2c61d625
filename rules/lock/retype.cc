// A new type rewrites the table and all its indexes under ACCESS EXCLUSIVE, unless the old values
// are good as they are: varchar that grows, varchar to text, numeric with more digits. Then checks
// are still read again and some indexes built anew. A foreign key is proved again, on both tables.
#include "rules/rules.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

using facts::Answer;

struct Cost {
  Answer rewritten = Answer::no, scanned = Answer::no, built = Answer::no;
  std::string reason;
};

Cost cost_of(const facts::Facts& facts, catalog::Id table) {
  Cost cost;
  if (table == 0)
    return {Answer::unknown, Answer::no, Answer::no, ""};
  if (const facts::Touched* const touched = facts.find(table))
    cost = {touched->rewritten, touched->scanned, touched->built, touched->reason};
  return cost;
}

// The other table of a foreign key that the column is part of.
const facts::Touched* other_table(const facts::Facts& facts, catalog::Id table) {
  for (const facts::Touched& touched : facts.touched)
    if (!touched.named && touched.id != table && touched.kind == catalog::Kind::table &&
        touched.lock == facts::LockMode::access_exclusive)
      return &touched;
  return nullptr;
}

std::string_view collation_of(const catalog::Object* table, const std::string& column) {
  const catalog::Column* const own = table ? table->column_named(column) : nullptr;
  return own ? std::string_view(own->collation) : "";
}

// Several columns of one ALTER TABLE are one rewrite, told at the first.
bool is_first(const forms::AlterColumnType& alter, const Visit& visit) {
  for (const forms::Form& form : visit.statement().forms)
    if (const auto* const first = std::get_if<forms::AlterColumnType>(&form))
      return first == &alter;
  return true;
}

void check(const forms::AlterColumnType& alter, Visit& visit) {
  if (!visit.live(alter.table) || !is_first(alter, visit))
    return;
  const catalog::Object* const table = visit.relation(alter.table);
  const catalog::Id id = table ? table->id : 0;
  const std::string name = forms::to_text(alter.table);
  const std::vector<int> rewriting = visit.servers_where(
      [&](const facts::Facts& facts) { return cost_of(facts, id).rewritten != Answer::no; });
  if (!rewriting.empty()) {
    const bool known = cost_of(visit.facts(), id).rewritten == Answer::yes;
    Diagnostic& finding = visit.report(
        alter.at,
        known ? fmt::format(
                    "{} is rewritten with all its indexes while nobody can read or write it", name)
              : fmt::format("{} may be rewritten with all its indexes while nobody can read or "
                            "write it: the old type of {} is not known",
                            name, forms::quoted(alter.column)),
        {.servers = rewriting, .unknown = !known});
    finding.note("add a column of the new type, fill it in batches, and swap the two");
    return;
  }
  if (const facts::Touched* const other = other_table(visit.facts(), id)) {
    visit
        .report(alter.at,
                fmt::format("the foreign key of {} is proved again: nobody can read or write {} "
                            "and {} until both are read",
                            forms::quoted(alter.column), name, other->name),
                {.variant = "foreign-key"})
        .note("drop the key, change the type, add the key NOT VALID and validate it apart");
    return;
  }
  const Cost cost = cost_of(visit.facts(), id);
  if (cost.scanned == Answer::no && cost.built == Answer::no)
    return;
  const bool collation =
      !alter.collation.name.empty() && alter.collation.name != collation_of(table, alter.column);
  visit
      .report(alter.at,
              fmt::format("no row changes, but {} while nobody can read or write {}",
                          collation                    ? "its indexes are built anew"
                          : cost.scanned == Answer::no ? "an index is built anew"
                                                       : "every row is read again",
                          name),
              {.variant = collation ? "collation" : "rescan",
               .level = Level::warning,
               .unknown = cost.scanned == Answer::unknown || cost.built == Answer::unknown})
      .note(
          "drop the check or the index before and make it again after, NOT VALID or CONCURRENTLY");
}

}  // namespace

const Rule lock_retype{.name = "lock/retype", .level = Level::error, .checks = {on<check>}};

}  // namespace retort::rules
