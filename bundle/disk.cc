#include "bundle/disk.h"

#include "bundle/account.h"
#include "common/text.h"

#include <algorithm>
#include <fmt/format.h>
#include <map>
#include <set>

namespace retort::bundle {
namespace {

using facts::Answer;
using facts::Touched;
using statistics::Bytes;
using statistics::Table;

class Gauge {
public:
  explicit Gauge(const DiskQuestion& what) : what_(what) {}

  DiskUse run() {
    if (what_.facts.work == facts::Work::unknown && !is_maintenance())
      unknown("what a statement does");
    for (const Touched& touched : what_.facts.touched)
      if (holds_rows(touched))
        table(touched);
    for (const Touched& touched : what_.facts.touched)
      if (touched.kind == catalog::Kind::index && !touched.made)
        index(touched);
    for (const catalog::Catalog::Change& change : what_.facts.changes)
      if (!change.before && change.after && change.after->kind == catalog::Kind::index)
        new_index(*change.after);
    for (const forms::Form& form : what_.forms)
      rows(form);
    return std::move(use_);
  }

private:
  static bool holds_rows(const Touched& touched) {
    return touched.kind == catalog::Kind::table || touched.kind == catalog::Kind::materialized_view;
  }

  // VACUUM, ANALYZE, COMMENT: what they do to files is in the facts.
  bool is_maintenance() const {
    return std::all_of(what_.forms.begin(), what_.forms.end(), [](const forms::Form& form) {
      return std::holds_alternative<forms::Harmless>(form);
    });
  }

  void unknown(std::string what) {
    if (use_.unknown.empty())
      use_.unknown = std::move(what);
  }

  // Of what production has; an empty table of this range needs nothing.
  const Table* find(const Touched& touched) {
    if (!what_.existed(touched)) {
      if (what_.filled.contains(touched.id))
        unknown("how much is in " + touched.name + " by then");
      return nullptr;
    }
    const Table* const found =
        what_.production.statistics ? what_.production.table(touched.id, touched.name) : nullptr;
    if (!found) {
      unknown("the size of " + touched.name);
      return nullptr;
    }
    return &whole_of(*found, what_.production, what_.facts);
  }

  void add(Bytes& to, const std::optional<Bytes>& bytes, const Touched& touched) {
    if (bytes)
      to += *bytes;
    else
      unknown("the size of " + touched.name);
  }

  void table(const Touched& touched) {
    const bool rewritten = touched.rewritten != Answer::no;
    if (touched.made || (!rewritten && !touched.changed && !touched.dropped && !touched.new_file))
      return;
    const Table* const table = find(touched);
    if (!table || !done_.insert(table).second)
      return;
    const statistics::Statistics& statistics = *what_.production.statistics;
    if (rewritten) {
      std::optional<Bytes> copy = copy_of(*table, statistics);
      const int64_t old = table->bytes().value_or(0);
      use_.freed += {touched.rewritten == Answer::yes ? old : 0, old};
      if (copy && touched.rewritten != Answer::yes)
        copy->low = 0;
      add(use_.stays, copy, touched);
      // Its indexes are sorted one after the other.
      use_.meanwhile += {0, table->indexes.value_or(0)};
    } else if (touched.dropped || touched.new_file) {
      use_.freed += {0, table->bytes().value_or(0)};
    } else {
      changed(touched, *table, statistics);
    }
  }

  void changed(const Touched& touched, const Table& table,
               const statistics::Statistics& statistics) {
    for (const forms::Form& form : what_.forms) {
      if (std::holds_alternative<forms::Insert>(form) && touched.named)
        return;  // by its rows
      if (std::holds_alternative<forms::Delete>(form) && touched.named)
        return;
      if (const auto* const refresh = std::get_if<forms::Refresh>(&form);
          refresh && refresh->concurrently)
        add(use_.meanwhile, copy_of(table, statistics), touched);
    }
    const bool all =
        std::any_of(what_.forms.begin(), what_.forms.end(), [](const forms::Form& form) {
          const auto* const update = std::get_if<forms::Update>(&form);
          return update && !update->filtered && update->query.from.empty();
        });
    add(use_.stays, changed_rows(table, all && touched.named, statistics), touched);
  }

  // One that is there: built anew while its table stays, or gone.
  void index(const Touched& touched) {
    const bool built = touched.built != Answer::no;
    if (!built && !touched.dropped)
      return;
    const catalog::Object* const object = what_.before.get(touched.id);
    const Touched* const owner = object ? what_.facts.find(object->table) : nullptr;
    if (owner && (owner->rewritten != Answer::no || owner->dropped || owner->new_file))
      return;
    if (owner && !what_.existed(*owner) && !what_.filled.contains(owner->id))
      return;
    const statistics::Index* found = nullptr;
    if (what_.production.statistics)
      for (const statistics::Index& each : what_.production.statistics->indexes)
        if (forms::to_text(forms::Name{each.schema, each.name, {}}) == touched.name)
          found = &each;
    if (touched.dropped) {
      use_.freed += {0, found ? found->bytes : 0};
      return;
    }
    if (!found)
      return unknown("the size of " + touched.name);
    const Bytes bytes = rebuilt(*found, *what_.production.statistics);
    use_.stays += {touched.built == Answer::yes ? bytes.low : 0, bytes.high};
    use_.meanwhile += {0, bytes.high};
    use_.freed += {0, found->bytes};
  }

