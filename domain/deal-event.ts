/** What an event of a deal says of itself. */
export interface DealEventTold {
  kind: string;
  before: Record<string, unknown>;
  after: Record<string, unknown>;
}

/** How ids and amounts are called here. */
export interface Names {
  stage(id: string): string;
  member(id: string): string;
  /** Minor units, written with their currency. */
  money(cents: number): string;
}

/** An event in words: what happened, and what it changed from and to. */
export function describeEvent(
  { kind, before, after }: DealEventTold,
  names: Names,
): { title: string; detail: string | null } {
  if (kind === 'changed') return { title: changesOf(before, after, names), detail: null };
  if (kind === 'stage_changed') {
    const [from, to] = [before, after].map(({ stageId }) => shown('stageId', stageId, names));
    const { probability } = after;
    const now = typeof probability === 'number' ? `, now ${probability} %` : '';
    return { title: `Moved to ${to}`, detail: before['stageId'] ? `from ${from}${now}` : null };
  }
  if (kind === 'lost') {
    return { title: `Lost: ${text(after['lostReason'])}`, detail: textOr(after['lostNote']) };
  }
  if (kind.startsWith('line_')) return lineOf({ kind, before, after }, names);
  return { title: titles[kind] ?? kind, detail: null };
}

function lineOf({ kind, before, after }: DealEventTold, names: Names) {
  const line = (after['line'] ?? before['line'] ?? {}) as Record<string, unknown>;
  const what = { line_added: 'added', line_changed: 'changed', line_removed: 'removed' }[kind];
  const by = Number(after['amountCents'] ?? 0) - Number(before['amountCents'] ?? 0);
  const detail = by === 0 ? null : `amount ${by > 0 ? '+' : '−'}${names.money(Math.abs(by))}`;
  return { title: `${text(line['name'])} ${what}`, detail };
}

function changesOf(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  names: Names,
): string {
  const parts = Object.keys(after).map((field) => {
    const label = labels[field] ?? field;
    if (hidden.has(field)) return `${label} changed`;
    return `${label} ${shown(field, before[field], names)} → ${shown(field, after[field], names)}`;
  });
  const all = parts.join('; ');
  return all.charAt(0).toUpperCase() + all.slice(1);
}

function shown(field: string, value: unknown, names: Names): string {
  if (value === null || value === undefined || value === '') return 'nothing';
  if (field === 'stageId') return names.stage(text(value));
  if (field === 'ownerId') return names.member(text(value));
  if (field === 'amountCents') return names.money(Number(value));
  if (field === 'probability') return `${text(value)} %`;
  return text(value);
}

function textOr(value: unknown): string | null {
  return typeof value === 'string' && value ? value : null;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? '');
}

const titles: Record<string, string> = {
  ...{ created: 'Deal made', won: 'Won', reopened: 'Opened again', at_risk: 'At high risk now' },
  ...{ archived: 'Archived', deleted: 'Deleted', restored: 'Brought back', merged: 'Merged' },
};

/** Ids that have no name here, and what is too long. */
const hidden = new Set(['companyId', 'contactId', 'lostNote', 'fields']);

const labels: Record<string, string> = {
  ...{ name: 'name', companyId: 'company', contactId: 'contact', ownerId: 'owner' },
  ...{ campaign: 'campaign', location: 'location', amountCents: 'amount' },
  ...{ probability: 'probability', expectedCloseOn: 'close date', nextAction: 'next action' },
  ...{ nextActionAt: 'date of the next action', competitor: 'competitor', source: 'source' },
  ...{ externalId: 'id elsewhere', lostReason: 'lost reason', lostNote: 'note on the loss' },
  ...{ leftOutBecause: 'left out of the forecast because', stageId: 'stage' },
};
