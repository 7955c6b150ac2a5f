import { type Selectable, sql } from 'kysely';
import type { Assigned } from '#domain/assignment.ts';
import type { Facts } from '#domain/condition.ts';
import type { ScoreFactor } from '#domain/lead.ts';
import { assignLeads } from './assignment.ts';
import { changed } from './changes.ts';
import { enterOnArrival } from './lead-entry.ts';
import { tryOut } from './race.ts';
import { insertRows } from './rows.ts';
import type { Companies, Contacts, Leads } from './schema.ts';
import type { Scope } from './scope.ts';

/** A lead as intake finds it. */
export interface Waiting {
  lead: Pick<Selectable<Leads>, 'id' | 'source' | 'campaign' | 'icp' | 'fields' | 'scoreFactors'>;
  contact: Pick<
    Selectable<Contacts>,
    'id' | 'title' | 'email' | 'emailKind' | 'phone' | 'phoneE164' | 'region' | 'country'
  >;
  company:
    | (Pick<Selectable<Companies>, 'id' | 'name' | 'domain' | 'website' | 'industry' | 'size'> &
        Pick<Selectable<Companies>, 'placeId' | 'city' | 'region' | 'postalCode' | 'country'>)
    | null;
  engagement: { replies: number; clicks: number; opens: number };
  defaultRegion: string;
}

/** What was found out about a lead. */
export interface Appraisal {
  leadId: string;
  contactId: string;
  companyId: string | null;
  facts: Facts;
  icp: string | null;
  base: number;
  factors: ScoreFactor[];
  contact: Partial<
    Pick<
      Selectable<Contacts>,
      | 'emailKind'
      | 'phoneType'
      | 'smsEligible'
      | 'smsVerified'
      | 'timeZone'
      | 'zoneSource'
      | 'country'
    >
  >;
}

/** The leads of a crowd with what is known of them. */
export async function leadsToTakeIn({ db }: Scope, ids: string[]): Promise<Waiting[]> {
  const { rows } = await sql<Waiting>`
    select
      json_build_object('id', l.id, 'source', l.source, 'campaign', l.campaign, 'icp', l.icp,
        'fields', l.fields, 'scoreFactors', l.score_factors) as lead,
      json_build_object('id', c.id, 'title', c.title, 'email', c.email, 'emailKind', c.email_kind,
        'phone', c.phone, 'phoneE164', c.phone_e164, 'region', c.region, 'country', c.country) as contact,
      case when co.id is not null then json_build_object('id', co.id, 'name', co.name, 'domain', co.domain,
        'website', co.website, 'industry', co.industry, 'size', co.size, 'placeId', co.place_id,
        'city', co.city, 'region', co.region, 'postalCode', co.postal_code, 'country', co.country) end as company,
      json_build_object(
        'replies', (select count(*) from messages m
          where m.lead_id = l.id and m.direction = 'in' and m.kind = 'reply'),
        'clicks', (select count(*) from activities a where a.lead_id = l.id and a.kind = 'link_clicked'),
        'opens', (select count(*) from activities a where a.lead_id = l.id and a.kind = 'mail_opened')
      ) as engagement,
      w.default_region
    from leads l join contacts c on c.id = l.contact_id
      left join companies co on co.id = l.company_id, workspaces w
    where l.id = any(${ids}::uuid[]) order by l.id`.execute(db);
  return rows;
}

/**
 * Writes what was found out, gives new leads an owner and lets them into the sequences that wait for them. A crowd
 * goes in at once; when one of it cannot, each goes in by itself and that one is marked.
 */
export async function takeIn(scope: Scope, appraisals: Appraisal[], now: string): Promise<void> {
  if (appraisals.length === 0) return;
  const together = await tryOut(scope, () => write(scope, appraisals, now));
  if (together.is === 'done') return;
  if (appraisals.length === 1) return markProblem(scope, appraisals[0]!.leadId, together.error);
  for (const one of appraisals) await takeIn(scope, [one], now);
}

/** A lead that could not be taken in says so, and comes again with the next word of it. */
export async function markProblem(scope: Scope, leadId: string, error: unknown): Promise<void> {
  const problem = error instanceof Error ? error.message : 'It could not be taken in.';
  await scope.db
    .updateTable('leads')
    .set({ intakeProblem: problem.slice(0, 500) })
    .where('id', '=', leadId)
    .execute();
  changed(scope, 'leads', 'today');
}

async function write(scope: Scope, appraisals: Appraisal[], now: string): Promise<void> {
  const before = await lockLeads(scope, appraisals);
  const there = appraisals.filter(({ leadId }) => before.has(leadId));
  const fresh = there.filter(({ leadId }) => !before.get(leadId)!.intakeAt);
  await writeContacts(scope, there);
  await writeCompanies(scope, there);
  await tellScores(scope, there, before);
  const unowned = there.filter(({ leadId }) => !before.get(leadId)!.ownerId);
  await writeLeads(scope, there, await assignLeads(scope, unowned, now));
  await enterOnArrival(
    scope,
    fresh.flatMap(({ leadId }) => (before.get(leadId)!.mayEnter ? leadId : [])),
  );
  changed(scope, 'leads', 'today');
}

