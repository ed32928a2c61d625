#include "compiler/alembic/operations.h"

#include "common/text.h"
#include "compiler/alembic/questions/questions.h"
#include "compiler/alembic/sketch.h"
#include "compiler/sqlalchemy/core.h"
#include "compiler/sqlalchemy/render.h"
#include "compiler/sqlalchemy/schema.h"
#include "compiler/statement_forms.h"
#include "grammars/postgres/split.h"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

namespace retort::alembic {

using py::Interpreter;
using py::Value;

// A text of several statements is cut at their ends; what stands before the first and behind the
// last stays with them.
template <class Item>
static void add_parts(std::string text, std::vector<Item>& items) {
  const pg::Split split = text.find(';') < text.size() - 1 ? pg::split(text) : pg::Split{};
  if (split.statements.size() < 2 || !split.faults.empty()) {
    items.emplace_back().item.sql = std::move(text);
    return;
  }
  for (size_t i = 0; i < split.statements.size(); ++i) {
    const Span at = split.statements[i].span;
    const bool last = i + 1 == split.statements.size();
    const uint32_t begin = i == 0 ? 0 : at.begin;
    BodyItem& item = items.emplace_back().item;
    item.sql = text.substr(begin, last ? text.npos : at.end - begin);
    item.followed = !last;
    if (i > 0) {
      const uint32_t end = split.statements[i - 1].span.end;
      item.joint = text.substr(end, at.begin - end);
    }
  }
}

void Operations::batch_end(size_t mark) {
  --batches_;
  const auto begin = items_.begin() + static_cast<ptrdiff_t>(std::min(mark, items_.size()));
  std::stable_partition(begin, items_.end(), [](const Item& item) { return !item.in_batch; });
  for (auto item = begin; item != items_.end(); ++item)
    item->in_batch = false;
}

void Operations::add(Interpreter& in, std::string_view op, Answer<Statements> made, Loc at,
                     bool in_batch) {
  if (!made) {
    if (!in.unwinding())
      in.hole("compile/refused", "", at, fmt::format("`{}`: {}", op, made.error().message));
    return;
  }
  for (DdlStatement& statement : *made) {
    const size_t first = items_.size();
    add_parts(std::move(statement.sql), items_);
    for (size_t i = first; i < items_.size(); ++i) {
      items_[i].in_batch = in_batch;
      items_[i].item.at = caller.value_or(at);
      items_[i].item.op = op;
    }
    items_.back().item.creates = std::move(statement.creates);
    items_.back().item.drops = std::move(statement.drops);
  }
}

void Operations::add_edge(BodyItem::Kind kind, Loc at) {
  Item& edge = items_.emplace_back();
  edge.item.kind = kind;
  edge.item.at = at;
  edge.item.op = "autocommit_block";
  edge.item.transaction = false;
}

Operations::Item& Operations::add_mark(std::string_view what, Loc at) {
  Item& added = items_.emplace_back();
  added.mark = true;
  added.item.at = at;
  added.item.sql = fmt::format("{} {}", what, at.span.begin);
  return added;
}

void Operations::add_unwritten(std::string_view op, std::vector<forms::Form> forms, Loc at,
                               bool in_batch) {
  Item& added = add_mark(op, at);
  added.in_batch = in_batch;
  added.item.op = op;
  added.unwritten = std::move(forms);
}

void Operations::mark(Interpreter& in, const std::string& what) { add_mark(what, in.here()); }

void Operations::end(Interpreter& in) {
  for (const auto& done : std::exchange(endings_, {}))
    done(in);
}

void Operations::assume(Loc at, std::string text) {
  const auto known = std::find_if(assumptions_.begin(), assumptions_.end(), [&](const auto& other) {
    return other.at == at && other.text == text;
  });
  if (known == assumptions_.end())
    assumptions_.push_back({at, std::move(text)});
}

Database* Operations::database() {
  asked_database = true;
  if (!database_)
    return nullptr;
  if (seen_ > items_.size()) {  // a branch was taken back
    database_->reset();
    seen_ = 0;
  }
  for (; seen_ < items_.size(); ++seen_)
    if (!items_[seen_].mark)
      database_->run(items_[seen_].item);
  return database_;
}

Value Operations::incomplete(Interpreter& in, Value statement, Value parameters, Loc at) {
  Value unclear = sa::unknown_in(statement);
  if (!unclear && parameters)
    unclear = sa::unknown_in(parameters);
  if (!unclear)
    return {};
  in.unknown_hole("statement", at, "a part of this statement cannot be known", unclear);
  if (auto known = forms_of_sketch(sa::statement_sketch(in.plain(statement))))
    add_unwritten("execute", std::move(*known), at, false);
  return in.poison(unclear);
}

Value Operations::execute(Interpreter& in, Value statement, Value parameters) {
  const Loc at = in.here();
  if (const Value unclear = incomplete(in, statement, parameters, at))
    return unclear;
  if (const auto* const element = dynamic_cast<const sa::DdlElement*>(statement.object())) {
    add(in, "execute", element->statements, at);
  } else {
    Answer<Statements> made = sa::statement_sql(in, in.plain(statement), parameters);
    if (made && made->size() == 1)
      if (const Value result = answer_question(in, *this, made->front().sql))
        return result;
    add(in, "execute", std::move(made), at);
  }
  if (in.unwinding())
    return {};
  return in.unknown(py::Cause::Kind::data, "the result of a statement is data of the database");
}

Value Operations::emit(Interpreter& in, std::string_view op, Answer<Statements> made) {
  add(in, op, std::move(made), in.here());
  return in.unwinding() ? Value() : Value::none();
}

std::unique_ptr<py::Effects::Batch> Operations::cut(size_t from) {
  auto cut = std::make_unique<Cut>();
  if (seen_ > from)
    seen_ = SIZE_MAX;
  const auto begin = items_.begin() + static_cast<ptrdiff_t>(std::min(from, items_.size()));
  std::move(begin, items_.end(), std::back_inserter(cut->items));
  items_.erase(begin, items_.end());
  return cut;
}

bool Operations::same(const Batch& a, const Batch& b) const {
  const auto& left = static_cast<const Cut&>(a).items;
  const auto& right = static_cast<const Cut&>(b).items;
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](const Item& x, const Item& y) {
                      return x.item.kind == y.item.kind && x.item.sql == y.item.sql &&
                             x.item.joint == y.item.joint && x.in_batch == y.in_batch;
                    });
}

