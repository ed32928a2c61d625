#include "editors/server/requests/requests.h"

#include <array>

namespace retort::lsp {

std::span<const Method> methods() {
#define METHOD(name, function, whole_file) Method{name, function, whole_file},
  static constexpr std::array kMethods = {RETORT_LSP_METHODS(METHOD)};
#undef METHOD
  return kMethods;
}

void write_capabilities(JsonWriter& json, const Session& session) {
  json.begin_object();
  const Encoding encoding = session.client.encoding;
  json.text("positionEncoding", encoding == Encoding::utf8    ? "utf-8"
                                : encoding == Encoding::utf32 ? "utf-32"
                                                              : "utf-16");
  json.key("textDocumentSync").begin_object();
  json.boolean("openClose", true).number("change", 2).boolean("save", true).end_object();
  json.key("diagnosticProvider").begin_object().text("identifier", "retort");
  json.boolean("interFileDependencies", true).boolean("workspaceDiagnostics", true).end_object();
  for (const std::string_view provider :
       {"hoverProvider", "definitionProvider", "referencesProvider", "documentHighlightProvider",
        "documentSymbolProvider", "workspaceSymbolProvider", "foldingRangeProvider",
        "selectionRangeProvider", "callHierarchyProvider", "inlayHintProvider"})
    json.boolean(provider, true);
  json.key("completionProvider").begin_object();
  json.texts("triggerCharacters", {".", "\"", "'", "(", "/"}).end_object();
  json.key("signatureHelpProvider").begin_object();
  json.texts("triggerCharacters", {"(", ","}).end_object();
  json.key("documentLinkProvider").begin_object().end_object();
  json.key("codeActionProvider").begin_object();
  json.texts("codeActionKinds", {"quickfix", "refactor", "source.fixAll.retort"}).end_object();
  json.key("codeLensProvider").begin_object().end_object();
  json.key("renameProvider").begin_object().boolean("prepareProvider", true).end_object();
  json.key("semanticTokensProvider").begin_object();
  json.key("legend").begin_object();
  json.texts("tokenTypes", {token_types().begin(), token_types().end()});
  json.texts("tokenModifiers", {}).end_object();
  json.boolean("full", true).boolean("range", true).end_object();
  json.key("executeCommandProvider").begin_object();
  json.texts("commands", {commands().begin(), commands().end()}).end_object();
  json.key("workspace").begin_object();
  json.key("workspaceFolders").begin_object();
  json.boolean("supported", true).boolean("changeNotifications", true).end_object();
  json.key("textDocumentContent").begin_object();
  json.texts("schemes", {"retort-sql", "retort-rule"}).end_object();
  json.end_object().end_object();
}

}  // namespace retort::lsp
