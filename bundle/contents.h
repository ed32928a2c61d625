// The files of a bundle: everything that a change needs from review to rollback, in one folder that
// is the same bytes wherever it is built.
#pragma once

#include "bundle/account.h"
#include "common/disk.h"

#include <span>
#include <string>
#include <utility>
#include <vector>

namespace retort::bundle {

// What was asked for; it stands in the manifest, so that the bundle can be built again.
struct Request {
  std::string range;                  // as it was written
  std::string change;                 // number of the change; may be empty
  std::string release;                // may be empty
  std::vector<std::string> approved;  // ids of revisions without a way back
  std::string reason;                 // why they are approved
  bool allow_holes = false;
  bool with_source = false;
  bool emit_test = false;
};

struct Material {
  const Chain& chain;
  const Sources& sources;
  const Config& config;
  const Request& request;
  const Account& account;
  std::span<const rollback::RevisionWayBack> ways;
  const Rows& rows;              // before
  std::span<const Step> steps;   // up
  std::span<const Body> bodies;  // with what keeps old rows
  size_t after = 0;              // the steps from here on go behind the deploy of the code
  // The way down of each step, with what puts old rows back; none where there is no way back.
  std::span<const std::optional<Body>> down;
  std::string verification;
  std::string report_html, report_markdown, report_json;
  std::string start;  // the script from base to where the range begins, for the rehearsal
  std::string statistics_hash;
  std::string tool;  // "retort 0.1.0"

  bool has_way_down(size_t step) const { return down[step].has_value(); }
};

// Of all revisions up to the end of the range, whatever their order.
std::string chain_hash(const Material& material);

// Names of the scripts for the steps, below the bundle.
std::vector<std::string> script_names(const Material& material);

std::vector<NewFile> contents(const Material& material);
// What the folder is called where nobody says otherwise: "CHG-4711_orders_a1..b2".
std::string folder_name(const Material& material);

// Parts of it, each in its own file.
std::string readme(const Material& material, std::span<const NewFile> files);
std::string manifest(const Material& material, std::span<const NewFile> files);
std::string preflight(const Material& material);
std::string rehearsal(const Material& material);

}  // namespace retort::bundle
