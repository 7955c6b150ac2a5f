import type { Kysely } from 'kysely';
import {
  type Appraisal,
  leadsToTakeIn,
  markProblem,
  takeIn,
  type Waiting,
} from '#db/lead-intake.ts';
import type { DB } from '#db/schema.ts';
import { inWorkspace } from '#db/scope.ts';
import type { Facts } from '#domain/condition.ts';
import { enrich, type EnrichedFacts } from '#integrations/enrichment.ts';
import { icpOf, loadIcps } from '#rules/icp.ts';
import { loadScoring, scoreOf } from '#rules/scoring.ts';

const icps = loadIcps();
const scoring = loadScoring();

interface LeadDeps {
  db: Kysely<DB>;
  now?: () => string;
}

export function leadActivities({ db, now: clock = () => new Date().toISOString() }: LeadDeps) {
  return {
    /** Enriches, scores, assigns and lets in a crowd; done twice, it changes nothing. */
    async intake({ workspaceId, ids }: { workspaceId: string; ids: string[] }): Promise<void> {
      const who = { workspaceId, actor: 'engine' };
      const now = clock();
      const waiting = await inWorkspace(db, who, (scope) => leadsToTakeIn(scope, ids));
      const appraised = await Promise.allSettled(waiting.map((one) => appraise(one, now)));
      await inWorkspace(db, who, async (scope) => {
        const sound = appraised.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
        await takeIn(scope, sound, now);
        for (const [index, one] of appraised.entries()) {
          if (one.status === 'rejected') {
            await markProblem(scope, waiting[index]!.lead.id, one.reason);
          }
        }
      });
    },
  };
}

/** What can be found out about a lead without writing anything. */
export async function appraise(waiting: Waiting, now: string): Promise<Appraisal> {
  const { lead, contact, company, defaultRegion } = waiting;
  const { facts: found } = await enrich({
    ...{ email: contact.email, phone: contact.phoneE164 ?? contact.phone, defaultRegion },
    website: company?.website ?? null,
    address: {
      region: contact.region ?? company?.region,
      country: contact.country ?? company?.country,
    },
  });
  const icp = lead.icp ?? icpOf(icps, lead.campaign, company?.industry, company?.name) ?? null;
  const facts = factsOf(waiting, icp, found);
  return {
    ...{ leadId: lead.id, contactId: contact.id, companyId: company?.id ?? null, facts, icp },
    ...scoreOf(scoring, facts, now),
    contact: {
      ...{ emailKind: found.emailKind, phoneType: found.phoneType, timeZone: found.timeZone },
      ...{ smsEligible: found.smsEligible, smsVerified: found.smsVerified },
      ...{ zoneSource: found.zoneSource, country: found.phoneCountry },
    },
  };
}

/** Everything rules may ask about a lead on its way in. A lead's own fields come first, so that none hides a fact. */
function factsOf(
  { lead, contact, company, engagement }: Waiting,
  icp: string | null,
  found: EnrichedFacts,
): Facts {
  const country = contact.country ?? company?.country ?? found.phoneCountry;
  return {
    ...ownFacts(lead.fields as Record<string, unknown>),
    ...{ 'lead.source': lead.source, 'lead.campaign': lead.campaign, 'lead.icp': icp },
    'lead.icpName': icp && icps[icp]?.name,
    ...{ 'contact.title': contact.title, 'contact.country': country },
    ...{ 'contact.region': contact.region, 'contact.timeZone': found.timeZone },
    ...{ 'contact.emailKind': found.emailKind, 'contact.smsEligible': found.smsEligible },
    ...{ 'company.name': company?.name, 'company.domain': company?.domain },
    ...{ 'company.industry': company?.industry, 'company.size': company?.size },
    ...{ 'company.placeId': company?.placeId, 'company.website': company?.website },
    ...{ 'company.city': company?.city, 'company.postalCode': company?.postalCode },
    ...{ 'company.region': company?.region ?? contact.region, 'company.country': country },
    ...{ 'engagement.replies': engagement.replies, 'engagement.clicks': engagement.clicks },
    'engagement.opens': engagement.opens,
  };
}

/** `Decision maker: yes` is the fact `lead.decisionMaker`, true. */
function ownFacts(fields: Record<string, unknown>): Facts {
  const facts = Object.entries(fields).flatMap(([key, value]): [string, Facts[string]][] => {
    const name = key
      .replace(/[^A-Za-z0-9]+([A-Za-z0-9])?/g, (_, next: string = '') => next.toUpperCase())
      .replace(/^[A-Z]/, (first) => first.toLowerCase());
    if (typeof value === 'string' && /^(yes|true)$/i.test(value.trim()))
      return [[`lead.${name}`, true]];
    const isFact = ['string', 'number', 'boolean'].includes(typeof value);
    return isFact ? [[`lead.${name}`, value as Facts[string]]] : [];
  });
  return Object.fromEntries(facts);
}
