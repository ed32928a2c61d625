#include "cli/arguments.h"

#include "cli/command.h"
#include "common/text.h"
#include "grammars/versions.h"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <map>

namespace retort {
namespace {

constexpr const char* kExitCodes =
    "Exit codes: 0 done, 1 findings, 2 wrong usage or configuration, 3 the chain cannot be\n"
    "read, 4 holes in compiled SQL, 5 integrity, 6 difference found, 70 internal error.";

constexpr const char* kEveryCommand =
    "Every command also takes -c, -n, -x, --env, --versions, --format, --json, --color, -q and\n"
    "-v: see `retort --help`.";

std::string version_text() {
  return fmt::format("retort {} ({} grammar, {})\n", RETORT_VERSION, postgres_grammar(),
                     python_grammar());
}

// An argument such as `-1` or `-3:` counts revisions; no option of ours begins with a digit. A
// leading blank keeps it from being read as one, and is trimmed where ranges are read.
std::string shielded(std::string argument) {
  const bool counts =
      argument.size() > 1 && argument[0] == '-' && argument[1] >= '0' && argument[1] <= '9';
  return counts ? " " + argument : argument;
}

// One of some words; CLI11's own checks word their messages for programmers.
template <class T>
CLI::Validator one_of(std::vector<std::pair<std::string, T>> choices) {
  return {[choices = std::move(choices)](std::string& word) -> std::string {
            std::vector<std::string> names;
            for (const auto& [name, value] : choices) {
              if (name == word) {
                if constexpr (std::is_enum_v<T>)
                  word = std::to_string(static_cast<int>(value));
                return {};
              }
              names.push_back(name);
            }
            return fmt::format("`{}` is none of {}", word, join(names, ", "));
          },
          ""};
}

class Parser {
public:
  Parser() : app_("static analysis and offline SQL for Alembic revision chains", "retort") {
    app_.require_subcommand(0, 1);
    app_.fallthrough();
    app_.set_help_all_flag();
    // No version flag of CLI11's: it throws, and unwinding is slow in a static binary.
    app_.add_flag("--version", version_, "print the version and the grammars inside");
    app_.footer(kExitCodes);
    add_global_options();
    for (const Command& command : commands())
      add_command(command);
  }

  std::variant<Arguments, EarlyEnd> parse(int argc, const char* const* argv) {
    std::vector<std::string> words;
    for (int i = argc - 1; i > 0; --i)  // CLI11 takes them backwards
      words.push_back(shielded(argv[i]));
    try {
      app_.parse(words);
    } catch (const CLI::ParseError& error) {
      return answer(error);
    }
    if (version_)
      return EarlyEnd{0, version_text()};
    if (arguments_.command.empty())
      return EarlyEnd{2, "retort: a command is missing\nsee `retort --help`\n"};
    const bool picture =
        arguments_.format == OutputFormat::dot || arguments_.format == OutputFormat::mermaid;
    if (picture && arguments_.command != "history")
      return EarlyEnd{2, fmt::format("retort: {} prints text or JSON; only history makes pictures\n"
                                     "see `retort --help`\n",
                                     arguments_.command)};
    if (!arguments_.from_file.empty())
      if (std::optional<EarlyEnd> end = start_from_file())
        return *std::move(end);
    if (arguments_.command == "show" && arguments_.revisions.empty())
      return EarlyEnd{2, "retort: show needs a revision, for example `retort show head`\n"};
    if (arguments_.command == "downgrade" && arguments_.revisions.empty())
      return EarlyEnd{2, arguments_.from_file.empty()
                             ? "retort: downgrade needs a range, for example `retort downgrade "
                               "head:-1`\n"
                             : "retort: downgrade needs an end, for example `retort downgrade "
                               "--from-file FILE -1`\n"};
    return arguments_;
  }

private:
  void add_global_options() {
    app_.add_option("-c,--config", arguments_.config.files,
                    "alembic.ini, pyproject.toml or retort.toml (default: search upward)")
        ->allow_extra_args(false)
        ->type_name("FILE");
    app_.add_option("-n,--name", arguments_.config.section, "section of alembic.ini")
        ->type_name("SECTION");
    app_.add_option("-x", arguments_.x, "what a revision may ask for; listings need none")
        ->allow_extra_args(false)
        ->type_name("KEY=VALUE");
    app_.add_option("--env", arguments_.environment,
                    "what a revision finds in os.environ; the real environment is not read")
        ->allow_extra_args(false)
        ->type_name("NAME=VALUE");
    app_.add_option("--versions", arguments_.config.versions,
                    "folder of revision files; repeatable, needs no configuration")
        ->allow_extra_args(false)
        ->type_name("DIR");
    app_.add_option("--format", arguments_.format, "text, json; history also dot, mermaid")
        ->transform(one_of<OutputFormat>({{"text", OutputFormat::text},
                                          {"json", OutputFormat::json},
                                          {"dot", OutputFormat::dot},
                                          {"mermaid", OutputFormat::mermaid}}))
        ->option_text("FORMAT");
    app_.add_flag_callback(
        "--json", [this] { arguments_.format = OutputFormat::json; }, "the same as --format json");
    app_.add_option("--color", arguments_.color, "auto, always or never")
        ->transform(one_of<ColorChoice>({{"auto", ColorChoice::automatic},
                                         {"always", ColorChoice::always},
                                         {"never", ColorChoice::never}}))
        ->option_text("WHEN");
    app_.add_flag("-q,--quiet", arguments_.quiet, "print errors only, no notes or warnings");
    app_.add_flag("-v,--verbose", arguments_.verbose, "the long form of a listing");
  }

