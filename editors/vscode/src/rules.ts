// The list that `retort explain` prints: a rule and what it is about, in two columns.
export interface Rule {
  name: string;
  about: string;
}

export function parseRules(text: string): Rule[] {
  return text.split("\n").flatMap((line) => {
    const match = /^([a-z]+\/[a-z0-9-]+)\s+(\S.*)$/.exec(line);
    return match ? [{ name: match[1]!, about: match[2]! }] : [];
  });
}
