// Partitions: ATTACH reads the child unless a CHECK proves its bound, and a default partition is
// read on every ATTACH and CREATE. DETACH and CREATE … PARTITION OF lock the parent, and through it
// everybody.
#include "linter/edits.h"
#include "rules/rules.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::rules {
namespace {

using facts::Answer;

// The default partition of a table, if it has one.
const catalog::Object* default_partition(Visit& visit, const forms::Name& parent) {
  const catalog::Object* const table = visit.relation(parent);
  if (!table)
    return nullptr;
  for (const catalog::Id id : visit.before().dependents(table->id)) {
    const catalog::Object* const child = visit.object(id);
    const catalog::Table* const data = child ? child->maybe<catalog::Table>() : nullptr;
    if (data && data->partition && data->bound == "DEFAULT")
      return child;
  }
  return nullptr;
}

// It was put there for this, though whether it implies the bound is not always known.
bool has_valid_check(Visit& visit, catalog::Id table) {
  const std::vector<catalog::Id> constraints =
      visit.before().members(table, catalog::Kind::constraint);
  return std::any_of(constraints.begin(), constraints.end(), [&](catalog::Id id) {
    const catalog::Constraint& constraint = visit.object(id)->as<catalog::Constraint>();
    return constraint.kind == forms::ConstraintKind::check && constraint.valid;
  });
}

bool reads_default(Visit& visit, const forms::Name& parent, std::string_view bound, Span at) {
  const catalog::Object* const fallback = default_partition(visit, parent);
  if (!fallback || bound == "DEFAULT" || !visit.live(fallback->id))
    return false;
  const facts::Touched* const touched = visit.facts().find(fallback->id);
  if (!touched || touched->scanned == Answer::no)
    return false;
  visit
      .report(at,
              fmt::format("nobody can read or write {} while it is read for rows that belong here",
                          visit.name_of(*fallback)),
              {.variant = "default", .level = Level::error})
      .note("a validated CHECK on the default partition that excludes the new bound saves the "
            "reading");
  return true;
}

// What a bound asks of its one column; empty for what is not that plain.
std::string condition_of(const std::string& column, std::string_view bound) {
  constexpr std::string_view kFrom = "FOR VALUES FROM (";
  constexpr std::string_view kTo = ") TO (";
  constexpr std::string_view kIn = "FOR VALUES IN (";
  if (!bound.ends_with(")") || bound.find("MINVALUE") != std::string_view::npos ||
      bound.find("MAXVALUE") != std::string_view::npos ||
      bound.find("NULL") != std::string_view::npos)
    return {};
  bound.remove_suffix(1);
  if (bound.starts_with(kIn))
    return fmt::format("{0} IS NOT NULL AND {0} IN ({1})", column, bound.substr(kIn.size()));
  const size_t to = bound.find(kTo);
  if (!bound.starts_with(kFrom) || to == std::string_view::npos ||
      bound.find(kTo, to + 1) != std::string_view::npos)
    return {};
  return fmt::format("{0} IS NOT NULL AND {0} >= {1} AND {0} < {2}", column,
                     bound.substr(kFrom.size(), to - kFrom.size()), bound.substr(to + kTo.size()));
}

// A CHECK that is proved without blocking anybody stands in for the reading.
std::optional<Fix> proved_first(const Visit& visit, const forms::AttachPartition& attach) {
  const catalog::Object* const parent = visit.relation(attach.table);
  const catalog::Table* const data = parent ? parent->maybe<catalog::Table>() : nullptr;
  const bool one_column = data && data->key.size() == 1 && data->key[0] != 0;
  const catalog::Column* const column = one_column ? parent->column_at(data->key[0]) : nullptr;
  if (!column || visit.down() || visit.statement().forms.size() != 1)
    return std::nullopt;
  const std::string condition = condition_of(forms::quoted(column->name), attach.bound);
  const std::string name = catalog::make_object_name(attach.partition.name, "", "bound");
  if (condition.empty() || !visit.before().named(catalog::Space::constraint, name).empty())
    return std::nullopt;
  const std::string child = forms::to_text(attach.partition);
  const std::string check = forms::quoted(name);
  return Fix{Safety::review,
             "prove the bound by a CHECK, which ATTACH believes",
             {},
             {{.sql = fmt::format("ALTER TABLE {} ADD CONSTRAINT {} CHECK ({}) NOT VALID", child,
                                  check, condition)},
              {.sql = fmt::format("ALTER TABLE {} VALIDATE CONSTRAINT {};\n{};\n"
                                  "ALTER TABLE {} DROP CONSTRAINT {}",
                                  child, check, visit.statement().sql, child, check)}}};
}

void check_attach(const forms::AttachPartition& attach, Visit& visit) {
  if (attach.of_index || reads_default(visit, attach.table, attach.bound, attach.partition.at))
    return;
  if (!visit.live(attach.partition))
    return;
  const catalog::Object* const child = visit.relation(attach.partition);
  const facts::Touched* const touched = child ? visit.facts().find(child->id) : nullptr;
  if (touched && (touched->scanned == Answer::no ||
                  (touched->scanned == Answer::unknown && has_valid_check(visit, child->id))))
    return;
  Diagnostic& finding = visit.report(
      attach.partition.at,
      fmt::format("every row of {} is read while nobody else can read or write it",
                  forms::to_text(attach.partition)),
      {.variant = "attach", .unknown = !touched || touched->scanned == Answer::unknown});
  if (std::optional<Fix> fix = proved_first(visit, attach))
    finding.fix(std::move(*fix));
  else
    finding.note("ADD CHECK with the bound NOT VALID, VALIDATE it, ATTACH, then drop the CHECK");
}

void check_detach(const forms::DetachPartition& detach, Visit& visit) {
  if (detach.concurrently || detach.finalize || !visit.live(detach.table))
    return;
  const bool blocked = default_partition(visit, detach.table) != nullptr;
  Diagnostic& finding = visit.report(
      detach.table.at,
      fmt::format("nobody can read or write {} until this commits", forms::to_text(detach.table)),
      {.variant = "detach"});
  finding.note(blocked
                   ? "CONCURRENTLY is refused while there is a default partition (55000)"
                   : "DETACH PARTITION … CONCURRENTLY, outside of a transaction (PostgreSQL 14+)");
  constexpr int kFirstConcurrent = 14;
  if (blocked || visit.oldest_server() < kFirstConcurrent || !visit.relation(detach.table) ||
      visit.statement().forms.size() != 1)
    return;
  const uint32_t end = detach.partition.at.end;
  std::optional<std::vector<Edit>> edits = outside_transaction(visit.sources(), visit.statement());
  std::optional<Edit> say = in_sql(visit.sources(), visit.statement(), {end, end}, " CONCURRENTLY");
  if (!edits || !say)
    return;
  edits->push_back(std::move(*say));
  finding.fix({Safety::safe, "do it CONCURRENTLY, outside of the transaction", std::move(*edits)});
}

// The same table in two statements. An identity column would be copied, and refused by ATTACH.
std::optional<Fix> attached_later(Visit& visit, const forms::CreateTable& create) {
  const catalog::Object* const parent = visit.relation(create.partition_of);
  const catalog::Table* const data = parent ? parent->maybe<catalog::Table>() : nullptr;
  const bool plain = create.columns.empty() && create.constraints.empty() &&
                     create.options.empty() && create.tablespace.empty() &&
                     create.partition_by.strategy.empty() && !create.if_not_exists &&
                     create.kind == forms::ObjectKind::table &&
                     create.persistence == forms::Persistence::permanent;
  if (!data || !plain || !visit.known(create.partition_of) ||
      std::any_of(data->columns.begin(), data->columns.end(), [](const catalog::Column& column) {
        return column.identity != forms::Identity::none;
      }))
    return std::nullopt;
  const std::string table = forms::to_text(create.table);
  const std::string of = forms::to_text(create.partition_of);
  return Fix{
      Safety::review,
      "make it like the others, then attach it, which blocks nobody",
      {},
      {{.sql = fmt::format(
            "CREATE TABLE {0} (LIKE {1} INCLUDING ALL);\nALTER TABLE {1} ATTACH PARTITION {0} {2}",
            table, of, create.bound)}}};
}

void check_create(const forms::CreateTable& create, Visit& visit) {
  if (create.partition_of.name.empty() ||
      reads_default(visit, create.partition_of, create.bound, create.table.at) ||
      !visit.live(create.partition_of))
    return;
  Diagnostic& finding = visit.report(create.partition_of.at,
                                     fmt::format("nobody can read or write {} until this commits",
                                                 forms::to_text(create.partition_of)),
                                     {.variant = "create"});
  if (std::optional<Fix> fix = attached_later(visit, create))
    finding.fix(std::move(*fix));
  else
    finding.note(
        "CREATE TABLE … (LIKE parent INCLUDING ALL), then ATTACH PARTITION, which blocks nobody");
}

}  // namespace

const Rule lock_partition{.name = "lock/partition",
                          .level = Level::warning,
                          .checks = {on<check_attach>, on<check_detach>, on<check_create>}};

}  // namespace retort::rules
