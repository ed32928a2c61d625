#include "linter/weigh.h"

#include "common/text.h"
#include "compiler/catalog/apply.h"
#include "linter/rule.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace retort {

using facts::Answer;
using facts::Touched;
using statistics::Seconds;
using statistics::Statistics;
using statistics::Table;
using statistics::Work;

namespace {

// From this many seconds on, at the upper end.
struct Band {
  double from;
  Level busy, idle;
};
constexpr std::array kBands = {Band{10, Level::error, Level::warning},
                               Band{1, Level::warning, Level::info},
                               Band{0, Level::info, Level::info}};
constexpr double kLongRewrite = 60;  // nobody waits for that, busy or not

// Rules about rows that are locked one by one: their level falls, and never rises.
bool is_about_rows(const Rule& rule) { return rule.name == "data/unbatched-backfill"; }

bool holds_rows(const Touched& touched) {
  return touched.kind == catalog::Kind::table || touched.kind == catalog::Kind::materialized_view;
}

// What the reading of a table by these forms is for; the dearest.
Work scan_of(const std::vector<forms::Form>& forms, const catalog::Catalog& catalog,
             catalog::Id table) {
  Work work = Work::scan;
  const auto constraint = [&](forms::ConstraintKind kind) {
    work = std::max(work,
                    kind == forms::ConstraintKind::foreign_key ? Work::foreign_key : Work::check);
  };
  for (const forms::Form& form : forms) {
    if (const auto* const add = std::get_if<forms::AddConstraint>(&form))
      constraint(add->constraint.kind);
    else if (const auto* const column = std::get_if<forms::AddColumn>(&form))
      for (const forms::Constraint& each : column->column.constraints)
        constraint(each.kind);
    else if (const auto* const validate = std::get_if<forms::ValidateConstraint>(&form)) {
      const catalog::Object* const known =
          catalog.get(catalog.find(catalog::Space::constraint, validate->constraint, table));
      const auto* const data = known ? known->maybe<catalog::Constraint>() : nullptr;
      constraint(data ? data->kind : forms::ConstraintKind::foreign_key);
    } else if (!std::holds_alternative<forms::SetNotNull>(form))
      work = std::max(work, Work::check);
  }
  return work;
}

// By the width of its columns, where all of them are known.
Work build_of(const std::vector<forms::Form>& forms, const Table& table) {
  std::vector<std::string> columns;
  for (const forms::Form& form : forms) {
    if (const auto* const index = std::get_if<forms::CreateIndex>(&form)) {
      for (const auto* const part : {&index->columns, &index->include})
        for (const forms::IndexColumn& column : *part)
          columns.push_back(column.column);
    } else if (const auto* const add = std::get_if<forms::AddConstraint>(&form)) {
      columns.insert(columns.end(), add->constraint.columns.begin(), add->constraint.columns.end());
    }
  }
  int64_t width = 0;
  for (const std::string& name : columns) {
    const statistics::Column* const column = table.column(name);
    if (!column)
      return Work::build;
    width += column->width;
  }
  return columns.empty()                 ? Work::build
         : width <= statistics::kWideKey ? Work::build_narrow
                                         : Work::build_wide;
}

double indexes_built(const facts::Facts& facts, const catalog::Catalog& catalog,
                     catalog::Id table) {
  double count = 0;
  for (const Touched& touched : facts.touched) {
    const catalog::Object* const index =
        touched.kind == catalog::Kind::index ? catalog.get(touched.id) : nullptr;
    if (touched.kind == catalog::Kind::index && touched.built != Answer::no &&
        (touched.made || (index && index->table == table)))
      ++count;
  }
  return count;
}

bool is_filtered(const std::vector<forms::Form>& forms) {
  return std::any_of(forms.begin(), forms.end(), [](const forms::Form& form) {
    const auto* const update = std::get_if<forms::Update>(&form);
    const auto* const remove = std::get_if<forms::Delete>(&form);
    return (update && (update->filtered || !update->query.from.empty())) ||
           (remove && (remove->filtered || !remove->query.from.empty()));
  });
}

bool writes_all(const std::vector<forms::Form>& forms) {
  return std::any_of(forms.begin(), forms.end(), [](const forms::Form& form) {
    return std::holds_alternative<forms::Update>(form) ||
           std::holds_alternative<forms::Delete>(form);
  });
}

// Adds up what statements do and whom they block.
class Sum {
public:
  explicit Sum(const Weighing& what) : what_(what) {}

