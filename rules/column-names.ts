/** What a column was taken for, how surely (0 to 1), and why in words. */
export interface Proposal {
  column: string;
  field?: string;
  confidence: number;
  because: string;
}

type Look = (value: string) => boolean;

/** A table of fields with what other systems call them, and how the values of some of them look. */
export interface Table {
  aliases: Record<string, string[]>;
  /** Values that look so make a column a field's whatever it is called. */
  looks: Record<string, Look>;
  /** A column of a field's name whose values never look so is no such column. */
  mustLook: Record<string, Look>;
}

/** Reads what columns are called: by a name of the table, one that contains or nearly is one, else by what stands in it. */
export function columnReader({ aliases, looks, mustLook }: Table) {
  const byAlias = new Map<string, string>();
  for (const [field, names] of Object.entries(aliases)) {
    for (const name of [field, ...names])
      if (!byAlias.has(bare(name))) byAlias.set(bare(name), field);
  }

  function guess(column: string, samples: string[]): Proposal {
    const name = bare(column.replace(/ \(\d+\)$/, ''));
    const exact = byAlias.get(name);
    const content = fieldOfContent(samples);
    if (exact) {
      const fits = !mustLook[exact] || samples.length === 0 || samples.some(mustLook[exact]);
      if (fits) return { column, field: exact, confidence: 1, because: 'It is called so.' };
    }
    const part = longestPart(column);
    if (part && (!content || content === part)) {
      return { column, field: part, confidence: 0.8, because: 'Its name says so.' };
    }
    const near = nearest(name);
    if (near && !content)
      return { column, field: near, confidence: 0.7, because: 'Its name is nearly that.' };
    if (content) return { column, field: content, confidence: 0.6, because: 'Its values look so.' };
    return { column, confidence: 0, because: 'Nothing we know is called or looks like this.' };
  }

  function fieldOfContent(samples: string[]): string | undefined {
    if (samples.length === 0) return undefined;
    return Object.keys(looks).find((field) =>
      samples.every((value) => looks[field]!(value.trim())),
    );
  }

  /** `Company phone number (main)` holds the words of `phone number`: the longest alias that stands in it whole. */
  function longestPart(column: string): string | undefined {
    const words = ` ${spaced(column)} `;
    let best: { field: string; length: number } | undefined;
    for (const [field, names] of Object.entries(aliases)) {
      for (const name of names) {
        const part = spaced(name);
        if (part.length < 4 || part.length <= (best?.length ?? 0)) continue;
        if (words.includes(` ${part} `)) best = { field, length: part.length };
      }
    }
    return best?.field;
  }

  function nearest(name: string): string | undefined {
    if (name.length < 5) return undefined;
    let best: { field: string; distance: number } | undefined;
    for (const [alias, field] of byAlias) {
      if (alias.length < 5 || Math.abs(alias.length - name.length) > 2) continue;
      const distance = distanceOf(name, alias);
      const most = alias.length > 8 ? 2 : 1;
      if (distance <= most && distance < (best?.distance ?? 3)) best = { field, distance };
    }
    return best?.field;
  }

  return { isKnown: (name: string) => byAlias.has(bare(name)), guess };
}

/** Each field once, for the surest of its columns; the others are left to the user. */
export function eachOnce(guesses: Proposal[]): Proposal[] {
  const surest = new Map<string, number>();
  for (const [index, { field, confidence }] of guesses.entries()) {
    if (!field) continue;
    const best = surest.get(field);
    if (best === undefined || confidence > guesses[best]!.confidence) surest.set(field, index);
  }
  return guesses.map((proposal, index) => {
    const { column, field } = proposal;
    if (!field || surest.get(field) === index) return proposal;
    const taken = guesses[surest.get(field)!]!.column;
    return { column, confidence: 0, because: `“${taken}” is taken for this already.` };
  });
}

/** Letters and digits only: what is left when two people write one name. */
export function bare(name: string): string {
  return spaced(name).replaceAll(' ', '');
}

/** Lower case, without accents, words apart: `firstName`, `FIRST_NAME` and `First-Name` are one. */
export function spaced(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Levenshtein's distance (1965). */
function distanceOf(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const change = above[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(above[j]! + 1, row[j - 1]! + 1, change));
    }
    above = row;
  }
  return above[b.length]!;
}
