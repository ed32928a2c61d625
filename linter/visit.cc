#include "linter/visit.h"

#include "compiler/written.h"
#include "linter/edits.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort {
namespace {

Level lower(Level level) { return level == Level::error ? Level::warning : Level::info; }

// Rules about load on the server and about running code: a way down is taken in an emergency.
bool milder_on_the_way_down(const Rule& rule) {
  return rule.group() == "lock" || rule.group() == "txn" || rule.group() == "compat";
}

std::string list_of(const std::vector<int>& servers) {
  std::string text;
  for (size_t i = 0; i < servers.size(); ++i)
    text += fmt::format("{}{}", i == 0 ? "" : i + 1 == servers.size() ? " and " : ", ", servers[i]);
  return text;
}

Finding& add(Linting& linting, const Rule& rule, const Unit* unit, bool down, const Saying& how,
             Loc at, std::string message, const std::optional<Weight>& weight = {}) {
  Finding& finding = linting.findings.emplace_back();
  finding.unit = unit;
  finding.down = down;
  finding.off = std::find(rule.off.begin(), rule.off.end(), how.variant) != rule.off.end();
  Diagnostic& diagnostic = finding.diagnostic;
  diagnostic.rule = rule.name;
  diagnostic.variant = how.variant;
  diagnostic.level = how.level.value_or(rule.level);
  if (weight && weight->level)
    diagnostic.level = *weight->level;
  if (how.unknown)
    diagnostic.level = lower(diagnostic.level);
  if (down && milder_on_the_way_down(rule))
    diagnostic.level = lower(diagnostic.level);
  diagnostic.at = at;
  diagnostic.message = std::move(message);
  const std::vector<int>& targets = linting.settings.servers;
  if (!how.servers.empty() && how.servers.size() < targets.size())
    diagnostic.note(fmt::format("so on PostgreSQL {}, of the targets {}", list_of(how.servers),
                                list_of(targets)));
  return finding;
}

// One line, and not too long a one.
std::string shown(std::string_view sql) {
  constexpr size_t kLongest = 160;
  std::string line = one_line(sql);
  if (line.size() <= kLongest)
    return line;
  size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(line[end]) & 0xC0) == 0x80)
    --end;
  return line.substr(0, end) + "…";
}

Finding& at_statement(Finding& finding, const LintStatement& statement, size_t number) {
  finding.statement = number + 1;
  finding.sql = statement.sql;
  if (!statement.exact && statement.op != "sql" && !statement.unwritten())
    finding.diagnostic.note(fmt::format("SQL: {}", shown(statement.sql)));
  return finding;
}

// The one string in a call of `op` that says what stands at a place of its SQL: the argument.
std::optional<Span> argument_in(std::string_view call, std::string_view word) {
  if (word.size() > 1 && word.front() == '"')
    word = word.substr(1, word.size() - 2);
  if (word.empty())
    return std::nullopt;
  std::optional<Span> found;
  for (size_t at = call.find(word); at != std::string_view::npos; at = call.find(word, at + 1)) {
    const size_t end = at + word.size();
    if (at == 0 || end >= call.size() || call[at - 1] != call[end] ||
        (call[end] != '"' && call[end] != '\''))
      continue;
    if (found)
      return std::nullopt;
    found = Span{static_cast<uint32_t>(at - 1), static_cast<uint32_t>(end + 1)};
  }
  return found;
}

Loc place_in(const Sources& sources, const LintStatement& statement, Span at) {
  Loc loc = statement.at;
  if (statement.unwritten())
    return loc;  // there is no SQL, be it known what it does
  if (!statement.exact && statement.op != "sql" && !at.empty() && loc.file != FileId::none) {
    const std::string_view sql = statement.sql;
    if (const std::optional<Span> argument =
            argument_in(sources.text(loc), sql.substr(at.begin, at.end - at.begin))) {
      loc.span.end = loc.span.begin + argument->end;
      loc.span.begin += argument->begin;
      return loc;
    }
    if (statement.op == "execute")
      if (const std::optional<Written> written = Written::find(sources, sql, loc))
        return written->place(at);
    return loc;
  }
  if (statement.exact && !at.empty()) {
    loc.span.end = loc.span.begin + at.end;
    loc.span.begin += at.begin;
  }
  return loc;
}

