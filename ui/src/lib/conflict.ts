/** Field by field, as records are patched; a field of a part is written with a point, such as `contact.email`. */
export type Values = Record<string, unknown>;

/** A field that two people changed at once, from the same value to two others. */
export interface Difference {
  field: string;
  label: string;
  base: unknown;
  mine: unknown;
  theirs: unknown;
}

/** What both changed, and differently; whatever only one changed needs nobody. */
export function differencesOf(
  { base, mine, theirs }: { base: Values; mine: Values; theirs: Values },
  labels: Record<string, string>,
): Difference[] {
  return Object.keys(mine)
    .map((field) => ({
      ...{ field, label: labels[field] ?? field },
      ...{ base: base[field] ?? null, mine: mine[field] ?? null, theirs: theirs[field] ?? null },
    }))
    .filter(({ base, mine, theirs }) => theirs !== base && theirs !== mine);
}

/** The values of these fields, wherever in the record they stand. */
export function valuesOf(record: object, fields: string[]): Values {
  return Object.fromEntries(fields.map((field) => [field, at(record, field)]));
}

/** `{ 'contact.email': … }` as the record has it: `{ contact: { email: … } }`. */
export function nested(values: Values): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(values)) {
    const [part, inner] = field.split('.') as [string, string?];
    record[part] = inner ? { ...(record[part] as object | undefined), [inner]: value } : value;
  }
  return record;
}

function at(record: object, field: string): unknown {
  return field
    .split('.')
    .reduce<unknown>((part, key) => (part as Values | undefined)?.[key], record);
}
