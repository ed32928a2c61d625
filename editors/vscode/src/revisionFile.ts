// Whether a text looks like a revision, for buttons that only make sense there. The server decides
// what is one.
export function looksLikeRevision(start: string, language: string): boolean {
  if (language === "python") return /^revision\s*(?::[^=\n]+)?=/m.test(start);
  return /^--\s*\/\/\/\s*retort\b/m.test(start) || /^--\s*retort:\s*up\b/m.test(start);
}