bool is_live(const catalog::Object* object, catalog::Id id, catalog::Id border,
             const facts::Transaction& transaction) {
  if (!object)
    return true;
  const catalog::Table* const table = object->maybe<catalog::Table>();
  return (id < border || (table && table->unmade)) && !transaction.emptied.contains(id);
}

}  // namespace

Visit::Visit(Linting& linting, const Unit& unit, bool down, size_t number,
             catalog::Catalog& catalog, const facts::Transaction& transaction,
             std::span<const ServerFacts> facts, const std::optional<catalog::Problem>& problem,
             catalog::Id border)
    : linting_(linting), unit_(unit), down_(down), number_(number), catalog_(catalog),
      names_(catalog), transaction_(transaction), facts_(facts), problem_(problem),
      border_(border) {}

std::vector<int> Visit::servers_where(const std::function<bool(const facts::Facts&)>& holds) const {
  std::vector<int> servers;
  for (const ServerFacts& each : facts_)
    if (holds(each.facts))
      servers.push_back(each.server);
  return servers;
}

const catalog::Object* Visit::relation(const forms::Name& name) const {
  return catalog_.get(names_.relation(name));
}

const catalog::Object* Visit::type(const forms::Name& name) const {
  return catalog_.get(names_.type_named(name));
}

std::vector<catalog::Id> Visit::functions(const forms::Name& name) const {
  return names_.functions(name);
}

std::string Visit::name_of(const catalog::Object& object) const {
  return names_.visible_name(object);
}

std::string Visit::text_of(const catalog::Type& type) const { return names_.text(type); }

bool Visit::released(catalog::Id id) const {
  const catalog::Object* const object = catalog_.get(id);
  const catalog::Table* const table = object ? object->maybe<catalog::Table>() : nullptr;
  return id < border_ || (table && table->unmade);
}

// For a table that is called small no lock matters.
static bool does_not_matter(const Rule* rule, const LintSettings& settings, std::string_view schema,
                            std::string_view table) {
  return !settings.small.empty() && rule && (rule->group() == "lock" || rule->group() == "txn") &&
         settings.is_small(schema, table);
}

bool Visit::live(const forms::Name& name) const {
  if (does_not_matter(rule_, settings(), name.schema, name.name))
    return false;
  const catalog::Id id = names_.relation(name);
  return live(id);
}

bool Visit::live(catalog::Id id) const {
  const catalog::Object* const object = catalog_.get(id);
  const catalog::Object* const schema = object ? catalog_.get(object->schema) : nullptr;
  if (object && does_not_matter(rule_, settings(), schema ? schema->name : "", object->name))
    return false;
  return is_live(catalog_.get(id), id, border_, transaction_);
}

bool Visit::known(const forms::Name& name) const {
  const catalog::Id id = names_.relation(name);
  return id != 0 && !names_.partial(id);
}

const Maker* Visit::maker(catalog::Id id) const { return linting_.maker(id); }

// One of the statements has written rows of the table, or nobody knows.
static bool may_write(std::span<const LintStatement> statements, const forms::Name& table) {
  const auto writes = [&](const forms::Form& form) {
    return std::visit(
        [&]<class F>(const F& each) {
          constexpr bool kRows = std::is_same_v<F, forms::Insert> ||
                                 std::is_same_v<F, forms::Update> ||
                                 std::is_same_v<F, forms::Merge> || std::is_same_v<F, forms::Copy>;
          if constexpr (kRows)
            return each.table.name == table.name;
          else if constexpr (std::is_same_v<F, forms::Opaque>)
            return each.writes || each.anything;
          else
            return std::is_same_v<F, forms::Select>;  // of a function
        },
        form);
  };
  return std::any_of(statements.begin(), statements.end(), [&](const LintStatement& each) {
    return std::any_of(each.forms.begin(), each.forms.end(), writes);
  });
}

