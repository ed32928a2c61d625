// The command line, parsed. CLI11 stays inside arguments.cc.
#pragma once

#include "compiler/script/guarded.h"
#include "versions/config.h"
#include "versions/sql_header.h"

#include <string>
#include <variant>
#include <vector>

namespace retort {

enum class OutputFormat : uint8_t { text, json, dot, mermaid };
enum class ColorChoice : uint8_t { automatic, always, never };

struct Arguments {
  std::string command;  // as in the table of commands: "history", "config show"

  ConfigRequest config;
  OutputFormat format = OutputFormat::text;
  ColorChoice color = ColorChoice::automatic;
  std::vector<std::string> x;            // KEY=VALUE for context.get_x_argument()
  std::vector<std::string> environment;  // NAME=VALUE for os.environ
  bool quiet = false;
  bool verbose = false;

  std::vector<std::string> revisions;  // show, debug, stamp; the range of a script
  std::string range;                   // history -r, debug --print chain
  std::string current;                 // ids, or @FILE
  std::string from_file;               // the same file, for START
  bool indicate_current = false;
  bool resolve_dependencies = false;
  bool check = false;
  std::string against;  // a git reference
  std::string from;     // current --from
  bool check_heads = false;
  bool origin = false;
  std::string phase;  // debug --print
  bool downgrade = false;
  std::string output_file;  // -o; empty or "-": standard output
  bool plain = false;
  Client client = Client::psql;
  Split split = Split::none;
  Transactions transactions = Transactions::as_written;
  bool transactions_given = false;
  std::optional<Phase> phase_wanted;  // --phase
  bool allow_holes = false;
  // lint: what to look at, and how
  std::vector<std::string> paths;  // or a range
  std::string since;               // a git reference
  std::string from_revision;
  std::vector<std::string> select, ignore;
  std::string fail_on;
  std::string base;
  std::string released;
  std::string baseline;
  bool write_baseline = false;
  bool isolated = false;
  bool apply_fixes = false;
  bool show_fixes = false;
  std::string stdin_name;
  // lock, release
  std::vector<std::string> accept;  // revisions
  std::string reason;
  std::string release;               // its name
  std::vector<std::string> reports;  // FORMAT or FORMAT=FILE
  // bundle
  std::string archive;  // "tar", "zip"; empty: a folder
  std::string change;
  std::string log_file;
  bool with_source = false;
  bool emit_test = false;
  bool rebuild = false;
  std::string checked_file;    // lsp --check
  std::string client_process;  // lsp: `initialize` says the same
  // stats, lint, and bundle
  std::string statistics;  // the file
  bool print_sql = false;
  bool compare = false;
  std::string database;

  std::string tag;  // for env.py, which is not run
};

// What to do instead of a command: print this and end with this code.
struct EarlyEnd {
  int exit_code = 0;
  std::string text;  // to stdout for code 0, else to stderr
};

std::variant<Arguments, EarlyEnd> parse_arguments(int argc, const char* const* argv);

}  // namespace retort
