import { heartbeat } from '@temporalio/activity';
import type { Kysely } from 'kysely';
import { endImport, failImport } from '#db/import-end.ts';
import { type ReadRow, takeRows } from '#db/import-rows.ts';
import { type Reading, turnOf } from '#db/import-turns.ts';
import type { DB } from '#db/schema.ts';
import { inWorkspace } from '#db/scope.ts';
import { noticeGrowth } from '#db/statistics.ts';
import type { Blobs } from '#integrations/blobs/blobs.ts';
import type { Position, Row } from '#integrations/files/csv.ts';
import { rowsFrom } from '#integrations/files/table.ts';
import { leadOf } from '#rules/lead-row.ts';
import { crowds, leaveOthersTheirShare, TURN } from './crowds.ts';

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
      if (!(await isThere(blobs, turn.blob))) {
        const problem = 'The file is no longer there.';
        await inWorkspace(db, who, (scope) => failImport(scope, importId, problem));
        return 'over';
      }
      let from: Position = turn.cursor;
      const until = Date.now() + TURN;
      for await (const rows of crowds(rowsFrom(blobs, turn, from))) {
        const began = Date.now();
        const { next } = rows.at(-1)!;
        const read = rows.map((row) => readingOf(row, turn));
        const taken = await take(db, who, importId, { from, next, rows: read });
        beat();
        if (!taken || Date.now() > until) return 'more';
        if (from === turn.cursor) await noticeGrowth(db);
        from = next;
        await leaveOthersTheirShare(rows.length, began);
      }
      return 'read';
    },

    /** Ends an import that was read; answers false while the people that it enrols are still being taken in. */
    async finishImport({
      workspaceId,
      importId,
      isLast,
    }: OneImport & { isLast: boolean }): Promise<boolean> {
      const who = { workspaceId, actor: `import:${importId}` };
      const blob = await inWorkspace(db, who, (scope) => endImport(scope, importId, isLast));
      if (blob) await blobs.remove(blob);
      return blob !== undefined;
    },
  };
}

/** Takes rows in, together. A row that the database cannot keep is found by halves, and only that one is rejected. */
async function take(
  db: Kysely<DB>,
  who: { workspaceId: string; actor: string },
  importId: string,
  read: Parameters<typeof takeRows>[2],
): Promise<boolean> {
  const problem = await inWorkspace(db, who, (scope) => takeRows(scope, importId, read)).catch(
    (error: unknown) => error,
  );
  if (typeof problem === 'boolean') return problem;
  const { code = '' } = problem as { code?: string };
  if (!/^(22|23|54)/.test(code)) throw problem;
  const { rows } = read;
  const [first] = rows;
  if (rows.length === 1 && first) {
    if (!first.lead) throw problem;
    const { line, cells, next } = first;
    const rejected = { line, cells, next, fault: 'The database cannot keep this row.' };
    return take(db, who, importId, { ...read, rows: [rejected] });
  }
  const half = rows.slice(0, Math.ceil(rows.length / 2));
  const middle = half.at(-1)!.next;
  const isTaken = await take(db, who, importId, { from: read.from, next: middle, rows: half });
  const rest = { from: middle, next: read.next, rows: rows.slice(half.length) };
  return isTaken && take(db, who, importId, rest);
}

async function isThere(blobs: Blobs, key: string): Promise<boolean> {
  const stream = await blobs.read(key).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  stream?.destroy();
  return stream !== undefined;
}

function readingOf({ line, cells, next, fault }: Row, { columns, mapping }: Reading): ReadRow {
  if (fault) return { line, cells, next, fault };
  const names = columns.map(({ name }) => name);
  return { line, cells, next, lead: leadOf(cells, names, mapping) };
}