bool Visit::refers_by_nulls(const forms::AddConstraint& add) const {
  const std::span<const LintStatement> before = std::span(side().statements).first(number_);
  const catalog::Object* const table = relation(add.table);
  const auto is_added = [&](const std::string& name, const LintStatement& statement) {
    return std::any_of(statement.forms.begin(), statement.forms.end(), [&](const auto& form) {
      const auto* const added = std::get_if<forms::AddColumn>(&form);
      return added && added->table == add.table && added->column.name == name &&
             !added->column.not_null && !added->column.fallback;
    });
  };
  const auto is_null = [&](const std::string& name) {
    if (!known(add.table))  // what was written tells
      return std::any_of(before.begin(), before.end(),
                         [&](const LintStatement& each) { return is_added(name, each); });
    const catalog::Column* const column = table->column_named(name);
    return transaction_.added(table->id, name) && column && !column->not_null &&
           column->fallback == 0;
  };
  return !(transaction_.wrote_rows && may_write(before, add.table)) &&
         std::all_of(add.constraint.columns.begin(), add.constraint.columns.end(), is_null);
}

Diagnostic* TransactionVisit::said(const Ran& at, std::string_view group) {
  for (auto finding = linting_.findings.rbegin();
       finding != linting_.findings.rend() && finding->unit == &unit_ && finding->down == down_;
       ++finding)
    if (finding->statement == at.number + 1 && finding->diagnostic.level != Level::info &&
        finding->rule().starts_with(group) && finding->rule().substr(group.size()).starts_with('/'))
      return &finding->diagnostic;
  return nullptr;
}

Loc Visit::place(Span at) const { return place_in(linting_.sources, statement(), at); }

// Indexes alone: what is moved out of the transaction leaves nothing behind that counts on it.
static bool holds_indexes_alone(const LintSide& side) {
  const auto about_index = [](const forms::Form& form) {
    const auto* const drop = std::get_if<forms::Drop>(&form);
    return std::holds_alternative<forms::CreateIndex>(form) ||
           std::holds_alternative<forms::Set>(form) ||
           (drop && drop->object.kind == forms::ObjectKind::index);
  };
  return side.holes.empty() && std::all_of(side.statements.begin(), side.statements.end(),
                                           [&](const LintStatement& statement) {
                                             return !statement.transaction ||
                                                    std::all_of(statement.forms.begin(),
                                                                statement.forms.end(), about_index);
                                           });
}

std::optional<Fix> Visit::concurrently(std::string_view word) const {
  std::optional<std::vector<Edit>> edits = outside_transaction(sources(), statement());
  // SQL with escapes in its string is not exact, and its call takes no such argument.
  const bool of_directive = statement().op == "create_index" || statement().op == "drop_index";
  std::optional<Edit> say;
  if (statement().exact)
    say = after_word(sources(), statement(), word, " CONCURRENTLY");
  else if (of_directive)
    say = with_argument(sources(), statement(), "postgresql_concurrently=True");
  if (!edits || !say)
    return std::nullopt;
  if (!edits->empty() && say->replacement.starts_with("\n"))
    say->replacement.insert(1, "    ");  // a line of its own moves with the others
  edits->push_back(*say);
  std::string title = "do it CONCURRENTLY, outside of the transaction";
  const bool limited = transaction_.has_limit("statement_timeout");
  if (limited)  // what is cancelled leaves an invalid index
    title += ", and set the statement_timeout off for it";
  return Fix{holds_indexes_alone(side()) && !limited ? Safety::safe : Safety::review,
             std::move(title), std::move(*edits)};
}

