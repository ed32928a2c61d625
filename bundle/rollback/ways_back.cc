#include "bundle/rollback/affected.h"
#include "bundle/rollback/arrange.h"
#include "bundle/rollback/classify.h"
#include "bundle/rollback/consequences.h"
#include "bundle/rollback/difference.h"
#include "bundle/rollback/keeps.h"
#include "bundle/rollback/rollback.h"

#include "common/parallel.h"
#include "common/text.h"
#include "compiler/catalog/sql.h"
#include "compiler/statement_facts.h"
#include "linter/way_back.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace retort::rollback {
namespace {

using catalog::Catalog;
using catalog::Id;
using catalog::Kind;
using catalog::Object;

const Diagnostic* hole_of(const Body& body, std::string_view rule) {
  for (const Diagnostic& hole : body.holes)
    if (hole.rule == rule)
      return &hole;
  return nullptr;
}

class Judge {
public:
  // `touched`: tables that earlier revisions of the range have changed.
  Judge(const Chain& chain, const Sources& sources, Past& past, const BackOptions& options,
        std::set<Id>& touched)
      : chain_(chain), sources_(sources), past_(past), catalog_(past.replay.catalog()),
        options_(options), touched_(touched) {}

  RevisionWayBack run(RevIndex revision, const Body& up_body, const Body& down_body) {
    down_body_ = &down_body;
    result_.revision = revision;
    result_.id = chain_[revision].id;
    catalog_.keep_changes(true);
    moments_.before = catalog_.mark();
    then_ = past_.ledger;
    assume();
    up_ = walk(past_, forms_of(sources_, up_body), in_transaction(up_body), options_.server);
    for (const Ran& ran : up_.ran)
      result_.statements.push_back({ran.statement.at, ran.statement.sql, WayBackClass::exact, ""});
    moments_.after = catalog_.mark();
    for (const Verdict& verdict : judge_statements(up_, catalog_, moments_.before)) {
      raise(verdict);
      result_.whole_backup |=
          verdict.kind == WayBackClass::backup_only && !verdict.reason.starts_with("TRUNCATE");
    }
    if (std::any_of(up_.ran.begin(), up_.ran.end(),
                    [](const Ran& ran) { return !ran.transaction; }))
      result_.notes.emplace_back("parts of the upgrade run outside of a transaction: what they "
                                 "have done stays when a later part fails");
    result_.whole_backup |= !up_body.complete();
    if (!up_body.complete())
      raise_all(WayBackClass::backup_only,
                "the upgrade is not known whole: " + up_body.holes.front().message);
    const Ledger said = past_.ledger;
    go_back();
    past_.replay.give_up();
    past_.ledger = said;
    if (!up_body.complete())
      catalog_.opaque = true;
    for (const Ran& ran : up_.ran) {
      touched_.insert(ran.roots.begin(), ran.roots.end());
      for (const Written& written : ran.written)
        touched_.insert(written.table);
    }
    catalog_.keep_changes(false);
    catalog_.forget();
    finish();
    return std::move(result_);
  }

private:
  void assume() {
    if (catalog_.opaque)
      result_.assumptions.emplace_back(
          "an earlier revision runs something that cannot be followed; this holds if it has "
          "changed nothing that is named here");
  }

  // --- which way back ---

  void go_back() {
    const Diagnostic* const irreversible = hole_of(*down_body_, "compile/irreversible");
    if (irreversible) {
      past_.replay.try_out();
      // The reason stands behind the first colon.
      const size_t colon = irreversible->message.find(": ");
      raise_all(WayBackClass::no_way_back,
                "the revision calls itself irreversible: " +
                    irreversible->message.substr(colon == std::string::npos ? 0 : colon + 2));
      return judge_way_back({}, true, true);
    }
    const std::vector<StatementForms> down = forms_of(sources_, *down_body_);
    std::string why_not;
    if (!down_body_->complete())
      why_not = hole_of(*down_body_, "compile/no-down")
                    ? "there is no downgrade"
                    : "the downgrade is not known whole: " + down_body_->holes.front().message;
    else if (down.empty())
      why_not = "the downgrade is empty";
    else if (try_down(down, why_not))
      return;
    propose(why_not);
  }

