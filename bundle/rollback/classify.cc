#include "bundle/rollback/classify.h"

#include "common/text.h"
#include "compiler/catalog/apply.h"
#include "compiler/catalog/sql.h"
#include "compiler/facts/volatility.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <functional>

namespace retort::rollback {
namespace {

using catalog::Catalog;
using catalog::Id;
using catalog::Kind;
using catalog::Object;

template <size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Statements that change neither the schema nor rows.
constexpr std::array<std::string_view, 16> kNothing = {
    "VacuumStmt",         "ClusterStmt",       "ExplainStmt",      "CheckPointStmt",
    "ConstraintsSetStmt", "DiscardStmt",       "NotifyStmt",       "ListenStmt",
    "UnlistenStmt",       "LoadStmt",          "VariableShowStmt", "PrepareStmt",
    "DeallocateStmt",     "DeclareCursorStmt", "FetchStmt",        "ClosePortalStmt"};
constexpr std::array<std::string_view, 14> kOfTheServer = {"CreateRoleStmt",
                                                           "AlterRoleStmt",
                                                           "AlterRoleSetStmt",
                                                           "DropRoleStmt",
                                                           "GrantRoleStmt",
                                                           "ReassignOwnedStmt",
                                                           "CreatedbStmt",
                                                           "DropdbStmt",
                                                           "AlterSystemStmt",
                                                           "CreateTableSpaceStmt",
                                                           "AlterTableSpaceOptionsStmt",
                                                           "DropTableSpaceStmt",
                                                           "AlterDatabaseStmt",
                                                           "AlterDatabaseSetStmt"};
// Functions of the server that leave nothing in the database behind, though they are volatile.
constexpr std::array<std::string_view, 14> kHarmlessFunctions = {"pg_sleep",
                                                                 "set_config",
                                                                 "pg_notify",
                                                                 "pg_advisory_lock",
                                                                 "pg_advisory_xact_lock",
                                                                 "pg_try_advisory_lock",
                                                                 "pg_advisory_unlock",
                                                                 "random",
                                                                 "gen_random_uuid",
                                                                 "clock_timestamp",
                                                                 "timeofday",
                                                                 "pg_try_advisory_xact_lock",
                                                                 "pg_advisory_unlock_all",
                                                                 "pg_stat_clear_snapshot"};

// What a query calls, at any depth.
void each_call(const forms::Mentions& mentions,
               const std::function<void(const forms::FunctionUse&)>& call);
void each_call(const forms::Query& query,
               const std::function<void(const forms::FunctionUse&)>& call) {
  each_call(query.mentions, call);
  for (const forms::Query::Common& common : query.with)
    each_call(*common.query, call);
  for (const forms::Query::Source& source : query.from)
    if (source.query)
      each_call(*source.query, call);
  for (const auto& branch : query.branches)
    each_call(*branch, call);
}
void each_call(const forms::Mentions& mentions,
               const std::function<void(const forms::FunctionUse&)>& call) {
  for (const forms::FunctionUse& use : mentions.functions)
    call(use);
  for (const auto& query : mentions.queries)
    each_call(*query, call);
}

class StatementJudge {
public:
  StatementJudge(Catalog& catalog, size_t before) : catalog_(catalog), before_(before) {}

  std::vector<Verdict> run(const Way& up) {
    for (size_t i = 0; i < up.ran.size(); ++i) {
      at_ = i;
      ran_ = &up.ran[i];
      if (const auto& fails = ran_->facts.fails) {
        constexpr std::array<std::string_view, 5> kMissing = {"42P01", "42703", "42704", "3F000",
                                                              "42883"};
        const bool missing = is_one_of(fails->sqlstate, kMissing);
        add(missing ? WayBackClass::backup_only : WayBackClass::no_way_back,
            missing ? fmt::format("{} in this chain, so that it is not known how it was",
                                  fails->message)
                    : fmt::format("the upgrade fails here ({}: {}), so that nothing behind it is "
                                  "proved",
                                  fails->sqlstate, fails->message));
      }
      for (const forms::Form& form : ran_->statement.forms)
        std::visit([&](const auto& concrete) { judge(concrete); }, form);
      for (const facts::Loss& loss : ran_->facts.lost)
        if (loss.id == 0 && loss.kind != facts::Loss::Kind::rows)
          add(WayBackClass::backup_only,
              fmt::format("{}: the chain did not make it, so that it is not known how it was",
                          loss.what));
    }
    return std::move(all_);
  }

private:
  void add(WayBackClass kind, std::string reason) {
    all_.push_back({at_, kind, std::move(reason)});
  }

