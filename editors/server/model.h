// One chain as it is while its files are edited: the same reading, compiling and linting as on the
// command line, done again only where something changed.
//
// A text that changes is taken at once and looked at when somebody asks. Of its revision the
// statements are compiled anew and linted behind a point that stands just before it; where they
// come out different, those behind are looked at again by `work`, a little at a time.
#pragma once

#include "bundle/rollback/rollback.h"
#include "common/run.h"
#include "editors/server/shown.h"
#include "linter/unmade.h"
#include "project/lint_inputs.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace retort::lsp {

struct ModelRequest {
  ConfigRequest config;
  std::string alone;       // a file of no chain, to be looked at by itself
  std::string statistics;  // instead of the configuration's
  int target = 0;          // major version of the server; 0: the configuration's
};

// What is wanted of a file: everything, or what is said of the chain as a whole.
enum class Depth : uint8_t { all, chain };

// A statement of a revision, with what it does.
struct SeenStatement {
  const LintStatement* statement = nullptr;
  bool down = false;
  size_t number = 0;       // from 0, within its direction
  Span call;               // what emits it, in the revision's file
  bool elsewhere = false;  // emitted by another file, which the revision calls
  facts::Facts facts;
  std::string time;  // "3 to 22 s: public.orders has about 3.0 M rows"; empty: nothing to say
};

// What a statement, or a whole revision, means for the way back: as a bundle would say it.
struct WayBack {
  rollback::WayBackClass kind = rollback::WayBackClass::exact;
  std::string reason;  // may be empty
};
struct WaysBack {
  WayBack worst;
  std::vector<WayBack> statements;  // of the way up
};

class Model {
public:
  Model(const Disk& disk, const ModelRequest& request, unsigned threads);
  ~Model();
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  // There is a chain to work with.
  bool usable() const { return usable_; }
  // It is one file, and what that stands on is not known.
  bool is_alone() const { return !alone_.empty(); }
  // That file is SQL without a header, and no revision of anything.
  bool is_bare() const { return bare_; }
  const Project& project() const { return *project_; }
  const Chain& chain() const { return project_->chain; }
  const Config& config() const { return project_->config; }
  const Sources& sources() const { return run_.sources; }
  Run& run() { return run_; }
  const LintSettings& settings() const { return settings_; }
  const CompileOptions& options() const { return options_; }
  std::string name() const;  // the first folder of its revisions

  // The revision whose file it is.
  std::optional<RevIndex> revision(const std::string& path) const;
  // The same, or the one that it is the hand-written SQL of.
  std::optional<RevIndex> owner(const std::string& path) const;
  // Files and folders that it was made from.
  std::vector<std::string> reads() const;
  // It lies where revisions are looked for, or is part of the configuration.
  bool concerns(const std::string& path) const;

  // The text of a revision's file has changed. False when the chain has to be read anew.
  bool edit(RevIndex revision, std::string text);

  // The text of a file that is no revision, and is none yet, has changed.
  void edit_unread(const std::string& path, std::string text);

  // Findings at a file, in their final form.
  std::vector<Shown> findings(const std::string& path, Depth depth = Depth::all);
  // Files of which something is said that concerns the chain or its configuration.
  std::vector<std::string> files_with_chain_findings() const;

  // Goes on with what changed texts mean for other revisions. False when there is nothing to do.
  bool work();
  bool idle() const;
  // Grows when `work` has found out something.
  size_t generation() const { return generation_; }

