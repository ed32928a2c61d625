#include "tests/evaluate.h"

#include "tests/shell.h"

#include <cstdio>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <unistd.h>

namespace retort::tests {
namespace {

// One program in hex per line of input, one output in hex per line.
constexpr std::string_view kScript = R"(
import contextlib, io, sys
for line in open(sys.argv[1]):
    text = bytes.fromhex(line.strip()).decode()
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        try:
            exec(compile(text, 'main.py', 'exec'), {'__name__': 'main'})
        except BaseException as error:
            print('!' + type(error).__name__)
    sys.__stdout__.write(out.getvalue().encode('utf-8', 'backslashreplace').hex() + '\n')
)";

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes)
    text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return text;
}

}  // namespace

std::string unhex(std::string_view text) {
  std::string bytes;
  for (size_t i = 0; i + 1 < text.size(); i += 2)
    bytes += static_cast<char>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16));
  return bytes;
}

Evaluated::Evaluated(std::string program, FakeDisk::Files others, py::Limits limits) {
  others["/repo/main.py"] = std::move(program);
  disk = std::make_unique<FakeDisk>(std::move(others));
  run = std::make_unique<Run>(Run{*disk, 1, {}, {}});
  files = std::make_unique<py::ProjectFiles>(*run, std::vector<std::string>{"/repo"});
  loader = std::make_unique<py::ProjectLoader>(*files);
  on_large_stack([&] {
    const py::ModuleSource* const source = loader->load("/repo/main.py", "main");
    in = std::make_unique<py::Interpreter>(run->sources, *loader, limits);
    in->print = [&](std::string_view text) { printed += text; };
    module = in->run_module(*source);
  });
}

std::string Evaluated::operator[](std::string_view name) {
  std::string result = "missing";
  on_large_stack([&] {
    const py::Value value = module ? in->member(module, name) : py::Value();
    if (!value)
      return;
    const py::Value shown = in->repr(value);
    if (const py::Str* const text = shown.as<py::Str>())
      result = text->text;
    else if (shown.is_unknown())
      result = "unknown: " + shown.object()->cause->text;
  });
  return result;
}

std::string Evaluated::holes() const {
  std::string text;
  for (const Diagnostic& hole : in->holes()) {
    const Position at = hole.at.file == FileId::none
                            ? Position{}
                            : run->sources.position(hole.at.file, hole.at.span.begin);
    text +=
        fmt::format("{}:{} {} {}: {}", at.line, at.column, hole.rule, hole.variant, hole.message);
    for (const Note& note : hole.notes)
      text += " -> " + note.text;
    text += "\n";
  }
  return text;
}

std::optional<std::vector<std::string>> python_outputs(const std::vector<std::string>& programs) {
  if (::access(kPython, X_OK) != 0) {
    MESSAGE("no /usr/bin/python3: nothing is compared with real Python");
    return std::nullopt;
  }
  const TemporaryFolder folder;
  const auto write = [&](const std::string& path, std::string_view text) {
    std::FILE* const file = std::fopen(path.c_str(), "w");
    REQUIRE(file);
    REQUIRE(std::fwrite(text.data(), 1, text.size(), file) == text.size());
    std::fclose(file);
  };
  std::string input;
  for (const std::string& program : programs)
    input += hex(program) + "\n";
  write(folder.path() + "/script.py", kScript);
  write(folder.path() + "/programs", input);
  std::FILE* const python = ::popen(
      fmt::format("{} -W ignore {}/script.py {}/programs", kPython, folder.path(), folder.path())
          .c_str(),
      "r");
  REQUIRE(python);
  std::string output;
  char buffer[4096];
  while (const size_t got = std::fread(buffer, 1, sizeof buffer, python))
    output.append(buffer, got);
  REQUIRE(::pclose(python) == 0);
  std::vector<std::string> outputs;
  for (size_t at = 0; at < output.size();) {
    const size_t end = output.find('\n', at);
    outputs.push_back(unhex(std::string_view(output).substr(at, end - at)));
    at = end + 1;
  }
  REQUIRE(outputs.size() == programs.size());
  return outputs;
}

}  // namespace retort::tests
