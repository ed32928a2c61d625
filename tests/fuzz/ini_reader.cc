// Any bytes as alembic.ini: no crash, and values that stand where they say.
#include "linter/report/text.h"
#include "tests/fuzz/seeds.h"
#include "versions/ini.h"

using namespace retort;

extern "C" int LLVMFuzzerInitialize(int* argc, char*** argv) {
  fuzz::write_seeds(*argc, *argv,
                    {"[alembic]\nscript_location = %(here)s/migrations\nurl = a%%b\n",
                     "[DEFAULT]\na = %(b)s\nb = %(a)s\n[alembic]\n# c\nd =\n  e\n\n  f ; g\n",
                     "[a]\nx: 1\nx = 2\n[a]\n[", "\xEF\xBB\xBF[a]\r\nb=%(\r\n"});
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, size_t size) {
  Sources sources;
  Diagnostics diagnostics;
  const FileId file =
      sources.add("alembic.ini", std::string(reinterpret_cast<const char*>(data), size));
  const Result<Ini> ini = parse_ini(diagnostics, sources, file, "/repo");
  MUST(ini || diagnostics.has_errors());
  if (ini)
    for (const std::string_view name : ini->section_names())
      for (const auto& [key, value] : ini->section(name)->values) {
        MUST(value.at.span.begin <= value.at.span.end && value.at.span.end <= size);
        MUST(ini->raw(name, key) == &value);
        const Result<std::optional<IniValue>> substituted = ini->get(diagnostics, name, key);
        MUST(!substituted || *substituted);
      }
  diagnostics.sort(sources);
  to_text(diagnostics.all(), sources, true);
  return 0;
}
