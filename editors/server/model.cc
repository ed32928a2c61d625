#include "editors/server/model.h"

#include "common/path.h"
#include "linter/finish.h"
#include "rules/rules.h"
#include "versions/env_py.h"
#include "versions/order.h"
#include "versions/read_python.h"
#include "versions/read_sql.h"

#include <algorithm>

namespace retort::lsp {
namespace {

// Points beyond are those of files that nobody has looked at for long.
constexpr size_t kMaxPoints = 24;
// So few units behind an edited one are looked at with it, so that what is to be said of the end is
// said at once.
constexpr size_t kFewUnits = 4;

// Folders where a new file would be a revision.
void add_folders(const Disk& disk, const std::string& folder, bool recursive,
                 std::vector<std::string>& paths) {
  paths.push_back(folder);
  if (!recursive)
    return;
  if (const DiskResult<std::vector<Entry>> entries = disk.list(folder))
    for (const Entry& entry : *entries)
      if (entry.kind == EntryKind::folder && !entry.is_link && entry.name != "__pycache__")
        add_folders(disk, join_path(folder, entry.name), true, paths);
}

// What later revisions stand on is the same.
bool does_the_same(const LintSide& a, const LintSide& b) {
  return a.written == b.written && a.holes.empty() == b.holes.empty() &&
         std::equal(a.statements.begin(), a.statements.end(), b.statements.begin(),
                    b.statements.end(), [](const LintStatement& x, const LintStatement& y) {
                      return x.transaction == y.transaction && x.sql == y.sql;
                    });
}

}  // namespace

Model::Model(const Disk& disk, const ModelRequest& request, unsigned threads)
    : run_{.disk = disk, .threads = threads, .sources = {}, .diagnostics = {}},
      alone_(request.alone) {
  open(request);
}
Model::~Model() = default;

void Model::open(const ModelRequest& request) {
  Result<Config> config = read_config(run_, request.config);
  if (config) {
    project_.emplace();
    project_->config = std::move(*config);
    if (!is_alone())
      project_->folders = version_folders(project_->config);
    link(is_alone() ? read_alone() : read_revisions(run_, project_->folders));
  }
  for (const Diagnostic& diagnostic : run_.diagnostics.all())
    if (diagnostic.at.file != FileId::none && run_.sources.has_text(diagnostic.at.file))
      header_findings_[diagnostic.at.file].push_back(diagnostic);
    else
      reading_findings_.push_back(diagnostic);
  run_.diagnostics = {};
  if (!project_)
    return;
  const Result<LintSettings> settings =
      read_lint_settings(run_, project_->config, rules::known_names());
  if (settings)
    settings_ = *settings;
  if (!request.statistics.empty())
    settings_.stats = request.statistics;
  if (request.target != 0)
    settings_.servers = {request.target};
  if (Result<std::vector<LintStatement>> base = read_base(run_, settings_.base))
    base_ = std::move(*base);
  // Who opens a folder waits for no pipe that its configuration names.
  if (!settings_.stats.empty() &&
      (!request.statistics.empty() || run_.disk.kind(settings_.stats) == EntryKind::file))
    if (Result<LoadedStatistics> loaded = load_statistics(run_, settings_.stats))
      statistics_ = std::move(*loaded);
  if (auto accepted = read_baseline(run_, settings_.baseline))
    accepted_ = std::move(*accepted);
  read_env_py(run_, project_->config);
  take_limits(settings_, project_->config);
  rules_ = enabled(rules::rules(), settings_);
  for (RevIndex i = 0; i < chain().size(); ++i)
    by_path_[chain()[i].path] = i;
  options_ = compile_options(run_, *project_);
  options_.forms = true;
  compilation_ = std::make_unique<Compilation>(run_, project_->chain, options_);
  read_units();
  usable_ = chain().size() != 0;
}

// All units, and what linting them starts from.
void Model::read_units() {
  points_.clear();
  walker_.reset();
  past_.reset();
  if (!is_alone())
    integrity_ = read_integrity(run_, *project_, options_, is_whole());
  scope_.emplace(LintScope{RevisionSet(chain().size()), {}});
  for (RevIndex i = 0; i < chain().size(); ++i)
    scope_->reported.insert(i);
  (void)scope_->leave_out_released(run_, chain(), settings_.released,
                                   integrity_ ? &*integrity_ : nullptr);
  if (bare_)
    units_.assign(
        1, unit_of(run_, chain()[0].file, settings_.assume_transaction, settings_.servers.front()));
  else
    units_ = units_of(run_, chain(), options_, scope_->reported,
                      scope_->released ? &*scope_->released : nullptr);
  by_override_.clear();
  for (RevIndex i = 0; i < chain().size(); ++i)
    for (const bool down : {false, true})
      if (const std::optional<FileId> file = options_.overrides.find(i, down))
        by_override_[place({*file, {}}).path] = i;
  unit_of_.assign(chain().size(), 0);
  revision_of_.assign(units_.size(), 0);
  for (size_t i = 0; i < units_.size() && !bare_; ++i) {
    revision_of_[i] = *units_[i].index;
    unit_of_[revision_of_[i]] = i;
  }
  states_.assign(units_.size(), {});
  unmade_ = settings_.base.empty() ? unmade(base_, units_) : Unmade{};
  input_.emplace(LintInput{.sources = run_.sources,
                           .chain = bare_ ? nullptr : &project_->chain,
                           .base = base_,
                           .base_is_whole = !settings_.base.empty(),
                           .units = units_,
                           .first_unreleased = scope_->first_unreleased(units_),
                           .statistics = statistics_ ? &statistics_->statistics : nullptr,
                           .integrity = integrity_ ? &*integrity_ : nullptr});
  unmade_stale_ = false;
  end_fresh_ = false;
  end_findings_.clear();
  derived_for_.reset();
  remarks_.clear();
  take_remarks();
}

// What was said while reading and compiling, by the file that it is about.
void Model::take_remarks() {
  for (Diagnostic remark : run_.diagnostics.all()) {
    remark.at = run_.sources.origin(remark.at);
    const bool of_file = remark.at.file != FileId::none && run_.sources.has_text(remark.at.file);
    (of_file ? remarks_[remark.at.file] : reading_findings_).push_back(std::move(remark));
  }
  run_.diagnostics = {};
}

// All revisions that there are have been read.
bool Model::is_whole() const {
  return !is_broken(chain_findings_) && !is_broken(reading_findings_) &&
         std::none_of(header_findings_.begin(), header_findings_.end(),
                      [](const auto& of_file) { return is_broken(of_file.second); });
}

// The graph, and what is said of it.
static Chain linked(std::vector<Revision> revisions, std::vector<Diagnostic>& findings) {
  Diagnostics found;
  Chain chain = link_chain(std::move(revisions), found);
  check_chain(chain, Occasion::checking, found);
  findings = found.all();
  return chain;
}

void Model::link(std::vector<Revision> revisions) {
  project_->chain = linked(std::move(revisions), chain_findings_);
  if (is_alone())
    chain_findings_.clear();
}

// A revision without its parents, or a text that is no revision.
std::vector<Revision> Model::read_alone() {
  const DiskResult<FileId> file = run_.load(alone_);
  if (!file)
    return {};
  Revision bare;
  bare.file = *file;
  bare.format = alone_.ends_with(".py") ? Format::python : Format::sql;
  std::optional<Revision> revision = read_header(bare, run_.diagnostics);
  if (!revision && !alone_.ends_with(".py")) {
    bare_ = true;
    bare.id = file_name(alone_);
    bare.format = Format::flyway;  // the whole file is its way up
    revision = std::move(bare);
  }
  if (!revision)
    return {};
  revision->path = alone_;
  return {*std::move(revision)};
}

std::string Model::name() const {
  return project_ && !project_->folders.folders.empty() ? project_->folders.folders[0].path : "";
}

std::string Model::path(FileId file) const { return absolute_path(run_.sources.path(file)); }

Place Model::place(Loc at) const {
  const Loc origin = run_.sources.origin(at);
  if (origin.file == FileId::none || run_.sources.is_argument(origin.file))
    return {};
  std::string& real = real_paths_[origin.file];
  if (real.empty())
    real = run_.disk.real_path(path(origin.file));
  return {real, origin.span};
}

std::optional<RevIndex> Model::revision(const std::string& path) const {
  const auto found = by_path_.find(path);
  return found == by_path_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> Model::reads() const {
  std::vector<std::string> paths;
  if (!project_)
    return paths;
  for (const VersionFolder& folder : project_->folders.folders)
    add_folders(run_.disk, folder.path, project_->folders.recursive, paths);
  for (RevIndex i = 0; i < chain().size(); ++i)
    paths.push_back(chain()[i].path);
  for (const FileId file : config().files)
    paths.push_back(path(file));
  if (!is_alone())
    paths.push_back(lock_path(config()));
  for (const std::string& path : {options_.env_py, settings_.stats, settings_.base})
    if (!path.empty())
      paths.push_back(path);
  return paths;
}

std::optional<RevIndex> Model::owner(const std::string& path) const {
  if (const std::optional<RevIndex> own = revision(path))
    return own;
  const auto found = by_override_.find(path);
  return found == by_override_.end() ? std::nullopt : std::optional(found->second);
}

bool Model::concerns(const std::string& path) const {
  if (!project_)
    return false;
  if (owner(path))
    return true;
  for (const VersionFolder& folder : project_->folders.folders) {
    const std::string real = run_.disk.real_path(folder.path);
    const std::string parent = parent_path(path);
    if (parent == real || (project_->folders.recursive && parent.starts_with(real + "/")))
      return path.ends_with(".py") || path.ends_with(".sql") || path.ends_with(".sql.conf");
  }
  if (file_name(path) == "env.py" || file_name(path) == "retort.lock" ||
      path == absolute_path(settings_.stats) || path == absolute_path(settings_.base))
    return true;
  return std::any_of(config().files.begin(), config().files.end(),
                     [&](FileId file) { return run_.disk.real_path(this->path(file)) == path; });
}

// --- edits ------------------------------------------------------------------------------------

std::optional<Revision> Model::read_header(const Revision& old, Diagnostics& found) {
  std::optional<Revision> now =
      old.format == Format::python ? read_python(run_.sources, old.file, file_name(old.path), found)
                                   : read_sql_header(run_.sources, old.file, found);
  if (now && is_alone()) {
    now->down_revisions.clear();
    now->depends_on.clear();
  }
  return now;
}

bool Model::edit(RevIndex revision, std::string text) {
  const Revision& old = chain()[revision];
  const bool own_format = old.format == Format::python || old.format == Format::sql;
  if (!own_format || old.down_file != FileId::none)
    return false;
  const size_t unit = unit_of_[revision];
  if (derived_for_ == unit) {
    run_.sources.drop_derived(derived_since_);
  } else {
    derived_for_ = unit;
    derived_since_ = run_.sources.count();
  }
  State& state = states_[unit];
  state.edited = true;
  state.fresh = false;
  state.forget();
  state.findings.clear();
  for (Finding& finding : end_findings_)
    if (finding.unit == &units_[unit])
      finding.statement = 0;  // its statement may be gone
  remarks_.erase(old.file);   // they were about the text before
  run_.sources.set_text(old.file, std::move(text));
  Diagnostics found;
  std::optional<Revision> now = read_header(old, found);
  state.readable = now.has_value();
  header_findings_[old.file] = found.all();
  // While an id is typed nothing can be read: the file stays what it was.
  if (!now)
    return true;
  const auto all = [&] {
    std::vector<Revision> revisions;
    for (RevIndex i = 0; i < chain().size(); ++i)
      revisions.push_back(chain()[i]);
    return revisions;
  };
  if (project_->chain.take_words(revision, *now)) {
    // What was said of the graph stands at places of the text before.
    const auto is_here = [&](const auto& said) { return said.at.file == old.file; };
    if (std::any_of(chain_findings_.begin(), chain_findings_.end(), [&](const Diagnostic& finding) {
          return is_here(finding) ||
                 std::any_of(finding.notes.begin(), finding.notes.end(), is_here);
        }))
      (void)linked(all(), chain_findings_);
    return true;
  }
  std::vector<Revision> revisions = all();
  now->path = old.path;
  now->file = old.file;
  revisions[revision] = std::move(*now);
  link_again(std::move(revisions));
  return true;
}

void Model::edit_unread(const std::string& path, std::string text) {
  const auto known =
      std::find_if(header_findings_.begin(), header_findings_.end(), [&](const auto& of_file) {
        return place({of_file.first, {}}).path == path;
      });
  Revision unread;
  unread.path = path;
  unread.file =
      known == header_findings_.end() ? run_.sources.declare(shown_path(path)) : known->first;
  run_.sources.set_text(unread.file, std::move(text));
  unread.format = path.ends_with(".py") ? Format::python : Format::sql;
  Diagnostics found;
  (void)read_header(unread, found);
  header_findings_[unread.file] = found.all();
}

// Another graph of the same files.
void Model::link_again(std::vector<Revision> revisions) {
  link(std::move(revisions));
  options_.overrides = read_overrides(run_, config(), chain());
  run_.diagnostics = {};
  std::set<FileId> unreadable;
  for (size_t i = 0; i < units_.size(); ++i)
    if (!states_[i].readable)
      unreadable.insert(units_[i].file);
  read_units();
  for (size_t i = 0; i < units_.size(); ++i)
    states_[i].readable = !unreadable.contains(units_[i].file);
}

// Points behind a unit know its statements; unless it does the same as before, what is known of
// later units is void as well.
void Model::forget_behind(size_t unit, bool same) {
  points_.erase(points_.upper_bound(unit), points_.end());
  if (walker_ && walker_->place() > unit)
    walker_.reset();
  if (past_ && past_->place > unit)
    past_.reset();
  end_fresh_ = false;
  unmade_stale_ |= !same;
  for (size_t i = unit + 1; i < states_.size() && !same; ++i) {
    states_[i].fresh = false;
    states_[i].stale = true;
    states_[i].forget();
  }
}

// --- looking ----------------------------------------------------------------------------------

void Model::compile(size_t unit, const catalog::Catalog& before) {
  if (derived_for_ != unit)
    derived_for_.reset();
  Unit now = bare_ ? unit_of(run_, units_[unit].file, settings_.assume_transaction,
                             settings_.servers.front())
                   : unit_of(*compilation_, revision_of_[unit], before);
  remarks_.erase(now.file);
  take_remarks();
  now.reported = units_[unit].reported;
  const bool same = does_the_same(units_[unit].up, now.up);
  forget_behind(unit, same);
  units_[unit] = std::move(now);
  states_[unit].edited = false;
  states_[unit].stale = false;
  states_[unit].fresh = false;
  states_[unit].forget();
}

// The last point that stands before a unit, or further to the front.
const LintPoint& Model::nearest_point(size_t unit) {
  const auto behind = points_.upper_bound(unit);
  if (behind != points_.begin())
    return std::prev(behind)->second;
  return points_.emplace(0, LintPoint(*input_, unmade_, rules_, settings_)).first->second;
}

const LintPoint& Model::point(size_t unit) {
  const LintPoint& nearest = nearest_point(unit);
  if (nearest.place() == unit)
    return nearest;
  LintPoint next = nearest;
  while (next.place() < unit) {
    const size_t place = next.place();
    if (needs_compiling(place))
      compile(place, next.catalog());
    next.pass();
  }
  if (points_.size() >= kMaxPoints)
    points_.erase(std::next(points_.begin()));
  return points_.insert_or_assign(unit, std::move(next)).first->second;
}

void Model::take(size_t unit, LintPoint::Seen seen) {
  State& state = states_[unit];
  add_holes(std::span(&units_[unit], 1), run_.sources, seen.findings);
  state.findings = own_places(std::move(seen.findings));
  state.touches = std::move(seen.touches);
  state.fresh = true;
  ++generation_;
}

void Model::make_fresh(size_t unit) {
  State& state = states_[unit];
  if (state.fresh || !state.readable)
    return;
  on_large_stack([&] {
    const LintPoint& before = point(unit);
    if (needs_compiling(unit))
      compile(unit, before.catalog());
    LintPoint next = before;
    take(unit, next.look());
    if (end_fresh_ || unmade_stale_ || next.place() + kFewUnits < units_.size())
      return;
    while (next.place() < units_.size()) {
      const size_t place = next.place();
      if (needs_compiling(place))
        compile(place, next.catalog());
      take(place, next.look());
    }
    if (!unmade_stale_)
      look_at_end(next);
  });
}

// What the chain uses and does not make is known of all units together. Where that has changed, all
// are looked at again.
bool Model::is_unmade_again() {
  if (!std::exchange(unmade_stale_, false) || !settings_.base.empty())
    return false;
  Unmade now = unmade(base_, units_);
  if (now == unmade_)
    return false;
  unmade_ = std::move(now);
  points_.clear();
  walker_.reset();
  past_.reset();
  for (State& state : states_) {
    state.fresh = false;
    state.forget();
  }
  return true;
}

// With the places where they are in files: what they were derived from may go.
std::vector<Finding> Model::own_places(std::vector<Finding> findings) const {
  for (Finding& finding : findings) {
    Diagnostic& diagnostic = finding.diagnostic;
    diagnostic.at = run_.sources.origin(diagnostic.at);
    for (Note& note : diagnostic.notes)
      note.at = run_.sources.origin(note.at);
    for (Fix& fix : diagnostic.fixes)
      for (Edit& edit : fix.edits)
        edit.at = run_.sources.origin(edit.at);
  }
  return findings;
}

void Model::look_at_end(LintPoint& point) {
  end_findings_ = own_places(point.end());
  end_fresh_ = true;
  ++generation_;
}

size_t Model::first_to_look_at() const {
  const auto first = std::find_if(states_.begin(), states_.end(), [](const State& state) {
    return !state.fresh && state.readable;
  });
  return static_cast<size_t>(first - states_.begin());
}

bool Model::idle() const {
  return !usable_ || (end_fresh_ && first_to_look_at() == states_.size());
}

bool Model::work() {
  if (idle())
    return false;
  on_large_stack([&] {
    // What is known again is passed by, in a group; what is not is looked at one by one.
    constexpr size_t kGroup = 64;
    if (!walker_)
      walker_ = nearest_point(first_to_look_at());
    for (size_t i = 0; i < kGroup && walker_->place() < units_.size(); ++i) {
      const size_t place = walker_->place();
      if (needs_compiling(place))
        compile(place, walker_->catalog());
      if (states_[place].fresh || !states_[place].readable) {
        walker_->pass();
        continue;
      }
      take(place, walker_->look());
      return;
    }
    if (walker_->place() == units_.size() && !is_unmade_again()) {
      look_at_end(*walker_);
      walker_.reset();
    }
  });
  return true;
}

}  // namespace retort::lsp
