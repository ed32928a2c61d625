#include "versions/read.h"

#include "common/path.h"
#include "common/text.h"
#include "versions/read_python.h"
#include "versions/read_sql.h"

#include <algorithm>
#include <fmt/core.h>
#include <unordered_set>

namespace retort {
namespace {

struct Folder {
  std::string path;   // as listed
  std::string real;   // with links resolved
  std::string shown;  // for messages
};

struct Candidate {
  std::string name;
  std::string target;  // what a link points at, else empty
  FileId file = FileId::none;
  uint32_t folder = 0;  // number of the folder it lies in
};

bool is_python(std::string_view name) {
  return name.ends_with(".py") && !name.starts_with(".#") && !name.starts_with("__init__");
}

bool is_sql(std::string_view name) {
  return (name.ends_with(".sql") || name.ends_with(".sql.conf")) && !name.starts_with(".#");
}

// Which files of which folders, in map order.
class Listing {
public:
  Listing(Run& run, const VersionFolders& where) : run_(run), where_(where) {}

  void list() {
    size_t found = 0;
    for (const VersionFolder& folder : where_.folders)
      found += run_.disk.kind(folder.path) == EntryKind::folder ? 1 : 0;
    for (const VersionFolder& folder : where_.folders) {
      if (!run_.disk.exists(folder.path)) {
        // Alembic passes over a missing folder in silence; without any folder there is no chain.
        run_.diagnostics
            .report(found == 0 ? Level::error : Level::warning, "chain/broken", "no-folder",
                    place(folder), fmt::format("there is no folder `{}`", shown_path(folder.path)))
            .note("it should hold the revision files");
        continue;
      }
      list_folder(folder.path, folder);
    }
    // A file is reached twice only through a link: folders are listed once.
    if (has_links_)
      drop_repeated();
  }

  std::string real_path(const Candidate& file) const {
    return file.target.empty() ? join_path(folders[file.folder].real, file.name) : file.target;
  }

  std::vector<Folder> folders;
  std::vector<Candidate> files;

private:
  // The configuration's line, or else the folder itself as a file without text.
  Loc place(const VersionFolder& folder) {
    if (folder.named_at.file != FileId::none)
      return folder.named_at;
    return {run_.sources.declare(shown_path(folder.path)), {}};
  }

  void list_folder(const std::string& path, const VersionFolder& named) {
    const std::string real = run_.disk.real_path(path);
    if (!known_folders_.insert(real).second)
      return;  // reached twice: through overlapping locations, or a link to a folder above
    const DiskResult<std::vector<Entry>> entries = run_.disk.list(path);
    if (!entries) {
      run_.diagnostics.report(Level::error, "chain/broken", "unreadable", place(named),
                              fmt::format("the folder `{}` cannot be read: {}", shown_path(path),
                                          entries.error().reason));
      return;
    }
    const auto number = static_cast<uint32_t>(folders.size());
    folders.push_back({path, real, shown_path(path)});
    for (const Entry& entry : *entries) {
      if (entry.kind == EntryKind::folder && is_python(entry.name))
        run_.diagnostics
            .report(Level::error, "chain/broken", "unreadable",
                    {run_.sources.declare(shown_path(join_path(path, entry.name))), {}},
                    "a folder has the name of a revision file")
            .note("Alembic stops at it: give the folder another name");
      if (entry.kind == EntryKind::folder || (!is_python(entry.name) && !is_sql(entry.name)))
        continue;
      Candidate& file = files.emplace_back();
      file.name = entry.name;
      file.folder = number;
      if (entry.is_link) {
        file.target = run_.disk.real_path(join_path(path, entry.name));
        has_links_ = true;
      }
    }
    if (where_.sourceless)
      report_compiled(path, *entries);
    if (!where_.recursive)
      return;
    for (const Entry& entry : *entries)
      if (entry.kind == EntryKind::folder && !entry.name.ends_with("__pycache__") && !entry.is_link)
        list_folder(join_path(path, entry.name), named);
  }

  void drop_repeated() {
    std::unordered_set<std::string> seen;
    std::erase_if(files,
                  [&](const Candidate& file) { return !seen.insert(real_path(file)).second; });
  }

  // `sourceless`: Alembic also runs `x.pyc` where `x.py` is gone.
  void report_compiled(const std::string& path, const std::vector<Entry>& entries) {
    for (const Entry& entry : entries) {
      const bool compiled = entry.name.ends_with(".pyc") || entry.name.ends_with(".pyo");
      if (!compiled || entry.name.starts_with("__init__"))
        continue;
      const std::string source = entry.name.substr(0, entry.name.size() - 1);
      const bool has_source = std::any_of(entries.begin(), entries.end(),
                                          [&](const Entry& other) { return other.name == source; });
      if (!has_source)
        run_.diagnostics
            .report(Level::error, "chain/broken", "sourceless",
                    {run_.sources.declare(shown_path(join_path(path, entry.name))), {}},
                    "a compiled revision without its source cannot be read")
            .note("`sourceless` makes Alembic run it; put the .py file back");
    }
  }

