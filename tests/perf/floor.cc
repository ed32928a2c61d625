// The least work that any tool must do for a folder of revisions, as the measure for retort:
//
//     floor read FOLDER         read every file
//     floor headers FOLDER      … and give tree-sitter what stands before the first function
//     floor files FOLDER        … and give tree-sitter the whole files
//     floor script FOLDER SQL   … and give libpg_query the script that comes out
//     floor sql FOLDER SQL      read every file and give libpg_query the script: what is left of it
//                               for whoever reads Python faster than tree-sitter
//     floor lint FOLDER SQL     as `script`, with the trees of the SQL
//     floor check PLACE         read every .sql file and give it to libpg_query's grammar
//     floor trees PLACE         … and have every tree in the form in which it leaves libpg_query
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <pg_query.h>
#include <string>
#include <sys/stat.h>
#include <tree_sitter/api.h>
#include <unistd.h>
#include <vector>

extern "C" const TSLanguage* tree_sitter_python(void);

static std::string read_file(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status {};
  if (file < 0 || fstat(file, &status) != 0)
    std::exit(3);
  std::string text(static_cast<size_t>(status.st_size), '\0');
  const ssize_t got = read(file, text.data(), text.size());
  close(file);
  text.resize(static_cast<size_t>(std::max<ssize_t>(got, 0)));
  return text;
}

// The grammar over all statements, without the tree as text.
static bool parse_script(const char* path) {
  const PgQuerySplitResult result = pg_query_split_with_parser(read_file(path).c_str());
  const bool good = !result.error;
  std::printf("%d statements\n", result.n_stmts);
  pg_query_free_split_result(result);
  return good;
}

// The names that end so, in order; none when it is no folder.
static std::vector<std::string> names_in(const std::string& folder, const char* end) {
  std::vector<std::string> names;
  DIR* const directory = opendir(folder.c_str());
  if (!directory)
    return names;
  while (const dirent* const entry = readdir(directory))
    if (std::strstr(entry->d_name, end))
      names.emplace_back(entry->d_name);
  closedir(directory);
  std::sort(names.begin(), names.end());
  return names;
}

static int parse_files(const std::string& place, bool trees) {
  std::vector<std::string> paths;
  for (const std::string& name : names_in(place, ".sql"))
    paths.push_back(place + "/" + name);
  if (paths.empty())
    paths.push_back(place);
  size_t bytes = 0;
  bool good = true;
  for (const std::string& path : paths) {
    if (!trees) {
      good &= parse_script(path.c_str());
      continue;
    }
    const PgQueryParseResult result = pg_query_parse(read_file(path).c_str());
    good &= !result.error;
    bytes += std::strlen(result.parse_tree);
    pg_query_free_parse_result(result);
  }
  std::printf("%zu files, %zu bytes of trees\n", paths.size(), bytes);
  return good ? 0 : 4;
}

int main(int argc, char** argv) {
  if (argc < 3 || argc > 4) {
    std::fprintf(stderr, "usage: floor read|headers|files FOLDER | script|sql|lint FOLDER SQL | "
                         "check|trees PLACE\n");
    return 2;
  }
  const std::string mode = argv[1];
  const std::string folder = argv[2];
  if (mode == "check" || mode == "trees")
    return parse_files(folder, mode == "trees");
  const std::vector<std::string> names = names_in(folder, ".py");
  if (names.empty())
    return 3;

  TSParser* const parser = ts_parser_new();
  ts_parser_set_language(parser, tree_sitter_python());
  std::string path = folder + "/";
  size_t bytes = 0;
  size_t nodes = 0;
  for (const std::string& name : names) {
    path.resize(folder.size() + 1);
    path += name;
    std::string text = read_file(path);
    bytes += text.size();
    if (mode == "read" || mode == "sql")
      continue;
    if (mode == "headers")
      text.resize(std::min(text.find("\ndef "), text.size()));
    TSTree* const tree =
        ts_parser_parse_string(parser, nullptr, text.data(), static_cast<uint32_t>(text.size()));
    nodes += ts_node_child_count(ts_tree_root_node(tree));
    ts_tree_delete(tree);
  }
  ts_parser_delete(parser);
  std::printf("%zu files, %zu bytes, %zu nodes\n", names.size(), bytes, nodes);
  if (argc == 4 && mode == "lint")
    return parse_files(argv[3], true);
  return argc == 4 && !parse_script(argv[3]) ? 4 : 0;
}
