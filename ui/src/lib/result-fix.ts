import { fieldLabels } from './deal.ts';
import { asMoney, asWord } from './format.ts';

/** What one fix would do to one deal. */
export interface FixChange {
  line: number;
  ruleId: string;
  dealId: string;
  deal: string;
  kind: 'set_field' | 'create_task' | 'assign_owner' | 'clear_field';
  field: string | null;
  before: string | number | boolean | null;
  after: string | number | boolean | null;
  title: string;
}

export interface FixPreview {
  changes: FixChange[];
  skipped: { line: number; ruleId: string; deal?: string; because: string }[];
}

export function keyOf({ line, ruleId }: { line: number; ruleId: string }): string {
  return `${line} ${ruleId}`;
}

/** What stands in a field before or after, as people read it; empty is said so. */
export function sayValue(
  change: Pick<FixChange, 'field' | 'before' | 'after'>,
  which: 'before' | 'after',
) {
  const value = change[which];
  if (value === null || value === '') return 'None';
  if (change.field?.endsWith('Cents') && typeof value === 'number') return asMoney(value);
  if (change.field === 'probability') return `${value}%`;
  return String(value);
}

export function sayField(field: string | null): string {
  return field ? (fieldLabels[field] ?? asWord(field)) : '';
}
