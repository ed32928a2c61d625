#include "common/json.h"
#include "bundle/report/holds.h"
#include "bundle/report/report.h"
#include "bundle/report/summary.h"
#include "bundle/report/words.h"

#include <cmath>

namespace retort::bundle {
namespace {

// Times are whole milliseconds: no program has to guess how a fraction is written.
void seconds(JsonWriter& json, const statistics::Seconds& time) {
  json.begin_object();
  json.number("low_ms", std::llround(time.low * 1000));
  json.number("high_ms", std::llround(time.high * 1000));
  json.text("text", statistics::text_of(time)).end_object();
}

void bytes(JsonWriter& json, std::string_view name, statistics::Bytes range) {
  json.key(name).begin_object().number("low", range.low).number("high", range.high).end_object();
}

void disk(JsonWriter& json, const DiskPeak& peak) {
  json.key("disk").begin_object().text("text", to_text(peak));
  bytes(json, "most", peak.most);
  bytes(json, "stays", peak.stays);
  json.texts("unknown", peak.unknown).end_object();
}

void disk(JsonWriter& json, const DiskUse& use) {
  json.key("disk").begin_object();
  bytes(json, "writes", use.stays);
  bytes(json, "meanwhile", use.meanwhile);
  bytes(json, "freed_at_commit", use.freed);
  json.text("unknown", use.unknown).end_object();
}

void wait(JsonWriter& json, std::string_view name, const Wait& time) {
  json.key(name).begin_object().text("text", to_text(time));
  json.boolean("moment", !time.works).boolean("unknown", time.unknown).key("known");
  seconds(json, time.known);
  json.end_object();
}

void step(JsonWriter& json, std::string_view name, std::string_view number) {
  if (number.empty())
    json.key(name).null();
  else
    json.text(name, number);
}

void items(JsonWriter& json, std::string_view name, const Items& all) {
  json.key(name).begin_object().key("first").begin_array();
  for (const Item& item : all.shown) {
    json.begin_object().text("text", item.text);
    step(json, "step", item.step);
    json.end_object();
  }
  json.end_array().number("left_out", static_cast<int64_t>(all.left_out)).end_object();
}

void risks(JsonWriter& json, const std::vector<Risk>& all) {
  json.key("risks").begin_array();
  for (const Risk& each : sorted_risks(all)) {
    json.begin_object().text("rule", each.rule).text("level", to_string(each.level));
    json.text("message", each.message).boolean("suppressed", each.suppressed);
    if (each.suppressed)
      json.text("reason", each.reason);
    json.end_object();
  }
  json.end_array();
}

void lock_mode(JsonWriter& json, std::string_view name, facts::LockMode mode) {
  if (mode == facts::LockMode::none)
    json.key(name).null();
  else
    json.text(name, facts::sql_name(mode));
}

void way_back(JsonWriter& json, rollback::WayBackClass kind, std::string_view reason) {
  json.key("way_back").begin_object().text("class", rollback::to_string(kind));
  json.text("reason", reason).end_object();
}

void statement(JsonWriter& json, const StatementAccount& each, const std::string& number,
               const std::string& kept) {
  json.begin_object().text("step", number).text("sql", each.sql);
  json.key("origin").begin_object().text("file", each.file).key("line");
  if (each.line == 0)
    json.null();
  else
    json.number(static_cast<int64_t>(each.line));
  json.end_object().boolean("transaction", !each.alone).text("object", each.object);
  json.text("size", each.size).key("locks").begin_array();
  for (const Lock& lock : each.locks) {
    json.begin_object().text("relation", lock.relation);
    lock_mode(json, "mode", lock.mode);
    json.text("blocks", facts::blocked_words(lock.mode)).boolean("existing", lock.existing);
    json.end_object();
  }
  json.end_array();
  lock_mode(json, "lock", each.lock);
  json.text("blocks", blocks_words(each.lock)).boolean("others_wait", blocks(each));
  json.text("locks_kept", kept)
      .text("work", facts::to_string(each.work))
      .boolean("certain", each.certain);
  json.text("missing", each.missing).key("time");
  if (each.time)
    seconds(json, *each.time);
  else
    json.null();
  json.text("time_text", time_words(each)).text("basis", each.basis).texts("lost", each.lost);
  disk(json, each.disk);
  risks(json, each.risks);
  way_back(json, each.way_back, each.way_back_reason);
  json.end_object();
}

void revision(JsonWriter& json, const Account& account, size_t place,
              const std::vector<std::string>& kept) {
  const RevisionAccount& each = account.revisions[place];
  json.begin_object().text("step", number_of(place)).text("id", each.id);
  json.text("title", each.title).text("file", each.file).text("script", each.script).key("phase");
  if (each.phase == Phase::any)
    json.null();
  else
    json.text(each.phase == Phase::before ? "before" : "after");
  json.text("ticket", each.ticket).text("owner", each.owner).texts("notes", each.notes);
  json.texts("assumptions", each.assumptions).texts("holes", each.holes).texts("lost", each.lost);
  risks(json, each.risks);
  way_back(json, each.way_back, each.way_back_reason);
  disk(json, disk_peak(account, place));
  json.key("statements").begin_array();
  for (size_t s = 0; s < each.statements.size(); ++s)
    statement(json, each.statements[s], number_of(place, s), kept[s]);
  json.end_array().end_object();
}

void summary(JsonWriter& json, const Account& account, const ReportInfo& info) {
  const Summary all = summarise(account, info);
  json.key("summary").begin_object().text("verdict", all.verdict).texts("warnings", all.warnings);
  json.key("answers").begin_array();
  for (const Answer& answer : all.answers) {
    json.begin_object().text("question", answer.question).text("answer", answer.answer);
    json.boolean("grave", answer.grave);
    items(json, "items", answer.items);
    json.text("note", answer.note).end_object();
  }
  json.end_array();
  step(json, "longest_blocking", all.longest_step);
  json.text("way_back", rollback::to_string(worst_way_back(account)));
  disk(json, disk_peak(account));
  json.key("findings").begin_object();
  json.number("error", static_cast<int64_t>(account.errors));
  json.number("warning", static_cast<int64_t>(account.warnings));
  json.number("info", static_cast<int64_t>(account.infos));
  json.number("suppressed", static_cast<int64_t>(account.suppressed)).end_object();
  json.key("locked").begin_array();
  for (const Hold& hold : worst_holds(account)) {
    json.begin_object().text("relation", hold.relation).text("size", hold.size);
    lock_mode(json, "lock", hold.lock);
    json.text("step", number_of(hold.revision, hold.statement));
    json.number("times", static_cast<int64_t>(hold.times));
    wait(json, "writes_wait", hold.writes);
    if (facts::blocks_reads(hold.lock))
      wait(json, "reads_wait", hold.reads);
    else
      json.key("reads_wait").null();
    json.end_object();
  }
  json.end_array();
  items(json, "irreversible", all.irreversible);
  items(json, "assumptions", all.assumptions);
  json.end_object();
}

}  // namespace

std::string report_json(const Account& account, const ReportInfo& info) {
  JsonWriter json;
  json.begin_object().text("schema", "retort.report/1").text("tool", info.tool_version);
  json.text("title", info.title).text("change", info.change).text("chain", info.chain);
  json.text("from", account.from).text("to", account.to).key("servers").begin_array();
  for (const int server : account.servers)
    json.number(server);
  json.end_array().texts("approvals", info.approvals);
  json.key("statistics").begin_object().text("of", account.statistics_of);
  json.boolean("old", account.statistics_old).texts("differences", account.production);
  json.end_object();
  summary(json, account, info);
  json.key("revisions").begin_array();
  const std::vector<std::vector<std::string>> kept = kept_locks(account);
  for (size_t r = 0; r < account.revisions.size(); ++r)
    revision(json, account, r, kept[r]);
  json.end_array().end_object();
  return json.take();
}

}  // namespace retort::bundle
