// Any bytes as a Python revision file: no crash, findings that can be printed, the line reader
// agrees with the tree reader, and the reader of plain files with the grammar.
#include "grammars/python/plain.h"
#include "linter/report/json.h"
#include "linter/report/text.h"
#include "tests/fuzz/seeds.h"
#include "tests/header_readers.h"
#include "versions/read_python.h"

using namespace retort;

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  fuzz::write_seeds(
      *argc, *argv,
      {
          "\"\"\"title\n\nRevision ID: a1\nCreate Date: 2026-01-02\n\"\"\"\nfrom alembic import "
          "op\n"
          "revision = 'a1'\ndown_revision = None\nbranch_labels = None\ndepends_on = None\n"
          "def upgrade():\n    op.execute('x')\n",
          "revision: str = \"a1\"\ndown_revision: Union[str, None] = ('b' 'c', # d\n 'e',)\n",
          "# -*- coding: latin-1 -*-\nrevision = r'a\\b'\ndown_revision = [f'x', u'y']\r\n",
          "if x:\n  revision = 'a'\nelse:\n  revision = 'b'\n",
          "revision, down_revision = 'a', 'b'\nx = revision = 'a' + 'b'\n",
          "@a\nclass B:\n\trevision = {'a': [1, (2)]}\nx = '''a\n''' \\\n  'b'; del revision\n",
          "<<<<<<< ours\nrevision = 'a'\n=======\nrevision = 'b'\n>>>>>>> theirs\n",
          "revision = tuple(['a'])\ndepends_on = str('b')\n\"\"\"open",
      });
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  Sources sources;
  Diagnostics diagnostics;
  const FileId file = sources.add("versions/a.py", decode_python(bytes));
  if (const std::optional<py::Tree> plain = py::parse_plain(sources.text(file)))
    MUST(py::to_text(*plain) == py::to_text(py::parse_by_grammar(sources.text(file))));
  const std::optional<Revision> revision = read_python(sources, file, "a.py", diagnostics);
  if (revision) {
    const auto inside = [&](const Reference& reference) {
      return reference.at.begin <= reference.at.end &&
             reference.at.end <= sources.text(file).size();
    };
    MUST(inside({"", revision->id_at}));
    for (const auto* list :
         {&revision->down_revisions, &revision->depends_on, &revision->branch_labels})
      for (const Reference& reference : *list)
        MUST(inside(reference));
  }
  diagnostics.sort(sources);
  to_text(diagnostics.all(), sources, true);
  JsonWriter json;
  write_findings(json, diagnostics.all(), sources);

  const tests::HeaderReadings readings = tests::read_header_twice(sources.text(file));
  if (readings.is_python && readings.lines && readings.lines != readings.tree) {
    std::fprintf(stderr, "lines:\n%s\ntree:\n%s\n", readings.lines->c_str(),
                 readings.tree.value_or("(nothing)").c_str());
    std::abort();
  }
  return 0;
}
