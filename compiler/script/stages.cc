#include "compiler/script/stages.h"

#include "common/check.h"
#include "common/parallel.h"
#include "compiler/ddl/names.h"
#include "compiler/statement_forms.h"
#include "grammars/postgres/lexer.h"
#include "grammars/postgres/outside.h"
#include "grammars/postgres/split.h"

#include <algorithm>
#include <optional>

namespace retort {
namespace {

using Act = Stage::Act;
using Kind = Stage::Act::Kind;

// What a statement means for the transactions around it.
struct Meaning {
  enum class Control : uint8_t { none, begin, commit, rollback };
  Control control = Control::none;
  bool session = false;  // SET without LOCAL
  std::string label;     // that ALTER TYPE … ADD VALUE adds
};

// Only few statements can mean anything; the others are not parsed again.
bool may_mean(std::string_view sql) {
  constexpr std::string_view kFirst[] = {"begin", "start",    "commit", "end",  "abort",
                                         "set",   "rollback", "reset",  "alter"};
  pg::Lexer lexer(sql, {0, static_cast<uint32_t>(sql.size())});
  pg::Token token = lexer.next();
  while (token.kind == pg::TokenKind::comment)
    token = lexer.next();
  const std::string_view first = lexer.text(token);
  return std::any_of(std::begin(kFirst), std::end(kFirst),
                     [&](std::string_view word) { return pg::same_word(first, word); });
}

Meaning meaning_of(std::string_view sql) {
  Meaning meaning;
  if (!may_mean(sql))
    return meaning;
  for (const forms::Form& form : forms_of(sql)) {
    if (const auto* const control = std::get_if<forms::Transaction>(&form)) {
      using Action = forms::Transaction::Action;
      if (control->action == Action::begin)
        meaning.control = Meaning::Control::begin;
      else if (control->action == Action::commit)
        meaning.control = Meaning::Control::commit;
      else if (control->action == Action::rollback)
        meaning.control = Meaning::Control::rollback;
    } else if (const auto* const set = std::get_if<forms::Set>(&form)) {
      meaning.session = !set->local;
    } else if (const auto* const value = std::get_if<forms::AddEnumValue>(&form)) {
      meaning.label = value->label;
    }
  }
  return meaning;
}

std::vector<std::string> statements_in(const std::string& sql) {
  if (sql.find(';') == std::string::npos)
    return {sql};
  std::vector<std::string> statements;
  for (const pg::Statement& piece : pg::split(sql).statements)
    statements.push_back(sql.substr(piece.span.begin, piece.span.size()));
  return statements;
}

class Cutter {
public:
  Cutter(std::span<const ScriptStep> steps, const Rows& rows, const Config& config,
         Transactions transactions)
      : steps_(steps), rows_(rows) {
    if (transactions == Transactions::as_written) {
      each_alone_ = !config.transactional_ddl.value;
      per_step_ = config.transaction_per_migration.value;
    } else {
      per_step_ = transactions == Transactions::per_revision;
    }
  }

  Stages cut() {
    for (step_ = 0; step_ < steps_.size(); ++step_) {
      outside_ = each_alone_;
      in_block_ = false;
      waiting_.push_back({Kind::title, step_});
      if (const Body* const body = steps_[step_].body)
        add(*body);
      move_rows();
      if (per_step_)
        close();
    }
    return std::move(result_);
  }

private:
  void add(const Body& body) {
    for (const BodyItem& item : body.items) {
      if (item.kind != BodyItem::Kind::statement) {
        close();
        in_block_ = item.kind == BodyItem::Kind::autocommit_begin;
        continue;
      }
      if (item.data) {
        add_statement(item.sql, item);
        continue;
      }
      for (const std::string& sql : statements_in(item.sql))
        add_statement(sql, item);
    }
    in_block_ = false;
    for (const Diagnostic& hole : body.holes)
      open().push_back({Kind::hole, step_, {}, nullptr, &hole});
  }

  void add_statement(const std::string& sql, const BodyItem& item) {
    const Meaning meaning = meaning_of(sql);
    switch (meaning.control) {
    case Meaning::Control::none: break;
    case Meaning::Control::rollback: result_.rolls_back = &item; return;
    case Meaning::Control::begin:
    case Meaning::Control::commit:
      close();
      outside_ = meaning.control == Meaning::Control::commit || each_alone_;
      return;
    }
    const std::string_view alone = pg::forbidden_in_transaction(sql);
    const bool by_itself = !alone.empty() || outside_ || in_block_ || !item.transaction;
    commit_labels(sql);
    if (by_itself)
      close();
    open().push_back({Kind::statement, step_, sql, &item});
    if (meaning.session)
      result_.stages.back().session.push_back(sql);
    if (!meaning.label.empty())
      labels_.push_back(literal(meaning.label));
    result_.stages.back().alone = alone;
    if (by_itself)
      close(alone.empty());
  }

  // A label that ALTER TYPE … ADD VALUE has added must not be used before that is committed.
  void commit_labels(std::string_view sql) {
    if (std::any_of(labels_.begin(), labels_.end(), [&](const std::string& label) {
          return sql.find(label) != std::string_view::npos;
        }))
      close();
  }

  void move_rows() {
    const VersionChange& change = steps_[step_].change;
    // Behind a statement that runs alone, the note that it is done and the rows are one
    // transaction.
    if (!open_ && !result_.stages.empty() && waiting_.empty() && may_follow_)
      result_.stages.back().acts.push_back({Kind::rows, step_});
    else
      open().push_back({Kind::rows, step_});
    rows_ = change.rows;
    result_.stages.back().after = rows_;
    may_follow_ = false;
  }

  std::vector<Act>& open() {
    if (!open_) {
      result_.stages.push_back({{}, {}, rows_, rows_, {}});
      open_ = true;
    }
    std::vector<Act>& acts = result_.stages.back().acts;
    std::move(waiting_.begin(), waiting_.end(), std::back_inserter(acts));
    waiting_.clear();
    return acts;
  }

  // `for_rows`: the rows may still move in the stage that ends here.
  void close(bool for_rows = false) {
    if (open_)
      may_follow_ = for_rows || !result_.stages.back().alone.empty();
    open_ = false;
    labels_.clear();
  }

  std::span<const ScriptStep> steps_;
  Rows rows_;
  bool each_alone_ = false;  // no transactions at all, as Alembic's `transactional_ddl` has it
  bool per_step_ = false;
  size_t step_ = 0;
  bool open_ = false;
  bool in_block_ = false;    // of autocommit_block()
  bool outside_ = false;     // behind a COMMIT of the body's own
  bool may_follow_ = false;  // the rows may move in the stage that was closed last
  std::vector<Act> waiting_;
  std::vector<std::string> labels_;  // literals
  Stages result_;
};

}  // namespace

const Stage::Act& Stage::statement() const {
  const auto found = std::find_if(acts.begin(), acts.end(),
                                  [](const Act& act) { return act.kind == Kind::statement; });
  ENSURE(found != acts.end(), "a stage without a statement is asked for it");
  return *found;
}

bool needs_progress(std::span<const Stage> stages) {
  for (size_t i = 0; i < stages.size(); ++i)
    if (!stages[i].alone.empty() || (i + 1 < stages.size() && stages[i].before == stages[i].after))
      return true;
  return false;
}

Stages cut_into_stages(std::span<const ScriptStep> steps, const Rows& rows, const Config& config,
                       Transactions transactions) {
  std::optional<Stages> result;
  on_large_stack([&] { result = Cutter(steps, rows, config, transactions).cut(); });
  return std::move(*result);
}

}  // namespace retort
