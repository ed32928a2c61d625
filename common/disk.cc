#include "common/disk.h"

#include "common/path.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <sys/stat.h>
#include <unistd.h>

namespace retort {
namespace {

DiskError last_error() {
  std::string reason = std::strerror(errno);
  if (!reason.empty() && reason[0] >= 'A' && reason[0] <= 'Z')
    reason[0] = static_cast<char>(reason[0] - 'A' + 'a');
  return {errno == ENOENT || errno == ENOTDIR, std::move(reason)};
}

EntryKind kind_of(mode_t mode) {
  return S_ISREG(mode) ? EntryKind::file : S_ISDIR(mode) ? EntryKind::folder : EntryKind::other;
}

struct Descriptor {
  int number;
  explicit Descriptor(int opened) : number(opened) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number >= 0)
      ::close(number);
  }
};

ssize_t read_some(int file, char* buffer, size_t size) {
  ssize_t got = 0;
  do
    got = ::read(file, buffer, size);
  while (got < 0 && errno == EINTR);
  return got;
}

bool write_whole(const Descriptor& file, std::string_view text) {
  for (size_t done = 0; done < text.size();) {
    const ssize_t put = ::write(file.number, text.data() + done, text.size() - done);
    if (put < 0 && errno == EINTR)
      continue;
    if (put < 0)
      return false;
    done += static_cast<size_t>(put);
  }
  return true;
}

class RealDisk final : public Disk {
public:
  DiskResult<std::vector<Entry>> list(const std::string& folder) const override {
    DIR* const directory = ::opendir(folder.c_str());
    if (!directory)
      return Unexpected{last_error()};
    std::vector<Entry> entries;
    while (const dirent* const entry = ::readdir(directory)) {
      const std::string_view name = entry->d_name;
      if (name == "." || name == "..")
        continue;
      EntryKind kind = EntryKind::other;
      if (entry->d_type == DT_REG) {
        kind = EntryKind::file;
      } else if (entry->d_type == DT_DIR) {
        kind = EntryKind::folder;
      } else {  // a link, or a file system that does not say
        struct stat status {};
        if (::fstatat(::dirfd(directory), entry->d_name, &status, 0) == 0)
          kind = kind_of(status.st_mode);
        else if (errno == ELOOP || errno == EACCES)
          kind = EntryKind::file;  // reading it will say what is wrong
      }
      entries.push_back({std::string(name), kind, entry->d_type == DT_LNK});
    }
    ::closedir(directory);
    std::sort(entries.begin(), entries.end(),
              [](const Entry& a, const Entry& b) { return a.name < b.name; });
    return entries;
  }

  DiskResult<std::string> read(const std::string& path) const override {
    // Non-blocking, so that a named pipe is refused below instead of waited for.
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.number < 0)
      return Unexpected{last_error()};
    // Nearly every file is whole after one call; only the others are worth a question.
    std::array<char, 32768> first;
    const ssize_t got = read_some(file.number, first.data(), first.size());
    if (got > 0 && static_cast<size_t>(got) < first.size())
      return std::string(first.data(), static_cast<size_t>(got));
    struct stat status {};
    if (::fstat(file.number, &status) != 0)
      return Unexpected{last_error()};
    if (!S_ISREG(status.st_mode))
      return Unexpected{
          DiskError{false, S_ISDIR(status.st_mode) ? "is a folder" : "is not a file"}};
    if (got < 0)
      return Unexpected{last_error()};
    const size_t size = static_cast<size_t>(status.st_size);
    if (size > kMaxFileSize)
      return Unexpected{DiskError{false, "is larger than 32 MiB, the limit for a file"}};
    std::string text(first.data(), static_cast<size_t>(got));
    text.resize(std::max(size, text.size()));
    size_t done = static_cast<size_t>(got);
    while (done < text.size()) {
      const ssize_t more = read_some(file.number, text.data() + done, text.size() - done);
      if (more < 0)
        return Unexpected{last_error()};
      if (more == 0)
        break;  // it shrank meanwhile
      done += static_cast<size_t>(more);
    }
    text.resize(done);
    return text;
  }

  EntryKind kind(const std::string& path) const override {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 ? kind_of(status.st_mode) : EntryKind::other;
  }

  bool exists(const std::string& path) const override {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0;
  }

  std::string real_path(const std::string& path) const override {
    char* const resolved = ::realpath(path.c_str(), nullptr);
    if (!resolved)
      return absolute_path(path);
    std::string result = resolved;
    std::free(resolved);
    return result;
  }
};

}  // namespace