  void new_index(const catalog::Object& object) {
    const auto& data = object.as<catalog::Index>();
    const Touched* const owner = what_.facts.find(object.table);
    if (!owner || owner->made || owner->built == Answer::no)
      return;  // of an empty table, or taken over from an index that is there
    const Table* const table = find(*owner);
    if (!table)
      return;
    statistics::NewIndex index;
    index.method = data.method.empty() ? "btree" : data.method;
    index.partial = !data.where.empty();
    const catalog::Object& columns = owner_object(object.table);
    for (const auto* const parts : {&data.columns, &data.include})
      for (const catalog::IndexPart& part : *parts) {
        const catalog::Column* const column = columns.column_at(part.column);
        index.columns.push_back(column ? column->name : "");
      }
    if (!built_.insert({table, join(index.columns, ",")}).second)
      return;
    const std::optional<Bytes> bytes = size_of(index, *table, *what_.production.statistics);
    if (!bytes && index.method != "btree")
      return unknown(fmt::format("how large {} of the method {} becomes",
                                 forms::quoted(object.name), index.method));
    add(use_.stays, bytes, *owner);
    if (bytes)
      use_.meanwhile += {0, bytes->high};
  }

  const catalog::Object& owner_object(catalog::Id id) const {
    for (const catalog::Catalog::Change& change : what_.facts.changes)
      if (change.id == id && change.after)
        return *change.after;
    return *what_.before.get(id);
  }

  void rows(const forms::Form& form) {
    if (const auto* const insert = std::get_if<forms::Insert>(&form)) {
      if (!insert->query.from.empty() || insert->query.writes)
        unknown("how many rows go into " + forms::to_text(insert->table));
      else  // they stand in the statement
        use_.stays += {0, static_cast<int64_t>(what_.sql.size()) * 4};
    } else if (const auto* const copy = std::get_if<forms::Copy>(&form); copy && copy->from) {
      unknown("how many rows go into " + forms::to_text(copy->table));
    } else if (const auto* const merge = std::get_if<forms::Merge>(&form)) {
      unknown("how many rows go into " + forms::to_text(merge->table));
    } else if (const auto* const create = std::get_if<forms::CreateTableAs>(&form);
               create && create->with_data && what_.facts.work != facts::Work::catalog) {
      unknown("how many rows go into " + forms::to_text(create->table));
    }
  }

  const DiskQuestion& what_;
  std::set<const Table*> done_;
  std::set<std::pair<const Table*, std::string>> built_;
  DiskUse use_;
};

// Adds up what statements need one after the other.
class Sum {
public:
  void add(const DiskUse& use, size_t revision, size_t statement) {
    if (!use.unknown.empty() &&
        std::find(peak_.unknown.begin(), peak_.unknown.end(), use.unknown) == peak_.unknown.end())
      peak_.unknown.push_back(use.unknown);
    now_ += use.stays;
    freed_ += use.freed;
    const Bytes needed = {now_.low + use.meanwhile.low, now_.high + use.meanwhile.high};
    peak_.most.low = std::max(peak_.most.low, needed.low);
    if (needed.high > peak_.most.high) {
      peak_.most.high = needed.high;
      peak_.revision = revision;
      peak_.statement = statement;
    }
  }

  // What is sure to go makes room, what may go makes less certain.
  void commit() {
    now_.low -= freed_.high;
    now_.high -= freed_.low;
    freed_ = {};
  }

  DiskPeak take() {
    peak_.stays = {std::max<int64_t>(now_.low, 0), std::max<int64_t>(now_.high, 0)};
    return std::move(peak_);
  }

private:
  Bytes now_, freed_;
  DiskPeak peak_;
};

void add(const Account& account, size_t r, Sum& sum) {
  const RevisionAccount& revision = account.revisions[r];
  for (const KeepAccount& keep : revision.keeps)
    sum.add(keep.disk, r, 0);
  bool alone = false;
  for (size_t s = 0; s < revision.statements.size(); ++s) {
    const StatementAccount& each = revision.statements[s];
    if (alone || each.alone)
      sum.commit();
    alone = each.alone;
    sum.add(each.disk, r, s);
  }
  sum.commit();
}

}  // namespace

DiskUse disk_use(const DiskQuestion& question) { return Gauge(question).run(); }

DiskUse disk_use(const rollback::KeptTable& kept, const statistics::Statistics* statistics) {
  DiskUse use;
  const Table* const table = statistics ? statistics->table(kept.table) : nullptr;
  std::optional<Bytes> bytes;
  if (table) {
    std::map<std::string, std::string> names;  // as they are written
    for (const auto& [name, column] : table->columns)
      names[forms::quoted(name)] = name;
    std::vector<std::string> columns;
    for (const rollback::KeptColumn& column : kept.columns)
      columns.push_back(names[column.name]);
    bytes = kept.gone() ? copied_rows(*table, *statistics)
                        : copied_columns(*table, columns, *statistics);
  }
  if (bytes)
    use.stays = *bytes;
  else
    use.unknown = fmt::format("the size of the rows of {} that are kept", kept.table);
  return use;
}

DiskPeak disk_peak(const Account& account) {
  Sum sum;
  for (size_t r = 0; r < account.revisions.size(); ++r)
    add(account, r, sum);
  return sum.take();
}

DiskPeak disk_peak(const Account& account, size_t revision) {
  Sum sum;
  add(account, revision, sum);
  return sum.take();
}

std::string to_text(const DiskPeak& peak) {
  if (peak.none())
    return "none";
  if (peak.most.none())
    return "not known";
  const std::string most = statistics::text_of(peak.most);
  return peak.unknown.empty() ? most : most + " and more, not known how much";
}

}  // namespace retort::bundle
