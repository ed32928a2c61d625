// What can be done about what is under the cursor: the fixes of findings, a comment that allows
// one, all safe fixes of the file, a merge of two heads.
#include "common/path.h"
#include "common/sha256.h"
#include "common/text.h"
#include "editors/server/cursor.h"
#include "editors/server/diagnostics.h"
#include "editors/server/requests/requests.h"
#include "editors/server/workspace_edit.h"
#include "linter/body_text.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace retort::lsp {
namespace {

constexpr std::string_view kFixAll = "source.fixAll.retort";

// Which findings a place is about: those of its lines and of the call that it stands in, those that
// the client names, and in a way down what is said of the way back.
class Wanted {
public:
  Wanted(Session& session, const Spot& spot, JsonValue params)
      : spot_(spot), range_(session.span(spot, params["range"])) {
    first_ = spot.lines->line_of(range_.begin);
    last_ = spot.lines->line_of(range_.end);
    const JsonValue named = params["context"]["diagnostics"];
    for (size_t i = 0; i < named.size(); ++i)
      named_.insert(std::string(named[i]["data"]["fingerprint"].text()));
    const std::optional<FunctionText> down = function_text(spot.text, "downgrade");
    in_way_down_ = down &&
                   range_.begin >= spot.lines->begin(spot.lines->line_of(down->name.begin)) &&
                   range_.begin <= std::max(down->name.end, down->body.end);
  }

  bool operator()(const Shown& finding) const {
    if (named_.contains(finding.fingerprint))
      return true;
    if (in_way_down_ && finding.rule.starts_with("revert/") && !finding.down)
      return true;
    if (touches(finding.at.span))
      return true;
    if (finding.statement == 0 || !spot_.revision)
      return false;
    const std::vector<SeenStatement>& all = spot_.model->statements(*spot_.revision);
    return std::any_of(all.begin(), all.end(), [&](const SeenStatement& statement) {
      return statement.down == finding.down && statement.number + 1 == finding.statement &&
             !statement.elsewhere && touches(statement.call);
    });
  }

private:
  bool touches(Span span) const {
    return spot_.lines->line_of(span.begin) <= last_ && spot_.lines->line_of(span.end) >= first_;
  }

  const Spot& spot_;
  Span range_;
  uint32_t first_ = 0, last_ = 0;
  std::set<std::string> named_;
  bool in_way_down_ = false;
};

class Actions {
public:
  Actions(Session& session, const Spot& spot, JsonValue context, JsonWriter& json)
      : session_(session), spot_(spot), context_(context), json_(json) {}

  // `quickfix` is wanted by who wants everything, and by who wants `quickfix`.
  bool wanted(std::string_view kind) const {
    const JsonValue only = context_["only"];
    if (!only.is_array() || only.size() == 0)
      return !kind.starts_with("source.");  // those are for who asks for them
    for (size_t i = 0; i < only.size(); ++i) {
      const std::string_view each = only[i].text();
      if (kind == each || (kind.starts_with(each) && kind.substr(each.size()).starts_with(".")))
        return true;
    }
    return false;
  }

  void add(std::string_view title, std::string_view kind, const WorkspaceEdit& edit,
           const Shown* mends, bool preferred) {
    json_.begin_object().text("title", title).text("kind", kind);
    if (preferred)
      json_.boolean("isPreferred", true);
    if (mends)
      write_mended(*mends);
    json_.key("edit");
    edit.write(session_, json_);
    json_.end_object();
  }

private:
  // The client's own words for the finding.
  void write_mended(const Shown& finding) {
    const JsonValue given = context_["diagnostics"];
    for (size_t i = 0; i < given.size(); ++i)
      if (given[i]["data"]["fingerprint"].text() == finding.fingerprint) {
        json_.key("diagnostics").begin_array().raw(given[i].json()).end_array();
        return;
      }
  }

