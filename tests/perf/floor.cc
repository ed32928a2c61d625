// The least work that any tool must do for a folder of revisions, as the measure for retort:
//
//     floor read FOLDER         read every file
//     floor headers FOLDER      … and give tree-sitter what stands before the first function
//     floor files FOLDER        … and give tree-sitter the whole files
//     floor script FOLDER SQL   … and give libpg_query the script that comes out
//     floor sql FOLDER SQL      read every file and give libpg_query the script: what is left of it
//                               for whoever reads Python faster than tree-sitter
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <fstream>
#include <pg_query.h>
#include <sstream>
#include <string>
#include <sys/stat.h>
#include <tree_sitter/api.h>
#include <unistd.h>
#include <vector>

extern "C" const TSLanguage* tree_sitter_python(void);

// The grammar over all statements, without the tree as text.
static bool parse_script(const char* path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  const PgQuerySplitResult result = pg_query_split_with_parser(text.str().c_str());
  const bool good = !result.error;
  std::printf("%d statements\n", result.n_stmts);
  pg_query_free_split_result(result);
  return good;
}

int main(int argc, char** argv) {
  if (argc < 3 || argc > 4) {
    std::fprintf(stderr, "usage: floor read|headers|files FOLDER | script|sql FOLDER SQL\n");
    return 2;
  }
  const std::string mode = argv[1];
  const std::string folder = argv[2];
  DIR* const directory = opendir(folder.c_str());
  if (!directory)
    return 3;
  std::vector<std::string> names;
  while (const dirent* const entry = readdir(directory))
    if (std::strstr(entry->d_name, ".py"))
      names.emplace_back(entry->d_name);
  closedir(directory);
  std::sort(names.begin(), names.end());

  TSParser* const parser = ts_parser_new();
  ts_parser_set_language(parser, tree_sitter_python());
  std::string path = folder + "/";
  size_t bytes = 0;
  size_t nodes = 0;
  for (const std::string& name : names) {
    path.resize(folder.size() + 1);
    path += name;
    const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status {};
    if (file < 0 || fstat(file, &status) != 0)
      return 3;
    std::string text(static_cast<size_t>(status.st_size), '\0');
    const ssize_t got = read(file, text.data(), text.size());
    close(file);
    bytes += static_cast<size_t>(std::max<ssize_t>(got, 0));
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
  return argc == 4 && !parse_script(argv[3]) ? 4 : 0;
}
