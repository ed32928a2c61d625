// A script that is safe whoever runs it: it refuses the wrong database, the wrong starting point
// and a second run beside it, stops at the first failure, and goes on from there when it is run
// again. docs/scripts.md says what each part is for.
#pragma once

#include "common/disk.h"
#include "compiler/script/script.h"
#include "compiler/script/stages.h"
#include "versions/config.h"

#include <span>
#include <string>
#include <vector>

namespace retort {

// Who runs it: psql, or any client that sends one statement after the other over one connection.
enum class Client : uint8_t { psql, any };
// What becomes a file of its own.
enum class Split : uint8_t { none, revision, transaction };

struct GuardOptions {
  Client client = Client::psql;
  Transactions transactions = Transactions::as_written;
  int min_server = 0;  // 0: any
};

// The oldest server that takes the revisions of these steps, as their headers say; 0: any.
int least_server(const Chain& chain, std::span<const Step> steps);

class GuardedScript {
public:
  // `rows` are those before the first step. Everything is viewed but the options.
  GuardedScript(const Chain& chain, std::span<const ScriptStep> steps, const Rows& rows,
                const Config& config, const Sources& sources, const GuardOptions& options);

  // The first statement that keeps the script from being one: it rolls back.
  const BodyItem* rolls_back() const { return stages_.rolls_back; }
  std::span<const Stage> stages() const { return stages_.stages; }

  std::string text() const;
  // `0010_base_to_41f0a6c2d853.sql` and so on in their order; for psql first `run.sql`, which runs
  // what is left to do of them.
  std::vector<NewFile> files(Split split) const;

private:
  const Chain& chain_;
  std::span<const ScriptStep> steps_;
  const Config& config_;
  const Sources& sources_;
  GuardOptions options_;
  Stages stages_;
};

}  // namespace retort