  // The author's way down, completed where it leaves something. False, and nothing done, where it
  // does not run.
  bool try_down(const std::vector<StatementForms>& down, std::string& why_not) {
    const Ledger said = past_.ledger;
    past_.replay.try_out();
    Way back = walk(past_, down, in_transaction(*down_body_), options_.server);
    why_not = failure(back);
    if (!why_not.empty()) {
      past_.replay.give_up();
      past_.ledger = said;
      return false;
    }
    std::vector<Leftover> left = leftovers();
    why_not = refers_to_removed(back);
    if (why_not.empty() && !left.empty())
      why_not = demanding();
    if (!why_not.empty()) {
      past_.replay.give_up();
      past_.ledger = said;
      return false;
    }
    if (!left.empty() && !back.opaque)
      if (const std::optional<WayBack> more = way_back(past_.replay, moments_.before)) {
        past_.replay.give_up();
        past_.ledger = said;
        past_.replay.try_out();
        back = walk(past_, down, in_transaction(*down_body_), options_.server);
        std::vector<StatementForms> all = steps(*more);
        for (const StatementForms& statement : all)
          result_.proposed.push_back(statement.sql);
        append(back, std::move(all), false);
        append(back, late_forms(), true);
        for (const Leftover& each : left)
          result_.notes.push_back(words(each) + "; retort's statements behind it do");
        left = leftovers();
      }
    judge_way_back(back, left.empty(), false, left);
    return true;
  }

  std::string failure(const Way& back) {
    if (back.fails) {
      const catalog::Problem& problem = *back.fails->facts.fails;
      return fmt::format("the downgrade fails: {} ({})", problem.message, problem.sqlstate);
    }
    if (std::string column = still_null(back); !column.empty())
      return fmt::format("the downgrade fails as soon as there is one row: {} is still NULL then "
                         "(23502)",
                         column);
    for (const Ran& ran : back.ran)
      if (const auto& problem = ran.facts.fails_with_rows)
        for (const Id root : ran.roots)
          if (was_there(root))
            return fmt::format("the downgrade fails as soon as there is one row: {} ({})",
                               problem->message, problem->sqlstate);
    return "";
  }

  // A column that is added without a value, and must have one before anything gives it one.
  std::string still_null(const Way& back) {
    std::set<std::pair<Id, int>> empty;
    for (const Ran& ran : back.ran) {
      for (const Written& written : ran.written)
        for (const int number : written.columns)
          empty.erase({written.table, number});
      for (const Catalog::Change& change : ran.facts.changes) {
        const auto* const old = change.before ? change.before->maybe<catalog::Table>() : nullptr;
        if (!old || !change.after || !was_there(change.id))
          continue;
        for (const catalog::Column& column : change.after->as<catalog::Table>().columns) {
          const catalog::Column* const then = change.before->column_at(column.number);
          const std::pair<Id, int> place{change.id, column.number};
          if (!then && !column.not_null && column.fallback == 0 &&
              column.identity == forms::Identity::none)
            empty.insert(place);
          else if (then && column.not_null && !then->not_null && empty.contains(place))
            return fmt::format("column {}.{}", forms::quoted(change.after->name),
                               forms::quoted(column.name));
        }
      }
    }
    return "";
  }

  // Tables that the way up takes rows from; they come back when the rest of the way down is done.
  std::set<Id> emptied() const {
    std::set<Id> tables;
    for (const Ran& ran : up_.ran)
      for (const Written& written : ran.written)
        if (written.how == Written::How::remove && written.table != 0)
          tables.insert(written.table);
    return tables;
  }

