// What the steps of one run share while they are compiled.
#pragma once

#include "compiler/alembic/objects.h"
#include "compiler/checked.h"
#include "compiler/python/loader.h"
#include "versions/chain.h"
#include "versions/config.h"
#include "versions/overrides.h"

#include <mutex>
#include <set>

namespace retort {

struct CompileOptions {
  std::vector<std::string> import_folders;  // where packages of the repository are looked for
  NamingConvention naming = default_naming_convention();
  bool naming_unknown = false;  // there may be another one
  alembic::Surroundings around;
  std::string env_py;  // empty: there is none
  Given given;
  Overrides overrides;
  bool forms = false;  // statements keep what they do (BodyItem::forms)

  Wanted wanted() const;
};
CompileOptions compile_options(const Config& config, std::vector<std::string> x_arguments);

struct Compilation {
  Compilation(Run& of_run, const Chain& of_chain, const CompileOptions& with)
      : run(of_run), chain(of_chain), options(with), files(of_run, with.import_folders) {}

  Run& run;
  const Chain& chain;
  const CompileOptions& options;
  py::ProjectFiles files;

  // Which of the given values some revision asked for.
  std::mutex asking;
  std::set<std::string, std::less<>> asked_for;
};

}  // namespace retort
