import { disposableMail, freeMail, roleNames } from './mail-hosts.ts';

export interface Email {
  /** As it is written to: what was typed, without what cannot be seen. */
  address: string;
  /** As it is compared: composed, lower case, domain in ASCII. */
  normalized: string;
  /** In ASCII. */
  domain: string;
  kind: 'business' | 'free' | 'role' | 'disposable';
}

/**
 * Reads an address that mail can be delivered to over the public internet, or answers nothing. Quoted names,
 * comments, address literals and dotless hosts are lawful (RFC 5321, 5322) and never a lead's: they are refused.
 */
export function readEmail(text: string): Email | undefined {
  const seen = text.normalize('NFKC').replace(unseen, '');
  const at = seen.lastIndexOf('@');
  if (at < 1) return undefined;
  const local = seen.slice(0, at);
  const domain = asciiHost(seen.slice(at + 1));
  if (!domain || !isLocal(local) || local.length + domain.length + 1 > 254) return undefined;
  const normalized = `${local.toLowerCase()}@${domain}`;
  return { address: `${local}@${domain}`, normalized, domain, kind: kindOf(local, domain) };
}

/** A host of the public internet in ASCII and lower case, or nothing. Shared by addresses and websites. */
export function asciiHost(text: string): string | undefined {
  const host = isAscii(text) ? text.toLowerCase() : puny(text);
  if (!host || host.length > 253) return undefined;
  const labels = host.split('.');
  const top = labels.at(-1)!;
  if (labels.length < 2 || top.length < 2 || !/^[a-z]/.test(top)) return undefined;
  return labels.every((label) => isLabel.test(label)) ? host : undefined;
}

/** Zero-width and direction marks: they make two addresses that look the same differ. */
const unseen = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;
const isLabel = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const isAtom = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+$/u;

function isLocal(local: string): boolean {
  const bytes = new TextEncoder().encode(local).length;
  return bytes <= 64 && local.split('.').every((atom) => isAtom.test(atom));
}

function isAscii(text: string): boolean {
  return /^\p{ASCII}*$/u.test(text);
}

function puny(text: string): string | undefined {
  if (/[\s/?#:@\\]/.test(text)) return undefined;
  return URL.parse(`http://${text}`)?.hostname;
}

function kindOf(local: string, domain: string): Email['kind'] {
  if (disposableMail.has(domain)) return 'disposable';
  if (freeMail.has(domain)) return 'free';
  return roleNames.has(local.toLowerCase()) ? 'role' : 'business';
}
