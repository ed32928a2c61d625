#include "bundle/account.h"

#include "common/text.h"
#include "compiler/script/guards.h"
#include "compiler/statement_facts.h"
#include "compiler/statistics/compare.h"
#include "grammars/postgres/outside.h"
#include "linter/weigh.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace retort::bundle {
namespace {

// The finding's message with what makes its level, as one line.
Risk risk_of(const Finding& finding) {
  return {full_name(finding.diagnostic), finding.diagnostic.level,
          one_line(finding.diagnostic.message), finding.suppressed, finding.reason};
}

bool is_relation(const facts::Touched& touched) {
  return touched.kind == catalog::Kind::table || touched.kind == catalog::Kind::view ||
         touched.kind == catalog::Kind::materialized_view;
}

class Gatherer {
public:
  Gatherer(const AccountInput& input, facts::Walk& walk)
      : input_(input), walk_(walk), border_(static_cast<catalog::Id>(walk.catalog().size())) {
    production_.statistics = input.statistics;
  }

  Account run() {
    Account account;
    account.from = shown(input_.chain, input_.rows);
    account.to = shown(input_.chain, rows_behind(input_.chain, input_.rows, input_.steps));
    account.servers = input_.config.servers.value;
    const std::vector<statistics::Difference> differences = compare(account);
    for (size_t i = 0; i < input_.steps.size(); ++i)
      account.revisions.push_back(revision(i));
    each_facts(
        input_.sources, input_.steps, input_.bodies, walk_, input_.threads,
        [&](size_t step, size_t number, const StatementForms& forms, const facts::Facts& facts) {
          add_facts(account.revisions[step].statements[number], forms, facts);
        });
    for (const Finding& finding : input_.findings)
      add(finding, account);
    tell(differences, account);
    if (input_.statistics) {
      account.statistics_of = fmt::format("{}, taken {}", input_.statistics->database,
                                          statistics::text_of(input_.statistics->taken));
      account.statistics_old = input_.statistics->old();
    }
    return account;
  }

private:
  // The database as the chain has it where the range begins, and as the statistics have it.
  std::vector<statistics::Difference> compare(Account& account) const {
    const statistics::Statistics* const read = input_.statistics;
    if (!read)
      return {};
    const std::vector<std::string> wanted = ids_of(input_.chain, input_.rows);
    std::vector<std::string> there = read->versions;
    std::sort(there.begin(), there.end());
    if (read->has_versions && wanted != there) {
      const auto shown = [](const std::vector<std::string>& ids) {
        return ids.empty() ? std::string("no revision") : join(ids, ", ");
      };
      account.production.push_back(
          fmt::format("The statistics are of a database at {}, and this change begins at {}: sizes "
                      "may be others by then, and its tables were not compared with the chain.",
                      shown(there), shown(wanted)));
      return {};
    }
    if (walk_.catalog().opaque)
      return {};  // what the chain does before is not known
    return statistics::differences(*read, walk_.catalog(), input_.config.version_table.value);
  }

  // What the change is about by name, the rest by its number.
  static void tell(const std::vector<statistics::Difference>& differences, Account& account) {
    std::map<std::string, std::string> touched, made;  // with the step
    for (size_t r = 0; r < account.revisions.size(); ++r)
      for (size_t s = 0; s < account.revisions[r].statements.size(); ++s)
        for (const Lock& lock : account.revisions[r].statements[s].locks)
          (lock.existing ? touched : made)
              .try_emplace(lock.relation, fmt::format("{}.{}", r + 1, s + 1));
    size_t others = 0;
    for (const statistics::Difference& each : differences) {
      using Side = statistics::Difference::Side;
      const bool extra = each.side == Side::database_only || each.side == Side::elsewhere;
      const auto& steps = extra ? made : touched;
      const auto step = steps.find(each.what);
      if (step == steps.end())
        others += each.side == Side::elsewhere ? 0 : 1;
      else if (extra)
        account.production.push_back(fmt::format(
            "{} is in production already, and step {} makes it.", each.what, step->second));
      else
        account.production.push_back(
            fmt::format("Production differs where step {} works: {}.", step->second, each.text));
    }
    if (others > 0)
      account.production.push_back(fmt::format(
          "{} between production and the chain {} elsewhere: `retort stats --compare` names {}.",
          others == 1 ? "One difference" : fmt::format("{} differences", others),
          others == 1 ? "is" : "are", others == 1 ? "it" : "them"));
  }