  std::string refers_to_removed(const Way& back) {
    const std::set<Id> tables = emptied();
    for (const Ran& ran : back.ran)
      for (const Catalog::Change& change : ran.facts.changes) {
        const auto* const key =
            !change.before && change.after ? change.after->maybe<catalog::Constraint>() : nullptr;
        if (key && key->kind == forms::ConstraintKind::foreign_key && key->valid &&
            tables.contains(key->references) && was_there(change.after->table) &&
            change.after->table != key->references)
          return fmt::format("the downgrade fails over rows that refer to what the upgrade has "
                             "deleted from {} (23503)",
                             forms::quoted(catalog_.get(key->references)->name));
      }
    return "";
  }

  // A column must have values behind the way down that it could lack before the way up, and lacks
  // perhaps since then.
  std::string demanding() {
    std::vector<std::pair<Id, int>> strict;
    for (Id id = 1; id < catalog_.size(); ++id)
      if (const Object* const object = catalog_.get(id); object && was_there(id))
        if (const auto* const table = object->maybe<catalog::Table>())
          for (const catalog::Column& column : table->columns)
            if (!column.dropped && column.not_null)
              strict.emplace_back(id, column.number);
    std::string why;
    catalog_.back(moments_.before);
    for (const auto& [id, number] : strict)
      if (const catalog::Column* const old = catalog_.get(id)->column_at(number);
          old && !old->dropped && !old->not_null && why.empty())
        why = fmt::format("the downgrade fails over a NULL in {}.{}, which could be there before "
                          "the upgrade (23502)",
                          forms::quoted(catalog_.get(id)->name), forms::quoted(old->name));
    catalog_.forth(moments_.before);
    return why;
  }

  bool was_there(Id id) { return rollback::was_there(catalog_, moments_, id); }

  // Statements of ours instead of the author's.
  void propose(const std::string& why_not) {
    const Ledger said = past_.ledger;
    past_.replay.try_out();
    const std::vector<Leftover> left = leftovers();
    if (left.empty()) {  // rows at most
      result_.replaces = !down_body_->complete() || !down_body_->items.empty();
      if (result_.replaces)
        result_.notes.push_back(why_not + "; there is nothing in the schema to take back");
      return judge_way_back({}, true, false);
    }
    const std::optional<WayBack> found =
        up_.fails || up_.opaque ? std::nullopt : way_back(past_.replay, moments_.before);
    if (!found) {
      past_.replay.give_up();
      past_.ledger = said;
      past_.replay.try_out();
      result_.notes.push_back(why_not);
      const bool empty = down_body_->items.empty();
      result_.replaces = !empty;
      return judge_way_back({}, false, true, left);
    }
    past_.replay.give_up();
    past_.ledger = said;
    past_.replay.try_out();
    result_.replaces = true;
    result_.notes.push_back(why_not + "; the statements of the way back are retort's");
    Way back = walk(past_, steps(*found), {}, options_.server);
    back.ours = true;
    for (const Ran& ran : back.ran)
      result_.proposed.push_back(ran.statement.sql);
    append(back, late_forms(), true);
    const std::vector<Leftover> still = leftovers();
    judge_way_back(back, still.empty(), false, still);
  }

  void append(Way& back, std::vector<StatementForms> statements, bool late) {
    for (Ran& ran : walk(past_, std::move(statements), {}, options_.server).ran) {
      ran.late = late;
      back.ran.push_back(std::move(ran));
    }
  }
  std::vector<StatementForms> late_forms() const {
    std::vector<StatementForms> all;
    for (const std::string& sql : late_)
      all.push_back({{}, sql, forms_of(sql), false});
    return all;
  }

  std::vector<StatementForms> steps(const WayBack& way) {
    Arranged arranged = arrange(way, catalog_, moments_, emptied());
    late_.insert(late_.end(), arranged.late.begin(), arranged.late.end());
    std::vector<StatementForms> all;
    for (std::string& sql : arranged.first)
      all.push_back({{}, sql, forms_of(sql), false});
    return all;
  }

  // What the comparison sees, and what the way up has made of tables that the chain did not.
  std::vector<Leftover> leftovers() {
    std::vector<Leftover> all = differences(catalog_, moments_.before, then_, past_.ledger);
    std::erase_if(all, [](const Leftover& each) {  // that rows comply needs no taking back
      return each.left.size() == 1 && each.lost.size() == 1 &&
             each.lost[0] == each.left[0] + " not valid";
    });
    for (const Ran& ran : up_.ran)
      for (const Catalog::Change& change : ran.facts.changes)
        if (change.after && was_unmade(*change.after))
          add_unmade(change, all);
    return all;
  }

