#include "tests/transcript.h"

#include "common/path.h"
#include "common/result.h"
#include "common/text.h"
#include "common/utf8.h"
#include "tests/shell.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>

namespace retort::tests {

namespace {

// --- reading ----------------------------------------------------------------------------------

std::vector<std::string> words(std::string_view text) {
  std::vector<std::string> result;
  for (const std::string_view word : split(text, ' '))
    if (!trim(word).empty())
      result.emplace_back(trim(word));
  return result;
}

size_t leading(std::string_view line, char c) {
  return std::min(line.find_first_not_of(c), line.size());
}

// `sql fixed` names a kind of block, `sql versions/1.sql` a file.
bool is_path(std::string_view word) { return word.find_first_of("./") != std::string_view::npos; }

void read_console(const Lines& lines, size_t begin, size_t end, Section& section) {
  for (size_t i = begin; i < end; ++i) {
    if (lines[i].starts_with("$ "))
      section.actions.push_back({i + 1, Command{lines[i].substr(2), {}}});
    else if (i > begin)
      std::get<Command>(section.actions.back().what).expected.push_back(lines[i]);
    else
      section.actions.push_back({i + 1, Command{"false # a console block begins with `$ `", {}}});
  }
}

void read_block(const Lines& lines, size_t begin, size_t end, Section& section) {
  std::vector<std::string> info =
      words(trim(lines[begin - 1].substr(leading(lines[begin - 1], '`'))));
  if (!info.empty() && info[0] == "console") {
    read_console(lines, begin, end, section);
  } else if (info.size() > 1 && is_path(info[1])) {
    FileBlock file{info[1], {info.begin() + 2, info.end()}, ""};
    for (size_t i = begin; i < end; ++i)
      file.text += lines[i] + "\n";
    section.actions.push_back({begin, std::move(file)});
  }
}

// --- running ----------------------------------------------------------------------------------

// Text of a block as the bytes of a file; the name of an attribute that makes no sense otherwise.
Expected<std::string, std::string> encoded(const FileBlock& file) {
  std::string bytes = file.text;
  for (const std::string& attribute : file.attributes) {
    std::string result;
    if (attribute == "crlf") {
      for (const char c : bytes)
        result += c == '\n' ? std::string("\r\n") : std::string(1, c);
    } else if (attribute == "bom") {
      result = std::string(utf8::kByteOrderMark) + bytes;
    } else if (attribute == "latin-1") {
      for (size_t i = 0; i < bytes.size();) {
        const utf8::Char c = utf8::decode(bytes, i);
        if (c.code > 0xFF)
          return Unexpected{std::string("latin-1 lacks a character of this block")};
        result.push_back(static_cast<char>(c.code));
        i += c.size;
      }
    } else {
      return Unexpected{"unknown attribute " + attribute};
    }
    bytes = result;
  }
  return bytes;
}

std::string write(const FileBlock& file, const std::string& folder) {
  const std::string path = normal_path(join_path(folder, file.path));
  if (!path.starts_with(folder + "/"))
    return "the file lies outside the test's folder";
  const Expected<std::string, std::string> bytes = encoded(file);
  if (!bytes)
    return bytes.error();
  std::filesystem::create_directories(parent_path(path));
  std::ofstream(path, std::ios::binary) << *bytes;
  return "";
}

std::string copy(const Example& example, const std::string& folder) {
  std::error_code error;
  std::filesystem::copy(join_path(RETORT_SOURCE, example.folder), folder,
                        std::filesystem::copy_options::recursive |
                            std::filesystem::copy_options::overwrite_existing,
                        error);
  return error ? fmt::format("cannot copy {}: {}", example.folder, error.message()) : "";
}

std::string replace_all(std::string_view text, std::string_view from, std::string_view to) {
  std::string result;
  size_t done = 0;
  for (size_t at = 0; (at = text.find(from, done)) != std::string_view::npos;
       done = at + from.size())
    result.append(text.substr(done, at - done)).append(to);
  return result.append(text.substr(done));
}

// The outcome as it stands in a console block.
Lines shown(const Outcome& outcome, const std::string& folder) {
  std::string text;
  for (const char c : utf8::replaced(replace_all(outcome.output, folder, "/chain"))) {
    if ((static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == '\x7F')
      text += fmt::format("\\x{:02X}", static_cast<unsigned char>(c));
    else
      text += c;
  }
  Lines lines;
  if (!text.empty()) {
    const bool ended = text.back() == '\n';
    if (ended)
      text.pop_back();
    for (const std::string_view line : split(text, '\n'))
      lines.emplace_back(line);
    if (!ended)
      lines.emplace_back("[no final line feed]");
  }
  if (outcome.exit_code != 0)
    lines.push_back(fmt::format("[exit {}]", outcome.exit_code));
  return lines;
}

// The lines that both have at their ends are told once, what lies between with `-` and `+`.
std::string difference(const Lines& expected, const Lines& actual) {
  const auto [left, right] =
      std::mismatch(expected.begin(), expected.end(), actual.begin(), actual.end());
  auto left_end = expected.end();
  auto right_end = actual.end();
  while (left_end != left && right_end != right && *(left_end - 1) == *(right_end - 1)) {
    --left_end;
    --right_end;
  }
  std::string text;
  for (auto line = expected.begin(); line != left; ++line)
    text += "\n    " + *line;
  for (auto line = left; line != left_end; ++line)
    text += "\n  - " + *line;
  for (auto line = right; line != right_end; ++line)
    text += "\n  + " + *line;
  for (auto line = left_end; line != expected.end(); ++line)
    text += "\n    " + *line;
  return text;
}

}  // namespace

bool Section::has_commands() const {
  return std::any_of(actions.begin(), actions.end(), [](const Action& action) {
    return std::holds_alternative<Command>(action.what);
  });
}

Suite parse_suite(std::string_view text) {
  constexpr std::string_view kUses = "<!-- uses: ";
  constexpr std::string_view kNeeds = "<!-- needs: ";
  Suite suite;
  for (const std::string_view line : split(text, '\n'))
    suite.lines.emplace_back(line);
  const Lines& lines = suite.lines;

  suite.sections.push_back({"", 1, {}});  // for what stands above the first heading
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::string& line = lines[i];
    const size_t hashes = leading(line, '#');
    const size_t ticks = leading(line, '`');
    if (hashes >= 1 && hashes <= 2 && hashes < line.size() && line[hashes] == ' ') {
      suite.sections.push_back({std::string(trim(line.substr(hashes))), i + 1, {}});
    } else if (line.starts_with(kUses)) {
      const size_t end = line.find(" -->");
      suite.sections.back().actions.push_back(
          {i + 1, Example{line.substr(kUses.size(), end - kUses.size())}});
    } else if (line.starts_with(kNeeds)) {
      suite.sections.back().needs = line.substr(kNeeds.size(), line.find(" -->") - kNeeds.size());
    } else if (ticks >= 3) {
      size_t end = i + 1;
      while (end < lines.size() && !(leading(lines[end], '`') >= ticks &&
                                     trim(lines[end]).size() == leading(lines[end], '`')))
        ++end;
      read_block(lines, i + 1, end, suite.sections.back());
      i = end;
    }
  }
  return suite;
}

bool can_run(const Section& section) {
  return section.needs.empty() || run_shell(section.needs, "/").exit_code == 0;
}

std::vector<Mismatch> run_section(const Section& section, Corrections& corrections) {
  const TemporaryFolder folder;
  std::vector<Mismatch> mismatches;
  const auto expect = [&](const Action& action, const std::string& problem) {
    if (!problem.empty())
      mismatches.push_back({action.line, problem});
  };
  for (const Action& action : section.actions) {
    if (const auto* example = std::get_if<Example>(&action.what)) {
      expect(action, copy(*example, folder.path()));
    } else if (const auto* file = std::get_if<FileBlock>(&action.what)) {
      expect(action, write(*file, folder.path()));
    } else if (const auto* command = std::get_if<Command>(&action.what)) {
      const Lines actual = shown(run_shell(command->text, folder.path()), folder.path());
      if (actual == command->expected)
        continue;
      expect(action, "$ " + command->text + difference(command->expected, actual));
      corrections[action.line] = actual;
    }
  }
  return mismatches;
}

std::string corrected(const Suite& suite, const Corrections& corrections) {
  std::map<size_t, size_t> expected_sizes;
  for (const Section& section : suite.sections)
    for (const Action& action : section.actions)
      if (const auto* command = std::get_if<Command>(&action.what))
        expected_sizes[action.line] = command->expected.size();
  Lines result;
  for (size_t line = 1; line <= suite.lines.size(); ++line) {
    result.push_back(suite.lines[line - 1]);
    const auto correction = corrections.find(line);
    if (correction == corrections.end())
      continue;
    result.insert(result.end(), correction->second.begin(), correction->second.end());
    line += expected_sizes[line];
  }
  return join(result, "\n");
}

}  // namespace retort::tests
