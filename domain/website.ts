import { asciiHost } from './email.ts';
import { freeMail, sharedSites } from './mail-hosts.ts';

/** The host of a web address, without `www.`, or nothing when it is none. `https://` may be left out. */
export function hostOf(website: string): string | undefined {
  const text = website.normalize('NFKC').trim();
  const url = URL.parse(/^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`);
  if (!url || !/^https?:$/.test(url.protocol)) return undefined;
  return asciiHost(url.hostname.replace(/\.$/, '').replace(/^www\d?\./, ''));
}

/** The domain that tells one company from another; nothing for a page among many on somebody else's site. */
export function companyDomain(host: string | undefined): string | undefined {
  if (!host || freeMail.has(host) || sharedSites.has(host)) return undefined;
  return [...sharedSites].some((site) => host.endsWith(`.${site}`)) ? undefined : host;
}

export type Link = 'contact-linkedin' | 'company-linkedin' | 'maps-place' | 'website';

/** What a pasted address leads to, or nothing when it is no web address. */
export function linkOf(text: string): Link | undefined {
  const host = hostOf(text);
  if (!host) return undefined;
  const path = text.slice(text.indexOf(host) + host.length);
  if (/(^|\.)linkedin\.com$/.test(host)) {
    if (/^\/(in|pub)\//.test(path)) return 'contact-linkedin';
    return /^\/(company|school|showcase)\//.test(path) ? 'company-linkedin' : 'website';
  }
  const isMaps = /^maps\.(app\.goo\.gl|google\.[a-z.]+)$|^g\.page$/.test(host);
  const isPlace = /^google\.[a-z.]+$/.test(host) && path.startsWith('/maps');
  return isMaps || isPlace || (host === 'goo.gl' && path.startsWith('/maps'))
    ? 'maps-place'
    : 'website';
}