  void add(const facts::Facts& facts, const std::vector<forms::Form>& forms) {
    if (facts.work == facts::Work::unknown)
      unknown = unknown.empty() ? "what the statement does" : unknown;
    worked_.clear();
    for (const Touched& touched : facts.touched) {
      if (!holds_rows(touched) || touched.made || !what_.live(touched))
        continue;
      if (facts::blocks_writes(touched.lock)) {
        blocks = true;
        wait(touched.id, touched.name, facts::blocks_reads(touched.lock));
      }
      work_on(touched, facts, forms);
    }
  }

  void wait(catalog::Id id, const std::string& name, bool reads) {
    const Table* const table = find(id, name);
    if (table && !what_.production.statistics->idle(*table, reads))
      busy = true;
    if (table && reads)
      reads_wait = true;
  }

  Seconds seconds;
  bool blocks = false, works = false, rewrites = false, busy = false, reads_wait = false;
  std::string unknown;             // what would have to be known
  std::vector<std::string> basis;  // "public.orders has about 3.0 M rows"

private:
  const Table* find(catalog::Id id, const std::string& name) {
    const Table* const table = what_.production.table(id, name);
    if (!table && unknown.empty())
      unknown = name;
    return table;
  }

  void work_on(const Touched& touched, const facts::Facts& facts,
               const std::vector<forms::Form>& forms) {
    const double indexes = indexes_built(facts, what_.catalog, touched.id);
    const bool built = touched.built != Answer::no || indexes > 0;
    if (touched.rewritten == Answer::no && !built && touched.scanned == Answer::no &&
        !touched.changed)
      return;
    works = true;
    const Table* const part = find(touched.id, touched.name);
    if (!part)
      return;
    const Table& table = whole_of(*part, what_.production, facts);
    if (std::find(worked_.begin(), worked_.end(), &table) != worked_.end())
      return;
    worked_.push_back(&table);
    describe(table);
    if (touched.rewritten != Answer::no) {
      rewrites = true;
      spend(Work::rewrite, table);
    } else if (touched.changed) {
      if (writes_all(forms))
        spend(Work::update, table, is_filtered(forms) ? 0 : 1);
      else if (unknown.empty())
        unknown = "the number of rows that are written";
    } else if (built) {
      const Work work = build_of(forms, table);
      for (double i = 0; i < std::max(indexes, 1.0); ++i)
        spend(work, table);
    } else {
      const Work work = scan_of(forms, what_.catalog, touched.id);
      spend(work, table);
      if (work == Work::foreign_key)
        read_referenced(facts, touched);
    }
  }

  // The other table of a foreign key is read as well, or looked up row by row.
  void read_referenced(const facts::Facts& facts, const Touched& referring) {
    for (const Touched& other : facts.touched)
      if (holds_rows(other) && other.id != referring.id && other.scanned == Answer::no &&
          facts::blocks_writes(other.lock) && what_.live(other))
        if (const Table* const table = find(other.id, other.name)) {
          describe(*table);
          spend(Work::scan, *table, 0);
        }
  }

  void spend(Work work, const Table& table, double least = 1) {
    std::optional<Seconds> spent = duration(work, table, *what_.production.statistics);
    if (!spent && unknown.empty())
      unknown = "the size of " + name_of(table);
    if (!spent)
      return;
    spent->low *= least;
    seconds += *spent;
  }

  void describe(const Table& table) {
    std::string text = fmt::format("{} has {}", name_of(table), statistics::size_text(table));
    if (std::find(basis.begin(), basis.end(), text) == basis.end())
      basis.push_back(std::move(text));
  }

  static std::string name_of(const Table& table) {
    return forms::to_text(forms::Name{table.schema, table.name, {}});
  }

