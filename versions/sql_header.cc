// The header block of one file, from TOML in comments to a Revision.
#include "versions/sql_header.h"

#include "common/text.h"
#include "common/utf8.h"
#include "versions/header_block.h"
#include "versions/read_sql.h"
#include "versions/toml_tree.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

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
    const FileId derived = sources_.derive(file_, std::move(block.toml), std::move(block.pieces));
    const TomlResult header = read_toml(sources_, derived);
    if (!header) {
      error(span_of(header.error().at), "header is no valid TOML: " + header.error().reason);
      return std::nullopt;
    }
    read_keys(*header);
    if (revision_.id.empty() || !parents_known_)
      return std::nullopt;
    revision_.format = Format::sql;
    revision_.file = file_;
    revision_.sql = header_;
    return std::move(revision_);
  }

private:
  using Kind = Toml::Kind;

  void read_keys(const Toml& header) {
    for (const TomlEntry& entry : header.entries)
      read_key(entry);
    if (!header.find("revision"))
      diagnostics_.report(Level::error, kRule, "missing-revision", {file_, block_},
                          "file is no revision: its header has no `revision`");
    if (!header.find("down_revision"))
      diagnostics_
          .report(Level::error, kRule, "missing-down-revision", {file_, block_},
                  "revision has no place in the chain: its header has no `down_revision`")
          .note("the first revision of a chain says `down_revision = false`");
  }

  void read_key(const TomlEntry& entry) {
    const std::string& name = entry.key;
    const Toml& value = entry.value;
    if (name == "revision")
      read_id(value);
    else if (name == "down_revision")
      read_parents(value);
    else if (name == "depends_on")
      revision_.depends_on = references(name, value);
    else if (name == "branch_labels")
      revision_.branch_labels = references(name, value);
    else if (name == "message")
      revision_.doc = trim(text(name, value).text);
    else if (name == "created")
      revision_.created = text(name, value).text;
    else if (name == "phase")
      read_phase(value);
    else if (name == "transaction")
      read_transaction(value);
    else if (name == "lock_timeout")
      header_->lock_timeout = duration(name, value);
    else if (name == "statement_timeout")
      header_->statement_timeout = duration(name, value);
    else if (name == "min_server")
      read_min_server(value);
    else if (name == "irreversible")
      read_irreversible(value);
    else if (name == "keep")
      header_->keep = texts(name, value, "an array of strings", false);
    else if (name == "ticket")
      header_->ticket = text(name, value).text;
    else if (name == "owner")
      header_->owner = text(name, value).text;
    else
      unknown(entry);
  }

  void unknown(const TomlEntry& entry) {
    const std::string_view near = nearest(entry.key, kKeys);
    std::string message = fmt::format("header key `{}` is unknown", entry.key);
    if (!near.empty())
      message += fmt::format(", did you mean `{}`?", near);
    error(span_of(entry.key_at), std::move(message));
  }

  void read_id(const Toml& value) {
    const HeaderText id = text("revision", value);
    const auto allowed = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
             c == '_' || c == '.';
    };
    if (value.kind != Kind::string)
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

  void read_parents(const Toml& value) {
    if (value.kind == Kind::boolean && value.number == 0) {
      parents_known_ = true;
      return;
    }
    const size_t before = diagnostics_.all().size();
    for (HeaderText& parent :
         texts("down_revision", value, "a string, an array of strings or `false`", true))
      revision_.down_revisions.push_back({std::move(parent.text), parent.at});
    parents_known_ = diagnostics_.all().size() == before;
  }

  void read_phase(const Toml& value) {
    const HeaderText phase = text("phase", value);
    if (phase.text == "before")
      header_->phase = Phase::before;
    else if (phase.text == "after")
      header_->phase = Phase::after;
    else if (value.kind == Kind::string && phase.text != "any")
      error(phase.at, "`phase` must be \"before\", \"after\" or \"any\"");
  }

  void read_transaction(const Toml& value) {
    if (value.kind == Kind::boolean)
      header_->transaction = value.number != 0 ? Wrap::always : Wrap::never;
    else if (value.kind != Kind::string || value.text != "auto")
      error(span_of(value.at), "`transaction` must be true, false or \"auto\"");
  }

  void read_min_server(const Toml& value) {
    if (value.kind != Kind::integer || value.number < 1 || value.number > 99)
      error(span_of(value.at), "`min_server` must be a PostgreSQL major version such as 15");
    else
      header_->min_server = static_cast<int>(value.number);
  }

  void read_irreversible(const Toml& value) {
    header_->irreversible = text("irreversible", value);
    if (value.kind == Kind::string && trim(header_->irreversible.text).empty())
      error(header_->irreversible.at, "`irreversible` must give the reason");
  }

  // A number and a unit of PostgreSQL's, or 0.
  HeaderText duration(std::string_view name, const Toml& value) {
    constexpr std::array<std::string_view, 6> kUnits = {"us", "ms", "s", "min", "h", "d"};
    HeaderText setting = text(name, value);
    if (value.kind != Kind::string)
      return {};
    const std::string_view written = trim(setting.text);
    const size_t digits = std::min(written.find_first_not_of("0123456789"), written.size());
    const std::string_view unit = trim(written.substr(digits));
    const bool known = std::find(kUnits.begin(), kUnits.end(), unit) != kUnits.end();
    if (digits > 0 && (known || written == "0"))
      return setting;
    error(setting.at, fmt::format("`{}` must be a duration such as \"3s\" or \"5min\"", name));
    return {};
  }

  HeaderText text(std::string_view name, const Toml& value) {
    const Span at = span_of(value.at);
    if (value.kind == Kind::string)
      return {value.text, at};
    error(at, fmt::format("`{}` must be a string", name));
    return {};
  }

  std::vector<HeaderText> texts(std::string_view name, const Toml& value, std::string_view wanted,
                                bool or_string) {
    std::vector<HeaderText> list;
    const auto add = [&](const Toml& item) {
      const Span at = span_of(item.at);
      if (item.kind != Kind::string)
        error(at, fmt::format("`{}` must be {}", name, wanted));
      else if (trim(item.text).empty())
        error(at, fmt::format("`{}` has an empty name", name));
      else
        list.push_back({item.text, at});
    };
    if (value.kind == Kind::array)
      for (const Toml& item : value.items)
        add(item);
    else if (or_string && value.kind == Kind::string)
      add(value);
    else
      error(span_of(value.at), fmt::format("`{}` must be {}", name, wanted));
    return list;
  }

  std::vector<Reference> references(std::string_view name, const Toml& value) {
    std::vector<Reference> list;
    for (HeaderText& setting : texts(name, value, "an array of strings", true))
      list.push_back({std::move(setting.text), setting.at});
    return list;
  }

  Diagnostic& error(Span at, std::string message) {
    return diagnostics_.report(Level::error, kRule, kBadHeader, {file_, at}, std::move(message));
  }

  // The place in the file of a place in the block's TOML.
  Span span_of(Loc derived) const { return sources_.origin(derived).span; }

  Sources& sources_;
  FileId file_;
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