  std::pair<std::string, size_t> place(Loc at) const {
    at = input_.sources.origin(at);
    if (at.file == FileId::none)
      return {};
    return {std::string(input_.sources.path(at.file)),
            input_.sources.position(at.file, at.span.begin).line};
  }

  RevisionAccount revision(size_t number) const {
    const Revision& source = input_.chain[input_.steps[number].revision];
    const Body& body = input_.bodies[number];
    RevisionAccount account;
    account.revision = input_.steps[number].revision;
    account.id = source.id;
    account.title = one_line(source.title());
    account.file = input_.sources.path(source.file);
    if (source.sql) {
      account.phase = source.sql->phase;
      account.ticket = source.sql->ticket;
      account.owner = source.sql->owner;
    }
    for (const Assumption& assumption : body.assumptions)
      account.assumptions.push_back(located(assumption.at, assumption.text));
    for (const Diagnostic& hole : body.holes)
      account.holes.push_back(located(hole.at, hole.message));
    const std::vector<bool> inside = in_transaction(body);
    for (const BodyItem& item : body.items) {
      if (item.kind != BodyItem::Kind::statement)
        continue;
      const bool outside = !inside[account.statements.size()];
      StatementAccount& statement = account.statements.emplace_back();
      statement.sql = item.sql;
      std::tie(statement.file, statement.line) = place(item.at);
      statement.alone = outside || !pg::forbidden_in_transaction(item.sql).empty();
    }
    if (number < input_.ways.size())
      add_way(input_.ways[number], account);
    return account;
  }

  std::string located(Loc at, std::string_view text) const {
    const auto [file, line] = place(at);
    return file.empty() ? std::string(text) : fmt::format("{}:{}: {}", file, line, one_line(text));
  }

  void add_way(const rollback::RevisionWayBack& way, RevisionAccount& account) const {
    for (const rollback::KeptTable& kept : way.kept.tables)
      account.keeps.push_back(
          {kept.table, time_of_copy(kept.table), disk_use(kept, input_.statistics)});
    account.way_back = way.worst;
    account.way_back_reason = way.reason;
    account.lost = way.lost;
    account.notes = way.notes;
    account.assumptions.insert(account.assumptions.end(), way.assumptions.begin(),
                               way.assumptions.end());
    for (size_t i = 0; i < way.statements.size() && i < account.statements.size(); ++i) {
      account.statements[i].way_back = way.statements[i].kind;
      account.statements[i].way_back_reason = way.statements[i].reason;
    }
  }

  // Every row is read, and as many are written as there are to keep, without an index.
  std::optional<statistics::Seconds> time_of_copy(const std::string& relation) const {
    const statistics::Statistics* const read = input_.statistics;
    const statistics::Table* const table = read ? read->table(relation) : nullptr;
    if (!table)
      return std::nullopt;
    const auto scan = duration(statistics::Work::scan, *table, *read);
    const auto rewrite = duration(statistics::Work::rewrite, *table, *read);
    return scan && rewrite ? std::optional(statistics::Seconds{scan->low, rewrite->high})
                           : std::nullopt;
  }

  bool existed(const facts::Touched& touched) const {
    return touched.id == 0 ? !touched.made : touched.id < border_;
  }