  bool was_unmade(const Object& object) const {
    const Object* const root = catalog_.get(root_of(object));
    const auto* const table = root ? root->maybe<catalog::Table>() : nullptr;
    return table && table->unmade;
  }

  void add_unmade(const Catalog::Change& change, std::vector<Leftover>& all) const {
    const Object* const now = catalog_.get(change.id);
    if (!now)
      return;
    const auto* const old = change.before ? change.before->maybe<catalog::Table>() : nullptr;
    const auto* const made = change.after->maybe<catalog::Table>();
    if (!change.before && !made && now->kind != Kind::column_default)
      all.push_back({fmt::format("{} {}", forms::to_string(now->kind), forms::quoted(now->name)),
                     root_of(*now),
                     true,
                     {},
                     {"it"}});
    if (!made)
      return;
    for (const catalog::Column& column : made->columns) {
      const bool added = !old || !change.before->column_at(column.number);
      const catalog::Column* const left = now->column_at(column.number);
      if (added && left && !left->dropped)
        all.push_back(
            {fmt::format("column {}.{}", forms::quoted(now->name), forms::quoted(column.name)),
             now->id,
             true,
             {},
             {"it"}});
    }
  }

  // --- what it means ---

  // The catalog is as the way back leaves it.
  void judge_way_back(const Way& back, bool equal, bool missing,
                      const std::vector<Leftover>& left = {}) {
    const Keeps keeps = find_keeps(past_, moments_, up_, back, result_.id);
    for (const Verdict& verdict : keeps.verdicts)
      raise(verdict);
    result_.lost.insert(result_.lost.end(), keeps.lost.begin(), keeps.lost.end());
    result_.notes.insert(result_.notes.end(), keeps.notes.begin(), keeps.notes.end());
    if (!equal)
      for (const Verdict& verdict : judge_leftovers(up_, left, missing))
        raise(verdict);
    for (const BackVerdict& verdict : judge_back(back, keeps, catalog_, moments_.before)) {
      raise_all(verdict.kind, verdict.reason);
      result_.lost.push_back(verdict.reason);
    }
    note_consequences(back);
    set_statements(keeps.kept);
    find_dump(keeps, equal ? std::vector<Leftover>{} : left);
  }

  void set_statements(Kept kept) {
    if (!kept.empty())
      kept.late.insert(kept.late.begin(), late_.begin(), late_.end());
    if (kept.empty())
      for (const std::string& sql : late_)
        raise_all(WayBackClass::backup_only,
                  sql + " is left out, since the rows there are would refuse it");
    result_.keep = keep_statements(kept);
    result_.seal = seal_statements(kept);
    result_.look = look_statements(kept);
    result_.put_back = put_back_statements(kept);
    result_.clean_up = clean_up_statements(kept);
    for (KeptTable& table : kept.tables)
      if (const statistics::Table* const known =
              options_.statistics ? options_.statistics->table(table.table) : nullptr)
        table.size = statistics::size_text(*known);
    result_.kept = std::move(kept);
  }

  void note_consequences(const Way& back) {
    const Consequences found = consequences(catalog_, moments_, back, options_.statistics);
    for (const Consequences::Slow& slow : found.slow) {
      bool known = false;
      for (size_t i = 0; i < up_.ran.size(); ++i)
        if (up_.ran[i].roots.contains(slow.table)) {
          raise({i, WayBackClass::exact_slow, slow.reason});
          known = true;
        }
      if (!known)
        raise_all(WayBackClass::exact_slow, slow.reason);
    }
    for (const std::string& table : found.dropped)
      raise_all(WayBackClass::lossy, "the way down drops " + table);
    result_.lost.insert(result_.lost.end(), found.lost.begin(), found.lost.end());
    result_.notes.insert(result_.notes.end(), found.notes.begin(), found.notes.end());
    result_.time = found.time;
  }

