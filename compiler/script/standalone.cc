#include "compiler/script/standalone.h"

#include "compiler/ddl/names.h"
#include "compiler/statement_forms.h"

#include <algorithm>
#include <fmt/core.h>

namespace retort {
namespace {

std::string regclass(const forms::Name& name) {
  return fmt::format("to_regclass({})", literal(forms::to_text(name)));
}

// Indexes of partitioned tables are invalid until every part has one: they are no leftovers.
std::string index_where(const std::string& condition) {
  return fmt::format("FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = "
                     "i.indexrelid\n WHERE c.relkind = 'i' AND {}",
                     condition);
}

std::string drop_indexes(const std::string& condition) {
  return "SELECT format('DROP INDEX CONCURRENTLY %s', i.indexrelid::regclass)\n  " +
         index_where("NOT i.indisvalid AND " + condition);
}

Standalone of(const forms::CreateIndex& form) {
  Standalone result;
  if (form.index.name.empty())
    return result;
  forms::Name index = form.index;
  index.schema = form.table.schema;
  const std::string same =
      fmt::format("i.indexrelid = {} AND i.indrelid = {}", regclass(index), regclass(form.table));
  result.object = "index " + forms::to_text(index);
  result.leftovers = drop_indexes(same);
  result.done = fmt::format("EXISTS (SELECT {} AND i.indisvalid)", index_where(same));
  return result;
}

Standalone of(const forms::Drop& form) {
  Standalone result;
  result.object = "index " + forms::to_text(form.object.name);
  result.done = regclass(form.object.name) + " IS NULL";
  return result;
}

Standalone of(const forms::Reindex& form) {
  Standalone result;
  result.repeatable = true;
  const bool index = form.kind == forms::ObjectKind::index;
  if (!form.concurrently || (!index && form.kind != forms::ObjectKind::table))
    return result;
  const std::string name = regclass(form.name);
  const std::string table =
      index ? fmt::format("(SELECT indrelid FROM pg_catalog.pg_index WHERE indexrelid = {})", name)
            : name;
  result.object = (index ? "index " : "indexes of table ") + forms::to_text(form.name);
  result.leftovers =
      drop_indexes(fmt::format("i.indrelid = {} AND c.relname ~ '_cc(new|old)[0-9]*$'", table));
  return result;
}

Standalone of(const forms::DetachPartition& form) {
  Standalone result;
  const std::string attached =
      fmt::format("SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = {} AND inhparent = {}",
                  regclass(form.partition), regclass(form.table));
  const std::string finalize =
      fmt::format("ALTER TABLE {} DETACH PARTITION {} FINALIZE", forms::to_text(form.table),
                  forms::to_text(form.partition));
  result.object = "partition " + forms::to_text(form.partition);
  result.leftovers = fmt::format("SELECT {}\n WHERE EXISTS ({} AND inhdetachpending)",
                                 literal(finalize), attached);
  result.done = fmt::format("NOT EXISTS ({})", attached);
  return result;
}

template <class Form>
Standalone of(const Form&) {
  return {};
}

}  // namespace

Standalone standalone(std::string_view sql, std::string_view alone) {
  Standalone result;
  for (const forms::Form& form : forms_of(sql))
    std::visit([&](const auto& each) { result = of(each); }, form);
  constexpr std::string_view kRepeatable[] = {"VACUUM", "CLUSTER", "ALTER SYSTEM", "DISCARD ALL"};
  if (alone.starts_with("REINDEX") ||
      std::find(std::begin(kRepeatable), std::end(kRepeatable), alone) != std::end(kRepeatable))
    result.repeatable = true;
  return result;
}

}  // namespace retort
