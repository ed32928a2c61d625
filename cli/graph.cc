#include "cli/graph.h"

#include "cli/listing.h"
#include "common/text.h"
#include "linter/report/json.h"

#include <algorithm>
#include <fmt/format.h>

namespace retort {
namespace {

std::string first_line(std::string_view title) {
  return std::string(title.substr(0, title.find('\n')));
}

// `text` with every character of `special` written as `escape` says.
template <class Escape>
std::string escaped(std::string_view text, std::string_view special, Escape escape) {
  std::string result;
  for (const char c : text)
    if (special.find(c) == special.npos)
      result += c;
    else
      result += escape(c);
  return result;
}

// Calls edge(parent, child, is_dependency) for every edge inside the selection, oldest child first.
template <class Edge>
void for_each_edge(const Chain& chain, std::span<const RevIndex> revisions, Edge edge) {
  RevisionSet shown(chain.size());
  for (const RevIndex i : revisions)
    shown.insert(i);
  for (auto i = revisions.rbegin(); i != revisions.rend(); ++i) {
    for (const RevIndex parent : chain.parents(*i))
      if (shown.contains(parent))
        edge(parent, *i, false);
    for (const RevIndex dependency : chain.dependencies(*i))
      if (shown.contains(dependency))
        edge(dependency, *i, true);
  }
}

}  // namespace

void write_revisions(JsonWriter& json, const Chain& chain, const Sources& sources,
                     std::span<const RevIndex> revisions, const std::vector<RevIndex>* current) {
  json.begin_array();
  for (const RevIndex i : revisions) {
    const Revision& revision = chain[i];
    const auto names = [](const std::vector<Reference>& references) {
      std::vector<std::string> ids;
      for (const Reference& reference : references)
        ids.push_back(reference.id);
      return ids;
    };
    json.begin_object().text("revision", revision.id);
    json.texts("down_revision", names(revision.down_revisions));
    json.texts("depends_on", names(revision.depends_on));
    json.texts("branch_labels", {chain.labels(i).begin(), chain.labels(i).end()});
    json.texts("children", ids_of(chain, chain.children(i)));
    json.boolean("head", chain.is_head(i));
    json.boolean("effective_head", chain.is_head(i) && !chain.is_real_head(i));
    json.boolean("branch_point", chain.is_branch_point(i));
    json.boolean("merge_point", chain.is_merge_point(i));
    if (current)
      json.boolean("current", std::find(current->begin(), current->end(), i) != current->end());
    json.text("title", revision.title()).text("text", revision.doc);
    json.text("created", revision.created);
    json.text("format", to_string(revision.format));
    json.text("file", sources.path(revision.file)).end_object();
  }
  json.end_array();
}

std::string to_json(std::string_view schema, const Chain& chain, const Run& run,
                    std::span<const RevIndex> revisions, const std::vector<RevIndex>* current) {
  JsonWriter json;
  json.begin_object().text("schema", schema).key("revisions");
  write_revisions(json, chain, run.sources, revisions, current);
  json.key("findings");
  write_findings(json, run.diagnostics.all(), run.sources);
  return json.end_object().take();
}

std::string to_dot(const Chain& chain, std::span<const RevIndex> revisions) {
  const auto quoted = [](std::string_view text) {
    return '"' +
           escaped(text, "\"\\\n",
                   [](char c) {
                     return c == '\n' ? std::string("\\n") : std::string{'\\', c};
                   }) +
           '"';
  };
  std::string text =
      "digraph revisions {\n  rankdir=BT;\n  node [shape=box, fontname=monospace];\n";
  for (auto i = revisions.rbegin(); i != revisions.rend(); ++i)
    text += fmt::format("  {} [label={}{}];\n", quoted(chain[*i].id),
                        quoted(chain[*i].id + "\n" + first_line(chain[*i].title())),
                        chain.is_real_head(*i) ? ", style=bold" : "");
  for_each_edge(chain, revisions, [&](RevIndex parent, RevIndex child, bool dependency) {
    text += fmt::format("  {} -> {}{};\n", quoted(chain[parent].id), quoted(chain[child].id),
                        dependency ? " [style=dashed]" : "");
  });
  return text + "}\n";
}

std::string to_mermaid(const Chain& chain, std::span<const RevIndex> revisions) {
  const auto label = [](std::string_view text) {
    return escaped(text, "\"#&<>`",
                   [](char c) { return fmt::format("#{};", static_cast<int>(c)); });
  };
  // Mermaid's own node names cannot hold every id, so nodes are numbered.
  std::string text = "graph BT\n";
  for (auto i = revisions.rbegin(); i != revisions.rend(); ++i)
    text += fmt::format("  r{}[\"{}<br/>{}\"]\n", *i, label(chain[*i].id),
                        label(first_line(chain[*i].title())));
  for_each_edge(chain, revisions, [&](RevIndex parent, RevIndex child, bool dependency) {
    text += fmt::format("  r{} {} r{}\n", parent, dependency ? "-.->" : "-->", child);
  });
  return text;
}

}  // namespace retort
