#include "bundle/rollback/walk.h"

#include <algorithm>

namespace retort::rollback {

using catalog::Id;

Id root_of(const catalog::Object& object) {
  const auto* const sequence = object.maybe<catalog::Sequence>();
  if (sequence && sequence->table != 0)
    return sequence->table;
  return object.table != 0 ? object.table : object.id;
}

namespace {

class Reader {
public:
  explicit Reader(catalog::Catalog& catalog) : catalog_(catalog), names_(catalog) {}

  std::vector<Written> read(const std::vector<forms::Form>& forms) {
    for (const forms::Form& form : forms)
      std::visit([&](const auto& concrete) { one(concrete); }, form);
    return std::move(written_);
  }

private:
  template <class Form>
  void one(const Form&) {}
  void one(const forms::Insert& form) {
    add(Written::How::insert, form.table);
    if (form.on_conflict)
      add(Written::How::anything, form.table);
    within(form.query);
  }
  void one(const forms::Update& form) {
    add(Written::How::update, form.table);
    for (const std::string& name : form.columns)
      if (const catalog::Column* const column = catalog_.column(written_.back().table, name))
        written_.back().columns.push_back(column->number);
      else
        written_.back().how = Written::How::anything;
    within(form.query);
  }
  void one(const forms::Delete& form) {
    add(Written::How::remove, form.table);
    within(form.query);
  }
  void one(const forms::Merge& form) { add(Written::How::anything, form.table); }
  void one(const forms::Copy& form) {
    if (form.from)
      add(Written::How::insert, form.table);
  }
  void one(const forms::Select& form) { within(form.query); }

  // WITH moved AS (DELETE …): the form says that something is written, and not what.
  void within(const forms::Query& query) {
    if (query.writes)
      written_.push_back({Written::How::anything, 0, "a table", {}});
  }

  void add(Written::How how, const forms::Name& name) {
    written_.push_back({how, names_.relation(name), forms::to_text(name), {}});
  }

  catalog::Catalog& catalog_;
  catalog::Apply names_;
  std::vector<Written> written_;
};

}  // namespace

Way walk(Past& past, std::vector<StatementForms> statements, const std::vector<bool>& transaction,
         int server) {
  Way way;
  catalog::Catalog& catalog = past.replay.catalog();
  past.transaction.start(static_cast<Id>(catalog.size()));
  way.ran.reserve(statements.size());
  const auto commit = [&] {
    past.replay.end_transaction();
    past.transaction.start(static_cast<Id>(catalog.size()));
  };
  for (size_t i = 0; i < statements.size(); ++i) {
    Ran& ran = way.ran.emplace_back();
    ran.statement = std::move(statements[i]);
    ran.transaction = i >= transaction.size() || transaction[i];
    if (!ran.transaction)
      commit();
    const std::vector<forms::Form>& forms = ran.statement.forms;
    ran.written = Reader(catalog).read(forms);
    const bool was_opaque = catalog.opaque;
    catalog::Replay::Look look = past.replay.look(forms);
    ran.facts = facts::facts_of(forms, past.replay, look, past.transaction, server);
    past.transaction.add(forms, ran.facts, catalog);
    past.replay.take();
    way.opaque |= catalog.opaque && !was_opaque;
    if (!look.problem)
      past.ledger.add(ran.statement, catalog, look.changes);
    for (const catalog::Catalog::Change& change : look.changes)
      for (const auto& object : {change.before, change.after})
        if (object)
          ran.roots.insert(root_of(*object));
    if (!ran.transaction)
      commit();
    if (!way.fails && (look.problem || ran.facts.fails))
      way.fails = &ran;
  }
  past.replay.end_transaction();
  return way;
}

}  // namespace retort::rollback
