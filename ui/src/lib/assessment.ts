/** What a fact is called by people: `lastActivityAt` is Last activity, `rule.no_next_step` the rule No next step. */
export function factWord(name: string): string {
  if (name.startsWith('custom.')) return name.slice(7);
  const isRule = name.startsWith('rule.');
  const words = (isRule ? name.slice(5) : name)
    .replace(/(?<=[a-z])(At|On|Cents|Percent)$/, '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();
  const word = words.charAt(0).toUpperCase() + words.slice(1);
  return isRule ? `Rule: ${word}` : word;
}

/** Millionths of a dollar as people read them. */
export function asDollars(micros: number): string {
  if (micros > 0 && micros < 10_000) return 'less than $0.01';
  return new Intl.NumberFormat('en', { style: 'currency', currency: 'USD' }).format(micros / 1e6);
}

/** Dollars as somebody types them, in cents; nothing when they are no such amount. */
export function centsFrom(typed: string | number): number | undefined {
  const text = String(typed).trim();
  if (!/^\d{1,7}(\.\d{1,2})?$/.test(text)) return undefined;
  return Math.round(Number(text) * 100);
}
