import { lookup as dnsLookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { Refusal } from '#domain/refusal.ts';

/** One sentence for what is forbidden and for what is not there: nobody learns what runs inside. */
export const UNREACHABLE = 'This address cannot be reached.';

/** Says which addresses may be reached. */
export interface Guard {
  /** The address to connect to. Throws when the name has none, or any that may not be reached. */
  resolve(host: string): Promise<{ address: string }>;
  /** What is wrong with a URL that can be told without asking the network. */
  faultIn(url: string): string | undefined;
  /** The same as a Refusal, for when settings are saved. */
  checkUrl(url: string, field?: string): void;
}

/** Asks what addresses a name has: the machine's own resolver, unless a test lies. */
export type Lookup = (name: string) => Promise<{ address: string }[]>;

/** `allow` names private hosts, addresses or CIDR ranges that may be reached all the same. */
export function addressGuard(allow: string[], lookup: Lookup = allAddresses): Guard {
  const names = new Set(allow.map((entry) => bare(entry)));
  const ranges = allow.flatMap((entry) => rangeOf(entry));

  function mayReach(host: string, address: string): boolean {
    if (names.has(bare(host))) return true;
    if (!ipaddr.isValid(address)) return false;
    const ip = ipaddr.process(address);
    const allowed = ranges.some(
      ([net, bits]) => net.kind() === ip.kind() && ip.match(net as never, bits),
    );
    return allowed || ip.range() === 'unicast';
  }

  async function resolve(host: string): Promise<{ address: string }> {
    const name = bare(host);
    const found = isIP(name)
      ? [{ address: name }]
      : isLocalName(name) && !names.has(name)
        ? []
        : await lookup(name);
    const first = found[0];
    if (!first || !found.every(({ address }) => mayReach(name, address))) {
      throw new Error(UNREACHABLE);
    }
    return first;
  }

  function faultIn(url: string): string | undefined {
    if (/[\\\s]/.test(url) || !URL.canParse(url)) return 'This is not a web address.';
    const { protocol, username, password, hostname } = new URL(url);
    if (protocol !== 'https:' && protocol !== 'http:') return 'Use an http or https address.';
    if (username || password) return 'Leave the user name and password out of the address.';
    const name = bare(hostname);
    if (names.has(name)) return undefined;
    if (isLocalName(name)) return UNREACHABLE;
    if (isIP(name) && !mayReach(name, name)) return UNREACHABLE;
    return undefined;
  }

  function checkUrl(url: string, field = 'url'): void {
    const message = faultIn(url);
    if (message) throw new Refusal('invalid', message, [{ field, message }]);
  }

  return { resolve, faultIn, checkUrl };
}

function allAddresses(name: string): Promise<{ address: string }[]> {
  return dnsLookup(name, { all: true });
}

/** Without brackets, a final dot or capitals: all the ways to write one host. */
function bare(host: string): string {
  return host
    .trim()
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

function isLocalName(name: string): boolean {
  return !name.includes('.') && !isIP(name) ? true : /\.(localhost|local|internal)$/.test(name);
}

function rangeOf(entry: string): [ipaddr.IPv4 | ipaddr.IPv6, number][] {
  const text = bare(entry);
  if (ipaddr.isValidCIDR(text)) return [ipaddr.parseCIDR(text)];
  if (!isIP(text)) return [];
  const ip = ipaddr.process(text);
  return [[ip, ip.kind() === 'ipv4' ? 32 : 128]];
}
