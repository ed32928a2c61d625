// Folders that other migration tools keep. All are linear: files in the order of their version
// numbers, each one's parent the file before it. Ids are what the tool records in its own table.
//
//   dbmate          20240131120000_add_orders.sql with `-- migrate:up`     id 20240131120000
//   goose           00001_add_orders.sql with `-- +goose Up`               id 1
//   golang-migrate  000001_add_orders.up.sql, 000001_add_orders.down.sql   id 1
//   Flyway          V1.2__add_orders.sql, U1.2__…, R__views.sql            id 1.2, R__views
#pragma once

#include "common/diagnostic.h"
#include "versions/read_sql.h"
#include "versions/sql_header.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

// The revisions of a folder that one tool's rules fit as a whole; nothing when none does.
std::optional<std::vector<Revision>>
read_layout(const Sources& sources, std::span<const SqlFile> files, Diagnostics& diagnostics);

// One version of a foreign layout before it is linked to the one before it.
struct Version {
  std::string id;
  std::vector<std::string> numbers;  // digits without leading zeros, compared part by part
  std::string title;
  const SqlFile* up = nullptr;
  FileId down = FileId::none;
  Wrap transaction = Wrap::automatic;
  bool repeatable = false;  // after all numbered ones, by title
};

// Sorts by version and links each to the one before it. A number used twice is an error that names
// both files; the second is left out.
std::vector<Revision> link_versions(Format format, std::vector<Version> versions,
                                    Diagnostics& diagnostics);

std::string without_leading_zeros(std::string_view digits);
std::string title_of(std::string_view name);  // underscores as blanks

// Flyway's names (versions/flyway.cc): `V1__x.sql`, `U1__x.sql`, `B1__x.sql`, `R__x.sql`,
// callbacks, and the `.conf` beside them.
bool is_flyway_name(std::string_view name);
std::vector<Revision> read_flyway(const Sources& sources, std::span<const SqlFile> files,
                                  Diagnostics& diagnostics);

// Lines that mean something in these layouts (versions/layout_marks.cc).
enum class LayoutMark : uint8_t {
  none,
  up,
  down,
  statement_begin,
  statement_end,
  no_transaction,
  substitution,  // goose's ENVSUB
  unknown,
};
struct LayoutLine {
  LayoutMark mark = LayoutMark::none;
  Span span;
  Span rest;  // what stands behind the mark
};
LayoutLine layout_line(Format format, std::string_view text, Span line);

}  // namespace retort
