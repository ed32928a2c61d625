// The file system as retort sees it. The real one, a git tree and the tests' fake are the same to
// everybody who reads revision files.
#pragma once

#include "common/result.h"

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

struct DiskError {
  bool missing = false;  // nothing there, as opposed to there but unreadable
  std::string reason;    // as the system words it: "permission denied"
};
template <class T>
using DiskResult = Expected<T, DiskError>;

enum class EntryKind : unsigned char { file, folder, other };

struct Entry {
  std::string name;
  EntryKind kind = EntryKind::other;  // of what a symbolic link points at
  bool is_link = false;

  bool operator==(const Entry&) const = default;
};

// Larger files are refused: no revision or configuration file comes near.
inline constexpr size_t kMaxFileSize = size_t{32} << 20;

class Disk {
public:
  virtual ~Disk() = default;

  // Sorted by name, byte by byte, which for UTF-8 is by code point.
  virtual DiskResult<std::vector<Entry>> list(const std::string& folder) const = 0;
  // May be called from several threads.
  virtual DiskResult<std::string> read(const std::string& path) const = 0;
  virtual EntryKind kind(const std::string& path) const = 0;  // `other` when nothing is there
  virtual bool exists(const std::string& path) const = 0;
  // Absolute, with symbolic links resolved; the path itself where that fails.
  virtual std::string real_path(const std::string& path) const = 0;
};

const Disk& real_disk();

// Everything that can be read from `path`, be it a file, a pipe or (`-`) standard input.
DiskResult<std::string> read_stream(const std::string& path);

// Writes to a temporary file beside `path` and renames it, so that readers see all or nothing. A
// link is followed, permissions stay, and what is no regular file is written as it is.
DiskResult<Nothing> write_file(const std::string& path, std::string_view text);

// A path inside of a folder, with `/` between its parts, and the content.
struct NewFile {
  std::string path;
  std::string text;
};

// Makes a folder that is not there, or is empty, with all of these files: it appears whole or not
// at all.
DiskResult<Nothing> write_folder(const std::string& path, std::span<const NewFile> files);

}  // namespace retort
