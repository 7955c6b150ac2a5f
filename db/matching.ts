import { sql } from 'kysely';
import { readEmail } from '#domain/email.ts';
import type { Inbound, Match } from '#domain/message.ts';
import { readPhone } from '#domain/phone.ts';
import { standingFor } from './merged.ts';
import type { Scope } from './scope.ts';

type Found = Omit<Match, 'by' | 'confidence'>;

/**
 * Whose message it is: by the mail it answers, then by the address it came to, then by who sent it. An exact
 * address or number is certain; the last digits of a number or a company's domain are a guess that is asked about.
 */
export async function matchMessage(scope: Scope, inbound: Inbound): Promise<Match | undefined> {
  const answered = [inbound.about, inbound.inReplyTo, ...(inbound.references ?? [])];
  const byReference = await ofAnswered(
    scope,
    answered.filter((id) => id !== undefined),
  );
  if (byReference) return { ...byReference, by: 'references', confidence: 1 };
  const walks = idsIn(/\+([0-9a-f-]{36})@/gi, inbound.to ?? '');
  const byAddress = walks.length > 0 ? await ofWalks(scope, walks) : undefined;
  if (byAddress) return { ...byAddress, by: 'plus-address', confidence: 1 };
  const about = inbound.bounced?.address ?? (inbound.kind === 'bounce' ? null : inbound.from);
  if (!about) return undefined;
  return inbound.channel === 'sms' ? ofNumber(scope, about) : ofSender(scope, about);
}

/** Our Message-IDs begin with the id of the walk, or of the message when a person wrote it. */
async function ofAnswered({ db }: Scope, messageIds: string[]): Promise<Found | undefined> {
  const ids = idsIn(
    /<(?:message-)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/gi,
    messageIds.join(' '),
  );
  if (ids.length === 0) return undefined;
  const { rows } = await sql<Found & { messageId: string | null }>`
    select lead_id, contact_id, enrolment_id, headers->>'Message-ID' as message_id from touches
    where enrolment_id = any(${ids}::uuid[]) or id = any(${ids}::uuid[])`.execute(db);
  const said = rows.find(({ messageId }) => messageId && messageIds.includes(messageId));
  return said && found(said);
}

async function ofWalks({ db }: Scope, ids: string[]): Promise<Found | undefined> {
  const row = await db
    .selectFrom('enrolments')
    .select(['leadId', 'contactId', 'id as enrolmentId'])
    .where('id', 'in', ids)
    .executeTakeFirst();
  return row && found(row);
}

async function ofSender(scope: Scope, from: string): Promise<Match | undefined> {
  const email = readEmail(from);
  if (!email) return undefined;
  const wrote = sql`c.email_normalized = ${email.normalized}`;
  const exact = await people(scope, wrote, { emails: [email.normalized], phones: [] });
  if (exact[0]) return { ...exact[0], by: 'sender', confidence: 1 };
  if (email.kind === 'free' || email.kind === 'disposable') return undefined;
  const domain = email.normalized.slice(email.normalized.indexOf('@') + 1);
  const colleagues = await people(
    scope,
    sql`c.company_id in (select id from companies where domain = ${domain} and deleted_at is null)`,
  );
  return colleagues[0] && { ...colleagues[0], by: 'sender', confidence: 0.6 };
}

async function ofNumber(scope: Scope, from: string): Promise<Match | undefined> {
  const { defaultRegion } = await scope.db
    .selectFrom('workspaces')
    .select('defaultRegion')
    .executeTakeFirstOrThrow();
  const number = readPhone(from, defaultRegion)?.e164 ?? from;
  const wrote = sql`c.phone_e164 = ${number}`;
  const exact = await people(scope, wrote, { emails: [], phones: [number] });
  const sure = exact.length === 1 || exact.filter(({ enrolmentId }) => enrolmentId).length === 1;
  if (exact[0]) return { ...exact[0], by: 'phone', confidence: sure ? 1 : 0.6 };
  const digits = number.replace(/\D/g, '').slice(-7);
  if (digits.length < 7) return undefined;
  const alike = await people(
    scope,
    sql`c.phone_e164 is not null and right(c.phone_e164, 7) = ${digits}`,
  );
  return alike[0] && { ...alike[0], by: 'phone', confidence: 0.6 };
}

/** Those who fit, or were merged with one who does; whoever walks a sequence or has an open lead first. */
async function people(
  scope: Scope,
  which: ReturnType<typeof sql>,
  known = { emails: [] as string[], phones: [] as string[] },
): Promise<Found[]> {
  const aliases = await standingFor(scope, known);
  const ids = aliases.map(({ id }) => id);
  const { rows } = await sql<Found>`
    select c.id as contact_id, l.id as lead_id, e.id as enrolment_id
    from contacts c left join lateral (
      select id, is_open from leads where contact_id = c.id and deleted_at is null order by is_open desc, id desc limit 1) l on true
      left join lateral (
      select id from enrolments where contact_id = c.id and status in ('active', 'paused', 'blocked')
        order by id desc limit 1) e on true
    where (${which} or c.id = any(${ids}::uuid[])) and c.merged_into is null and c.deleted_at is null
    order by e.id is null, l.is_open desc nulls last, c.id desc limit 5`.execute(scope.db);
  return rows;
}

function found({ leadId, contactId, enrolmentId }: Found): Found {
  return { leadId, contactId, enrolmentId };
}

function idsIn(pattern: RegExp, text: string): string[] {
  return [...text.matchAll(pattern)].map(([, id]) => id!.toLowerCase()).filter(isUuid);
}

function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);
}
