// MANIFEST.json: the bundle for programs. docs/schemas/manifest.schema.json describes it.
#include "bundle/contents.h"

#include "common/json.h"
#include "common/sha256.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort::bundle {
namespace {

// Of a file's text, whatever its line ends.
std::string source_hash(std::string_view text) {
  std::string lines(text);
  std::erase(lines, '\r');
  return sha256(lines);
}

std::string body_hash(const Body& body) {
  std::string all;
  for (const BodyItem& item : body.items)
    all += item.sql + ";\n" + item.data.value_or("");
  return sha256(all);
}

std::string_view phase_name(Phase phase) {
  switch (phase) {
  case Phase::any: return "any";
  case Phase::before: return "before";
  case Phase::after: return "after";
  }
  return "any";
}

std::string_view role_of(std::string_view path) {
  if (path.ends_with("PLAN.txt") || path.starts_with("report."))
    return "document";
  for (const std::string_view folder :
       {"before", "after", "verify", "rollback", "preflight", "tools", "source", "rehearsal"})
    if (path.starts_with(folder))
      return folder;
  return "document";
}

void write_revisions(JsonWriter& json, const Material& material) {
  json.key("revisions").begin_array();
  for (size_t i = 0; i < material.account.revisions.size(); ++i) {
    const RevisionAccount& revision = material.account.revisions[i];
    const Revision& source = material.chain[revision.revision];
    json.begin_object().text("id", revision.id).text("title", revision.title);
    json.text("file", revision.file).text("script", revision.script);
    json.text("source_sha256", source_hash(material.sources.text(source.file)));
    json.text("sql_sha256", body_hash(material.bodies[i]));
    json.text("phase", phase_name(revision.phase));
    json.number("statements", static_cast<int64_t>(revision.statements.size()));
    json.number("outside_transactions",
                std::count_if(revision.statements.begin(), revision.statements.end(),
                              [](const StatementAccount& each) { return each.alone; }));
    json.text("way_back", rollback::to_string(revision.way_back));
    json.text("way_back_reason", revision.way_back_reason);
    json.texts("lost", revision.lost).texts("assumptions", revision.assumptions);
    json.texts("holes", revision.holes).text("ticket", revision.ticket);
    json.text("owner", revision.owner).end_object();
  }
  json.end_array();
}

void write_suppressions(JsonWriter& json, const Account& account) {
  json.key("suppressions").begin_array();
  const auto write = [&](const RevisionAccount& revision, const Risk& risk) {
    if (risk.suppressed)
      json.begin_object()
          .text("revision", revision.id)
          .text("rule", risk.rule)
          .text("reason", risk.reason)
          .end_object();
  };
  for (const RevisionAccount& revision : account.revisions) {
    for (const Risk& risk : revision.risks)
      write(revision, risk);
    for (const StatementAccount& statement : revision.statements)
      for (const Risk& risk : statement.risks)
        write(revision, risk);
  }
  json.end_array();
}

}  // namespace

std::string chain_hash(const Material& material) {
  std::vector<RevIndex> ends = material.rows;
  for (const Step& step : material.steps)
    ends.push_back(step.revision);
  std::vector<std::string> lines;
  for (const RevIndex i : material.chain.ancestors(ends, Edges::all).members())
    lines.push_back(fmt::format("{} {}\n", material.chain[i].id,
                                source_hash(material.sources.text(material.chain[i].file))));
  std::sort(lines.begin(), lines.end());
  return sha256(fmt::format("{}", fmt::join(lines, "")));
}

std::string manifest(const Material& material, std::span<const NewFile> files) {
  const Account& account = material.account;
  const Request& request = material.request;
  const Rows after = rows_behind(material.chain, material.rows, material.steps);
  JsonWriter json;
  json.begin_object().text("schema", "retort.bundle/1").text("tool", material.tool);
  json.text("chain_sha256", chain_hash(material)).text("change", request.change);
  json.text("release", request.release);
  json.texts("from", ids_of(material.chain, material.rows));
  json.texts("to", ids_of(material.chain, after));
  json.key("target").begin_object().key("servers").begin_array();
  for (const int server : account.servers)
    json.number(server);
  json.end_array().text("database", material.config.database.value);
  json.text("role", material.config.role.value);
  json.texts("search_path", material.config.search_path.value);
  json.text("version_table", material.config.version_table.value);
  json.text("version_table_schema", material.config.version_table_schema.value).end_object();
  json.key("settings").begin_object();
  json.text("lock_timeout", material.config.lock_timeout.value);
  json.text("statement_timeout", material.config.statement_timeout.value).end_object();
  json.key("request").begin_object().text("range", request.range);
  json.boolean("allow_holes", request.allow_holes).boolean("with_source", request.with_source);
  json.boolean("emit_test", request.emit_test).texts("approved", request.approved);
  json.text("reason", request.reason).end_object();
  json.key("statistics").begin_object().text("of", account.statistics_of);
  json.text("sha256", material.statistics_hash).boolean("old", account.statistics_old).end_object();
  json.key("findings").begin_object().number("error", static_cast<int64_t>(account.errors));
  json.number("warning", static_cast<int64_t>(account.warnings));
  json.number("info", static_cast<int64_t>(account.infos));
  json.number("suppressed", static_cast<int64_t>(account.suppressed)).end_object();
  json.text("way_back", rollback::to_string(worst_way_back(account)));
  write_revisions(json, material);
  write_suppressions(json, account);
  json.key("files").begin_array();
  for (const NewFile& file : files)
    json.begin_object()
        .text("path", file.path)
        .text("role", role_of(file.path))
        .number("size", static_cast<int64_t>(file.text.size()))
        .text("sha256", sha256(file.text))
        .end_object();
  return json.end_array().end_object().take();
}

}  // namespace retort::bundle
