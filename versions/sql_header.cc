// The header block of one file, from TOML in comments to a Revision.
#include "versions/sql_header.h"

#include "common/text.h"
#include "common/utf8.h"
#include "versions/header_block.h"
#include "versions/read_sql.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <toml++/toml.h>

namespace retort {
namespace {

constexpr std::string_view kRule = "chain/broken";
constexpr std::string_view kBadHeader = "bad-header";
constexpr std::array<std::string_view, 15> kKeys = {
    "revision",   "down_revision", "depends_on",  "branch_labels", "message",
    "created",    "phase",         "transaction", "lock_timeout",  "statement_timeout",
    "min_server", "irreversible",  "keep",        "ticket",        "owner"};

class HeaderReader {
public:
  HeaderReader(Sources& sources, FileId file, Diagnostics& diagnostics)
      : sources_(sources), file_(file), diagnostics_(diagnostics) {}

  std::optional<Revision> read(const Line& opening) {
    HeaderBlock block = read_header_block(sources_.text(file_), opening);
    header_->body = block.body;
    if (!block.closed) {
      const Span at = block.bad.span.empty() ? block.opening : block.bad.span;
      error(at, "header has no end: `-- ///` is missing before this line")
          .note({file_, block.opening}, "the header begins here");
      return std::nullopt;
    }
    block_ = block.opening;
    derived_ = sources_.derive(file_, std::move(block.toml), std::move(block.pieces));
    const toml::parse_result parsed = toml::parse(sources_.text(derived_));
    if (!parsed) {
      const toml::parse_error& problem = parsed.error();
      std::string reason = lower(problem.description().substr(0, 1));
      reason += problem.description().substr(1);
      error(span_of(problem.source()), "header is no valid TOML: " + reason);
      return std::nullopt;
    }
    read_keys(parsed.table());
    if (revision_.id.empty() || !parents_known_)
      return std::nullopt;
    revision_.format = Format::sql;
    revision_.file = file_;
    revision_.sql = header_;
    return std::move(revision_);
  }

private:
  void read_keys(const toml::table& table) {
    for (const auto& [key, node] : table)
      read_key(key, node);
    if (!table.contains("revision"))
      diagnostics_.report(Level::error, kRule, "missing-revision", {file_, block_},
                          "file is no revision: its header has no `revision`");
    if (!table.contains("down_revision"))
      diagnostics_
          .report(Level::error, kRule, "missing-down-revision", {file_, block_},
                  "revision has no place in the chain: its header has no `down_revision`")
          .note("the first revision of a chain says `down_revision = false`");
  }

  void read_key(const toml::key& key, const toml::node& node) {
    const std::string_view name = key.str();
    if (name == "revision")
      read_id(node);
    else if (name == "down_revision")
      read_parents(node);
    else if (name == "depends_on")
      revision_.depends_on = references(name, node);
    else if (name == "branch_labels")
      revision_.branch_labels = references(name, node);
    else if (name == "message")
      revision_.doc = trim(text(name, node).text);
    else if (name == "created")
      revision_.created = text(name, node).text;
    else if (name == "phase")
      read_phase(node);
    else if (name == "transaction")
      read_transaction(node);
    else if (name == "lock_timeout")
      header_->lock_timeout = duration(name, node);
    else if (name == "statement_timeout")
      header_->statement_timeout = duration(name, node);
    else if (name == "min_server")
      read_min_server(node);
    else if (name == "irreversible")
      read_irreversible(node);
    else if (name == "keep")
      header_->keep = texts(name, node, "an array of strings", false);
    else if (name == "ticket")
      header_->ticket = text(name, node).text;
    else if (name == "owner")
      header_->owner = text(name, node).text;
    else
      unknown(key);
  }

  void unknown(const toml::key& key) {
    const std::string_view near = nearest(key.str(), kKeys);
    std::string message = fmt::format("header key `{}` is unknown", key.str());
    if (!near.empty())
      message += fmt::format(", did you mean `{}`?", near);
    error(span_of(key.source()), std::move(message));
  }

  void read_id(const toml::node& node) {
    const HeaderText id = text("revision", node);
    const auto allowed = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '_' || c == '.';
    };
    if (!node.is_string())
      return;
    if (id.text.empty())
      error(id.at, "revision has an empty id");
    else if (id.text.size() > kMaxIdLength)
      error(id.at, fmt::format("revision id has {} characters, the version table holds {}",
                               utf8::count(id.text), kMaxIdLength));
    else if (!std::all_of(id.text.begin(), id.text.end(), allowed))
      error(id.at, "revision id may only have ASCII letters, digits, `_` and `.`");
    else if (id.text == "base" || id.text == "head" || id.text == "heads")
      error(id.at, fmt::format("revision can't be named: `{}` is a word of ranges", id.text));
    else {
      revision_.id = id.text;
      revision_.id_at = id.at;
    }
  }

  void read_parents(const toml::node& node) {
    const toml::value<bool>* flag = node.as_boolean();
    if (flag && !flag->get()) {
      parents_known_ = true;
      return;
    }
    const size_t before = diagnostics_.all().size();
    for (HeaderText& parent :
         texts("down_revision", node, "a string, an array of strings or `false`", true))
      revision_.down_revisions.push_back({std::move(parent.text), parent.at});
    parents_known_ = diagnostics_.all().size() == before;
  }

