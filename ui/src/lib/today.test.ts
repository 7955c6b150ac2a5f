import { expect, test } from 'vitest';
import { groupsOf, laterThan, type Need } from './today.ts';

const now = new Date(2026, 2, 17, 10, 24);

function need(given: Partial<Need>): Need {
  const nothing = { leadId: null, enrolmentId: null, taskId: null, touchId: null, dueAt: null };
  const words = { leadName: '', companyName: '', title: '', because: '' };
  const call = { id: 'x', kind: 'call', action: 'call', at: now.toISOString() } as const;
  return { ...call, ...words, ...nothing, ...given };
}

test('what is due within the hour or late stands under Now, the rest under its day', () => {
  const late = need({ id: 'late', dueAt: new Date(2026, 2, 16).toISOString() });
  const soon = need({ id: 'soon', dueAt: new Date(2026, 2, 17, 10, 51).toISOString() });
  const evening = need({ id: 'evening', dueAt: new Date(2026, 2, 17, 17).toISOString() });
  const friday = need({ id: 'friday', dueAt: new Date(2026, 2, 20).toISOString() });
  const groups = groupsOf([friday, late, evening, soon], now);
  expect(groups.map(({ title, items }) => [title, ...items.map(({ id }) => id)])).toEqual([
    ['Now', 'late', 'soon'],
    ['Later today', 'evening'],
    ['Coming days', 'friday'],
  ]);
});

test('a snooze is never offered twice for the same morning', () => {
  const sunday = new Date(2026, 2, 15, 10);
  expect(laterThan(sunday).map(({ label }) => label)).not.toContain('Monday morning');
  const monday = laterThan(now).find(({ label }) => label === 'Monday morning');
  expect(new Date(monday!.id).toDateString()).toBe('Mon Mar 23 2026');
});