  // What adds something to a table is undone by taking it away, whatever else the table has.
  template <class Form>
  void judge(const Form& form) {
    if constexpr (requires { form.table.name; }) {
      const Id id = catalog::Apply(catalog_).relation(form.table);
      const Object* const object = catalog_.get(id);
      const auto* const table = object ? object->template maybe<catalog::Table>() : nullptr;
      if (table && (table->unmade || table->partial))
        add(WayBackClass::backup_only,
            fmt::format("the chain did not make {}, so that it is not known how it was",
                        forms::to_text(form.table)));
    }
  }
  void judge(const forms::AddColumn&) {}
  void judge(const forms::AddConstraint&) {}
  void judge(const forms::CreateTable&) {}
  void judge(const forms::CreateTableAs&) {}
  void judge(const forms::CreateIndex&) {}
  void judge(const forms::CreateTrigger&) {}
  void judge(const forms::CreatePolicy&) {}
  void judge(const forms::CreateStatistics&) {}
  void judge(const forms::Insert&) {}  // rows are looked at apart
  void judge(const forms::Update&) {}
  void judge(const forms::Delete&) {}
  void judge(const forms::Merge&) {}
  void judge(const forms::Copy&) {}

  void judge(const forms::Truncate& form) {
    std::vector<std::string> names;
    for (const forms::Name& name : form.tables)
      names.push_back(forms::to_text(name));
    add(WayBackClass::backup_only,
        fmt::format("TRUNCATE empties {}, and no copy is made of it", join(names, ", ")));
  }
  void judge(const forms::AddEnumValue& form) {
    const Id id = catalog::Apply(catalog_).type_named(form.type);
    bool old = false;
    if (id != 0) {
      catalog_.back(before_);
      old = catalog_.get(id) != nullptr;
      catalog_.forth(before_);
    }
    if (old)
      add(WayBackClass::no_way_back,
          fmt::format("PostgreSQL cannot take the label '{}' from the type {} again", form.label,
                      forms::to_text(form.type)));
  }
  void judge(const forms::AlterExtension& form) {
    add(WayBackClass::backup_only,
        fmt::format("ALTER EXTENSION {}: there is no statement for the way back",
                    forms::quoted(form.extension)));
  }
  void judge(const forms::Drop& form) {
    const std::string what =
        fmt::format("{} {}", forms::to_string(form.object.kind), forms::to_text(form.object.name));
    if (form.object.kind == Kind::schema && !ran_->facts.lost.empty())
      add(WayBackClass::backup_only, what + " goes with everything that it holds");
    if (form.object.kind == Kind::extension)
      add(WayBackClass::backup_only, what + ": what it brought, and what used that, is not known");
    else if (ran_->facts.certain != facts::Answer::yes)
      add(WayBackClass::backup_only, fmt::format("{}: {}", what, ran_->facts.missing));
    else if (form.behavior == forms::Behavior::cascade && (catalog_.opaque || catalog_.incomplete))
      add(WayBackClass::backup_only, what + ": what goes along by CASCADE is not known");
  }
  void judge(const forms::AlterSequence& form) {
    if (form.options.restart)
      add(WayBackClass::lossy, fmt::format("the position of sequence {} is not taken back",
                                           forms::to_text(form.sequence)));
  }
  void judge(const forms::Select& form) {
    if (form.called)
      return add(WayBackClass::backup_only, "what the procedure does is not known");
    each_call(form.query, [&](const forms::FunctionUse& use) { call(use); });
  }
  void call(const forms::FunctionUse& use) {
    const std::string& name = use.name.name;
    if (name == "setval" || name == "nextval")
      return add(WayBackClass::lossy, name + "() moves a sequence, which is not taken back");
    const bool system = use.name.schema.empty() || use.name.schema == "pg_catalog";
    for (const Id id : catalog::Apply(catalog_).functions(use.name)) {
      if (catalog_.get(id)->as<catalog::Function>().volatility == "volatile" ||
          catalog_.get(id)->as<catalog::Function>().volatility.empty())
        return unknown_call(name);
      return;
    }
    const facts::Builtin* const builtin = system ? facts::builtin(name) : nullptr;
    if (!builtin || (builtin->has(15) && builtin->volatility(15) == facts::Volatility::volatile_))
      if (!is_one_of(name, kHarmlessFunctions))
        unknown_call(name);
  }
  void unknown_call(const std::string& name) {
    add(WayBackClass::backup_only, fmt::format("what {}() does is not known", name));
  }
  void judge(const forms::Transaction& form) {
    using Action = forms::Transaction::Action;
    if (form.action == Action::rollback || form.action == Action::rollback_to)
      add(WayBackClass::backup_only, "ROLLBACK takes back what cannot be followed");
  }
  void judge(const forms::Harmless& form) {
    if (is_one_of(form.statement, kOfTheServer))
      return add(WayBackClass::no_way_back,
                 "roles and settings belong to the server: how they were is in no dump of the "
                 "database");
    const bool runs = form.statement == "ExplainStmt" &&
                      lower(ran_->statement.sql).find("analy") != std::string::npos;
    if (!is_one_of(form.statement, kNothing) || runs)
      add(WayBackClass::backup_only,
          fmt::format("what {} changes cannot be followed", first_words(ran_->statement.sql)));
  }
  void judge(const forms::AlterPublication&) {
    add(WayBackClass::backup_only, "what the publication was set to is not followed");
  }
  void judge(const forms::Opaque& form) {
    add(WayBackClass::backup_only, fmt::format("what the {} does is not known", form.reason));
  }