  void read_phase(const toml::node& node) {
    const HeaderText phase = text("phase", node);
    if (phase.text == "before")
      header_->phase = Phase::before;
    else if (phase.text == "after")
      header_->phase = Phase::after;
    else if (node.is_string() && phase.text != "any")
      error(phase.at, "`phase` must be \"before\", \"after\" or \"any\"");
  }

  void read_transaction(const toml::node& node) {
    if (const toml::value<bool>* flag = node.as_boolean())
      header_->transaction = flag->get() ? Wrap::always : Wrap::never;
    else if (node.value<std::string_view>() != "auto")
      error(span_of(node.source()), "`transaction` must be true, false or \"auto\"");
  }

  void read_min_server(const toml::node& node) {
    const toml::value<int64_t>* number = node.as_integer();
    if (!number || number->get() < 1 || number->get() > 99)
      error(span_of(node.source()), "`min_server` must be a PostgreSQL major version such as 15");
    else
      header_->min_server = static_cast<int>(number->get());
  }

  void read_irreversible(const toml::node& node) {
    header_->irreversible = text("irreversible", node);
    if (node.is_string() && trim(header_->irreversible.text).empty())
      error(header_->irreversible.at, "`irreversible` must give the reason");
  }

  // A number and a unit of PostgreSQL's, or 0.
  HeaderText duration(std::string_view name, const toml::node& node) {
    constexpr std::array<std::string_view, 6> kUnits = {"us", "ms", "s", "min", "h", "d"};
    HeaderText setting = text(name, node);
    if (!node.is_string())
      return {};
    const std::string_view value = trim(setting.text);
    const size_t digits = std::min(value.find_first_not_of("0123456789"), value.size());
    const std::string_view unit = trim(value.substr(digits));
    const bool known = std::find(kUnits.begin(), kUnits.end(), unit) != kUnits.end();
    if (digits > 0 && (known || value == "0"))
      return setting;
    error(setting.at, fmt::format("`{}` must be a duration such as \"3s\" or \"5min\"", name));
    return {};
  }

  HeaderText text(std::string_view name, const toml::node& node) {
    const Span at = span_of(node.source());
    const toml::value<std::string>* value = node.as_string();
    if (value)
      return {value->get(), at};
    error(at, fmt::format("`{}` must be a string", name));
    return {};
  }

  std::vector<HeaderText> texts(std::string_view name, const toml::node& node,
                                std::string_view wanted, bool or_string) {
    std::vector<HeaderText> list;
    const auto add = [&](const toml::node& item) {
      const toml::value<std::string>* value = item.as_string();
      const Span at = span_of(item.source());
      if (!value)
        error(at, fmt::format("`{}` must be {}", name, wanted));
      else if (trim(value->get()).empty())
        error(at, fmt::format("`{}` has an empty name", name));
      else
        list.push_back({value->get(), at});
    };
    if (const toml::array* array = node.as_array())
      for (const toml::node& item : *array)
        add(item);
    else if (or_string && node.is_string())
      add(node);
    else
      error(span_of(node.source()), fmt::format("`{}` must be {}", name, wanted));
    return list;
  }

  std::vector<Reference> references(std::string_view name, const toml::node& node) {
    std::vector<Reference> list;
    for (HeaderText& setting : texts(name, node, "an array of strings", true))
      list.push_back({std::move(setting.text), setting.at});
    return list;
  }

  Diagnostic& error(Span at, std::string message) {
    return diagnostics_.report(Level::error, kRule, kBadHeader, {file_, at}, std::move(message));
  }

  // toml++ counts lines from 1 and columns from 1 in characters; an end may be missing.
  uint32_t offset_of(const toml::source_position& position) const {
    const Span line = sources_.line_span(derived_, position.line);
    const std::string_view words = sources_.text({derived_, line});
    size_t offset = 0;
    for (uint32_t column = 1; column < position.column && offset < words.size(); ++column)
      offset += utf8::decode(words, offset).size;
    return line.begin + static_cast<uint32_t>(offset);
  }
  Span span_of(const toml::source_region& region) const {
    const uint32_t begin = offset_of(region.begin);
    const uint32_t end = region.end ? offset_of(region.end) : begin;
    return sources_.origin({derived_, {begin, std::max(begin, end)}}).span;
  }

  Sources& sources_;
  FileId file_;
  FileId derived_ = FileId::none;
  Span block_;
  Diagnostics& diagnostics_;
  Revision revision_;
  std::shared_ptr<SqlHeader> header_ = std::make_shared<SqlHeader>();
  bool parents_known_ = false;
};

}  // namespace

std::optional<Revision> read_sql_header(Sources& sources, FileId file, Diagnostics& diagnostics) {
  const std::optional<Line> opening = find_header(sources.text(file));
  if (!opening)
    return std::nullopt;
  return HeaderReader(sources, file, diagnostics).read(*opening);
}

}  // namespace retort