  // What the statements of a revision do; valid until the next edit, or `touching`.
  const std::vector<SeenStatement>& statements(RevIndex revision);
  const Unit& unit(RevIndex revision);
  // None where it is no revision.
  const WaysBack& ways_back(RevIndex revision);
  // The catalog before a statement, or behind the last one.
  catalog::Catalog before(RevIndex revision, bool down, size_t statement);
  catalog::Catalog at_head();
  // The statement that made an object of the catalog before that revision, or of its own.
  struct Made {
    RevIndex revision = 0;
    const LintStatement* statement = nullptr;
  };
  std::optional<Made> maker(RevIndex before, catalog::Id id);
  std::optional<Made> maker_at_end(catalog::Id id);
  // Statements of all revisions that touch an object, in the order of the chain.
  struct Touching {
    RevIndex revision = 0;
    bool down = false;
    size_t statement = 0;
  };
  std::vector<Touching> touching(catalog::Id id);
  // The path of a file that is no derived buffer.
  std::string path(FileId file) const;
  Place place(Loc at) const;

private:
  struct State {
    bool edited = false;   // the text is newer than the unit
    bool stale = false;    // the unit was compiled behind others
    bool fresh = false;    // findings and touches are those of the unit behind what is before it
    bool readable = true;  // it has a header that can be read
    std::vector<Finding> findings;
    std::vector<LintPoint::Touch> touches;
    std::optional<std::vector<SeenStatement>> seen;
    std::optional<WaysBack> ways_back;

    void forget() {
      seen.reset();
      ways_back.reset();
    }
  };

  void open(const ModelRequest& request);
  std::vector<Revision> read_alone();
  void read_units();
  bool is_whole() const;
  void link(std::vector<Revision> revisions);
  std::optional<Revision> read_header(const Revision& old, Diagnostics& found);
  void link_again(std::vector<Revision> revisions);
  void forget_behind(size_t unit, bool same);
  size_t first_to_look_at() const;
  const LintPoint& nearest_point(size_t unit);
  // A point just before a unit. It is kept for the next time.
  const LintPoint& point(size_t unit);
  void take_remarks();
  void compile(size_t unit, const catalog::Catalog& before);
  bool needs_compiling(size_t unit) const {
    return states_[unit].edited || (states_[unit].stale && units_[unit].settled);
  }
  void make_fresh(size_t unit);
  void take(size_t unit, LintPoint::Seen seen);
  void say_alone(std::vector<Shown>& shown) const;
  std::vector<Finding> own_places(std::vector<Finding> findings) const;
  void look_at_end(LintPoint& point);
  std::optional<Made> made_by(const Maker* maker) const;
  bool is_unmade_again();
  void see(size_t unit);
  void judge_way_back(size_t unit);

  Run run_;
  bool usable_ = false;
  std::string alone_;
  bool bare_ = false;
  std::optional<Project> project_;
  CompileOptions options_;
  std::unique_ptr<Compilation> compilation_;
  LintSettings settings_;
  std::vector<LintStatement> base_;
  std::optional<LoadedStatistics> statistics_;
  std::set<std::string, std::less<>> accepted_;
  std::optional<Integrity> integrity_;
  std::optional<LintScope> scope_;
  std::vector<const Rule*> rules_;

  std::vector<Unit> units_;
  std::vector<size_t> unit_of_;        // by revision
  std::vector<RevIndex> revision_of_;  // by unit
  std::vector<State> states_;          // by unit
  std::map<std::string, RevIndex, std::less<>> by_path_;
  std::map<std::string, RevIndex, std::less<>> by_override_;
  mutable std::unordered_map<FileId, std::string> real_paths_;  // to ask the disk takes long
  Unmade unmade_;
  bool unmade_stale_ = false;  // units have changed since
  std::optional<LintInput> input_;
  std::map<size_t, LintPoint> points_;  // by the unit that comes next
  std::optional<LintPoint> walker_;     // of `work`
  // The same as a point, with what a way back is judged by.
  struct PastPoint {
    size_t place = 0;
    rollback::Past past;
  };
  std::optional<PastPoint> past_;
  bool end_fresh_ = false;
  std::vector<Finding> end_findings_;
  std::map<FileId, std::vector<Diagnostic>> header_findings_;
  std::map<FileId, std::vector<Diagnostic>> remarks_;  // of compiling
  std::vector<Diagnostic> reading_findings_, chain_findings_;
  size_t generation_ = 0;
  // The derived buffers since then are those of one revision.
  std::optional<size_t> derived_for_;
  uint32_t derived_since_ = 0;
};

}  // namespace retort::lsp
