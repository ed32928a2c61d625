#include "linter/fix.h"

#include "common/text.h"

#include <algorithm>
#include <fmt/format.h>
#include <vector>

namespace retort {
namespace {

struct FileEdit {
  Span at;
  std::string_view replacement;
};

bool overlap(const FileEdit& a, const FileEdit& b) {
  if (a.at == b.at)
    return true;
  return a.at.begin < b.at.end && b.at.begin < a.at.end;
}

// All edits of a fix, or none of them.
bool take(const Fix& fix, const Sources& sources,
          std::map<FileId, std::vector<FileEdit>>& by_file) {
  std::vector<std::pair<FileId, FileEdit>> edits;
  for (const Edit& edit : fix.edits) {
    const FileEdit own{edit.at.span, edit.replacement};
    for (const FileEdit& other : by_file[edit.at.file])
      if (overlap(own, other))
        return false;
    if (sources.is_derived(edit.at.file))
      return false;
    edits.emplace_back(edit.at.file, own);
  }
  for (const auto& [file, edit] : edits)
    by_file[file].push_back(edit);
  return true;
}

std::string applied(std::string_view text, std::vector<FileEdit> edits) {
  std::stable_sort(edits.begin(), edits.end(),
                   [](const FileEdit& a, const FileEdit& b) { return a.at.begin < b.at.begin; });
  std::string result;
  uint32_t done = 0;
  for (const FileEdit& edit : edits) {
    result += text.substr(done, edit.at.begin - done);
    result += edit.replacement;
    done = edit.at.end;
  }
  return result + std::string(text.substr(done));
}

std::map<FileId, std::vector<FileEdit>> edits_of(const Sources& sources,
                                                 std::span<const Finding> findings, Safety allowed,
                                                 std::vector<bool>* mended = nullptr) {
  std::map<FileId, std::vector<FileEdit>> by_file;
  for (size_t i = 0; i < findings.size(); ++i) {
    if (findings[i].suppressed)
      continue;
    for (const Fix& fix : findings[i].diagnostic.fixes)
      if (!fix.edits.empty() && (fix.safety == Safety::safe || allowed == Safety::review)) {
        if (take(fix, sources, by_file) && mended)
          (*mended)[i] = true;
        break;
      }
  }
  return by_file;
}

}  // namespace

std::string apply_fixes(const Sources& sources, std::span<const Finding> findings, Safety allowed,
                        std::string_view path) {
  for (auto& [file, edits] : edits_of(sources, findings, allowed))
    if (sources.path(file) == path)
      return applied(sources.text(file), std::move(edits));
  for (const Finding& finding : findings)
    if (finding.diagnostic.at.file != FileId::none &&
        sources.path(finding.diagnostic.at.file) == path)
      return std::string(sources.text(finding.diagnostic.at.file));
  return {};
}

std::map<std::string, std::string> fixed_files(const Sources& sources,
                                               std::span<const Finding> findings, Safety allowed) {
  std::map<std::string, std::string> files;
  for (auto& [file, edits] : edits_of(sources, findings, allowed))
    if (!edits.empty())
      files[std::string(sources.path(file))] =
          sources.as_on_disk(file, applied(sources.text(file), std::move(edits)));
  return files;
}

std::vector<bool> mended(const Sources& sources, std::span<const Finding> findings,
                         Safety allowed) {
  std::vector<bool> result(findings.size());
  edits_of(sources, findings, allowed, &result);
  return result;
}

std::string unified_diff(std::string_view path, std::string_view before, std::string_view after) {
  const auto lines = [](std::string_view text) {
    std::vector<std::string_view> all = split(text, '\n');
    if (!all.empty() && all.back().empty())
      all.pop_back();
    return all;
  };
  const std::vector<std::string_view> a = lines(before);
  const std::vector<std::string_view> b = lines(after);
  // Fixes change one region: what both texts begin and end with is left out.
  size_t first = 0;
  while (first < a.size() && first < b.size() && a[first] == b[first])
    ++first;
  size_t last = 0;
  while (last < a.size() - first && last < b.size() - first &&
         a[a.size() - 1 - last] == b[b.size() - 1 - last])
    ++last;
  if (first == a.size() && first == b.size())
    return {};
  constexpr size_t kContext = 3;
  const size_t begin = first > kContext ? first - kContext : 0;
  const size_t tail = std::min(last, kContext);
  const size_t a_end = a.size() - last + tail;
  const size_t b_end = b.size() - last + tail;
  std::string text = fmt::format("--- a/{0}\n+++ b/{0}\n@@ -{1},{2} +{1},{3} @@\n", path, begin + 1,
                                 a_end - begin, b_end - begin);
  for (size_t i = begin; i < first; ++i)
    text += fmt::format(" {}\n", a[i]);
  for (size_t i = first; i < a.size() - last; ++i)
    text += fmt::format("-{}\n", a[i]);
  for (size_t i = first; i < b.size() - last; ++i)
    text += fmt::format("+{}\n", b[i]);
  for (size_t i = a.size() - last; i < a_end; ++i)
    text += fmt::format(" {}\n", a[i]);
  return text;
}

}  // namespace retort
