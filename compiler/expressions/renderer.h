// The state of one rendering. Only the render*.cc files include this.
#pragma once

#include "compiler/expressions/build.h"
#include "compiler/expressions/render.h"
#include "compiler/expressions/statement.h"

#include <map>
#include <set>

namespace retort::expr {

// A name that may have parts to be numbered: `anon_1`, `count_1`. Such a part is kept as
// \x01 identity blank seed \x02 until the whole statement is rendered in order.
struct Label {
  std::string text;
  Quote quote = Quote::automatic;
  bool truncates = false;  // longer than PostgreSQL takes: shortened, not refused

  bool empty() const { return text.empty(); }
  bool operator==(const Label&) const = default;
};

Label label_of(const Identifier& name);
Label anonymous(const void* identity, const Label& seed);
Label name_of(const Expression& e);             // `name` of the element, or empty
Label plain_label_of(const Expression& e);      // not for functions and casts
Label anonymous_label_of(const Expression& e);  // what it is called when it has to be
Label from_name(const From& from);
// What a column of a subquery is called by those who ask by name; empty: anonymous.
Label key_of(const Expression& e);
Label table_label_of(const Expression& e);  // `table_column`

struct NamedItem {
  Label required;  // empty: no AS needed for uniqueness
  Label fallback;
  Ptr column;
};
// With `again` a column that comes twice is named apart from itself.
std::vector<NamedItem> named_items(const List& columns, LabelStyle style, bool again = true);

using Froms = std::vector<FromPtr>;
void append_froms(const Ptr& expression, Froms& froms);
void append_froms(const FromPtr& from, Froms& froms);
bool contains(const Froms& froms, const FromPtr& from);
bool overlaps(const FromPtr& a, const FromPtr& b);

// What a statement looks like once its joins and FROMs are worked out.
struct SelectPlan {
  Froms froms;
  std::vector<NamedItem> items;
};

struct Level {
  Froms correlate;
  Froms as_from;
  const Statement* statement = nullptr;
  const SelectPlan* plan = nullptr;
};

// What is handed down while rendering.
struct Context {
  bool within_columns = false;
  bool within_label = false;
  bool include_table = true;
  bool as_from = false;
  bool in_operator = false;
  bool eager = false;
  bool cast_applied = false;
  bool lateral = false;
  bool insert_into = false;
  bool part_of_compound = false;
  const Expression* as_label = nullptr;  // print this label by its name
  FromPtr visiting;                      // the CTE whose text is being made
};

class Renderer {
public:
  explicit Renderer(const Parameters& parameters = {}) : parameters_(parameters) {}
  std::string expression(const Ptr& e, Context context);
  std::string statement(const StatementPtr& statement, Context context);
  std::string text(const Expression& e, const Context& context);

  void fail(std::string message) {
    if (!problem_)
      problem_ = Problem{std::move(message), {}};
  }
  const std::vector<std::string>& used() const { return used_; }
  Answer<std::string> finish(std::string text) {
    if (problem_)
      return Unexpected<Problem>{*problem_};
    return text;
  }

private:
  std::string binary(const Expression& e, Context context);
  std::string generic(const Expression& e, std::string_view op, Context context);
  std::string unary(const Expression& e, const Context& context);
  std::string like(const Expression& e, const Context& context);
  std::string json_access(const Expression& e, const Ptr& self, Context context);
  std::string divide(const Expression& e, const Context& context);
  std::string expanding(const Expression& e);
  std::string literal(const Datum& value, const TypePtr& type);
  std::string quoted_text(const std::string& text);
  std::string column(const Expression& e, const Context& context);
  std::string function(const Expression& e, const Context& context);
  std::string over(const Expression& e, const Context& context);
  std::string case_of(const Expression& e, const Context& context);
  std::string label(const Ptr& e, Context context);
  std::string label_reference(const Expression& e, Context context);
  std::string label_text(const Expression& e, Context context);
  std::string list(const List& items, std::string_view separator, const Context& context);
  std::string conditions(const List& items, const Context& context);

  std::string name(const Label& label);     // numbered and shortened
  std::string written(const Label& label);  // and quoted

  // render_from.cc
  std::string from(const FromPtr& from, Context context);
  std::string froms(const Froms& list, const Context& context);
  std::string table(const From& from);
  std::string alias(const FromPtr& from, Context context);
  std::string join_of(const From& from, const Context& context);
  std::string values(const From& from, const Context& context);
  std::string value_rows(const From& from, const Context& context);
  std::string cte(const FromPtr& from, Context context);
  std::string with_clause(const Context& context);

  // render_select.cc
  std::string select(const Statement& statement, const Select& select, Context context);
  std::string compound(const Statement& statement, const Compound& compound, Context context);
  std::string text_select(const TextSelect& select, const Context& context);
  SelectPlan plan(const Select& select);
  Froms displayed(const Select& select, const SelectPlan& plan, const Level& outer,
                  const Context& context);
  std::string item(const NamedItem& item, Context context);
  std::string returning(const std::vector<SelectItem>& items);
  std::string limits(const Limits& limits, const Context& context);
  std::string locks(const Lock& lock);
  Froms join_steps(const Select& select, Froms froms, const List& columns);
  std::string prefixes(const List& prefixes, const Context& context);

  // render_changes.cc
  std::string insert(const Statement& statement, const Insert& insert, Context context);
  std::string update(const Statement& statement, const Update& update, Context context);
  std::string remove(const Statement& statement, const Delete& remove, Context context);
  std::string conflict(const Conflict& conflict, const From& table);
  std::string assigned(const Ptr& value, const ColumnInfo& column, const Context& context);

  const Ptr* given(std::string_view parameter);

  Parameters parameters_;
  std::vector<std::string> used_;
  std::optional<Problem> problem_;
  std::vector<Level> levels_;
  std::map<std::string, std::string> numbered_;
  std::map<std::string, int> counters_;
  std::map<std::string, std::string> shortened_;
  int shortenings_ = 0;
  struct WrittenCte {
    FromPtr from;
    std::string text;
    bool nesting = false;
    size_t level = 0;
  };
  std::vector<WrittenCte> ctes_;
  std::vector<FromPtr> known_ctes_;
  bool recursive_ = false;
  int depth_ = 0;
};

}  // namespace retort::expr