  // `--from-file FILE END` is `--current @FILE current:END`.
  std::optional<EarlyEnd> start_from_file() {
    if (!arguments_.current.empty())
      return EarlyEnd{2, "retort: --from-file and --current both say where the database is\n"};
    arguments_.current = "@" + arguments_.from_file;
    if (arguments_.revisions.empty() && arguments_.command == "upgrade")
      arguments_.revisions = {"heads"};
    for (std::string& end : arguments_.revisions)
      end = "current:" + std::string(trim(end));
    return std::nullopt;
  }

  CLI::App* subcommand(const std::string& name, const std::string& description) {
    // "config show" is a command below a command.
    const size_t blank = name.find(' ');
    if (blank == std::string::npos)
      return app_.add_subcommand(name, description);
    const std::string group = name.substr(0, blank);
    CLI::App*& parent = groups_[group];
    if (!parent) {
      parent = app_.add_subcommand(group, "the configuration in force");
      parent->require_subcommand(1);
      parent->fallthrough();
    }
    return parent->add_subcommand(name.substr(blank + 1), description);
  }

  void add_command(const Command& command) {
    CLI::App* const app = subcommand(std::string(command.name), std::string(command.description));
    app->fallthrough();
    app->footer(kEveryCommand);
    app->callback([this, name = command.name] { arguments_.command = name; });
    const auto takes = [&](Takes part) {
      return (command.takes & static_cast<unsigned>(part)) != 0;
    };
    if (takes(Takes::range)) {
      app->add_option("-r,--rev-range", arguments_.range, "LOW:HIGH, either may be left out")
          ->type_name("RANGE");
      app->add_flag("-i,--indicate-current", arguments_.indicate_current,
                    "mark the revisions that --current names");
    }
    if (takes(Takes::current))
      app->add_option("--current", arguments_.current,
                      "where the database is: ids, or @FILE with what psql or pg_dump printed")
          ->type_name("IDS|@FILE");
    if (takes(Takes::resolve))
      app->add_flag("--resolve-dependencies", arguments_.resolve_dependencies,
                    "leave out heads that another branch depends on");
    if (takes(Takes::check)) {
      app->add_flag("--check", arguments_.check, "exit 1 unless there is one head");
      app->add_option("--against", arguments_.against,
                      "with --check: after a merge with this branch, tag or commit")
          ->type_name("GITREF");
    }
    if (takes(Takes::current) && takes(Takes::script))
      app->add_option("--from-file", arguments_.from_file,
                      "start where this says that the database is: what psql, pg_dump or the "
                      "script's own run printed; - for standard input")
          ->type_name("FILE");
    if (takes(Takes::revisions))
      app->add_option("revision", arguments_.revisions,
                      "id, prefix, label, head, label@head, git:REF")
          ->option_text("REV ...");
    if (takes(Takes::from)) {
      app->add_option("--from", arguments_.from,
                      "what psql, pg_dump or alembic printed; - for standard input")
          ->required()
          ->type_name("FILE");
      app->add_flag("--check-heads", arguments_.check_heads, "exit 6 unless it is at all heads");
    }
    if (takes(Takes::origin))
      app->add_flag("--origin", arguments_.origin, "say where each value comes from");
    if (takes(Takes::script)) {
      app->add_option("-o,--output", arguments_.output_file,
                      "write the script here, whole or not at all; with --split a new folder")
          ->type_name("FILE");
      app->add_flag("--plain", arguments_.plain, "the text that Alembic prints, without guards");
      if (command.name != "ensure_version")
        add_guards(app, command.name);
      app->add_flag_callback(
          "--sql", [] {}, "accepted for Alembic's sake: a script is always SQL");
      app->add_option("--tag", arguments_.tag, "accepted for Alembic's sake: env.py is not run")
          ->type_name("TAG");
    }
    if (takes(Takes::file))
      app->add_option("-o,--output", arguments_.output_file, "write it here, whole or not at all")
          ->type_name("FILE");
    if (takes(Takes::steps))
      add_steps(app, command.name);
    if (takes(Takes::holes))
      app->add_flag("--allow-holes", arguments_.allow_holes,
                    "go on although a body cannot be compiled whole");
    if (takes(Takes::topic))
      app->add_option(
             "topic", arguments_.revisions,
             "a rule, a group of rules, a lock (\"ACCESS EXCLUSIVE\"), or a statement in quotes")
          ->option_text("[TOPIC]");
    if (takes(Takes::schema))
      app->add_option("name", arguments_.revisions, "findings, compile (default: list them)")
          ->expected(0, 1)
          ->option_text("[NAME]");
    if (takes(Takes::lint))
      add_lint(app);
    if (takes(Takes::statistics)) {
      app->add_option("file", arguments_.statistics, "what the script wrote; - for standard input")
          ->option_text("[FILE]");
      app->add_flag("--print-sql", arguments_.print_sql,
                    "print the script for psql that writes such a file");
      app->add_flag("--compare", arguments_.compare,
                    "exit 6 when the database differs from the chain");
      app->add_option("--database", arguments_.database, "exit 6 when it is of another database")
          ->type_name("NAME");
    }
    if (takes(Takes::bundle))
      add_bundle(app);
    if (takes(Takes::server))
      add_server(app);
    if (takes(Takes::lock))
      add_lock(app);
    if (takes(Takes::release)) {
      app->add_option("name", arguments_.release, "of the release: 2026.08")
          ->required()
          ->option_text("NAME");
      app->add_option("range", arguments_.revisions,
                      "[START:]END: the revisions that it has (default: all)")
          ->expected(0, 1)
          ->option_text("[RANGE]");
    }
    if (takes(Takes::phase)) {
      app->add_option("--print", arguments_.phase,
                      "python, values, revisions, chain, sql, forms, locks, catalog, way-back or "
                      "way-back-files")
          ->required()
          ->check(one_of<int>({{"python", 0},
                               {"values", 0},
                               {"revisions", 0},
                               {"chain", 0},
                               {"sql", 0},
                               {"forms", 0},
                               {"locks", 0},
                               {"catalog", 0},
                               {"way-back", 0},
                               {"way-back-files", 0}}))
          ->option_text("PHASE");
      app->add_flag("--down", arguments_.downgrade, "the steps of a downgrade");
      app->add_option("argument", arguments_.revisions,
                      "a file (python, values), a range (chain, forms, catalog) or .sql files, "
                      "revisions (sql)")
          ->option_text("[ARGUMENT ...]");
    }
  }

