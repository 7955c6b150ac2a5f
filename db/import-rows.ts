import { sql } from 'kysely';
import type { ImportOptions, ImportRow, RowOutcome } from '#domain/import.ts';
import type { LeadInput, Received } from '#domain/lead.ts';
import { type Fault, Refusal } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import { type Cursor, getImport, update } from './imports.ts';
import { receiveLeads } from './leads.ts';
import { insertRows } from './rows.ts';
import type { Scope } from './scope.ts';

/** A row as it was read: a lead, or the reason why it is none. */
export interface ReadRow {
  line: number;
  cells: string[];
  /** Where the row after it begins. */
  next: Cursor;
  lead?: LeadInput;
  fault?: string;
}

/** What a rejected row may keep of itself, in characters. */
const KEPT = 20_000;

/**
 * Takes rows in together with the place where reading goes on. Answers false when that is not where the import
 * stands: it was stopped, or another worker took the same rows first. Then nothing is written.
 */
export async function takeRows(
  scope: Scope,
  importId: string,
  { from, next, rows }: { from: Cursor; next: Cursor; rows: ReadRow[] },
): Promise<boolean> {
  const { status, options } = await getImport(scope, importId, true);
  const cursor = await cursorOf(scope, importId);
  if (status !== 'running' || cursor.byte !== from.byte) return false;
  const outcomes = await outcomesOf(scope, importId, rows, options);
  await insertRows(scope, 'importRows', outcomes, ['line']);
  await update(scope, importId, {
    rows: sql<number>`rows + ${rows.length}`,
    ...tallied(outcomes),
    cursor: JSON.stringify(next),
    readBytes: next.byte,
    movedAt: sql<string>`now()`,
  });
  return true;
}

export async function cursorOf({ db }: Scope, importId: string): Promise<Cursor> {
  const { cursor } = await db
    .selectFrom('imports')
    .select('cursor')
    .where('id', '=', importId)
    .executeTakeFirstOrThrow();
  return cursor as unknown as Cursor;
}

/** Takes one rejected row in after a person has put it right. Refuses it with what is still wrong. */
export async function mendRow(
  scope: Scope,
  importId: string,
  { line, lead }: { line: number; lead: LeadInput },
): Promise<ImportRow> {
  const { options } = await getImport(scope, importId, true);
  const { outcome } = await getRow(scope, importId, line);
  if (outcome !== 'rejected')
    throw new Refusal('conflict', `This row has been ${outcome} already.`);
  const [received] = await receive(scope, importId, [lead], options, false);
  if (!received || received.outcome === 'rejected') {
    throw new Refusal('invalid', 'The row cannot be taken yet.', received?.faults ?? []);
  }
  const { leadId } = received;
  await scope.db
    .updateTable('importRows')
    .set({ outcome: received.outcome, leadId, field: null, reason: null, raw: null })
    .where('importId', '=', importId)
    .where('line', '=', line)
    .execute();
  const one = sql<number>`${sql.ref(received.outcome)} + 1`;
  await update(scope, importId, { rejected: sql<number>`rejected - 1`, [received.outcome]: one });
  changed(scope, 'imports');
  return getRow(scope, importId, line);
}

export async function listRows(
  { db }: Scope,
  importId: string,
  {
    outcome,
    limit,
    after = 0,
  }: { outcome?: RowOutcome | undefined; limit: number; after?: number },
): Promise<ImportRow[]> {
  let query = db
    .selectFrom('importRows')
    .select(shown)
    .where('importId', '=', importId)
    .where('line', '>', after);
  if (outcome) query = query.where('outcome', '=', outcome);
  return (await query.orderBy('line').limit(limit).execute()) as ImportRow[];
}

/** Who came in by this import, in the order of its lines: each person once. */
export async function leadsOfImport(
  { db }: Scope,
  importId: string,
  limit: number,
): Promise<{ leadId: string; isTakenIn: boolean }[]> {
  const { rows } = await sql<{ leadId: string; isTakenIn: boolean }>`
    select lead_id, intake_at is not null as is_taken_in
    from (select lead_id, min(line) as line from import_rows
          where import_id = ${importId} and lead_id is not null
          group by lead_id order by min(line) limit ${limit}) some
    join leads on leads.id = some.lead_id
    order by line`.execute(db);
  return rows;
}

const shown = ['line', 'outcome', 'leadId', 'field', 'reason', 'raw as values'] as const;

async function getRow({ db }: Scope, importId: string, line: number): Promise<ImportRow> {
  const row = await db
    .selectFrom('importRows')
    .select(shown)
    .where('importId', '=', importId)
    .where('line', '=', line)
    .executeTakeFirst();
  if (!row) throw new Refusal('not-found', 'There is no such row.');
  return row as ImportRow;
}

async function outcomesOf(scope: Scope, importId: string, rows: ReadRow[], options: ImportOptions) {
  const leads = rows.flatMap(({ lead }) => (lead ? [lead] : []));
  const received = await receive(scope, importId, leads, options, true);
  let next = 0;
  return rows.map(({ line, cells, lead, fault }) => {
    const key = { workspaceId: scope.workspaceId, importId, line };
    const answer = lead
      ? received[next++]!
      : { outcome: 'rejected' as const, faults: wrong(fault) };
    if (answer.outcome !== 'rejected') {
      const { outcome, leadId, isDue } = answer;
      return { ...key, outcome, leadId, isDue };
    }
    const reason = answer.faults.map(({ field, message }) => sentence(field, message)).join(' ');
    const field = answer.faults[0]?.field || null;
    return {
      ...key,
      outcome: 'rejected' as const,
      field,
      reason,
      isDue: false,
      raw: kept(cells),
    };
  });
}

/** People of a file walk into no sequence by themselves: only when that was ticked. */
function receive(
  scope: Scope,
  importId: string,
  leads: LeadInput[],
  { source = 'import', campaign, tags = [] }: ImportOptions,
  intakeLater: boolean,
): Promise<Received[]> {
  const inputs = leads.map((lead) => ({
    ...(campaign && { campaign }),
    ...lead,
    ...(tags.length > 0 && { tags: [...(lead.tags ?? []), ...tags] }),
  }));
  const eventKey = `import:${importId}`;
  return receiveLeads(scope, inputs, { source, eventKey, mayEnter: false, intakeLater });
}

function tallied(outcomes: { outcome: RowOutcome }[]) {
  function count(wanted: RowOutcome): number {
    return outcomes.filter(({ outcome }) => outcome === wanted).length;
  }
  return {
    created: sql<number>`created + ${count('created')}`,
    matched: sql<number>`matched + ${count('matched')}`,
    rejected: sql<number>`rejected + ${count('rejected')}`,
  };
}

function wrong(fault = 'The row cannot be read.'): Fault[] {
  return [{ field: '', message: fault }];
}

function sentence(field: string, message: string): string {
  return field && message ? `${field}: ${message}` : message;
}

/** As much of a row as a person can put right, in what the database can keep. */
function kept(cells: string[]): string[] {
  let room = KEPT;
  return cells.slice(0, 1000).map((cell) => {
    const text = cell.slice(0, room).replaceAll('\0', '\ufffd').toWellFormed();
    room -= text.length;
    return text;
  });
}
