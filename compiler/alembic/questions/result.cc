// The result of a question that was answered: rows as SQLAlchemy hands them out.
#include "compiler/alembic/questions/questions.h"
#include "compiler/python/natives.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::alembic {
namespace {

using py::Args;
using py::Cause;
using py::Interpreter;
using py::Value;

using Names = std::shared_ptr<const std::vector<std::string>>;

Value value_of(Interpreter& in, const Cell& cell) {
  switch (cell.kind) {
  case Cell::Kind::null: return Value::none();
  case Cell::Kind::boolean: return Value::of(cell.flag);
  case Cell::Kind::integer: return Value::of(cell.number);
  case Cell::Kind::text: return in.text(cell.text);
  case Cell::Kind::list: {
    std::vector<Value> items;
    for (const int64_t item : cell.items)
      items.push_back(Value::of(item));
    return in.list(std::move(items));
  }
  default:
    return in.unknown(Cause::Kind::data, "this column does not follow from the revisions before");
  }
}

struct RowObject : py::Foreign {
  Names names;
  std::vector<Value> values;
  bool open = false;
  bool mapping = false;

  std::string_view type_name() const override { return mapping ? "RowMapping" : "Row"; }
  Value find(std::string_view name) const {
    for (size_t i = 0; i < names->size(); ++i)
      if ((*names)[i] == name)
        return values[i];
    return {};
  }
  Value missing(Interpreter& in) const {
    return in.unknown(Cause::Kind::data, "this column is not known here");
  }
  Value get(Interpreter& in, std::string_view name) override;
  Value subscript(Interpreter& in, Value key) override {
    if (key.is_unknown())
      return in.poison(key);
    if (const py::Str* const name = in.plain(key).as<py::Str>()) {
      const Value found = find(name->text);
      return found ? found : open ? missing(in) : in.raise("KeyError", key);
    }
    return open ? missing(in) : in.get_item(in.tuple(values), key);
  }
  Value length(Interpreter& in) override {
    return open ? missing(in) : Value::of_size(values.size());
  }
  bool iterable() const override { return true; }
  py::Truth iterate(Interpreter& in, const py::Visit& visit) override {
    if (open) {
      in.iteration_unknown(missing(in).object()->cause);
      return py::Truth::unknown;
    }
    for (size_t i = 0; i < values.size(); ++i)
      if (!visit(mapping ? in.text((*names)[i]) : values[i]))
        break;
    return py::Truth::yes;
  }
  py::Truth equals(Interpreter& in, Value other) override {
    if (open)
      return py::Truth::unknown;
    if (const auto* const row = dynamic_cast<const RowObject*>(other.object()))
      return in.equal(in.tuple(values), in.tuple(row->values));
    return in.equal(in.tuple(values), other);
  }
  std::optional<size_t> hash() const override { return std::nullopt; }
  Value binary(Interpreter& in, std::string_view op, Value other, bool) override {
    if (op != "in" || open)
      return {};
    return in.binary("in", other, mapping ? keys(in) : in.tuple(values));
  }
  Value repr(Interpreter& in) override { return in.repr(in.tuple(values)); }
  Value keys(Interpreter& in) const {
    std::vector<Value> list;
    for (const std::string& name : *names)
      list.push_back(in.text(name));
    return in.list(std::move(list));
  }
  Value as_dict(Interpreter& in) const {
    py::Dict* const dict = in.new_dict();
    for (size_t i = 0; i < values.size(); ++i)
      (void)in.dict_set(*dict, in.text((*names)[i]), values[i]);
    return dict;
  }
};

RowObject& row_of(const Args& args) { return *static_cast<RowObject*>(args.self.object()); }
Value row_dict(Interpreter& in, const Args& args) { return row_of(args).as_dict(in); }
Value row_keys(Interpreter& in, const Args& args) { return row_of(args).keys(in); }
Value row_values(Interpreter& in, const Args& args) { return in.list(row_of(args).values); }
Value row_items(Interpreter& in, const Args& args) {
  return in.call_method(row_of(args).as_dict(in), "items");
}
Value row_tuple(Interpreter& in, const Args& args) { return in.tuple(row_of(args).values); }

constexpr py::NativeRow kRowMethods[] = {
    {"_asdict", "", row_dict}, {"keys", "", row_keys},    {"values", "", row_values},
    {"items", "", row_items},  {"_tuple", "", row_tuple}, {"tuple", "", row_tuple},
};

Value RowObject::get(Interpreter& in, std::string_view name) {
  if (const Value found = mapping ? Value() : find(name))
    return found;
  if (name == "_mapping") {
    RowObject* const copy = in.make<RowObject>(*this);
    copy->mapping = true;
    return copy;
  }
  if (open)
    return missing(in);
  if (const py::NativeRow* const row = py::find_row(kRowMethods, name))
    return in.native(*row, this, "Row");
  return {};
}

struct ResultObject : py::Foreign {
  Names names;
  py::List* rows = nullptr;  // those that nobody has fetched
  size_t count = 0;
  bool scalars = false;