  void add_guards(CLI::App* app, std::string_view command) {
    app->add_option("--client", arguments_.client,
                    "what runs the script: psql (default), or any client that sends statements "
                    "one by one")
        ->transform(one_of<Client>({{"psql", Client::psql}, {"any", Client::any}}))
        ->option_text("CLIENT");
    if (command == "stamp")
      return;
    app->add_option("--split", arguments_.split,
                    "a file for each revision or transaction, in the folder of -o")
        ->transform(one_of<Split>({{"none", Split::none},
                                   {"revision", Split::revision},
                                   {"transaction", Split::transaction}}))
        ->option_text("WHAT");
    app->add_option_function<Transactions>(
           "--tx",
           [this](const Transactions& value) {
             arguments_.transactions = value;
             arguments_.transactions_given = true;
           },
           "where transactions end: per-revision, all, or as-written (default: as Alembic does)")
        ->transform(one_of<Transactions>({{"per-revision", Transactions::per_revision},
                                          {"all", Transactions::all},
                                          {"as-written", Transactions::as_written}}))
        ->option_text("HOW");
    app->add_option_function<Phase>(
           "--phase", [this](const Phase& value) { arguments_.phase_wanted = value; },
           "only what goes before the code is deployed, or after: `phase` of the headers")
        ->transform(one_of<Phase>({{"before", Phase::before}, {"after", Phase::after}}))
        ->option_text("before|after");
  }