// What is said to be harmless anyway is not weighed.
static bool can_be_weighed(const Linting& linting, const Rule& rule, const Saying& how) {
  return linting.production.statistics && is_weighed(rule) && how.level != Level::info;
}

std::optional<Weight> Visit::weight(const Saying& how) const {
  if (!can_be_weighed(linting_, *rule_, how))
    return std::nullopt;
  Weighing what{linting_.production,
                catalog_,
                [&](const facts::Touched& touched) { return live(touched.id); },
                {{{}, statement().forms}},
                {}};
  for (const ServerFacts& each : facts_)
    what.statements.front().facts.push_back(&each.facts);
  for (const facts::Transaction::Held& held : transaction_.held)
    if (const catalog::Object* const object = catalog_.get(held.id);
        facts::blocks_reads(held.mode) && statement().transaction && object &&
        object->is_table_like() && live(held.id))
      what.held.push_back(held.id);
  Weight weight = weigh(*rule_, what);
  if (form_ && rule_->group() == "lock")
    if (std::string why = probable_failure(*form_, linting_.production, catalog_, transaction_);
        !why.empty())
      weight = {Level::error, std::move(why)};
  return weight;
}

Diagnostic& Visit::report(Span at, std::string message, const Saying& how) {
  const std::optional<Weight> weight = this->weight(how);
  Finding& finding =
      add(linting_, *rule_, &unit_, down_, how, place(at), std::move(message), weight);
  at_statement(finding, statement(), number_);
  if (weight && !weight->note.empty())
    finding.diagnostic.note(weight->note);
  return finding.diagnostic;
}

std::string Visit::rows_in_production(const forms::Name& name, std::string_view column) const {
  const Production& production = linting_.production;
  const catalog::Object* const object = relation(name);
  if (!production.statistics || (object && !released(object->id)))
    return "";
  const statistics::Table* const table = production.table(name, catalog_);
  if (!table || !table->rows)
    return "";
  const std::string date = statistics::text_of(production.statistics->taken);
  const statistics::Column* const held = column.empty() ? nullptr : table->column(column);
  if (held && held->null_fraction > 0)
    return fmt::format("about {} of its {} rows hold a value (statistics of {})",
                       statistics::count_text(*table->rows * (1 - held->null_fraction)),
                       statistics::count_text(*table->rows), date);
  return fmt::format("it has {} (statistics of {})", statistics::size_text(*table), date);
}

bool TransactionVisit::live(const facts::Touched& touched) const {
  if (!settings().small.empty()) {
    const std::string whole = without_quotes(touched.name);
    const std::string_view name = whole;
    const size_t dot = std::min(name.find('.'), name.size());
    if (does_not_matter(rule_, settings(), name.substr(0, dot),
                        dot == name.size() ? name : name.substr(dot + 1)))
      return false;
  }
  return !touched.made && is_live(after_.get(touched.id), touched.id, border_, transaction_);
}

// From the first statement on for which somebody waits.
std::optional<Weight> TransactionVisit::weight(const Saying& how) const {
  if (!can_be_weighed(linting_, *rule_, how))
    return std::nullopt;
  Weighing what{linting_.production,
                after_,
                [&](const facts::Touched& touched) { return live(touched); },
                {},
                {}};
  for (const Ran& ran : statements_) {
    const std::vector<facts::Touched>& touched = ran.facts.front().facts.touched;
    if (what.statements.empty() &&
        std::none_of(touched.begin(), touched.end(), [&](const facts::Touched& each) {
          return facts::blocks_writes(each.lock) && live(each);
        }))
      continue;
    WeighedStatement& next =
        what.statements.emplace_back(WeighedStatement{{}, statement(ran).forms});
    for (const ServerFacts& each : ran.facts)
      next.facts.push_back(&each.facts);
  }
  return weigh(*rule_, what);
}

