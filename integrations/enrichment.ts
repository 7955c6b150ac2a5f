import { offline } from './offline/offline.ts';

/** What is known of a person before anyone is asked. */
export interface Enrichable {
  email?: string | null;
  phone?: string | null;
  website?: string | null;
  address?: { region?: string | null; country?: string | null } | null;
  /** ISO 3166 alpha-2: whose number one without a prefix is. */
  defaultRegion: string;
}

/** What a provider found out. What it cannot tell it leaves out; nothing here is a guess unless it says so. */
export interface EnrichedFacts {
  emailDomain?: string;
  emailKind?: 'business' | 'free' | 'role' | 'disposable';
  /** The domain that tells the company from others; never one of a free-mail host. */
  companyDomain?: string;
  phoneE164?: string;
  phoneType?: PhoneType;
  /** ISO 3166 alpha-2 of the number. */
  phoneCountry?: string;
  smsEligible?: boolean;
  /** Whether eligibility is known rather than allowed because it cannot be told. */
  smsVerified?: boolean;
  /** IANA. */
  timeZone?: string;
  zoneSource?: 'phone' | 'address';
}

export type PhoneType =
  | 'mobile'
  | 'fixed-line'
  | 'fixed-line-or-mobile'
  | 'voip'
  | 'toll-free'
  | 'premium-rate'
  | 'other'
  | 'unknown';

/** One provider that was asked, and how it went. */
export interface Attempt {
  provider: string;
  outcome: 'ok' | 'provider_error' | 'rate_limited';
}

/** Someone who knows more. A provider without its key is not in the list. */
export interface Enricher {
  name: string;
  /** Throws when it cannot answer; `{ rateLimited: true }` on the error when it was asked too often. */
  enrich(input: Enrichable): EnrichedFacts | Promise<EnrichedFacts>;
}

/**
 * Asks every provider in turn; what an earlier one said stands. One that fails is noted and changes
 * nothing else: a lead comes in without it.
 */
export async function enrich(
  input: Enrichable,
  providers: Enricher[] = [offline],
): Promise<{ facts: EnrichedFacts; attempts: Attempt[] }> {
  const attempts: Attempt[] = [];
  let facts: EnrichedFacts = {};
  for (const { name, enrich } of providers) {
    try {
      facts = { ...(await enrich(input)), ...facts };
      attempts.push({ provider: name, outcome: 'ok' });
    } catch (error) {
      const limited = error instanceof Error && 'rateLimited' in error;
      attempts.push({ provider: name, outcome: limited ? 'rate_limited' : 'provider_error' });
    }
  }
  return { facts, attempts };
}
