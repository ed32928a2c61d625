// What stands beside the text: the lock at the end of a call, and above the functions what they do.
#include "common/text.h"
#include "editors/server/content.h"
#include "editors/server/cursor.h"
#include "editors/server/requests/requests.h"
#include "editors/server/words.h"
#include "linter/body_text.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::lsp {
namespace {

std::string lens_text(std::span<const SeenStatement> statements, bool down) {
  size_t count = 0;
  const SeenStatement* strongest = nullptr;  // the first one that takes the strongest lock
  facts::Work work = facts::Work::catalog;   // the dearest
  for (const SeenStatement& each : statements) {
    if (each.down != down)
      continue;
    ++count;
    if (!strongest || strongest_lock(each.facts) > strongest_lock(strongest->facts))
      strongest = &each;
    work = std::max(work, each.facts.work);
  }
  std::string text = "SQL of this revision · " + counted(count, "statement");
  const std::string locks = strongest ? locks_text(strongest->facts) : "";
  if (!locks.empty())
    text += " · " + locks.substr(0, locks.find(", "));
  if (work > facts::Work::rows && work != facts::Work::unknown)
    text += fmt::format(" · {}", to_string(work));
  return text;
}

class Lenses {
public:
  Lenses(Session& session, const Spot& spot, JsonWriter& json)
      : session_(session), spot_(spot), json_(json) {}

  void add(Span at, std::string_view title, std::string_view command, std::string_view argument) {
    json_.begin_object().key("range");
    write_range(json_, spot_.text, *spot_.lines, at, session_.client.encoding);
    json_.key("command").begin_object().text("title", title).text("command", command);
    json_.key("arguments").begin_array().text(argument).end_array().end_object().end_object();
  }

private:
  Session& session_;
  const Spot& spot_;
  JsonWriter& json_;
};

void add_family(Lenses& lenses, Session& session, const Spot& spot) {
  const Chain& chain = spot.model->chain();
  const RevIndex own = *spot.revision;
  const Span at = chain[own].id_at;
  if (spot.model->is_alone())
    return;  // its parents are not known
  for (const RevIndex parent : chain.parents(own))
    lenses.add(at, fmt::format("parent {}", chain[parent].id), "retort.open",
               session.uri(chain[parent].path));
  for (const RevIndex child : chain.children(own))
    lenses.add(at, fmt::format("child {}", chain[child].id), "retort.open",
               session.uri(chain[child].path));
  if (chain.is_head(own))
    lenses.add(at, chain.heads().size() == 1 ? "head" : "one of several heads", "retort.open",
               session.uri(spot.path));
}

}  // namespace

Answered inlay_hint(Session& session, JsonValue params, JsonWriter& json) {
  const std::optional<Spot> spot = session.spot(params);
  json.begin_array();
  if (spot && spot->revision && session.settings.hints != Hints::off) {
    const Span wanted = params["range"].exists()
                            ? session.span(*spot, params["range"])
                            : Span{0, static_cast<uint32_t>(spot->text.size())};
    // One hint for all statements of a call.
    std::vector<const SeenStatement*> calls;
    for (const SeenStatement& statement : spot->model->statements(*spot->revision)) {
      if (statement.elsewhere || statement.call.end < wanted.begin ||
          statement.call.end > wanted.end)
        continue;
      const auto same = std::find_if(calls.begin(), calls.end(), [&](const auto* other) {
        return other->call == statement.call;
      });
      if (same == calls.end())
        calls.push_back(&statement);
      else if (strongest_lock(statement.facts) > strongest_lock((*same)->facts))
        *same = &statement;
    }
    for (const SeenStatement* const statement : calls) {
      const facts::LockMode lock = strongest_lock(statement->facts);
      if (lock == facts::LockMode::none ||
          (session.settings.hints == Hints::blocking && !facts::blocks_writes(lock)))
        continue;
      json.begin_object().key("position");
      uint32_t end = statement->call.end;
      if (end < spot->text.size() && spot->text[end] == ';')
        ++end;
      session.write_position(json, session.text_of(spot->path), end);
      json.text("label", facts::sql_name(lock)).boolean("paddingLeft", true);
      json.text("tooltip",
                fmt::format("{}: {}", locks_text(statement->facts), facts::blocked_words(lock)));
      json.end_object();
    }
  }
  json.end_array();
  return std::nullopt;
}

Answered code_lens(Session& session, JsonValue params, JsonWriter& json) {
  const std::optional<Spot> spot = session.spot(params);
  json.begin_array();
  if (spot && spot->revision && !spot->model->is_bare() && session.settings.lenses) {
    Lenses lenses(session, *spot, json);
    add_family(lenses, session, *spot);
    const std::vector<SeenStatement>& statements = spot->model->statements(*spot->revision);
    for (const bool down : {false, true}) {
      Span at = spot->model->chain()[*spot->revision].id_at;
      if (const auto function = function_text(spot->text, down ? "downgrade" : "upgrade"))
        at = function->name;
      else if (std::none_of(statements.begin(), statements.end(),
                            [&](const SeenStatement& each) { return each.down == down; }))
        continue;
      else
        for (const SeenStatement& each : statements)
          if (each.down == down) {
            at = {each.call.begin, each.call.begin};
            break;
          }
      lenses.add(at, lens_text(statements, down), "retort.showSql",
                 sql_uri(*spot->model, *spot->revision, down ? "downgrade" : "upgrade"));
    }
  }
  json.end_array();
  return std::nullopt;
}

}  // namespace retort::lsp
