// What the readers of all statement families share.
#pragma once

#include "compiler/forms/read.h"
#include "grammars/postgres/lexer.h"

namespace retort::forms {

using pg::Node;

class Reader {
public:
  explicit Reader(const pg::Tree& tree) : tree_(tree) {}

  template <class F>
  void add(F form) {
    forms_.emplace_back(std::move(form));
  }
  std::vector<Form> take() { return std::move(forms_); }
  const pg::Tree& tree() const { return tree_; }
  int64_t integer(Node node, uint32_t from) const { return tree_.integer(node, from); }

  // The tokens of the statement, read at the first question.
  const std::vector<pg::Token>& tokens();
  std::string_view text(Span span) const { return tree_.text().substr(span.begin, span.size()); }
  Span whole();
  // What stands between commas outside of parentheses, from the token at or behind `from`.
  std::vector<Span> parts(uint32_t from);
  // From the token at `begin` to the comma, or the closing parenthesis, that ends it.
  Span element(uint32_t begin);
  Span word_at(uint32_t location);  // one token; with `.name` behind it
  Span find_name(std::string_view name, uint32_t from);

  // Names.
  Name relation(Node range_var);
  Name qualified(Node list);  // a list of one to three strings
  static std::vector<std::string> strings(Node list);

  TypeName type(Node type_name);
  Expression expression(Node node);
  void mentions(Node node, Mentions& into);
  Query query(Node select);
  std::shared_ptr<Query> shared_query(Node select) {
    return std::make_shared<Query>(query(select));
  }

  // Parts of several statements.
  Column column(Node column_def);
  Constraint constraint(Node node);
  Constraint table_constraint(Node node);
  void column_constraint(Node node, Column& column);
  // NOT NULL of a table, which the grammar of this build may not know: the column that it is about.
  std::optional<std::string> not_null_constraint(Node node);
  IndexColumn index_column(Node index_elem);
  std::vector<IndexColumn> index_columns(Node list);
  SequenceOptions sequence_options(Node list);
  std::string partition_bound(Node bound);

  void source(Node item, Query& query);  // an item of FROM

  // Words with this meaning begin within.
  bool is_retold(pg::Retold::Meaning meaning, Span within) const;

private:
  const pg::Tree& tree_;
  std::vector<Form> forms_;
  std::vector<pg::Token> tokens_;
};

std::string deparse(Reader& reader, Node node);
// What PostgreSQL calls an output column of this expression; empty where it says `?column?`.
std::string output_name(Node expression);
Behavior behavior(Node node);
Persistence persistence(Node range_var);
ObjectKind object_kind(std::string_view grammar_name);  // "OBJECT_TABLE"
Object object(Reader& reader, ObjectKind kind, Node node);
std::string role(Node role_spec);
// Of an option in parentheses, which needs no value to be on: `(CONCURRENTLY)`, `(FULL off)`.
bool is_on(Node option);

// One per statement family.
void read_create_table(Reader& reader, Node node);
void read_create_table_as(Reader& reader, Node node);
void read_alter_table(Reader& reader, Node node);
void read_index(Reader& reader, Node node);
void read_reindex(Reader& reader, Node node);
void read_drop(Reader& reader, Node node);
void read_rename(Reader& reader, Node node);
void read_set_schema(Reader& reader, Node node);
void read_owner(Reader& reader, Node node);
void read_comment(Reader& reader, Node node);
void read_grant(Reader& reader, Node node);
void read_create_schema(Reader& reader, Node node);
void read_create_enum(Reader& reader, Node node);
void read_alter_enum(Reader& reader, Node node);
void read_composite(Reader& reader, Node node);
void read_range(Reader& reader, Node node);
void read_create_domain(Reader& reader, Node node);
void read_alter_domain(Reader& reader, Node node);
void read_create_sequence(Reader& reader, Node node);
void read_alter_sequence(Reader& reader, Node node);
void read_view(Reader& reader, Node node);
void read_refresh(Reader& reader, Node node);
void read_function(Reader& reader, Node node);
void read_alter_function(Reader& reader, Node node);
void read_trigger(Reader& reader, Node node);
void read_policy(Reader& reader, Node node);
void read_rule(Reader& reader, Node node);
void read_extension(Reader& reader, Node node);
void read_statistics(Reader& reader, Node node);
void read_other(Reader& reader, Node node);
void read_alter_publication(Reader& reader, Node node);
void read_insert(Reader& reader, Node node);
void read_update(Reader& reader, Node node);
void read_delete(Reader& reader, Node node);
void read_merge(Reader& reader, Node node);
void read_truncate(Reader& reader, Node node);
void read_select(Reader& reader, Node node);
void read_copy(Reader& reader, Node node);
void read_lock(Reader& reader, Node node);
void read_set(Reader& reader, Node node);
void read_transaction(Reader& reader, Node node);
void read_do(Reader& reader, Node node);
void read_call(Reader& reader, Node node);
void read_harmless(Reader& reader, Node node);
void read_unknown(Reader& reader, Node node);

}  // namespace retort::forms
