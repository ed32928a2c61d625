// Old rows beside the table, in a schema of their own: which are kept, and the SQL that saves them
// and puts them back. The tables are made by the upgrade itself, so that no write falls into a gap,
// and survive a lost laptop.
//
// Types that the chain makes are kept as text: a kept column of an enum would keep that enum from
// being dropped.
#pragma once

#include <string>
#include <vector>

namespace retort::rollback {

inline constexpr std::string_view kKeepSchema = "retort_keep";

struct KeptColumn {
  enum class Role : uint8_t {
    key,
    dropped,  // by the upgrade; nobody could write it since
    changed,  // by the upgrade, and perhaps by others since
    rest,     // for rows that are put back whole
    added,    // only of rows that the upgrade adds: whether somebody changed them since
  };
  Role role = Role::rest;
  std::string name;        // before the upgrade and behind the downgrade; quoted
  std::string name_after;  // behind the upgrade; empty when it is dropped
  std::string kept_as;     // the type in the keep where it is another: "text"
  std::string type;        // before the upgrade
  std::string type_after;  // as `kept_as`, of the type that the upgrade gave it
  bool retyped = false;
  bool numbered = false;  // its default counts, so that new rows need another number
  bool identity_always = false;
};

struct KeptSequence {
  std::string keep;            // its table in the keep
  std::string sequence;        // its name now
  std::string back;            // an expression for its name behind the downgrade
  std::string column_maximum;  // "SELECT max(id) FROM public.orders" where rows go on counting
  std::string name;  // to have again, where the downgrade makes it with its column; else empty
};

struct KeptTable {
  std::string keep;         // "41f0a6c2d853_orders"
  std::string table;        // before the upgrade and behind the downgrade: "public.orders"
  std::string table_after;  // behind the upgrade; empty when it is dropped
  std::vector<KeptColumn> columns;
  std::string size;        // "about 3.0 M rows, 451 MB", where statistics say so
  bool inserted = false;   // the upgrade adds rows
  bool removed = false;    // the upgrade deletes rows
  bool cleared = false;    // the downgrade deletes rows: only those that were added may go
  bool rewritten = false;  // the downgrade writes rows that the upgrade may have left alone
  bool refilled = false;   // the downgrade makes rows that the upgrade has deleted, in its own way

  bool gone() const { return table_after.empty(); }
  bool has(KeptColumn::Role role) const;
};

struct Kept {
  std::string revision;
  std::vector<KeptTable> tables;  // a table that others refer to comes first
  std::vector<KeptSequence> sequences;
  // Behind the merge: SET NOT NULL of a column that came back, and materialized views that the
  // downgrade has filled from tables which were still empty.
  std::vector<std::string> late;

  bool empty() const { return tables.empty() && sequences.empty(); }
};

// The places of these are told at RevisionWayBack.
std::vector<std::string> keep_statements(const Kept& kept);
std::vector<std::string> seal_statements(const Kept& kept);
std::vector<std::string> look_statements(const Kept& kept);
std::vector<std::string> put_back_statements(const Kept& kept);
std::vector<std::string> clean_up_statements(const Kept& kept);

// The other way, where no copy may stay in the database: scripts for psql that write the rows to
// CSV files before the upgrade, and make the keep of them again before the downgrade.
std::string csv_save_script(const Kept& kept);
std::string csv_load_script(const Kept& kept);

// A column's name as it can stand alone, `"select"`. Call it on a large stack.
std::string column_reference(std::string_view name);

}  // namespace retort::rollback
