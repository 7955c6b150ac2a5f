import type { ExportedDeal } from '#db/result-export.ts';
import type { Finding } from '#domain/result.ts';

type Cell = string | number | boolean | null;
type Column<T> = [string, (row: T) => Cell];

/** A row per deal with all that is known of it. Amounts are in major units of the workspace's currency. */
export function dealColumns(known: {
  facts: string[];
  custom: string[];
  major: (cents: number) => number;
}): Column<ExportedDeal>[] {
  const own: Column<ExportedDeal>[] = [
    ['line', ({ line }) => line],
    ['deal', ({ name }) => name],
    ['company', ({ company }) => company],
    ['stage', ({ stageName }) => stageName],
    ['owner', ({ owner }) => owner],
    ['amount', ({ amountCents }) => (amountCents === null ? null : known.major(amountCents))],
    ['health', ({ health }) => health],
    ['critical', ({ critical }) => critical],
    ['warning', ({ warning }) => warning],
    ['info', ({ info }) => info],
    ['findings', ({ findings }) => each(findings, ({ message }) => message)],
    ['remediation', ({ findings }) => each(findings, ({ remediation }) => remediation)],
    ['deal_id', ({ dealId }) => dealId],
  ];
  const facts = known.facts.map((name): Column<ExportedDeal> => {
    return [name, (deal) => cellOf(deal.facts[name])];
  });
  const taken = new Set([...own, ...facts].map(([name]) => name));
  const custom = known.custom.map((name): Column<ExportedDeal> => {
    return [taken.has(name) ? `custom.${name}` : name, (deal) => cellOf(deal.custom[name])];
  });
  return [...own, ...facts, ...custom];
}

/** A row per finding. */
export const findingColumns: Column<{ deal: ExportedDeal; finding: Finding }>[] = [
  ['line', ({ deal }) => deal.line],
  ['deal', ({ deal }) => deal.name],
  ['stage', ({ deal }) => deal.stageName],
  ['owner', ({ deal }) => deal.owner],
  ['severity', ({ finding }) => finding.severity],
  ['category', ({ finding }) => finding.category],
  ['rule', ({ finding }) => finding.ruleId],
  ['name', ({ finding }) => finding.name],
  ['message', ({ finding }) => finding.message],
  ['remediation', ({ finding }) => finding.remediation],
  ['remediation_owner', ({ finding }) => finding.remediationOwner],
  ['automatable', ({ finding }) => finding.automatable],
  ['change', ({ finding }) => finding.change],
  ['fixed_at', ({ finding }) => finding.fixedAt],
  ['snoozed_until', ({ finding }) => finding.snoozedUntil],
];

export function namesIn<T>(columns: Column<T>[]): string[] {
  return columns.map(([name]) => name);
}

export async function* rowsOf<T>(
  columns: Column<T>[],
  pages: AsyncIterable<T[]>,
): AsyncGenerator<Cell[][]> {
  for await (const page of pages) yield page.map((row) => columns.map(([, cell]) => cell(row)));
}

function each(findings: Finding[], say: (finding: Finding) => string): string {
  return [...new Set(findings.map(say).filter(Boolean))].join('; ');
}

function cellOf(value: unknown): Cell {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'string') return value;
  return Array.isArray(value) ? value.join(' ') : JSON.stringify(value);
}
