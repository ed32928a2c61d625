// Whether a text looks like a revision, for buttons that only make sense there. The server decides
// what is one.
export function looksLikeRevision(start: string, language: string): boolean {
  if (language === "python") return /^revision\s*(?::[^=\n]+)?=/m.test(start);
  return /^--\s*\/\/\/\s*retort\b/m.test(start) || /^--\s*retort:\s*up\b/m.test(start);
}

/** The id that a text gives itself. */
export function revisionId(start: string, language: string): string | undefined {
  const pattern =
    language === "python"
      ? /^revision\s*(?::[^=\n]+)?=\s*(["'])([^"'\n]+)\1/m
      : /^--\s*revision\s*=\s*(["'])([^"'\n]+)\1/m;
  return pattern.exec(start)?.[2];
}