const Disk& real_disk() {
  static const RealDisk disk;
  return disk;
}

DiskResult<std::string> read_stream(const std::string& path) {
  const bool standard = path == "-";
  const Descriptor opened(standard ? -1 : ::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  const int file = standard ? STDIN_FILENO : opened.number;
  if (file < 0)
    return Unexpected{last_error()};
  std::string text;
  std::array<char, 65536> buffer;
  while (true) {
    const ssize_t got = read_some(file, buffer.data(), buffer.size());
    if (got < 0)
      return Unexpected{last_error()};
    if (got == 0)
      return text;
    text.append(buffer.data(), static_cast<size_t>(got));
    if (text.size() > kMaxFileSize)
      return Unexpected{DiskError{false, "holds more than 32 MiB, the limit"}};
  }
}

DiskResult<Nothing> write_file(const std::string& name, std::string_view text) {
  const std::string path = real_disk().real_path(name);  // a link stays one
  struct stat old = {};
  const bool exists = ::stat(path.c_str(), &old) == 0;
  if (exists && !S_ISREG(old.st_mode) && !S_ISDIR(old.st_mode)) {
    // A device or a pipe is written to: a file in its place would be the end of it.
    const Descriptor place(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
    if (place.number < 0 || !write_whole(place, text))
      return Unexpected{last_error()};
    return Nothing{};
  }
  std::string temporary = path + ".XXXXXX";
  const Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (file.number < 0)
    return Unexpected{last_error()};
  const auto give_up = [&] {
    const DiskError error = last_error();
    ::unlink(temporary.c_str());
    return Unexpected{error};
  };
  if (!write_whole(file, text))
    return give_up();
  const mode_t mask = ::umask(0);
  ::umask(mask);
  const mode_t mode = exists ? old.st_mode & 07777 : 0666 & ~mask;
  if (::fchmod(file.number, mode) != 0 || ::fsync(file.number) != 0 ||
      ::rename(temporary.c_str(), path.c_str()) != 0)
    return give_up();
  return Nothing{};
}

DiskResult<Nothing> write_folder(const std::string& name, std::span<const NewFile> files) {
  namespace fs = std::filesystem;
  std::string path = real_disk().real_path(name);
  while (path.size() > 1 && path.ends_with('/'))
    path.pop_back();
  std::error_code error;
  const bool exists = fs::exists(path, error);
  if (exists && (!fs::is_directory(path, error) || !fs::is_empty(path, error)))
    return Unexpected{DiskError{false, fs::is_directory(path, error) ? "the folder is not empty"
                                                                     : "is not a folder"}};
  std::string temporary = path + ".XXXXXX";
  if (!::mkdtemp(temporary.data()))
    return Unexpected{last_error()};
  const auto give_up = [&](DiskError why) {
    std::error_code ignored;
    fs::remove_all(temporary, ignored);
    return Unexpected{std::move(why)};
  };
  const mode_t mask = ::umask(0);
  ::umask(mask);
  if (::chmod(temporary.c_str(), 0777 & ~mask) != 0)
    return give_up(last_error());
  for (const NewFile& file : files) {
    const std::string place = temporary + "/" + file.path;
    fs::create_directories(fs::path(place).parent_path(), error);
    if (error)
      return give_up({false, error.message()});
    if (DiskResult<Nothing> written = write_file(place, file.text); !written)
      return give_up(written.error());
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0)  // an empty folder gives way
    return give_up(last_error());
  return Nothing{};
}

}  // namespace retort