  void add_lint(CLI::App* app) {
    const auto list = [&](const char* name, std::vector<std::string>& to, const char* words,
                          const char* type) {
      app->add_option(name, to, words)->allow_extra_args(false)->delimiter(',')->type_name(type);
    };
    app->add_option("paths", arguments_.paths,
                    "revision files, .sql files, folders, a range, or - (default: the chain)")
        ->option_text("[PATHS|RANGE]");
    app->add_option("--since", arguments_.since, "only revisions that this branch adds or changes")
        ->type_name("GITREF");
    app->add_option("--from", arguments_.from_revision, "only revisions above this one")
        ->type_name("REV");
    app->add_option("--released", arguments_.released,
                    "the newest revision that is live: all above go live together")
        ->type_name("REV");
    list("--select", arguments_.select, "rules or groups to look for; all", "RULE");
    list("--ignore", arguments_.ignore, "rules or groups not to look for", "RULE");
    app->add_option("--fail-on", arguments_.fail_on, "exit 1 from this level on (default: error)")
        ->check(one_of<int>({{"error", 0}, {"warning", 0}, {"info", 0}, {"none", 0}}))
        ->option_text("error|warning|info|none");
    app->add_option("--base", arguments_.base, "pg_dump -s of what is there before the first file")
        ->type_name("FILE");
    app->add_option("--stats", arguments_.statistics,
                    "what the tables of production hold: see `retort stats`")
        ->type_name("FILE");
    app->add_flag("--isolated", arguments_.isolated, "every .sql file by itself");
    app->add_option("--baseline", arguments_.baseline, "findings that are accepted")
        ->type_name("FILE");
    app->add_flag("--write-baseline", arguments_.write_baseline,
                  "accept everything that is found now");
    app->add_flag("--fix", arguments_.apply_fixes, "apply the fixes that are safe");
    app->add_flag("--diff", arguments_.show_fixes, "print all fixes as a patch");
    app->add_option("--stdin-filename", arguments_.stdin_name, "what to call standard input")
        ->type_name("NAME");
    app->add_option("--format", arguments_.reports,
                    "text, json, sarif, github, gitlab, junit, markdown, gcc; repeatable")
        ->allow_extra_args(false)
        ->type_name("FORMAT[=FILE]");
  }

  void add_bundle(CLI::App* app) {
    app->add_option("range", arguments_.revisions,
                    "[START:]END; or: verify FOLDER; or: diff FOLDER FOLDER")
        ->option_text("RANGE");
    app->add_option("-o,--output", arguments_.output_file, "the folder or archive to make")
        ->type_name("PATH");
    app->add_option("--archive", arguments_.archive, "make a tar or zip file instead of a folder")
        ->check(one_of<int>({{"tar", 0}, {"zip", 0}}))
        ->option_text("tar|zip");
    app->add_option("--change", arguments_.change, "number of the change: CHG-4711")
        ->type_name("ID");
    app->add_option("--release", arguments_.release,
                    "also record its revisions as released under this name, in retort.lock")
        ->type_name("NAME");
    app->add_option("--stats", arguments_.statistics,
                    "what the tables of production hold: see `retort stats`")
        ->type_name("FILE");
    app->add_option("--accept", arguments_.accept,
                    "a revision that may go although there is no way back; repeatable")
        ->allow_extra_args(false)
        ->type_name("REV");
    app->add_option("--reason", arguments_.reason, "why; --accept needs one")->type_name("TEXT");
    app->add_flag("--with-source", arguments_.with_source, "copy the revision files into it");
    app->add_flag("--emit-test", arguments_.emit_test,
                  "a script that rehearses all ways on a scratch server");
    app->add_option("--log", arguments_.log_file, "with verify: the log of the run; - for stdin")
        ->type_name("FILE");
    app->add_flag("--rebuild", arguments_.rebuild,
                  "with verify: build it again from this chain, and compare");
  }