  const Weighing& what_;
  std::vector<const Table*> worked_;  // by the statement at hand
};

// On the target where it takes longest.
Sum sum_of(const Weighing& what) {
  std::optional<Sum> longest;
  const size_t targets = what.statements.empty() ? 0 : what.statements.front().facts.size();
  for (size_t target = 0; target < targets; ++target) {
    Sum sum(what);
    for (const WeighedStatement& statement : what.statements)
      sum.add(*statement.facts[target], statement.forms);
    for (const catalog::Id id : what.held)
      if (const catalog::Object* const table = what.catalog.get(id)) {
        const catalog::Object* const schema = what.catalog.get(table->schema);
        sum.wait(id, forms::to_text(forms::Name{schema ? schema->name : "", table->name, {}}),
                 true);
      }
    if (!longest || !sum.unknown.empty() || sum.seconds.high > longest->seconds.high)
      longest.emplace(std::move(sum));
    if (!longest->unknown.empty())
      break;
  }
  return longest ? std::move(*longest) : Sum(what);
}

Level level_of(const Sum& sum) {
  if (sum.rewrites && sum.seconds.high > kLongRewrite)
    return Level::error;
  for (const Band& band : kBands)
    if (sum.seconds.high > band.from)
      return sum.busy ? band.busy : band.idle;
  return Level::info;
}

}  // namespace

std::string_view Production::name_of(catalog::Id id, std::string_view name) const {
  const auto old = old_names.find(id);
  return old == old_names.end() ? name : std::string_view(old->second);
}

const Table& whole_of(const Table& table, const Production& production, const facts::Facts& facts) {
  const Table* found = &table;
  for (int depth = 0; depth < 64 && !found->parent.empty(); ++depth) {
    const Table* const above = production.statistics->table(found->parent);
    const bool touched =
        above && std::any_of(facts.touched.begin(), facts.touched.end(),
                             [&](const Touched& each) { return each.name == found->parent; });
    if (!touched)
      break;
    found = above;
  }
  return *found;
}

const Table* Production::table(const forms::Name& name, const catalog::Catalog& catalog) const {
  catalog::Apply names(const_cast<catalog::Catalog&>(catalog));
  forms::Name whole = name;
  const catalog::Id id = names.relation(name);
  if (const catalog::Object* const object = catalog.get(id)) {
    const catalog::Object* const schema = catalog.get(object->schema);
    whole = {schema ? schema->name : "", object->name, {}};
  } else if (whole.schema.empty()) {
    whole.schema = "public";
  }
  return table(id, forms::to_text(whole));
}

void Production::follow(std::span<const catalog::Catalog::Change> changes,
                        const facts::Facts& facts, const catalog::Catalog& catalog) {
  for (const catalog::Catalog::Change& change : changes) {
    const catalog::Object* const before = change.before.get();
    const catalog::Object* const after = change.after.get();
    if (!before || !after || !before->is_table_like() ||
        (before->name == after->name && before->schema == after->schema))
      continue;
    const catalog::Object* const schema = catalog.get(before->schema);
    old_names.try_emplace(
        change.id, forms::to_text(forms::Name{schema ? schema->name : "", before->name, {}}));
  }
  anything_written |= facts.work == facts::Work::unknown;
  for (const Touched& touched : facts.touched)
    if (touched.changed)
      written.emplace(name_of(touched.id, touched.name));
}

bool is_weighed(const Rule& rule) {
  return rule.group() == "lock" || rule.name == "txn/slow-while-locked" ||
         rule.name == "txn/validate-together" || is_about_rows(rule);
}

WorkTime work_time(const Weighing& what) {
  const Sum sum = sum_of(what);
  return {sum.works, sum.seconds, sum.unknown, sum.basis};
}

Weight weigh(const Rule& rule, const Weighing& what) {
  const Statistics& statistics = *what.production.statistics;
  const std::string date = statistics::text_of(statistics.taken);
  const Sum sum = sum_of(what);
  if (!sum.unknown.empty())
    return {{}, fmt::format("the statistics of {} do not tell of {}", date, sum.unknown)};
  if (!sum.works && !sum.blocks)
    return {};  // which table it is about is not known
  if (!sum.works)
    return {Level::info,
            fmt::format("no row is read or written, so that it takes milliseconds once the lock is "
                        "there; waiting for the lock is what a lock_timeout limits ({})",
                        "statistics of " + date)};
  Weight weight{level_of(sum), fmt::format("{}: {} (statistics of {})", join(sum.basis, " and "),
                                           statistics::text_of(sum.seconds), date)};
  if (is_about_rows(rule))
    weight.level = sum.seconds.high <= 1 ? std::min(rule.level, Level::info) : rule.level;
  else if (!sum.busy)
    weight.note +=
        fmt::format(", and nobody has {} it in {}", sum.reads_wait ? "used" : "written to",
                    counted(static_cast<size_t>(statistics.counted_days), "day"));
  return weight;
}

}  // namespace retort