std::vector<forms::Form> Operations::Item::forms() const {
  if (mark)
    return unwritten.value_or(std::vector<forms::Form>());
  return item.kind == BodyItem::Kind::statement ? forms_of(item.sql) : std::vector<forms::Form>();
}

bool Operations::is_told(const Batch& batch) const {
  const auto& items = static_cast<const Cut&>(batch).items;
  return std::all_of(items.begin(), items.end(),
                     [](const Item& item) { return item.unwritten.has_value(); });
}

bool Operations::changes_rows_alone(const Batch& batch) const {
  const auto& items = static_cast<const Cut&>(batch).items;
  return std::all_of(items.begin(), items.end(), [](const Item& item) {
    const std::vector<forms::Form> forms = item.forms();
    return std::all_of(forms.begin(), forms.end(), forms::changes_rows);
  });
}

void Operations::may_run(const Batch& batch, Loc at) {
  add_unwritten("execute", {unknown_rows()}, at, false);
  for (const Item& item : static_cast<const Cut&>(batch).items) {
    std::vector<forms::Form> forms = item.forms();
    for (forms::Form& form : forms)  // not all rows, for certain
      std::visit(
          [](auto& each) {
            if constexpr (requires { each.filtered; })
              each.filtered = true;
          },
          form);
    if (!forms.empty())
      add_unwritten("execute", std::move(forms), item.item.at, false);
  }
}

void Operations::append(std::unique_ptr<Batch> batch) {
  auto& items = static_cast<Cut&>(*batch).items;
  std::move(items.begin(), items.end(), std::back_inserter(items_));
}

void Operations::take_items(Body& body) {
  body.items.reserve(items_.size());
  bool outside = false;
  for (Item& item : items_) {
    if (item.unwritten)
      body.unwritten.push_back(
          {body.items.size(), item.item.at, item.item.op, !outside, std::move(*item.unwritten)});
    if (item.mark)
      continue;
    if (item.item.kind == BodyItem::Kind::autocommit_begin)
      outside = true;
    else if (item.item.kind == BodyItem::Kind::autocommit_end)
      outside = false;
    else
      item.item.transaction = !outside;
    body.items.push_back(std::move(item.item));
  }
}

}  // namespace retort::alembic