  void add_server(CLI::App* app) {
    app->add_option("--log", arguments_.log_file, "write what happens there; - for stderr")
        ->type_name("FILE");
    app->add_option("--check", arguments_.checked_file,
                    "ask everything about one file, without an editor, and print the times")
        ->type_name("FILE");
    // Clients add these by themselves.
    app->add_flag("--stdio")->group("");
    app->add_option("--clientProcessId", arguments_.client_process)->group("");
  }

  void add_lock(CLI::App* app) {
    app->add_flag("--check", arguments_.check,
                  "write nothing; exit 5 when what was released has changed");
    app->add_option("--against", arguments_.against,
                    "with --check: also compare with the lock of this branch, tag or commit")
        ->type_name("GITREF");
    app->add_option("--accept", arguments_.accept,
                    "let a released revision be what it is now; repeatable")
        ->allow_extra_args(false)
        ->type_name("REV");
    app->add_option("--reason", arguments_.reason, "why; --accept needs one")->type_name("TEXT");
  }

  void add_steps(CLI::App* app, std::string_view command) {
    if (command == "stamp")
      app->add_option("revision", arguments_.revisions, "[START:]REV, `heads` or `base`")
          ->required()
          ->option_text("[START:]REV ...");
    else if (command == "verify")
      app->add_option("range", arguments_.revisions,
                      "REV: the whole database there (default: heads); START:END: only what these "
                      "revisions touch")
          ->expected(0, 1)
          ->option_text("[REV|RANGE]");
    else
      app->add_option("range", arguments_.revisions,
                      command == "downgrade" ? "START:END, where END may be relative: head:-1"
                                             : "[START:]END (default: everything up to the heads)")
          ->expected(0, 1)
          ->option_text(command == "downgrade" ? "START:END" : "[RANGE]");
  }

  EarlyEnd answer(const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {
      std::ostringstream out;
      app_.exit(error, out, out);
      return {0, out.str()};
    }
    const std::string extra = first_extra();
    if (extra.empty())
      return {2, fmt::format("retort: {}\nsee `retort --help`\n", trim(error.what()))};
    const std::string_view meant = nearest(extra, known_words());
    return {2, fmt::format("retort: `{}` is not expected here{}\nsee `retort --help`\n", extra,
                           meant.empty() ? "" : fmt::format("; did you mean `{}`?", meant))};
  }

  // The first word that no option or command took. CLI11 lists them without their order, but an
  // unknown option is what went wrong before anything behind it did.
  std::string first_extra() const {
    const std::vector<std::string> extras = app_.remaining(true);
    const auto option = std::find_if(extras.begin(), extras.end(),
                                     [](const std::string& word) { return word.starts_with("-"); });
    if (option != extras.end())
      return *option;
    return extras.empty() ? "" : extras.back();
  }

  // Commands, and the long options of the command that was given and of all commands.
  const std::vector<std::string_view>& known_words() {
    const auto add = [&](const CLI::App* app) {
      for (const CLI::Option* const option : app->get_options())
        for (const std::string& name : option->get_lnames())
          words_.push_back("--" + name);
    };
    add(&app_);
    for (const CLI::App* const command : app_.get_subcommands({})) {
      words_.push_back(command->get_name());
      if (command->parsed())
        add(command);
    }
    views_.assign(words_.begin(), words_.end());
    return views_;
  }

  CLI::App app_;
  std::map<std::string, CLI::App*> groups_;
  std::vector<std::string> words_;
  std::vector<std::string_view> views_;
  bool version_ = false;
  Arguments arguments_;
};

}  // namespace

std::variant<Arguments, EarlyEnd> parse_arguments(int argc, const char* const* argv) {
  return Parser().parse(argc, argv);
}

}  // namespace retort
