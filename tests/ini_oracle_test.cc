// Random ini files, read by retort and by Python's configparser. Without Python it does nothing.
#include "versions/ini.h"

#include <cstdio>
#include <cstdlib>
#include <doctest/doctest.h>
#include <random>
#include <unistd.h>

using namespace retort;

namespace {

constexpr const char* kPython = "/usr/bin/python3";
constexpr std::string_view kKeys[] = {"a", "b", "c", "here"};

// One case in hex per line of input, one canonical answer in hex per line of output.
constexpr std::string_view kScript = R"(
import configparser, io, sys
for line in open(sys.argv[1]):
    text = bytes.fromhex(line.strip()).decode()
    parser = configparser.ConfigParser({'here': '/repo'})
    try:
        parser.read_file(io.TextIOWrapper(io.BytesIO(text.encode()), 'utf-8'))
    except configparser.Error:
        print(b'error'.hex())
        continue
    out = ''
    for section in sorted(parser.sections()):
        out += '[' + section + ']'
        for key in ('a', 'b', 'c', 'here'):
            try:
                value = parser.get(section, key, fallback=None)
                out += key + ('-' if value is None else '=' + value) + '|'
            except configparser.Error:
                out += key + '!|'
    print(out.encode().hex())
)";

std::string random_ini(std::mt19937& random) {
  constexpr std::string_view kParts[] = {
      "[s]",      "[t]",      "[DEFAULT]", "[s",           "]",           "a",
      "b",        "c",        "A",         " = ",          "=",           ":",
      "\n",       "\n",       "\n",        "\n",           " ",           "  ",
      "\t",       "# x",      ";y",        "%(a)s",        "%(b)s",       "%%",
      "%",        "v",        "w",         "\r\n",         "\r",          "%(here)s",
      "\xC2\xA0", "\xC3\xA9", "\f",        "[s]\na = 1\n", "b = %(a)s\n", "c: x\n  y\n\n  z\n"};
  std::string text = random() % 4 ? "[s]\n" : "";
  for (size_t n = random() % 24; n > 0; --n)
    text += kParts[random() % std::size(kParts)];
  return text;
}

std::string answer(const std::string& text) {
  Sources sources;
  Diagnostics diagnostics;
  const Result<Ini> ini = parse_ini(diagnostics, sources, sources.add("x.ini", text), "/repo");
  if (!ini)
    return "error";
  std::string out;
  for (const std::string_view section : ini->section_names()) {
    out += "[" + std::string(section) + "]";
    for (const std::string_view key : kKeys) {
      const auto value = ini->get(diagnostics, section, key);
      out += key;
      if (!value)
        out += "!";
      else if (*value)
        out += "=" + (*value)->text;
      else
        out += key == "here" ? "=/repo" : "-";  // Python counts `here` among the defaults
      out += "|";
    }
  }
  return out;
}

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char c : bytes)
    for (const int shift : {4, 0})
      text += "0123456789abcdef"[(static_cast<unsigned char>(c) >> shift) & 15];
  return text;
}

struct TemporaryFile {
  char path[32] = "/tmp/retort-ini.XXXXXX";
  explicit TemporaryFile(std::string_view text) {
    const int descriptor = ::mkstemp(path);
    REQUIRE(descriptor >= 0);
    REQUIRE(::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    ::close(descriptor);
  }
  ~TemporaryFile() { ::unlink(path); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
};

}  // namespace

TEST_CASE("ini: configparser reads random files the same way") {
  if (::access(kPython, X_OK) != 0)
    return;
  std::mt19937 random(1);
  std::vector<std::string> cases;
  std::string input;
  for (int i = 0; i < 3000; ++i)
    input += hex(cases.emplace_back(random_ini(random))) + "\n";
  const TemporaryFile script(kScript);
  const TemporaryFile list(input);
  FILE* const python =
      ::popen((std::string(kPython) + " " + script.path + " " + list.path).c_str(), "r");
  REQUIRE(python);
  std::string output;
  char buffer[4096];
  while (const size_t got = std::fread(buffer, 1, sizeof buffer, python))
    output.append(buffer, got);
  REQUIRE(::pclose(python) == 0);

  size_t read = 0;
  for (const std::string& text : cases) {
    const size_t end = output.find('\n');
    REQUIRE(end != std::string::npos);
    const std::string ours = answer(text);
    read += ours != "error";
    INFO(text);
    INFO(ours);
    CHECK(hex(ours) == output.substr(0, end));
    output.erase(0, end + 1);
  }
  CHECK(read > 300);  // enough of them are no errors
}
