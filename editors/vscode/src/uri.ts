// VS Code takes the query of a URI apart and writes it anew with `=` encoded. The server gets its own
// spelling back: `retort-sql:/<revision>/upgrade.sql?chain=<percent-encoded folder>`.
export const sqlScheme = "retort-sql";

const encode = (text: string) => text.split("/").map(encodeURIComponent).join("/");

/** @param query decoded, as `vscode.Uri` has it */
export function spellSqlUri(path: string, query: string): string {
  const head = `${sqlScheme}:${encode(path)}`;
  if (query === "") return head;
  const end = query.indexOf("=");
  if (end < 0) return `${head}?${encode(query)}`;
  return `${head}?${encode(query.slice(0, end))}=${encode(query.slice(end + 1))}`;
}

/** Another document of the same revision: `upgrade`, `downgrade`, `guarded`, `schema-before`, `schema-after`. */
export function sibling(uri: string, kind: string): string {
  return uri.replace(/\/[a-z-]+\.sql(?=\?|$)/, `/${kind}.sql`);
}

/** For a revision without a lens, since lenses may be switched off. */
export function sqlUri(revision: string, chain: string, kind: string): string {
  return spellSqlUri(`/${revision}/${kind}.sql`, `chain=${chain}`);
}
