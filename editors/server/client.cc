// What a client says of itself when it begins, and what its user wants.
#include "editors/server/session.h"

namespace retort::lsp {

Client read_client(JsonValue capabilities) {
  Client client;
  const JsonValue text = capabilities["textDocument"], workspace = capabilities["workspace"],
                  general = capabilities["general"], window = capabilities["window"];
  const auto has = [](JsonValue list, std::string_view wanted) {
    for (size_t i = 0; i < list.size(); ++i)
      if (list[i].text() == wanted)
        return true;
    return false;
  };
  const JsonValue encodings = general["positionEncodings"];
  // A client that names UTF-32 and not UTF-8 counts characters, whatever it is told.
  if (has(encodings, "utf-8"))
    client.encoding = Encoding::utf8;
  else if (has(encodings, "utf-32"))
    client.encoding = Encoding::utf32;
  client.announced_pull = text["diagnostic"].exists();
  client.markdown = has(text["hover"]["contentFormat"], "markdown");
  const JsonValue push = text["publishDiagnostics"];
  client.related = push["relatedInformation"].boolean();
  client.tags = push["tagSupport"].exists();
  client.code_description = push["codeDescriptionSupport"].boolean();
  const JsonValue edit = workspace["workspaceEdit"];
  client.document_changes = edit["documentChanges"].boolean();
  client.creates_files = has(edit["resourceOperations"], "create");
  client.renames_files = has(edit["resourceOperations"], "rename");
  client.shows_documents = window["showDocument"]["support"].boolean();
  client.watches_files = workspace["didChangeWatchedFiles"]["dynamicRegistration"].boolean();
  client.asks_progress = window["workDoneProgress"].boolean();
  client.hierarchical_symbols =
      text["documentSymbol"]["hierarchicalDocumentSymbolSupport"].boolean();
  client.refreshes_diagnostics = workspace["diagnostics"]["refreshSupport"].boolean();
  client.refreshes_lenses = workspace["codeLens"]["refreshSupport"].boolean();
  client.refreshes_hints = workspace["inlayHint"]["refreshSupport"].boolean();
  client.reads_content = workspace["textDocumentContent"].exists();
  return client;
}

bool read_settings(JsonValue settings, EditorSettings& now) {
  const std::string_view hints = settings["inlayHints"].text();
  if (!hints.empty())
    now.hints = hints == "all" ? Hints::all : hints == "blocking" ? Hints::blocking : Hints::off;
  now.lenses = settings["codeLens"].boolean(now.lenses);
  if (const std::string_view run = settings["lint"]["run"].text(); !run.empty())
    now.on_save = run == "onSave";
  WorkspaceSettings workspace{std::string(settings["config"].text()),
                              std::string(settings["statistics"].text()),
                              static_cast<int>(settings["target"].number())};
  if (workspace == now.workspace)
    return false;
  now.workspace = std::move(workspace);
  return true;
}

}  // namespace retort::lsp
