// CREATE INDEX holds SHARE for the whole build: reads go on, every write waits. CONCURRENTLY waits
// for running transactions instead and blocks nobody; a partitioned table refuses it (0A000).
#include "rules/rules.h"

#include <fmt/format.h>

namespace retort::rules {
namespace {

// An index of the parent alone, which is not valid until every partition has attached its own.
std::optional<Fix> one_by_one(const Visit& visit, const forms::CreateIndex& index,
                              const catalog::Object& parent) {
  const std::string_view sql = visit.statement().sql;
  if (visit.down() || visit.statement().forms.size() != 1 || index.index.name.empty() ||
      index.if_not_exists || index.table.at.empty())
    return std::nullopt;
  const std::string rest(sql.substr(index.table.at.end));
  std::string builds, attaches;
  for (const catalog::Id id : visit.before().dependents(parent.id)) {
    const catalog::Object* const child = visit.object(id);
    const catalog::Table* const data = child ? child->maybe<catalog::Table>() : nullptr;
    if (!data || !data->partition)
      continue;
    if (!data->strategy.empty() || child->schema != parent.schema)
      return std::nullopt;  // partitions of its own, or names that need more care
    const std::string name = catalog::make_object_name(child->name, index.index.name, "");
    builds += fmt::format("{}CREATE {}INDEX CONCURRENTLY {} ON {}{}", builds.empty() ? "" : ";\n",
                          index.unique ? "UNIQUE " : "", forms::quoted(name), visit.name_of(*child),
                          rest);
    const auto qualified = [&](const std::string& own) {
      return forms::to_text(forms::Name{index.table.schema, own, {}});
    };
    attaches += fmt::format("{}ALTER INDEX {} ATTACH PARTITION {}", attaches.empty() ? "" : ";\n",
                            qualified(index.index.name), qualified(name));
  }
  if (builds.empty())
    return std::nullopt;
  return Fix{
      Safety::review,
      "build it on each partition, and attach those",
      {},
      {{.sql = fmt::format("CREATE {}INDEX {} ON ONLY {}{}", index.unique ? "UNIQUE " : "",
                           forms::quoted(index.index.name), forms::to_text(index.table), rest)},
       {.sql = std::move(builds), .outside = true},
       {.sql = std::move(attaches)}}};
}

void check(const forms::CreateIndex& index, Visit& visit) {
  if (index.concurrently || !visit.live(index.table))
    return;
  if (index.if_not_exists && visit.relation(index.index))
    return;  // it is there already
  const catalog::Object* const table = visit.relation(index.table);
  const std::string name = forms::to_text(index.table);
  const catalog::Table* const data = table ? table->maybe<catalog::Table>() : nullptr;
  if (data && !data->strategy.empty()) {
    if (index.only)
      return;  // an entry in the catalog and no more
    Diagnostic& finding = visit.report(
        index.table.at,
        fmt::format("building this index blocks writes to every partition of {}", name),
        {.variant = "partitioned"});
    if (std::optional<Fix> fix = one_by_one(visit, index, *table))
      finding.fix(std::move(*fix));
    else
      finding.note("make the index ON ONLY the parent, one CONCURRENTLY on each partition, and "
                   "attach those: ALTER INDEX … ATTACH PARTITION");
    return;
  }
  Diagnostic& finding =
      visit.report(index.table.at, fmt::format("writes to {} wait until this index is built", name))
          .note("CREATE INDEX CONCURRENTLY, outside of a transaction, blocks nobody");
  if (std::optional<Fix> fix = visit.concurrently("index"))
    finding.fix(std::move(*fix));
}

}  // namespace

const Rule lock_create_index{
    .name = "lock/create-index", .level = Level::error, .checks = {on<check>}};

}  // namespace retort::rules