  void find_dump(const Keeps& keeps, const std::vector<Leftover>& left) {
    std::set<Id> tables(keeps.not_kept.begin(), keeps.not_kept.end());
    for (const Ran& ran : up_.ran)
      for (const facts::Loss& loss : ran.facts.lost)
        if ((loss.kind == facts::Loss::Kind::table || loss.kind == facts::Loss::Kind::rows) &&
            loss.id != 0)
          tables.insert(loss.id);
    std::erase_if(tables, [&](Id id) { return !was_there(id); });
    for (const Leftover& leftover : left)  // what hangs on a dumped table comes with it
      result_.whole_backup |= !leftover.lost.empty() && !tables.contains(leftover.id);
    for (const Verdict& verdict : keeps.verdicts)
      result_.whole_backup |= verdict.kind == WayBackClass::backup_only && tables.empty();
    if (!tables.empty())
      result_.dump = dump_plan(catalog_, moments_.before, {tables.begin(), tables.end()}, touched_);
  }

  void raise(const Verdict& verdict) {
    if (verdict.statement >= result_.statements.size()) {
      if (verdict.kind > result_.worst) {
        result_.worst = verdict.kind;
        result_.reason = verdict.reason;
      }
      return;
    }
    StatementWayBack& statement = result_.statements[verdict.statement];
    if (verdict.kind > statement.kind ||
        (verdict.kind == statement.kind && statement.reason.empty())) {
      statement.kind = verdict.kind;
      statement.reason = verdict.reason;
    } else if (verdict.kind == statement.kind &&
               statement.reason.find(verdict.reason) == std::string::npos) {
      statement.reason += "; " + verdict.reason;
    }
  }

  void raise_all(WayBackClass kind, const std::string& reason) {
    if (kind > result_.worst) {
      result_.worst = kind;
      result_.reason = reason;
    }
  }

  void finish() {
    for (size_t i = 0; i < result_.statements.size(); ++i)
      if (result_.statements[i].kind == WayBackClass::data_kept && !up_.ran[i].transaction)
        result_.notes.emplace_back("rows are copied before a statement that runs outside of the "
                                   "transaction: what is written in between gets lost when they "
                                   "are put back");
    for (StatementWayBack& statement : result_.statements) {
      std::replace(statement.reason.begin(), statement.reason.end(), '\n', ' ');
      raise_all(statement.kind, statement.reason);
    }
    std::replace(result_.reason.begin(), result_.reason.end(), '\n', ' ');
    for (std::vector<std::string>* const list : {&result_.lost, &result_.notes}) {
      std::vector<std::string> once;
      for (std::string& each : *list) {
        std::replace(each.begin(), each.end(), '\n', ' ');
        if (std::find(once.begin(), once.end(), each) == once.end())
          once.push_back(std::move(each));
      }
      *list = std::move(once);
    }
  }

  const Chain& chain_;
  const Sources& sources_;
  Past& past_;
  Catalog& catalog_;
  const BackOptions& options_;
  std::set<Id>& touched_;
  const Body* down_body_ = nullptr;
  Moments moments_;
  Ledger then_;
  Way up_;
  std::vector<std::string> late_;
  RevisionWayBack result_;
};

}  // namespace

std::vector<RevisionWayBack> ways_back(Run& run, const Chain& chain, std::span<const Step> up,
                                       std::span<const Body> up_bodies,
                                       std::span<const Body> down_bodies, Past& past,
                                       const BackOptions& options) {
  std::vector<RevisionWayBack> all;
  std::set<Id> touched;
  for (size_t i = 0; i < up.size(); ++i)
    all.push_back(Judge(chain, run.sources, past, options, touched)
                      .run(up[i].revision, up_bodies[i], down_bodies[i]));
  return all;
}

size_t first_without_way_back(std::span<const RevisionWayBack> ways) {
  size_t first = ways.size();
  while (first > 0 && ways[first - 1].worst != WayBackClass::no_way_back)
    --first;
  return first;
}

}  // namespace retort::rollback