Diagnostic& TransactionVisit::report(const Ran& at, std::string message, const Saying& how) {
  const std::optional<Weight> weight = this->weight(how);
  Finding& finding =
      add(linting_, *rule_, &unit_, down_, how, statement(at).at, std::move(message), weight);
  at_statement(finding, statement(at), at.number);
  if (weight && !weight->note.empty())
    finding.diagnostic.note(weight->note);
  return finding.diagnostic;
}

std::optional<Fix> RevisionVisit::leading_back() const {
  if (!missing || !linting_.chain || !unit_.index)
    return std::nullopt;
  std::optional<Edit> edit =
      at_end_of_way_down(sources(), unit_, (*linting_.chain)[*unit_.index], missing->steps);
  if (!edit)
    return std::nullopt;
  return Fix{missing->loses_nothing ? Safety::safe : Safety::review,
             unit_.down.statements.empty() ? "write the way down" : "write the missing statements",
             {*std::move(edit)}};
}

static Loc header_of(const Linting& linting, const Unit& unit) {
  return {unit.file, unit.index ? (*linting.chain)[*unit.index].id_at : Span{}};
}

Diagnostic& RevisionVisit::report(bool down, std::optional<size_t> number, std::string message,
                                  const Saying& how) {
  if (number) {
    const LintStatement& statement = (down ? unit_.down : unit_.up).statements[*number];
    Finding& finding = add(linting_, *rule_, &unit_, down, how, statement.at, std::move(message));
    return at_statement(finding, statement, *number).diagnostic;
  }
  Loc at = header_of(linting_, unit_);
  if (down && !unit_.down.statements.empty())
    at = unit_.down.statements.front().call;
  return add(linting_, *rule_, &unit_, down, how, at, std::move(message)).diagnostic;
}

Diagnostic& RevisionVisit::report(Span in_file, std::string message, const Saying& how) {
  return add(linting_, *rule_, &unit_, false, how, {unit_.file, in_file}, std::move(message))
      .diagnostic;
}

EndVisit::EndVisit(Linting& linting, catalog::Catalog& catalog, std::span<const Unit> units)
    : linting_(linting), catalog_(catalog), units_(units) {
  for (const Unit& unit : units)
    if (hides_changes(unit.up) ||
        std::any_of(unit.up.statements.begin(), unit.up.statements.end(), may_do_anything))
      unclear_.push_back(&unit);
}

std::string EndVisit::name_of(const catalog::Object& object) const {
  return catalog::Apply(catalog_).visible_name(object);
}

std::string EndVisit::text_of(const catalog::Type& type) const {
  return catalog::Apply(catalog_).text(type);
}

Diagnostic* EndVisit::report(catalog::Id id, Span at, std::string message, const Saying& how) {
  const Maker* const maker = linting_.maker(id);
  return maker ? report(*maker, at, std::move(message), how) : nullptr;
}

Diagnostic* EndVisit::report(const Unit& unit, std::string message, const Saying& how) {
  if (!unit.reported)
    return nullptr;
  return &add(linting_, *rule_, &unit, false, how, header_of(linting_, unit), std::move(message))
              .diagnostic;
}

Diagnostic& EndVisit::report(Loc at, const Unit* unit, std::string message, const Saying& how) {
  return add(linting_, *rule_, unit, false, how, at, std::move(message)).diagnostic;
}

Diagnostic* EndVisit::report(const Maker& at, Span in_statement, std::string message,
                             const Saying& how) {
  if (!at.unit->reported)
    return nullptr;
  Finding& finding =
      add(linting_, *rule_, at.unit, false, how,
          place_in(linting_.sources, *at.statement, in_statement), std::move(message));
  const std::vector<LintStatement>& statements = at.unit->up.statements;
  return &at_statement(finding, *at.statement,
                       static_cast<size_t>(at.statement - statements.data()))
              .diagnostic;
}

}  // namespace retort
