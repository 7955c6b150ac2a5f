import { setTimeout as pause } from 'node:timers/promises';
import { heartbeat } from '@temporalio/activity';
import type { Kysely } from 'kysely';
import { leadsOfImport, type ReadRow, takeRows } from '#db/import-rows.ts';
import { type Reading, turnOf } from '#db/import-turns.ts';
import { getImport, update } from '#db/imports.ts';
import type { DB } from '#db/schema.ts';
import { inWorkspace, type Scope } from '#db/scope.ts';
import { noticeGrowth } from '#db/statistics.ts';
import { type ImportOptions, MOST_ENROLLED } from '#domain/import.ts';
import type { Blobs } from '#integrations/blobs/blobs.ts';
import type { Position, Row } from '#integrations/files/csv.ts';
import { rowsFrom } from '#integrations/files/table.ts';
import { leadOf } from '#rules/lead-row.ts';

export interface ImportDeps {
  db: Kysely<DB>;
  blobs: Blobs;
  /** Tells Temporal that work goes on. */
  beat?: () => void;
}

interface OneImport {
  workspaceId: string;
  importId: string;
}

/** Rows of one transaction: many enough to be quick, few enough to hold no lock for long. */
const MOST_ROWS = 500;
const MOST_CHARACTERS = 4_000_000;
/** How long one turn lasts, in milliseconds. */
const TURN = 10_000;
/** What one workspace may take in a second, so that the others have their share. */
const ROWS_PER_SECOND = 5000;

export function importActivities({ db, blobs, beat = heartbeat }: ImportDeps) {
  return {
    /** Reads on for one turn. What is committed stays committed, with the place to go on from. */
    async importChunk({
      workspaceId,
      importId,
    }: OneImport): Promise<'more' | 'waits' | 'read' | 'over'> {
      const who = { workspaceId, actor: `import:${importId}` };
      const turn = await inWorkspace(db, who, (scope) => turnOf(scope, importId));
      if (turn.is !== 'go') return turn.is;
      let from: Position = turn.cursor;
      const until = Date.now() + TURN;
      for await (const rows of crowds(rowsFrom(blobs, turn, from))) {
        const began = Date.now();
        const next = rows.at(-1)!.next;
        const read = { from, next, rows: rows.map((row) => readingOf(row, turn)) };
        const taken = await inWorkspace(db, who, (scope) => takeRows(scope, importId, read));
        beat();
        if (!taken || Date.now() > until) return 'more';
        if (from === turn.cursor) await noticeGrowth(db);
        from = next;
        await pause(Math.max(0, (rows.length * 1000) / ROWS_PER_SECOND - (Date.now() - began)));
      }
      return 'read';
    },

    /** Ends an import that was read; answers false while the people that it enrols are still being taken in. */
    finishImport({
      workspaceId,
      importId,
      isLast,
    }: OneImport & { isLast: boolean }): Promise<boolean> {
      const who = { workspaceId, actor: `import:${importId}` };
      return inWorkspace(db, who, async (scope) => {
        const { status, options } = await getImport(scope, importId, true);
        if (status !== 'running') return true;
        const people = await peopleOf(scope, importId, options);
        if (!isLast && people.some(({ isTakenIn }) => !isTakenIn)) return false;
        await update(scope, importId, { status: 'done', finishedAt: new Date().toISOString() });
        return true;
      });
    },
  };
}

/** A few hundred rows at a time, fewer when they are long. */
async function* crowds(rows: AsyncIterable<Row>): AsyncGenerator<Row[]> {
  let crowd: Row[] = [];
  let size = 0;
  for await (const row of rows) {
    crowd.push(row);
    for (const cell of row.cells) size += cell.length;
    if (crowd.length < MOST_ROWS && size < MOST_CHARACTERS) continue;
    yield crowd;
    crowd = [];
    size = 0;
  }
  if (crowd.length > 0) yield crowd;
}

/** Nobody is enrolled unless it was ticked. */
function peopleOf(scope: Scope, importId: string, { enrol, sequenceId }: ImportOptions) {
  return enrol && sequenceId ? leadsOfImport(scope, importId, MOST_ENROLLED) : Promise.resolve([]);
}

function readingOf({ line, cells, fault }: Row, { columns, mapping }: Reading): ReadRow {
  if (fault) return { line, cells, fault };
  const names = columns.map(({ name }) => name);
  return { line, cells, lead: leadOf(cells, names, mapping) };
}
