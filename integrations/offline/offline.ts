import { readEmail } from '#domain/email.ts';
import { companyDomain, hostOf } from '#domain/website.ts';
import type { EnrichedFacts, Enricher } from '#integrations/enrichment.ts';
import { phoneFacts } from './phone.ts';
import { zoneFacts } from './zones.ts';

/** What can be told without asking anyone: from the address, the number and the tables of the numbering plans. */
export const offline: Enricher = {
  name: 'offline',
  enrich(input): EnrichedFacts {
    const email = input.email ? readEmail(input.email) : undefined;
    const host = input.website ? hostOf(input.website) : undefined;
    const ownMail = email && (email.kind === 'business' || email.kind === 'role');
    const domain = companyDomain(host) ?? (ownMail ? companyDomain(email.domain) : undefined);
    const phone = input.phone ? phoneFacts(input.phone, input.defaultRegion) : {};
    return {
      ...(email && { emailDomain: email.domain, emailKind: email.kind }),
      ...(domain && { companyDomain: domain }),
      ...phone,
      ...zoneFacts(phone.phoneE164, input.address),
    };
  },
};
