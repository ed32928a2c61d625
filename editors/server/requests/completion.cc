// What can stand here: ids of revisions with the heads first, directives, types, and the tables and
// columns that exist before the statement.
#include "common/text.h"
#include "compiler/catalog/sql.h"
#include "compiler/ops/ops.h"
#include "editors/server/context.h"
#include "editors/server/cursor.h"
#include "editors/server/keywords.h"
#include "editors/server/requests/requests.h"
#include "editors/server/words.h"
#include "grammars/postgres/lexer.h"
#include "rules/pages.h"
#include "rules/rules.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace retort::lsp {
namespace {

enum ItemKind { kFunction = 3, kField = 5, kClass = 7, kKeyword = 14, kFile = 17, kStruct = 22 };

constexpr std::array<std::string_view, 27> kTypes = {"ARRAY(",
                                                     "BigInteger()",
                                                     "Boolean()",
                                                     "Column(",
                                                     "CheckConstraint(",
                                                     "Date()",
                                                     "DateTime()",
                                                     "Enum(",
                                                     "Float()",
                                                     "ForeignKey(",
                                                     "ForeignKeyConstraint(",
                                                     "Identity(",
                                                     "Integer()",
                                                     "Interval()",
                                                     "JSON()",
                                                     "LargeBinary()",
                                                     "Numeric(",
                                                     "PrimaryKeyConstraint(",
                                                     "SmallInteger()",
                                                     "String(",
                                                     "Text()",
                                                     "Time()",
                                                     "Uuid()",
                                                     "UniqueConstraint(",
                                                     "func.",
                                                     "text(",
                                                     "false()"};

class Items {
public:
  Items(Session& session, const Spot& spot, const Context& context, JsonWriter& json)
      : session_(session), spot_(spot), json_(json) {
    const auto end = spot.offset;
    word_ = {end - static_cast<uint32_t>(context.typed.size()), end};
    typed_ = lower(context.typed);
  }

