// What the line under the cursor does to production: its SQL, what it locks and whom that stops,
// the work, what is lost, and the table as it stands there.
#include "common/text.h"
#include "editors/server/cursor.h"
#include "editors/server/requests/requests.h"
#include "editors/server/words.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::lsp {
namespace {

class Page {
public:
  explicit Page(bool markdown) : markdown_(markdown) {}

  void code(std::string_view sql) { text_ += code_block(sql, markdown_); }
  void line(std::string_view label, std::string_view text) {
    if (markdown_)
      text_ += fmt::format("**{}** {}  \n", label, escaped(text, true));
    else
      text_ += fmt::format("{}: {}\n", label, text);
  }
  void plain(std::string_view text) { text_ += escaped(text, markdown_) + "\n"; }
  void rule() { text_ += markdown_ ? "\n---\n" : "\n"; }
  bool empty() const { return text_.empty(); }
  std::string take() { return std::move(text_); }

private:
  bool markdown_;
  std::string text_;
};

// What the linter says of a statement.
void write_findings(Page& page, std::span<const Shown> findings, const SeenStatement& statement) {
  for (const Shown& finding : findings)
    if (finding.statement == statement.number + 1 && finding.down == statement.down &&
        !finding.suppressed)
      page.line(finding.full_name, finding.message);
}

void write_statement(Page& page, const SeenStatement& statement) {
  const facts::Facts& facts = statement.facts;
  const std::string_view sql = trim(statement.statement->sql);
  page.code(fmt::format("{}{}", sql, sql.ends_with(';') ? "" : ";"));
  const std::string locks = locks_text(facts);
  if (!locks.empty()) {
    page.line("Lock", locks);
    const std::string_view blocked = facts::blocked_words(strongest_lock(facts));
    if (!blocked.empty())
      page.line("Meanwhile", blocked);
  }
  if (const std::string work = work_text(facts); !work.empty())
    page.line("Work", work);
  for (const facts::Touched& touched : facts.touched)
    if (!touched.reason.empty() && !touched.made)
      page.line("Why", fmt::format("{}: {}", touched.name, touched.reason));
  if (!statement.time.empty())
    page.line("Time", statement.time);
  for (const facts::Loss& loss : facts.lost)
    page.line("Lost", loss.what);
  if (!facts.outside_only.empty())
    page.line("Transaction",
              fmt::format("{} cannot run inside a transaction block", facts.outside_only));
  if (facts.fails)
    page.line("Fails", fmt::format("{} ({})", facts.fails->message, facts.fails->sqlstate));
  else if (facts.fails_with_rows)
    page.line("Fails if the table has rows", fmt::format("{} ({})", facts.fails_with_rows->message,
                                                         facts.fails_with_rows->sqlstate));
  if (facts.certain == facts::Answer::unknown && !facts.missing.empty())
    page.line("Not certain", facts.missing);
}

void write_way_back(Page& page, const WayBack& way) {
  // Only a bundle keeps what a revision overwrites.
  const bool kept = way.kind == rollback::WayBackClass::data_kept;
  page.line("Way back", fmt::format("{}{}: {}", to_string(way.kind), kept ? " by a bundle" : "",
                                    way.reason.empty() ? explanation(way.kind) : way.reason));
}

const WayBack* way_back_of(const WaysBack& ways, const SeenStatement& statement) {
  const bool known = !statement.down && statement.number < ways.statements.size();
  return known ? &ways.statements[statement.number] : nullptr;
}

void write_revision(Page& page, Model& model, RevIndex revision) {
  const Chain& chain = model.chain();
  page.line("Revision", fmt::format("{}  {}", chain[revision].id, title_of(chain[revision])));
  std::vector<std::string> parents, children;
  for (const RevIndex parent : chain.parents(revision))
    parents.push_back(chain[parent].id);
  for (const RevIndex child : chain.children(revision))
    children.push_back(chain[child].id);
  page.line("Parent", parents.empty() ? "none: the chain begins here" : join(parents, ", "));
  page.line("Children", children.empty() ? "none: it is a head" : join(children, ", "));
  const std::vector<SeenStatement>& statements = model.statements(revision);
  const auto up = static_cast<size_t>(std::count_if(statements.begin(), statements.end(),
                                                    [](const auto& each) { return !each.down; }));
  page.line("Does", counted(up, "statement"));
  if (const facts::LockMode lock = strongest_lock(statements, false); lock != facts::LockMode::none)
    page.line("Strongest lock", facts::sql_name(lock));
  write_way_back(page, model.ways_back(revision).worst);
}

void write_object(Page& page, const Spot& spot, const Cursor& cursor) {
  Model& model = *spot.model;
  const SeenStatement& first = *cursor.statements.front();
  catalog::Catalog catalog = before(model, *spot.revision, first);
  const catalog::Id id = cursor.table != 0 ? cursor.table : cursor.object;
  const bool there = catalog.get(id) != nullptr;
  if (!there)
    catalog = behind(model, *spot.revision, *cursor.statements.back());
  const std::string definition = definition_text(catalog, id);
  if (definition.empty())
    return;
  if (!page.empty())
    page.rule();
  page.plain(there ? "Before this statement:" : "Behind this statement:");
  page.code(definition);
  if (const std::optional<Model::Made> made = model.maker(*spot.revision, id))
    page.line("Made by", fmt::format("{}  {}", model.chain()[made->revision].id,
                                     title_of(model.chain()[made->revision])));
}

}  // namespace

Answered hover(Session& session, JsonValue params, JsonWriter& json) {
  const std::optional<Spot> spot = session.spot(params);
  const Cursor cursor = spot ? cursor_at(*spot) : Cursor();
  Page page(session.client.markdown);
  if (cursor.revision)
    write_revision(page, *spot->model, *cursor.revision);
  constexpr size_t kMaxStatements = 8;
  std::vector<Shown> findings;
  if (!cursor.statements.empty())
    findings = spot->model->findings(spot->path);
  for (size_t i = 0; i < std::min(cursor.statements.size(), kMaxStatements); ++i) {
    write_statement(page, *cursor.statements[i]);
    if (const WayBack* const way =
            way_back_of(spot->model->ways_back(*spot->revision), *cursor.statements[i]))
      write_way_back(page, *way);
    write_findings(page, findings, *cursor.statements[i]);
  }
  if (cursor.statements.size() > kMaxStatements)
    page.plain(fmt::format("… and {} more", cursor.statements.size() - kMaxStatements));
  if (!cursor.statements.empty() && cursor.object == 0) {
    // No name in particular: the first table that was there.
    Cursor table = cursor;
    for (const facts::Touched& touched : cursor.statements.front()->facts.touched)
      if (!touched.made && touched.id != 0 && touched.kind == catalog::Kind::table) {
        table.object = table.table = touched.id;
        write_object(page, *spot, table);
        break;
      }
  } else if (cursor.object != 0) {
    write_object(page, *spot, cursor);
  }
  if (page.empty()) {
    json.null();
    return std::nullopt;
  }
  json.begin_object().key("contents").begin_object();
  json.text("kind", session.client.markdown ? "markdown" : "plaintext");
  json.text("value", page.take()).end_object();
  Span span = cursor.word;
  if (cursor.object == 0 && !cursor.revision)
    span = cursor.statements.front()->call;
  lsp::write_range(json.key("range"), spot->text, *spot->lines, span, session.client.encoding);
  json.end_object();
  return std::nullopt;
}

}  // namespace retort::lsp