  void add_facts(StatementAccount& statement, const StatementForms& forms,
                 const facts::Facts& facts) {
    // Indexes are locked with their table.
    for (const facts::Touched& touched : facts.touched)
      if (touched.lock != facts::LockMode::none && is_relation(touched))
        statement.locks.push_back({touched.name, touched.lock, existed(touched)});
    std::stable_sort(statement.locks.begin(), statement.locks.end(),
                     [](const Lock& a, const Lock& b) {
                       return std::tuple(a.existing, a.mode) > std::tuple(b.existing, b.mode);
                     });
    for (const Lock& lock : statement.locks)
      if (lock.existing)
        statement.lock = std::max(statement.lock, lock.mode);
    // What is made is what the statement is about, whatever else it names.
    const facts::Touched* main = nullptr;
    for (const facts::Touched& touched : facts.touched)
      if (is_relation(touched) && touched.named && (!main || (touched.made && !main->made)))
        main = &touched;
    if (main)
      statement.object = main->name;
    statement.work = facts.work;
    statement.certain = facts.certain == facts::Answer::yes;
    statement.missing = facts.missing;
    for (const facts::Loss& loss : facts.lost)
      statement.lost.push_back(loss.what);
    if (input_.statistics)
      add_time(statement, forms, facts, main);
    statement.disk = disk_use({.production = production_,
                               .before = walk_.catalog(),
                               .facts = facts,
                               .forms = forms.forms,
                               .sql = statement.sql,
                               .existed = [&](const auto& each) { return existed(each); },
                               .filled = filled_});
    if (!statement.disk.unknown.empty())
      for (const facts::Touched& touched : facts.touched)
        if ((touched.changed || touched.made) && !existed(touched))
          filled_.insert(touched.id);
    production_.follow(facts.changes, facts, walk_.catalog());
  }

  void add_time(StatementAccount& statement, const StatementForms& forms, const facts::Facts& facts,
                const facts::Touched* main) {
    if (main)
      if (const statistics::Table* const table = production_.table(main->id, main->name))
        statement.size = statistics::size_text(*table);
    const WorkTime time = work_time({.production = production_,
                                     .catalog = walk_.catalog(),
                                     .live = [&](const auto& each) { return existed(each); },
                                     .statements = {{{&facts}, forms.forms}},
                                     .held = {}});
    if (!time.unknown.empty()) {
      statement.basis = fmt::format("the statistics do not tell of {}", time.unknown);
    } else if (time.works) {
      statement.time = time.seconds;
      statement.basis = fmt::format("{}", fmt::join(time.basis, " and "));
    }
  }

  void add(const Finding& finding, Account& account) {
    if (finding.down)
      return;
    const auto revision =
        std::find_if(account.revisions.begin(), account.revisions.end(),
                     [&](const RevisionAccount& each) { return each.id == finding.revision(); });
    if (revision == account.revisions.end())
      return;
    if (finding.suppressed)
      ++account.suppressed;
    else if (finding.diagnostic.level == Level::error)
      ++account.errors;
    else if (finding.diagnostic.level == Level::warning)
      ++account.warnings;
    else
      ++account.infos;
    const bool of_statement =
        finding.statement != 0 && finding.statement <= revision->statements.size();
    (of_statement ? revision->statements[finding.statement - 1].risks : revision->risks)
        .push_back(risk_of(finding));
  }

  const AccountInput& input_;
  facts::Walk& walk_;
  catalog::Id border_;
  Production production_;
  std::set<catalog::Id> filled_;
};

}  // namespace

Account account_of(const AccountInput& input, facts::Walk& walk) {
  return Gatherer(input, walk).run();
}

std::vector<std::string> ids_of(const Chain& chain, const Rows& rows) {
  std::vector<std::string> ids;
  for (const RevIndex row : rows)
    ids.push_back(chain[row].id);
  std::sort(ids.begin(), ids.end());
  return ids;
}

rollback::WayBackClass worst_way_back(const Account& account) {
  rollback::WayBackClass worst = rollback::WayBackClass::exact;
  for (const RevisionAccount& revision : account.revisions)
    worst = std::max(worst, revision.way_back);
  return worst;
}

bool blocks(const StatementAccount& statement) {
  return facts::blocks_writes(statement.lock) && statement.work != facts::Work::catalog;
}

const StatementAccount* longest_blocking(const Account& account) {
  const StatementAccount* longest = nullptr;
  for (const RevisionAccount& revision : account.revisions)
    for (const StatementAccount& statement : revision.statements)
      if (blocks(statement) && statement.time &&
          (!longest || statement.time->high > longest->time->high))
        longest = &statement;
  return longest;
}

}  // namespace retort::bundle