type Before = Pick<
  Selectable<Leads>,
  'id' | 'intakeAt' | 'ownerId' | 'stage' | 'scoreFactors' | 'score' | 'mayEnter'
>;

/** In one order, so that two crowds with the same lead never wait for each other. */
async function lockLeads({ db }: Scope, appraisals: Appraisal[]): Promise<Map<string, Before>> {
  const ids = appraisals.map(({ leadId }) => leadId);
  const rows = await db
    .selectFrom('leads')
    .select(['id', 'intakeAt', 'ownerId', 'stage', 'scoreFactors', 'score', 'mayEnter'])
    .where(sql<boolean>`id = any(${ids}::uuid[])`)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

/** A zone that a person chose, and with it the one of an unknown source, stays. */
async function writeContacts({ db }: Scope, appraisals: Appraisal[]): Promise<void> {
  const rows = appraisals.map(({ contactId, contact }) => ({ contactId, ...contact }));
  await sql`
    update contacts c set
      email_kind = coalesce(n."emailKind", c.email_kind), phone_type = coalesce(n."phoneType", c.phone_type),
      sms_eligible = coalesce(n."smsEligible", c.sms_eligible),
      sms_verified = coalesce(n."smsVerified", c.sms_verified),
      time_zone = case when c.time_zone is null or c.zone_source is not null
        then coalesce(n."timeZone", c.time_zone) else c.time_zone end,
      zone_source = case when c.time_zone is null or c.zone_source is not null
        then coalesce(n."zoneSource", c.zone_source) else c.zone_source end,
      country = coalesce(c.country, n.country)
    from json_to_recordset(${JSON.stringify(rows)}::json) n
      ("contactId" uuid, "emailKind" text, "phoneType" text, "smsEligible" boolean, "smsVerified" boolean,
       "timeZone" text, "zoneSource" text, country text)
    where c.id = n."contactId"`.execute(db);
}

async function writeCompanies({ db }: Scope, appraisals: Appraisal[]): Promise<void> {
  const rows = appraisals.flatMap(({ companyId, icp }) => (companyId ? { companyId, icp } : []));
  await sql`
    update companies c set icp = coalesce(c.icp, n.icp), enriched_at = now()
    from json_to_recordset(${JSON.stringify(rows)}::json) n ("companyId" uuid, icp text)
    where c.id = n."companyId" and (c.enriched_at is null or c.icp is distinct from coalesce(c.icp, n.icp))`.execute(
    db,
  );
}

/** Everything at once: a lead stands in many indexes, and each write is a write in all of them. */
async function writeLeads(
  { db }: Scope,
  appraisals: Appraisal[],
  assigned: Assigned[],
): Promise<void> {
  const owners = new Map(assigned.map((one) => [one.leadId, one]));
  const rows = appraisals.map(({ leadId, icp, base, factors }) => {
    const { ownerId, because } = owners.get(leadId) ?? {};
    return { leadId, icp, base, factors, ownerId, because };
  });
  await sql`
    update leads l set icp = coalesce(l.icp, n.icp), score = n.base, score_base = n.base,
      score_factors = n.factors, scored_at = now(), intake_at = coalesce(l.intake_at, now()),
      intake_problem = null, stage = case when l.stage = 'NEW' then 'ENRICHED' else l.stage end,
      owner_id = coalesce(l.owner_id, n."ownerId"), assigned_because = coalesce(n.because, l.assigned_because)
    from json_to_recordset(${JSON.stringify(rows)}::json) n
      ("leadId" uuid, icp text, base int, factors jsonb, "ownerId" text, because text)
    where l.id = n."leadId"`.execute(db);
}

/** A score that is as it was is not told again. */
async function tellScores(
  scope: Scope,
  appraisals: Appraisal[],
  before: Map<string, Before>,
): Promise<void> {
  const { workspaceId, actor } = scope;
  const scored = appraisals.filter(
    ({ leadId, factors }) =>
      before.get(leadId)!.score === null ||
      said(factors) !== said(before.get(leadId)!.scoreFactors as unknown as ScoreFactor[]),
  );
  const scores = scored.map(({ leadId, base, factors }) => ({
    ...{ workspaceId, leadId, score: base, base, factors, because: 'intake' },
  }));
  await insertRows(scope, 'leadScores', scores as never, ['id']);
  const lines = scored.map(({ leadId, base, factors }) => {
    const old = before.get(leadId)!.score;
    const title = old === null ? `Scored ${base}` : `Score ${old} → ${base}`;
    const body = factors.map(({ points, because }) => `${because} (+${points})`).join(', ');
    return { workspaceId, actor, leadId, kind: 'score', title, body };
  });
  const moves = appraisals
    .filter(({ leadId }) => before.get(leadId)!.stage === 'NEW')
    .map(({ leadId }) => ({
      ...{ workspaceId, actor, leadId, kind: 'stage_changed', title: 'Stage New → Enriched' },
      ...{ body: 'Looked up and scored', data: { from: 'NEW', to: 'ENRICHED' } },
    }));
  const all = [...lines.map((line) => ({ ...line, data: {} })), ...moves];
  await insertRows(scope, 'activities', all, ['id']);
}

function said(factors: ScoreFactor[]): string {
  return factors.map(({ name, points, because }) => `${name} ${points} ${because}`).join('\n');
}
