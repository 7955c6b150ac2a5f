import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asTable, type Row } from './table.ts';

/** Every question, in the order of the table. `npm run bench -- door listing` asks only some. */
const questions: Record<string, () => Promise<{ measure(folder: string): Promise<Row[]> }>> = {
  door: () => import('./door.ts'),
  intake: () => import('./intake.ts'),
  walking: () => import('./walking.ts'),
  history: () => import('./history.ts'),
  replying: () => import('./replying.ts'),
  simulating: () => import('./simulating.ts'),
  importing: () => import('./importing.ts'),
  duplicates: () => import('./duplicates.ts'),
  doubles: () => import('./doubles.ts'),
  listing: () => import('./listing.ts'),
  pipeline: () => import('./pipeline.ts'),
  analysing: () => import('./analysing.ts'),
  findings: () => import('./findings.ts'),
  reviewing: () => import('./reviewing.ts'),
  page: () => import('./page.ts'),
  rules: () => import('./rules.ts'),
};

const asked = process.argv.slice(2);
const rows: Row[] = [];
for (const [name, load] of Object.entries(questions)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const began = performance.now();
  const folder = await mkdtemp(join(tmpdir(), `throughline-bench-`));
  const { measure } = await load();
  const answers = await measure(folder);
  await rm(folder, { recursive: true, force: true });
  rows.push(...answers);
  console.log(
    `\n${name} (${Math.round((performance.now() - began) / 1000)} s)\n${asTable(answers)}`,
  );
}
console.log(`\n${asTable(rows)}`);
process.exitCode = rows.every(({ holds }) => holds) ? 0 : 1;
