// What a revision has done so far: statements in order, with where they come from. `op`, batches,
// connections and sessions all write here.
#pragma once

#include "compiler/alembic/database.h"
#include "compiler/body.h"
#include "compiler/sqlalchemy/executor.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace retort::alembic {

class Operations final : public py::Effects, public sa::Executor {
public:
  explicit Operations(DdlContext context) : context_(std::move(context)) {}

  // Alembic collects what a batch does and prints it where the batch ends; `mark` is where it
  // began.
  size_t batch_begin() { return ++batches_, items_.size(); }
  void batch_end(size_t mark);

  void add(py::Interpreter& in, std::string_view op, Answer<Statements> made, Loc at,
           bool in_batch = false);
  void add_edge(BodyItem::Kind kind, Loc at);
  // Of one that is a hole: what is known of it.
  void add_unwritten(std::string_view op, std::vector<forms::Form> forms, Loc at, bool in_batch);
  // An answer that is given without asking the database.
  void assume(Loc at, std::string text);

  // What the database holds at this point; null while that is not known, which is remembered.
  Database* database();
  void know(Database& database) { database_ = &database; }
  bool asked_database = false;

  // sa::Executor
  py::Value execute(py::Interpreter& in, py::Value statement, py::Value parameters) override;
  py::Value emit(py::Interpreter& in, std::string_view op, Answer<Statements> made) override;
  void mark(py::Interpreter& in, const std::string& what) override;
  void at_end(std::function<void(py::Interpreter&)> done) override {
    endings_.push_back(std::move(done));
  }
  bool reflect(py::Interpreter& in, sa::TableObject& table, py::Value& problem) override;
  bool table_names(py::Interpreter& in, const std::string& schema, std::vector<std::string>& names,
                   py::Value& problem) override;
  DdlContext& context() override { return context_; }
  py::Value inspector(py::Interpreter& in) override;

  // py::Effects
  size_t count() const override { return items_.size(); }
  std::unique_ptr<Batch> cut(size_t from) override;
  bool same(const Batch& a, const Batch& b) const override;
  void append(std::unique_ptr<Batch> batch) override;
  bool is_told(const Batch& batch) const override;
  bool changes_rows_alone(const Batch& batch) const override;
  void may_run(const Batch& batch, Loc at) override;

  // Of an operation that a plug-in or the project wrote: what it executes stands for this line.
  std::optional<Loc> caller;
  // Where such operations were called, each with the number of holes that were known then.
  std::vector<std::pair<size_t, Loc>> calls;
  // The module of another revision of the chain; nothing when there is none.
  std::function<py::Value(py::Interpreter& in, std::string_view id)> revision_module;
  void end(py::Interpreter& in);  // the revision has run

  bool offline = false;        // what is_offline_mode() answers
  bool asked_offline = false;  // somebody asked
  void take_items(Body& body);
  std::vector<Assumption> take_assumptions() { return std::move(assumptions_); }

  // The unknown that results where a part of the statement is one, which is a hole; nothing else.
  py::Value incomplete(py::Interpreter& in, py::Value statement, py::Value parameters, Loc at);

private:
  struct Item {
    BodyItem item;
    bool in_batch = false;
    bool mark = false;                                       // prints nothing
    std::optional<std::vector<forms::Form>> unwritten = {};  // of a mark

    std::vector<forms::Form> forms() const;
  };
  struct Cut : Batch {
    std::vector<Item> items;
  };
  Item& add_mark(std::string_view what, Loc at);

  DdlContext context_;
  std::vector<Item> items_;
  std::vector<Assumption> assumptions_;
  std::vector<std::function<void(py::Interpreter&)>> endings_;
  int batches_ = 0;
  Database* database_ = nullptr;
  size_t seen_ = 0;  // items that the database has run
};

}  // namespace retort::alembic