  std::string_view type_name() const override { return scalars ? "ScalarResult" : "Result"; }
  Value get(Interpreter& in, std::string_view name) override;
  bool iterable() const override { return true; }
  py::Truth iterate(Interpreter& in, const py::Visit& visit) override {
    std::vector<Value> items;
    Value problem;
    if (!take(in, SIZE_MAX, items, problem))
      return problem ? py::Truth::unknown : py::Truth::failed;
    for (const Value item : items)
      if (!visit(item))
        break;
    return py::Truth::yes;
  }
  Value enter(Interpreter&) override { return this; }
  // Fetches rows; false when other branches have fetched others.
  bool take(Interpreter& in, size_t most, std::vector<Value>& items, Value& problem) {
    if (rows->type == py::Type::unknown) {
      in.iteration_unknown(rows->cause);
      problem = in.poison(Value(rows));
      return false;
    }
    in.touch(rows);
    const size_t number = std::min(most, rows->items.size());
    items.assign(rows->items.begin(), rows->items.begin() + static_cast<ptrdiff_t>(number));
    rows->items.erase(rows->items.begin(), rows->items.begin() + static_cast<ptrdiff_t>(number));
    return true;
  }
};

ResultObject& self_of(const Args& args) { return *static_cast<ResultObject*>(args.self.object()); }

Value all(Interpreter& in, const Args& args) {
  std::vector<Value> items;
  Value problem;
  return self_of(args).take(in, SIZE_MAX, items, problem) ? in.list(std::move(items)) : problem;
}

enum class Want : uint8_t { first, one, one_or_none };
Value one_row(Interpreter& in, const Args& args, Want want, bool scalar) {
  std::vector<Value> items;
  Value problem;
  if (!self_of(args).take(in, want == Want::first ? 1 : SIZE_MAX, items, problem))
    return problem;
  if (items.empty())
    return want == Want::one ? in.raise("LookupError", "NoResultFound: no row was found")
                             : Value::none();
  if (items.size() > 1 && want != Want::first)
    return in.raise("LookupError", "MultipleResultsFound: several rows were found");
  auto* const row = dynamic_cast<RowObject*>(items[0].object());
  if (!scalar || !row)
    return items[0];
  return row->values.empty() ? row->missing(in) : row->values[0];
}

template <Want want, bool scalar>
Value one(Interpreter& in, const Args& args) {
  return one_row(in, args, want, scalar);
}

Value fetchmany(Interpreter& in, const Args& args) {
  std::vector<Value> items;
  Value problem;
  int64_t count = 1;
  if (!args[0].is_none() && !in.index(args[0], count, problem))
    return problem;
  return self_of(args).take(in, static_cast<size_t>(std::max<int64_t>(count, 0)), items, problem)
             ? in.list(std::move(items))
             : problem;
}

Value converted(Interpreter& in, const Args& args, bool scalars) {
  const ResultObject& self = self_of(args);
  std::vector<Value> items;
  Value problem;
  if (!self_of(args).take(in, SIZE_MAX, items, problem))
    return problem;
  for (Value& item : items) {
    const auto* const row = dynamic_cast<const RowObject*>(item.object());
    if (!row)
      continue;
    if (scalars) {
      item = row->values.empty() ? row->missing(in) : row->values[0];
    } else {
      RowObject* const copy = in.make<RowObject>(*row);
      copy->mapping = true;
      item = copy;
    }
  }
  ResultObject* const made = in.make<ResultObject>();
  made->names = self.names;
  made->count = self.count;
  made->scalars = scalars;
  made->rows = in.list(std::move(items)).as<py::List>();
  return made;
}
Value scalars(Interpreter& in, const Args& args) { return converted(in, args, true); }
Value mappings(Interpreter& in, const Args& args) { return converted(in, args, false); }

Value keys(Interpreter& in, const Args& args) {
  std::vector<Value> list;
  for (const std::string& name : *self_of(args).names)
    list.push_back(in.text(name));
  return in.list(std::move(list));
}
Value itself(Interpreter&, const Args& args) { return args.self; }
Value nothing(Interpreter&, const Args&) { return Value::none(); }

constexpr py::NativeRow kMethods[] = {
    {"fetchall", "", all},
    {"all", "", all},
    {"fetchone", "", one<Want::first, false>},
    {"first", "", one<Want::first, false>},
    {"one", "", one<Want::one, false>},
    {"one_or_none", "", one<Want::one_or_none, false>},
    {"scalar", "", one<Want::first, true>},
    {"scalar_one", "", one<Want::one, true>},
    {"scalar_one_or_none", "", one<Want::one_or_none, true>},
    {"fetchmany", "size=None", fetchmany},
    {"scalars", "index=0", scalars},
    {"mappings", "", mappings},
    {"keys", "", keys},
    {"unique", "strategy=None", itself},
    {"tuples", "", itself},
    {"yield_per", "num", itself},
    {"close", "", nothing},
};

Value ResultObject::get(Interpreter& in, std::string_view name) {
  if (const py::NativeRow* const row = py::find_row(kMethods, name))
    return in.native(*row, this, "Result");
  if (name == "rowcount")
    return Value::of_size(count);
  if (name == "returns_rows")
    return Value::of(true);
  return in.unknown(Cause::Kind::data, fmt::format("`{}` of a result is not known here", name));
}

}  // namespace

Value make_result(Interpreter& in, Answered answer) {
  const auto names = std::make_shared<const std::vector<std::string>>(std::move(answer.names));
  std::vector<Value> rows;
  for (const Cells& cells : answer.rows) {
    RowObject* const row = in.make<RowObject>();
    row->names = names;
    row->open = answer.open;
    for (const Cell& cell : cells)
      row->values.push_back(value_of(in, cell));
    rows.emplace_back(row);
  }
  ResultObject* const made = in.make<ResultObject>();
  made->names = names;
  made->count = rows.size();
  made->rows = in.list(std::move(rows)).as<py::List>();
  return made;
}

}  // namespace retort::alembic
