import { sql } from 'kysely';
import { type Arrival, readArrival, type Setting } from '#domain/arrival.ts';
import type { LeadInput, Received } from '#domain/lead.ts';
import { changed } from './changes.ts';
import { settleCompanies } from './companies.ts';
import { settleContacts } from './contacts.ts';
import { externalOf, leadsByExternal, type Settled, settleLeads } from './lead-identity.ts';
import { gatherLater } from './outbox.ts';
import { unlessRaced } from './race.ts';
import { insertRows } from './rows.ts';
import type { Scope } from './scope.ts';
import { applyTags } from './tags.ts';

/** How leads come in. */
export interface How {
  /** Of those that do not say it themselves. */
  source?: string;
  /** The event they come with: told twice, it is written down once. */
  eventKey?: string;
  /** False for leads that must not walk into a sequence by themselves. */
  mayEnter?: boolean;
  /** True when the caller sees to the intake of those that are due. */
  intakeLater?: boolean;
}

/**
 * Takes 1 to 1,000 leads from any source and answers for each, in order, what became of it. The same person,
 * company or event twice, in one call, one after the other or at once, is one contact, one company and one lead.
 */
export async function receiveLeads(
  scope: Scope,
  inputs: LeadInput[],
  how: How = {},
): Promise<Received[]> {
  const setting = await settingOf(scope);
  const readings = inputs.map((input) => readArrival(input, setting, how.source));
  const arrivals = readings.flatMap((one) => ('arrival' in one ? [one.arrival] : []));
  const settled = await unlessRaced(scope, () => settle(scope, arrivals, how));
  let next = 0;
  return readings.map((one) =>
    'faults' in one ? { outcome: 'rejected', faults: one.faults } : answerOf(settled[next++]!),
  );
}

function settingOf({ db }: Scope): Promise<Setting> {
  return db
    .selectFrom('workspaces')
    .select([
      'defaultRegion as region',
      sql<string[]>`array(select slug from taxonomy_terms
        where taxonomy = 'lead-source' and archived_at is null)`.as('sources'),
      sql<string[]>`array(select slug from tags where active)`.as('tags'),
    ])
    .executeTakeFirstOrThrow()
    .then(({ region, sources, tags }) => ({
      region,
      sources: new Set(sources),
      tags: new Set(tags),
    }));
}

async function settle(scope: Scope, arrivals: Arrival[], how: How): Promise<Settled[]> {
  if (arrivals.length === 0) return [];
  const before = await leadsByExternal(scope, arrivals);
  const companies = await settleCompanies(scope, arrivals);
  const people = arrivals.map((arrival, index) => ({
    arrival,
    companyId: companies[index]?.row.id,
    contactId: before.get(externalOf(arrival))?.contactId,
  }));
  const contacts = await settleContacts(scope, people);
  const parties = arrivals.map((arrival, index) => ({
    arrival,
    company: companies[index],
    contact: contacts[index]!,
  }));
  const settled = await settleLeads(scope, parties, how.mayEnter ?? true);
  await tell(scope, settled, how);
  return settled;
}

/** What follows from it: a line on each lead, its tags, and its way through intake. */
async function tell(scope: Scope, settled: Settled[], how: How): Promise<void> {
  const { workspaceId, actor } = scope;
  const lines = settled.map(({ arrival, contact, company, lead, isFirst }) => ({
    ...{ workspaceId, actor, leadId: lead.row.id!, contactId: contact.row.id! },
    companyId: company?.row.id ?? null,
    kind: isFirst ? 'lead_received' : 'lead_received_again',
    title: arrivalOf(arrival.source, isFirst),
    body: isFirst ? null : (arrival.notes ?? null),
    data: { source: arrival.source, campaign: arrival.campaign ?? null, flags: arrival.flags },
    key: how.eventKey ? `received:${how.eventKey}:${lead.row.id}` : null,
  }));
  await insertRows(scope, 'activities', lines, ['id']);
  const [fresh, old] = [settled.filter(isNew), settled.filter((one) => !isNew(one))];
  // A new lead's tags let it into sequences when it has been scored and has an owner: at the end of its intake.
  await applyTags(scope, tagsOf(fresh), { later: true });
  await applyTags(scope, tagsOf(old));
  const due = how.intakeLater ? [] : settled.filter(isDue);
  await gatherLater(scope, 'leadIntake', [...new Set(due.map(({ lead }) => lead.row.id!))]);
  changed(scope, 'leads', 'today');
}

function arrivalOf(source: string, isFirst: boolean): string {
  if (source === 'manual') return isFirst ? 'Added by hand' : 'Added again by hand';
  return `${isFirst ? 'Arrived' : 'Arrived again'} from ${source}`;
}

function tagsOf(those: Settled[]): { leadId: string; slug: string }[] {
  return those.flatMap(({ arrival, lead }) =>
    arrival.tags.map((slug) => ({ leadId: lead.row.id!, slug })),
  );
}

function isNew({ lead }: Settled): boolean {
  return lead.isNew;
}

/** An address or number that came later is looked into too. */
function isDue({ contact: { added }, lead, isFirst }: Settled): boolean {
  return isFirst || (!lead.isNew && Boolean(added.emailNormalized ?? added.phoneE164));
}

function answerOf(settled: Settled): Received {
  const { lead, contact, company, isFirst, arrival } = settled;
  return {
    outcome: isFirst ? 'created' : 'matched',
    leadId: lead.row.id!,
    contactId: contact.row.id!,
    companyId: company?.row.id ?? lead.row.companyId ?? null,
    flags: arrival.flags,
    isDue: isDue(settled),
  };
}
