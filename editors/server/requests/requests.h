// One function per method that asks something, each in a file of its own. It writes the result, a
// JSON value, or says why there is none.
#pragma once

#include "editors/server/session.h"

#include <optional>
#include <span>

namespace retort::lsp {

using Answered = std::optional<RequestError>;

struct Method {
  std::string_view name;
  Answered (*answer)(Session& session, JsonValue params, JsonWriter& json);
  bool whole_file = false;  // not worth answering for a text that has changed since
};
std::span<const Method> methods();

#define RETORT_LSP_METHODS(METHOD)                                                                 \
  METHOD("textDocument/diagnostic", document_diagnostic, false)                                    \
  METHOD("workspace/diagnostic", workspace_diagnostic, false)                                      \
  METHOD("textDocument/hover", hover, false)                                                       \
  METHOD("textDocument/completion", completion, false)                                             \
  METHOD("textDocument/signatureHelp", signature_help, false)                                      \
  METHOD("textDocument/definition", definition, false)                                             \
  METHOD("textDocument/references", references, false)                                             \
  METHOD("textDocument/documentHighlight", document_highlight, false)                              \
  METHOD("textDocument/documentLink", document_link, true)                                         \
  METHOD("textDocument/documentSymbol", document_symbol, true)                                     \
  METHOD("workspace/symbol", workspace_symbol, false)                                              \
  METHOD("textDocument/codeAction", code_action, false)                                            \
  METHOD("textDocument/codeLens", code_lens, true)                                                 \
  METHOD("textDocument/inlayHint", inlay_hint, true)                                               \
  METHOD("textDocument/foldingRange", folding_range, true)                                         \
  METHOD("textDocument/selectionRange", selection_range, false)                                    \
  METHOD("textDocument/semanticTokens/full", semantic_tokens, true)                                \
  METHOD("textDocument/semanticTokens/range", semantic_tokens, true)                               \
  METHOD("textDocument/prepareRename", prepare_rename, false)                                      \
  METHOD("textDocument/rename", rename, false)                                                     \
  METHOD("textDocument/prepareCallHierarchy", prepare_call_hierarchy, false)                       \
  METHOD("callHierarchy/incomingCalls", incoming_calls, false)                                     \
  METHOD("callHierarchy/outgoingCalls", outgoing_calls, false)                                     \
  METHOD("workspace/executeCommand", execute_command, false)                                       \
  METHOD("workspace/textDocumentContent", text_document_content, false)                            \
  METHOD("retort/textDocumentContent", text_document_content, false)                               \
  METHOD("retort/status", status, false)

#define METHOD(name, function, whole_file)                                                         \
  Answered function(Session& session, JsonValue params, JsonWriter& json);
RETORT_LSP_METHODS(METHOD)
#undef METHOD

// Their share of the server's capabilities.
void write_capabilities(JsonWriter& json, const Session& session);
std::span<const std::string_view> token_types();
std::span<const std::string_view> commands();

}  // namespace retort::lsp