  Session& session_;
  const Spot& spot_;
  JsonValue context_;
  JsonWriter& json_;
};

WorkspaceEdit edit_of(const ShownFix& fix) {
  WorkspaceEdit edit;
  for (const ShownEdit& each : fix.edits)
    edit.replace(each.at, each.text);
  return edit;
}

// A comment above the line, which waits for its reason: without one the linter asks for it.
WorkspaceEdit allowance(const Spot& spot, const Shown& finding) {
  uint32_t offset = finding.at.span.begin;
  if (spot.revision && finding.statement != 0)
    for (const SeenStatement& statement : spot.model->statements(*spot.revision))
      if (statement.down == finding.down && statement.number + 1 == finding.statement &&
          !statement.elsewhere)
        offset = statement.call.begin;
  const uint32_t begin = spot.lines->begin(spot.lines->line_of(offset));
  uint32_t text = begin;
  while (text < spot.text.size() && (spot.text[text] == ' ' || spot.text[text] == '\t'))
    ++text;
  WorkspaceEdit edit;
  edit.replace({spot.path, {begin, begin}},
               fmt::format("{}{} retort: allow({}) \n", spot.text.substr(begin, text - begin),
                           spot.path.ends_with(".py") ? "#" : "--", finding.full_name));
  return edit;
}

// All safe fixes of the file; of two that overlap the first one counts.
WorkspaceEdit all_fixes(const Spot& spot, std::span<const Shown> findings) {
  WorkspaceEdit edit;
  std::vector<Span> taken;
  for (const Shown& finding : findings)
    for (const ShownFix& fix : finding.fixes) {
      const bool fits =
          fix.safety == Safety::safe && !fix.edits.empty() &&
          std::all_of(fix.edits.begin(), fix.edits.end(), [&](const ShownEdit& each) {
            return each.at.path == spot.path &&
                   std::none_of(taken.begin(), taken.end(), [&](Span other) {
                     return each.at.span.begin <= other.end && other.begin <= each.at.span.end;
                   });
          });
      if (!fits)
        continue;
      for (const ShownEdit& each : fix.edits) {
        edit.replace(each.at, each.text);
        taken.push_back(each.at.span);
      }
      break;
    }
  return edit;
}

// A file that joins the heads, as `alembic merge` writes one.
WorkspaceEdit merge(const Model& model) {
  const Chain& chain = model.chain();
  std::string ids, names, titles;
  for (const RevIndex head : chain.heads()) {
    ids += chain[head].id + "\n";
    names += fmt::format("\"{}\", ", chain[head].id);
    titles += (titles.empty() ? "" : ", ") + chain[head].id;
  }
  const std::string id = sha256(ids).substr(0, 12);
  WorkspaceEdit edit;
  edit.create(join_path(parent_path(chain[chain.heads().back()].path), id + "_merge_heads.py"),
              fmt::format("\"\"\"merge heads\n\nRevision ID: {0}\nRevises: {1}\n\"\"\"\n\n"
                          "revision = \"{0}\"\ndown_revision = ({2})\nbranch_labels = None\n"
                          "depends_on = None\n\n\ndef upgrade():\n    pass\n\n\n"
                          "def downgrade():\n    pass\n",
                          id, titles, names.substr(0, names.size() - 2)));
  return edit;
}

}  // namespace

Answered code_action(Session& session, JsonValue params, JsonWriter& json) {
  const std::optional<Spot> spot = session.spot(params);
  json.begin_array();
  if (!spot || !spot->model) {
    json.end_array();
    return std::nullopt;
  }
  Actions actions(session, *spot, params["context"], json);
  const Wanted wanted(session, *spot, params);
  const std::vector<Shown> findings = diagnostics_of(session, spot->path);
  std::set<std::string> allowed;
  for (const Shown& finding : findings) {
    if (!actions.wanted("quickfix") || !wanted(finding))
      continue;
    for (const ShownFix& fix : finding.fixes)
      if (!fix.edits.empty())
        actions.add(fix.title, "quickfix", edit_of(fix), &finding, fix.safety == Safety::safe);
    if (finding.rule == "chain/heads" && session.client.creates_files)
      actions.add("merge the heads in a new revision", "quickfix", merge(*spot->model), &finding,
                  false);
    const bool own_rule = finding.rule.find('/') != std::string::npos;
    const bool can_allow = own_rule && !finding.rule.starts_with("chain/") &&
                           !finding.rule.starts_with("compile/") &&
                           !finding.rule.starts_with("config/") && finding.rule != "sql/syntax" &&
                           finding.rule != "lint/suppression";
    if (can_allow && allowed.insert(finding.full_name).second)
      actions.add(fmt::format("allow {} here, with a reason", finding.full_name), "quickfix",
                  allowance(*spot, finding), &finding, false);
  }
  if (actions.wanted(kFixAll))
    if (const WorkspaceEdit edit = all_fixes(*spot, findings); !edit.empty())
      actions.add("retort: fix all", kFixAll, edit, nullptr, false);
  json.end_array();
  return std::nullopt;
}

}  // namespace retort::lsp
