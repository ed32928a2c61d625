#include "editors/server/cursor.h"

#include "common/text.h"
#include "compiler/catalog/sql.h"

#include <algorithm>

namespace retort::lsp {
namespace {

using catalog::Catalog;
using catalog::Id;
using catalog::Kind;
using catalog::Space;

std::optional<RevIndex> named_revision(const Chain& chain, RevIndex own, Span word,
                                       std::string_view text) {
  const Revision& revision = chain[own];
  const auto covers = [&](Span at) {
    return at.begin <= word.begin && word.end <= at.end && !at.empty();
  };
  if (covers(revision.id_at))
    return own;
  for (const Reference* const reference : references_of(revision))
    if (covers(reference->at))
      return chain.find(reference->id);
  // Docstrings name revisions as well: `Revises: 41f0a6c2d853`. A word of a few letters is none.
  constexpr uint32_t kShortId = 4;
  if (word.size() < kShortId)
    return std::nullopt;
  return chain.find_id(text.substr(word.begin, word.size()));
}

// The first object of the name, relations before types before what belongs to a table.
Id named(const Catalog& catalog, const std::string& name) {
  for (const Space space : {Space::relation, Space::type, Space::constraint, Space::function,
                            Space::trigger, Space::schema})
    for (const Id id : catalog.named(space, name))
      if (catalog.get(id))
        return id;
  return 0;
}

std::vector<Id> touched_tables(std::span<const SeenStatement* const> statements) {
  std::vector<Id> tables;
  for (const SeenStatement* const statement : statements)
    for (const facts::Touched& touched : statement->facts.touched)
      if (touched.id != 0)
        tables.push_back(touched.id);
  return tables;
}

// Looks a name up in a catalog; true when it is something.
bool look_up(const Catalog& catalog, const std::string& name, Cursor& cursor) {
  for (const Id id : touched_tables(cursor.statements))
    if (catalog.get(id) && catalog.column(id, name)) {
      cursor.object = cursor.table = id;
      cursor.column = name;
      break;
    }
  // A table of that name before a column of it; a column before anything else.
  const Id object = named(catalog, name);
  const catalog::Object* const found = catalog.get(object);
  if (found && (found->is_table_like() || cursor.column.empty())) {
    cursor.object = object;
    cursor.table = found->is_table_like() ? object : found->table;
    cursor.column.clear();
  }
  return cursor.object != 0;
}

}  // namespace

Span word_at(std::string_view text, uint32_t offset) {
  offset = std::min(offset, static_cast<uint32_t>(text.size()));
  Span word{offset, offset};
  while (word.begin > 0 && is_word(text[word.begin - 1]))
    --word.begin;
  while (word.end < text.size() && is_word(text[word.end]))
    ++word.end;
  return word;
}

std::vector<Span> whole_words(std::string_view text, std::string_view name) {
  std::vector<Span> found;
  for (size_t at = text.find(name); at != std::string_view::npos; at = text.find(name, at + 1)) {
    const auto offset = static_cast<uint32_t>(at);
    const Span whole = word_at(text, offset);
    if (whole.begin == offset && whole.size() == name.size())
      found.push_back(whole);
  }
  return found;
}

std::vector<const Reference*> references_of(const Revision& revision) {
  std::vector<const Reference*> all;
  for (const std::vector<Reference>* const list : {&revision.down_revisions, &revision.depends_on})
    for (const Reference& reference : *list)
      all.push_back(&reference);
  return all;
}

std::vector<Span> named_by(const Chain& chain, RevIndex naming, RevIndex named) {
  std::vector<Span> places;
  for (const Reference* const reference : references_of(chain[naming]))
    if (chain.find(reference->id) == named)
      places.push_back(reference->at);
  return places;
}

Place place_of(const Model& model, RevIndex revision, const LintStatement& statement) {
  const Place place = model.place(statement.call);
  return place.path.empty() ? header_of(model, revision) : place;
}

Place header_of(const Model& model, RevIndex revision) {
  return {model.chain()[revision].path, model.chain()[revision].id_at};
}

Catalog before(Model& model, RevIndex revision, const SeenStatement& first) {
  return model.before(revision, first.down, first.number);
}

Catalog behind(Model& model, RevIndex revision, const SeenStatement& last) {
  return model.before(revision, last.down, last.number + 1);
}

Cursor cursor_at(const Spot& spot) {
  Cursor cursor;
  if (!spot.model || !spot.revision)
    return cursor;
  Model& model = *spot.model;
  cursor.word = word_at(spot.text, spot.offset);
  cursor.revision = named_revision(model.chain(), *spot.revision, cursor.word, spot.text);
  Span innermost;
  for (const SeenStatement& statement : model.statements(*spot.revision)) {
    if (statement.elsewhere || spot.offset < statement.call.begin ||
        spot.offset > statement.call.end)
      continue;
    if (cursor.statements.empty() || statement.call.size() < innermost.size()) {
      cursor.statements.clear();
      innermost = statement.call;
    }
    if (statement.call == innermost)
      cursor.statements.push_back(&statement);
  }
  // Of several in one string the one that the cursor stands in.
  for (const SeenStatement* const each : cursor.statements) {
    const Loc at = each->statement->at;
    if (cursor.statements.size() > 1 && each->statement->exact &&
        at.file == model.chain()[*spot.revision].file && at.span.begin <= spot.offset &&
        spot.offset <= at.span.end) {
      cursor.statements = {each};
      break;
    }
  }
  if (cursor.revision || cursor.word.empty() || cursor.statements.empty())
    return cursor;
  const std::string name(spot.text.substr(cursor.word.begin, cursor.word.size()));
  const auto look = [&](const Catalog& catalog) {
    if (look_up(catalog, name, cursor) || look_up(catalog, lower(name), cursor))
      return true;
    for (const SeenStatement* const statement : cursor.statements)
      for (const catalog::Catalog::Change& change : statement->facts.changes) {
        const catalog::Object* const object =
            change.after ? change.after.get() : change.before.get();
        const auto* const type = object ? object->maybe<catalog::TypeData>() : nullptr;
        if (type &&
            std::find(type->labels.begin(), type->labels.end(), name) != type->labels.end()) {
          cursor.object = change.id;
          return true;
        }
      }
    return false;
  };
  if (!look(before(model, *spot.revision, *cursor.statements.front())))
    look(behind(model, *spot.revision, *cursor.statements.back()));
  return cursor;
}

}  // namespace retort::lsp
