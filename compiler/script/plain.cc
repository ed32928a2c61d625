#include "compiler/script/plain.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort {
namespace {

// Every item ends with an empty line.
class Writer {
public:
  explicit Writer(const Config& config)
      : table_(config), transactional_(config.transactional_ddl.value),
        per_step_(config.transaction_per_migration.value) {}

  const VersionTable& table() const { return table_; }

  void item(std::string_view text) { (text_ += text) += "\n\n"; }
  void statement(std::string_view sql) { (text_ += sql) += ";\n\n"; }

  // The ends of the whole script, of one step, and of statements that run between transactions.
  void begin_script() { begin_if(!per_step_); }
  void commit_script() { commit_if(!per_step_); }
  void begin_step() { begin_if(per_step_); }
  void commit_step() { commit_if(per_step_); }
  void begin_autocommit() { commit_if(true); }
  void end_autocommit() { begin_if(true); }

  std::string take() { return std::move(text_); }

private:
  void begin_if(bool wanted) {
    if (wanted && transactional_)
      statement("BEGIN");
  }
  void commit_if(bool wanted) {
    if (wanted && transactional_)
      statement("COMMIT");
  }

  VersionTable table_;
  bool transactional_;
  bool per_step_;
  std::string text_;
};

void write_hole(Writer& writer, const Diagnostic& hole, const Sources& sources) {
  const Loc at = sources.origin(hole.at);
  const Position position = sources.position(at.file, at.span.begin);
  std::string text = fmt::format("-- retort: not compiled: {}:{}:{}: {}", sources.path(at.file),
                                 position.line, position.column, hole.message);
  std::replace(text.begin(), text.end(), '\n', ' ');
  std::replace(text.begin(), text.end(), '\r', ' ');
  writer.item(text);
}

void write_body(Writer& writer, const Body& body, const Sources& sources) {
  for (size_t i = 0; i < body.items.size(); ++i)
    switch (body.items[i].kind) {
    case BodyItem::Kind::statement: writer.item(terminated(body.items, i)); break;
    case BodyItem::Kind::autocommit_begin: writer.begin_autocommit(); break;
    case BodyItem::Kind::autocommit_end: writer.end_autocommit(); break;
    }
  for (const Diagnostic& hole : body.holes)
    write_hole(writer, hole, sources);
}

}  // namespace

std::string plain_script(const Chain& chain, std::span<const ScriptStep> steps,
                         const Config& config, const Sources& sources) {
  Writer writer(config);
  writer.begin_script();
  for (const ScriptStep& step : steps) {
    writer.begin_step();
    if (step.creates_table)
      writer.statement(writer.table().create());
    writer.item(fmt::format("-- Running {} {} -> {}", step.name, fmt::join(step.from, ", "),
                            fmt::join(step.to, ", ")));
    if (step.body)
      write_body(writer, *step.body, sources);
    for (const RowChange& change : step.change.changes)
      writer.statement(writer.table().statement(chain, change));
    writer.commit_step();
  }
  writer.commit_script();
  return writer.take();
}

std::string plain_version_table(const Config& config) {
  Writer writer(config);
  writer.begin_script();
  writer.statement(writer.table().create());
  writer.commit_script();
  return writer.take();
}

}  // namespace retort