  void add(std::string_view label, int kind, std::string_view detail, std::string_view text = {}) {
    constexpr size_t kMax = 500;
    if (count_ >= kMax || (!typed_.empty() && !lower(label).starts_with(typed_)))
      return;
    json_.begin_object().text("label", label).number("kind", kind);
    if (!detail.empty())
      json_.text("detail", detail);
    json_.text("sortText", fmt::format("{:04}", count_++));
    json_.key("textEdit").begin_object().key("range");
    write_range(json_, spot_.text, *spot_.lines, word_, session_.client.encoding);
    json_.text("newText", text.empty() ? label : text).end_object().end_object();
  }

private:
  Session& session_;
  const Spot& spot_;
  JsonWriter& json_;
  Span word_;
  std::string typed_;
  size_t count_ = 0;
};

void add_revisions(Items& items, const Spot& spot) {
  const Chain& chain = spot.model->chain();
  const auto add = [&](RevIndex i, bool heads) {
    if (chain.is_head(i) == heads && i != spot.revision)
      items.add(chain[i].id, kFile, (heads ? "head: " : "") + title_of(chain[i]));
  };
  for (const bool heads : {true, false})
    for (auto i = static_cast<RevIndex>(chain.size()); i-- > 0;)
      add(i, heads);
}

bool is_batch(std::string_view object) { return object.find("batch") != std::string_view::npos; }

void add_directives(Items& items, std::string_view object) {
  const bool batch = is_batch(object);
  for (const OpSignature* const signature : op_signatures())
    if (const auto& text = batch ? signature->batch_signature : signature->signature)
      items.add(signature->name, kFunction, fmt::format("({})", *text),
                std::string(signature->name) + "(");
  if (batch)
    return;
  items.add("execute", kFunction, "(sqltext)", "execute(");
  items.add("batch_alter_table", kFunction, "(table_name)", "batch_alter_table(");
  items.add("get_context", kFunction, "()", "get_context()");
  items.add("get_bind", kFunction, "()", "get_bind()");
  items.add("f", kFunction, "(name)", "f(");
}

// The catalog before the statement that is being written: those above it in the function are done.
catalog::Catalog catalog_here(const Spot& spot) {
  Model& model = *spot.model;
  if (!spot.revision)  // it is new, and not whole yet
    return model.at_head();
  const SeenStatement* last = nullptr;
  const size_t down_at = spot.text.find("def downgrade");
  const bool down =
      spot.path.ends_with(".py") && down_at != std::string_view::npos && spot.offset > down_at;
  for (const SeenStatement& statement : model.statements(*spot.revision))
    if (statement.down == down && !statement.elsewhere && statement.call.end < spot.offset)
      last = &statement;
  return model.before(*spot.revision, down, last ? last->number + 1 : 0);
}

std::vector<catalog::Id> tables_of(const catalog::Catalog& catalog) {
  std::vector<catalog::Id> ids;
  for (catalog::Id id = 1; id < catalog.size(); ++id)
    if (const catalog::Object* const object = catalog.get(id); object && object->is_table_like())
      ids.push_back(id);
  std::sort(ids.begin(), ids.end(), [&](catalog::Id a, catalog::Id b) {
    return catalog.get(a)->name < catalog.get(b)->name;
  });
  return ids;
}

void add_tables(Items& items, const catalog::Catalog& catalog) {
  for (const catalog::Id id : tables_of(catalog))
    items.add(catalog.get(id)->name, kStruct,
              fmt::format("{} of {}", to_string(catalog.get(id)->kind),
                          counted(catalog.get(id)->as<catalog::Table>().columns.size(), "column")));
}

void add_columns(Items& items, catalog::Catalog& catalog, std::string_view table) {
  for (const catalog::Id id : catalog.named(catalog::Space::relation, table)) {
    const catalog::Object* const object = catalog.get(id);
    if (!object || !object->is_table_like())
      continue;
    for (const catalog::Column& column : object->as<catalog::Table>().columns)
      if (!column.dropped)
        items.add(column.name, kField,
                  fmt::format("{}{}", catalog::type_name(catalog, column.type),
                              column.not_null ? " not null" : ""));
  }
}

// Whether a parameter of a directive is a table's name.
bool names_table(std::string_view parameter) {
  return parameter == "table_name" || parameter == "source_table" || parameter == "source" ||
         parameter == "referent_table" || parameter == "referent" ||
         parameter == "old_table_name" || parameter == "name";
}

// The parameters of the directive that is called, with their defaults; nothing when it is none.
std::optional<std::string_view> signature_of(const Context& context) {
  for (const OpSignature* const signature : op_signatures())
    if (signature->name == context.call)
      return is_batch(context.object) ? signature->batch_signature : signature->signature;
  return std::nullopt;
}

std::string_view name_of(std::string_view parameter) {
  return parameter.substr(0, parameter.find('='));
}

// The name of the parameter that an argument goes to.
std::string parameter_of(const Context& context) {
  if (!context.keyword.empty())
    return std::string(context.keyword);
  size_t number = 0;
  if (const std::optional<std::string_view> signature = signature_of(context))
    for (const std::string_view part : split(*signature, ',')) {
      const std::string_view name = name_of(trim(part));
      if (name.starts_with("*") || number++ == context.argument)
        return std::string(name);
    }
  return {};
}

void add_arguments(Items& items, const Spot& spot, const Context& context) {
  if (!context.in_string)
    return;
  catalog::Catalog catalog = catalog_here(spot);
  const std::string parameter = parameter_of(context);
  const bool new_object = context.call == "create_table" && parameter == "table_name";
  if (context.call == "ForeignKey" || context.call == "ForeignKeyConstraint") {
    for (const catalog::Id id : tables_of(catalog))
      for (const catalog::Column& column : catalog.get(id)->as<catalog::Table>().columns)
        if (!column.dropped)
          items.add(catalog.get(id)->name + "." + column.name, kField, "");
    return;
  }
  if (context.call == "batch_alter_table" && context.argument == 0) {
    add_tables(items, catalog);
    return;
  }
  if (names_table(parameter) && !new_object &&
      !(parameter == "name" && context.call.find("index") == std::string_view::npos)) {
    if (parameter != "name")
      add_tables(items, catalog);
    return;
  }
  if (parameter.find("column") == std::string::npos && parameter.find("cols") == std::string::npos)
    return;
  // Columns of the tables that the call names before.
  for (const std::string_view name : context.strings)
    add_columns(items, catalog, name);
}

void add_sql(Items& items, const Spot& spot, const Context& context) {
  catalog::Catalog catalog = catalog_here(spot);
  pg::Lexer lexer(context.sql, {0, static_cast<uint32_t>(context.sql.size())});
  std::vector<std::string> words;
  for (pg::Token token = lexer.next(); token.kind != pg::TokenKind::end; token = lexer.next())
    words.emplace_back(lexer.text(token));
  if (!context.typed.empty() && !words.empty())
    words.pop_back();
  const std::string last = words.empty() ? "" : lower(words.back());
  if (last == "." && words.size() > 1) {
    add_columns(items, catalog, words[words.size() - 2]);
    return;
  }
  constexpr std::array<std::string_view, 12> kBeforeTables = {
      "table",      "from", "join",     "into",   "update", "on",
      "references", "only", "truncate", "exists", "view",   "concurrently"};
  const bool table_first =
      std::find(kBeforeTables.begin(), kBeforeTables.end(), last) != kBeforeTables.end();
  if (table_first)
    add_tables(items, catalog);
  for (const std::string& word : words)
    add_columns(items, catalog, word);
  if (!table_first)
    add_tables(items, catalog);
  for (catalog::Id id = 1; id < catalog.size(); ++id)
    if (const catalog::Object* const object = catalog.get(id); object && object->is_type())
      items.add(object->name, kClass, to_string(object->kind));
}

void add_rules(Items& items) {
  for (const std::string_view rule : rules::rule_names()) {
    const rules::Page* const page = rules::page(rule);
    items.add(rule, kKeyword, page ? one_line(page->summary()) : "");
  }
}

}  // namespace