  static std::string first_words(std::string_view sql) {
    const std::string_view text = trim(sql);
    const size_t first = std::min(text.find(' '), text.size());
    const size_t second = std::min(text.find(' ', std::min(first + 1, text.size())), text.size());
    return upper(text.substr(0, second));
  }

  Catalog& catalog_;
  size_t before_;
  size_t at_ = 0;
  const Ran* ran_ = nullptr;
  std::vector<Verdict> all_;
};

std::string lines(const std::vector<std::string>& all) {
  constexpr size_t kMost = 3;
  std::vector<std::string> shown(all.begin(),
                                 all.begin() + static_cast<ptrdiff_t>(std::min(all.size(), kMost)));
  std::string text = join(shown, "; ");
  if (all.size() > kMost)
    text += fmt::format("; and {} more", all.size() - kMost);
  return text;
}

bool is_label(const Leftover& leftover) {
  return leftover.object.starts_with("enum ") && !leftover.whole && !leftover.left.empty();
}

}  // namespace

std::string words(const Leftover& leftover) {
  if (leftover.whole)
    return leftover.left.empty()
               ? fmt::format("the way down does not bring back {}", leftover.object)
               : fmt::format("the way down leaves {} behind", leftover.object);
  if (leftover.left.empty())
    return fmt::format("the way down does not restore everything of {}: {}", leftover.object,
                       lines(leftover.lost));
  if (leftover.lost.empty())
    return fmt::format("the way down leaves something behind of {}: {}", leftover.object,
                       lines(leftover.left));
  return fmt::format("the way down does not lead back to the same {}: {} becomes {}",
                     leftover.object, lines(leftover.lost), lines(leftover.left));
}

std::vector<Verdict> judge_statements(const Way& up, Catalog& catalog, size_t before) {
  return StatementJudge(catalog, before).run(up);
}

std::vector<Verdict> judge_leftovers(const Way& up, const std::vector<Leftover>& leftovers,
                                     bool missing) {
  std::vector<Verdict> all;
  for (const Leftover& leftover : leftovers) {
    const WayBackClass kind = missing || is_label(leftover) ? WayBackClass::no_way_back
                              : leftover.lost.empty()       ? WayBackClass::lossy
                                                            : WayBackClass::backup_only;
    const std::string reason =
        missing
            ? fmt::format("{}: there is no downgrade, and none can be worked out", leftover.object)
            : words(leftover);
    bool found = false;
    for (size_t i = 0; i < up.ran.size(); ++i)
      if (up.ran[i].roots.contains(leftover.id)) {
        all.push_back({i, kind, reason});
        found = true;
      }
    if (!found)
      all.push_back({up.ran.empty() ? 0 : up.ran.size() - 1, kind, reason});
  }
  return all;
}

namespace {

// What it changes was not there before the upgrade, so that it changes nothing old.
bool only_takes_away(const Ran& ran, Catalog& catalog, size_t before) {
  if (ran.facts.changes.empty() || ran.facts.fails)
    return false;
  bool all = true;
  catalog.back(before);
  for (const Catalog::Change& change : ran.facts.changes) {
    const Object* const old = catalog.get(change.id);
    const auto* const then = change.before ? change.before->maybe<catalog::Table>() : nullptr;
    const auto* const now = change.after ? change.after->maybe<catalog::Table>() : nullptr;
    if (!old)
      continue;
    if (!then || !now) {
      all = false;
      continue;
    }
    for (const catalog::Column& column : then->columns) {
      const catalog::Column* const left = change.after->column_at(column.number);
      all &= !old->column_at(column.number) || (left && *left == column);
    }
  }
  catalog.forth(before);
  return all;
}

}  // namespace

std::vector<BackVerdict> judge_back(const Way& back, const Keeps& keeps, Catalog& catalog,
                                    size_t before) {
  std::vector<BackVerdict> all;
  Way copy;  // the same questions as to the way up
  copy.ran = back.ran;
  for (const Verdict& verdict : judge_statements(copy, catalog, before))
    if (verdict.kind != WayBackClass::exact &&
        verdict.reason.find("TRUNCATE") == std::string::npos &&
        !only_takes_away(back.ran[verdict.statement], catalog, before))
      all.push_back({std::min(verdict.kind, WayBackClass::backup_only),
                     "on the way back: " + verdict.reason});
  std::vector<std::string> path;
  path.swap(catalog.search_path);
  for (const Ran& ran : back.ran) {
    for (const forms::Form& form : ran.statement.forms)
      if (const auto* const truncate = std::get_if<forms::Truncate>(&form))
        for (const forms::Name& name : truncate->tables)
          all.push_back(
              {WayBackClass::lossy, fmt::format("the way down empties {}", forms::to_text(name))});
    for (const Written& written : ran.written) {
      catalog.back(before);
      const Object* const old = catalog.get(written.table);
      const std::string name = old ? catalog::reference(catalog, *old) : std::string();
      catalog.forth(before);
      if (written.table != 0 && !old)
        continue;  // a table that the way up, or this way down, has made
      const KeptTable* kept = nullptr;
      for (const KeptTable& table : keeps.kept.tables)
        if (table.table == name)
          kept = &table;
      using How = Written::How;
      if (written.how == How::insert && kept && (kept->removed || kept->gone()))
        continue;
      if (written.how == How::remove && kept && kept->cleared)
        continue;
      if (written.how == How::update && kept) {
        const Object* const now = catalog.get(written.table);
        const auto put_back = [&](int number) {
          const catalog::Column* const column = now ? now->column_at(number) : nullptr;
          return !column || std::any_of(kept->columns.begin(), kept->columns.end(),
                                        [&](const KeptColumn& each) {
                                          return each.name == column_reference(column->name) &&
                                                 (each.role == KeptColumn::Role::dropped ||
                                                  each.role == KeptColumn::Role::changed);
                                        });
        };
        if (std::all_of(written.columns.begin(), written.columns.end(), put_back))
          continue;
      }
      const std::string_view what = written.how == How::insert   ? "inserts rows into"
                                    : written.how == How::remove ? "deletes rows of"
                                                                 : "changes rows of";
      all.push_back({WayBackClass::lossy,
                     fmt::format("the way down {} {}, and more than those of the upgrade may be "
                                 "among them",
                                 what, name.empty() ? written.name : name)});
    }
  }
  path.swap(catalog.search_path);
  return all;
}

}  // namespace retort::rollback