  Run& run_;
  const VersionFolders& where_;
  std::unordered_set<std::string> known_folders_;
  bool has_links_ = false;
};

}  // namespace

std::vector<Revision> read_revisions(Run& run, const VersionFolders& where) {
  Listing listing(run, where);
  listing.list();
  std::vector<Candidate>& files = listing.files;
  for (Candidate& file : files) {
    const std::string& shown = listing.folders[file.folder].shown;
    file.file = run.sources.declare(shown == "." ? file.name : join_path(shown, file.name));
  }

  // One task per file; each writes only its own slot, and its own text in the sources.
  struct Slot {
    std::optional<Revision> revision;
    Diagnostics diagnostics;
    bool readable = false;
  };
  std::vector<Slot> slots(files.size());
  // Starting a thread costs as much as some thirty headers.
  const unsigned threads = files.size() < 64 ? 1 : run.threads;
  const auto read_one = [&](size_t i) {
    const Candidate& file = files[i];
    Slot& slot = slots[i];
    DiskResult<std::string> text =
        run.disk.read(join_path(listing.folders[file.folder].path, file.name));
    if (!text) {
      slot.diagnostics.report(Level::error, "chain/broken", "unreadable", {file.file, {}},
                              fmt::format("the file cannot be read: {}", text.error().reason));
      return;
    }
    slot.readable = true;
    if (text->empty()) {
      slot.diagnostics
          .report(Level::error, "chain/broken", "empty-file", {file.file, {}}, "the file is empty")
          .note("fill it or delete it: Alembic stops at a .py file without a revision");
      return;
    }
    const bool python = file.name.ends_with(".py");
    run.sources.set_text(file.file, python ? decode_python(*std::move(text)) : *std::move(text));
    if (python)
      slot.revision = read_python(run.sources, file.file, file.name, slot.diagnostics);
  };
  if (threads == 1)
    for (size_t i = 0; i < files.size(); ++i)
      read_one(i);
  else
    parallel_for(files.size(), threads, read_one);

  // Folder by folder, since other tools' layouts are an order of the files of one folder. SQL
  // revisions take their file's place in the map order.
  std::vector<Revision> revisions;
  revisions.reserve(files.size());
  for (size_t begin = 0; begin < files.size();) {
    size_t end = begin;
    bool has_python = false;
    std::vector<SqlFile> sql;
    for (; end < files.size() && files[end].folder == files[begin].folder; ++end) {
      has_python |= slots[end].revision.has_value();
      if (!files[end].name.ends_with(".py") && slots[end].readable)
        sql.push_back({listing.real_path(files[end]), files[end].file});
    }
    Diagnostics sql_diagnostics;
    std::vector<Revision> from_sql =
        sql.empty() ? std::vector<Revision>{}
                    : read_sql_files(run.sources, sql, has_python, sql_diagnostics);
    const bool mixed = has_python && !from_sql.empty();
    size_t next_sql = 0;
    for (size_t i = begin; i < end; ++i) {
      run.diagnostics.append(std::move(slots[i].diagnostics));
      if (slots[i].revision)
        revisions.push_back(*std::move(slots[i].revision));
      // A foreign layout has its own order, which is not that of file names.
      while (mixed && next_sql < from_sql.size() && from_sql[next_sql].file == files[i].file)
        revisions.push_back(std::move(from_sql[next_sql++]));
    }
    for (; next_sql < from_sql.size(); ++next_sql)
      revisions.push_back(std::move(from_sql[next_sql]));
    run.diagnostics.append(std::move(sql_diagnostics));
    begin = end;
  }
  if (revisions.empty() && !files.empty() && !run.diagnostics.has_errors())
    run.diagnostics
        .report(Level::error, "chain/broken", "no-revisions", {files[0].file, {}},
                fmt::format("no revision is among the {} here", counted(files.size(), "file")))
        .note("a Python revision sets `revision`, an SQL one begins with `-- /// retort`");
  const auto first_file = files.empty() ? 0U : static_cast<uint32_t>(files[0].file);
  for (Revision& revision : revisions)
    revision.path = listing.real_path(files[static_cast<uint32_t>(revision.file) - first_file]);
  return revisions;
}

}  // namespace retort