Answered completion(Session& session, JsonValue params, JsonWriter& json) {
  const std::optional<Spot> spot = session.spot(params);
  json.begin_object().boolean("isIncomplete", false).key("items").begin_array();
  if (spot && spot->model && spot->model->usable()) {
    const bool python = spot->path.ends_with(".py");
    const Context context = context_at(spot->text, spot->offset, python);
    Items items(session, *spot, context, json);
    switch (context.kind) {
    case Context::Kind::revision_id: add_revisions(items, *spot); break;
    case Context::Kind::attribute:
      if (context.object == "sa" || context.object == "sqlalchemy")
        for (const std::string_view type : kTypes)
          items.add(type, kClass, "");
      else if (context.object == "op" || is_batch(context.object))
        add_directives(items, context.object);
      break;
    case Context::Kind::argument: add_arguments(items, *spot, context); break;
    case Context::Kind::sql: add_sql(items, *spot, context); break;
    case Context::Kind::allowance: add_rules(items); break;
    case Context::Kind::none: break;
    }
  }
  json.end_array().end_object();
  return std::nullopt;
}

Answered signature_help(Session& session, JsonValue params, JsonWriter& json) {
  const std::optional<Spot> spot = session.spot(params);
  if (spot && spot->model && spot->path.ends_with(".py")) {
    const Context context = context_at(spot->text, spot->offset, true);
    const std::optional<std::string_view> signature =
        context.object == "op" || is_batch(context.object) ? signature_of(context) : std::nullopt;
    if (signature) {
      json.begin_object().key("signatures").begin_array().begin_object();
      json.text("label", fmt::format("{}.{}({})", context.object, context.call, *signature));
      json.key("parameters").begin_array();
      const std::string wanted = parameter_of(context);
      int64_t active = 0, number = 0;
      for (const std::string_view part : split(*signature, ',')) {
        const std::string_view parameter = trim(part);
        if (parameter == "*")
          continue;
        json.begin_object().text("label", parameter).end_object();
        if (name_of(parameter) == wanted)
          active = number;
        ++number;
      }
      json.end_array().number("activeParameter", active).end_object().end_array();
      json.number("activeSignature", 0).number("activeParameter", active).end_object();
      return std::nullopt;
    }
  }
  json.null();
  return std::nullopt;
}

}  // namespace retort::lsp
