#include "bundle/archive.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <ctime>
#include <fmt/format.h>
#include <vector>

namespace retort::bundle {
namespace {

std::vector<const NewFile*> sorted(std::span<const NewFile> files) {
  std::vector<const NewFile*> list;
  for (const NewFile& file : files)
    list.push_back(&file);
  std::sort(list.begin(), list.end(),
            [](const NewFile* a, const NewFile* b) { return a->path < b->path; });
  return list;
}

// --- tar: POSIX ustar -------------------------------------------------------------------------

constexpr size_t kBlock = 512;

void put(std::string& block, size_t at, std::string_view text) {
  std::copy(text.begin(), text.end(), block.begin() + static_cast<std::ptrdiff_t>(at));
}

// A path of over 100 bytes is cut at a `/` into prefix and name.
void put_path(std::string& block, std::string_view path) {
  if (path.size() <= 100) {
    put(block, 0, path);
    return;
  }
  const size_t cut = path.find('/', path.size() - 101);
  put(block, 0, path.substr(cut + 1));
  put(block, 345, path.substr(0, cut));
}

std::string tar_header(std::string_view path, size_t size, bool runs, int64_t time) {
  std::string block(kBlock, '\0');
  put_path(block, path);
  put(block, 100, runs ? "0000755" : "0000644");
  put(block, 108, "0000000");
  put(block, 116, "0000000");
  put(block, 124, fmt::format("{:011o}", size));
  put(block, 136, fmt::format("{:011o}", time));
  put(block, 148, "        ");
  put(block, 156, "0");
  put(block, 257, std::string_view("ustar\00000", 8));
  unsigned sum = 0;
  for (const char c : block)
    sum += static_cast<unsigned char>(c);
  put(block, 148, fmt::format("{:06o}", sum));
  block[154] = '\0';
  return block;
}

// --- zip --------------------------------------------------------------------------------------

constexpr std::array<uint32_t, 256> crc_table() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < 256; ++i) {
    uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit)
      value = (value & 1U) != 0 ? 0xEDB88320U ^ (value >> 1U) : value >> 1U;
    table[i] = value;
  }
  return table;
}

uint32_t crc32(std::string_view text) {
  static constexpr std::array<uint32_t, 256> kTable = crc_table();
  uint32_t crc = 0xFFFFFFFFU;
  for (const char c : text)
    crc = kTable[(crc ^ static_cast<unsigned char>(c)) & 0xFFU] ^ (crc >> 8U);
  return crc ^ 0xFFFFFFFFU;
}

void little(std::string& out, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i)
    out += static_cast<char>(value >> (8 * i) & 0xFFU);
}

struct DosTime {
  uint32_t time = 0, date = 0;
};

// Zip knows no time before 1980.
DosTime dos_time(int64_t seconds) {
  const std::time_t moment = std::max<int64_t>(seconds, 315532800);
  std::tm parts{};
  gmtime_r(&moment, &parts);
  return {
      static_cast<uint32_t>(parts.tm_hour << 11 | parts.tm_min << 5 | parts.tm_sec / 2),
      static_cast<uint32_t>((parts.tm_year - 80) << 9 | (parts.tm_mon + 1) << 5 | parts.tm_mday)};
}

bool runs(const NewFile& file) { return file.path.ends_with(".sh"); }

}  // namespace

std::string tar_archive(std::string_view folder, std::span<const NewFile> files, int64_t time) {
  std::string archive;
  for (const NewFile* const file : sorted(files)) {
    archive +=
        tar_header(fmt::format("{}/{}", folder, file->path), file->text.size(), runs(*file), time);
    archive += file->text;
    archive.resize((archive.size() + kBlock - 1) / kBlock * kBlock);
  }
  archive.resize(archive.size() + 2 * kBlock);
  return archive;
}

std::string zip_archive(std::string_view folder, std::span<const NewFile> files, int64_t time) {
  std::string archive, directory;
  const DosTime stamp = dos_time(time);
  const std::vector<const NewFile*> list = sorted(files);
  for (const NewFile* const file : list) {
    const std::string path = fmt::format("{}/{}", folder, file->path);
    std::string common;
    little(common, 10, 2);      // version needed
    little(common, 0x0800, 2);  // names are UTF-8
    little(common, 0, 2);       // stored
    little(common, stamp.time, 2);
    little(common, stamp.date, 2);
    little(common, crc32(file->text), 4);
    little(common, file->text.size(), 4);
    little(common, file->text.size(), 4);
    little(common, path.size(), 2);
    little(common, 0, 2);  // no extra field
    directory += "PK\x01\x02";
    little(directory, 0x0300 | 20, 2);  // made on Unix
    directory += common;
    little(directory, 0, 2);  // comment
    little(directory, 0, 2);  // disk
    little(directory, 0, 2);  // internal attributes
    little(directory, (runs(*file) ? 0100755U : 0100644U) << 16U, 4);
    little(directory, archive.size(), 4);
    directory += path;
    archive += "PK\x03\x04" + common + path + file->text;
  }
  const size_t begin = archive.size();
  archive += directory + "PK\x05\x06";
  little(archive, 0, 4);
  little(archive, list.size(), 2);
  little(archive, list.size(), 2);
  little(archive, directory.size(), 4);
  little(archive, begin, 4);
  little(archive, 0, 2);
  return archive;
}

}  // namespace retort::bundle
