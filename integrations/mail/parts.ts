/** A mail taken apart, whoever took it apart: our own parser, or a provider that hands us the pieces. */
export interface MailParts {
  /** Lower-case names; one that came twice holds both values, a line each. */
  headers: Record<string, string>;
  from: string;
  fromName?: string;
  to: string[];
  subject: string;
  text: string;
  html?: string;
  /** Parts written for machines: delivery status and feedback reports. */
  reports: { type: string; text: string }[];
  /** The mail that a report is about, or its headers. */
  originals: string[];
}

/** The value of a field in a block of `Name: value` lines, continued lines joined. */
export function fieldOf(block: string, name: string): string | undefined {
  return fieldsOf(block, name)[0];
}

export function fieldsOf(block: string, name: string): string[] {
  const unfolded = block.replace(/\r?\n[ \t]+/g, ' ');
  const lines = new RegExp(`^${name}[ \\t]*:[ \\t]*(.*)$`, 'gim');
  return [...unfolded.matchAll(lines)].map(([, value]) => value!.trim()).filter(Boolean);
}

/** The first address in a text, in lower case and without its brackets. */
export function addressIn(text: string | undefined): string | undefined {
  const found = /[^\s<>()[\]"',;:\\]+@[^\s<>()[\]"',;:\\]+\.[^\s<>()[\]"',;:\\]+/.exec(
    (text ?? '').slice(0, 2000),
  );
  return found?.[0].replace(/\.+$/, '').toLowerCase();
}
