import { expect, test } from 'vitest';
import { assignAll, type Candidate, type TerritoryRule } from './assignment.ts';
import type { Facts } from './condition.ts';

const now = '2026-03-18T09:00:00Z';

test('leads go round among those who are in and have room', () => {
  const candidates = [
    member('a'),
    member('b'),
    member('full', { capacity: 2, open: 2 }),
    member('away', { awayUntil: '2026-03-19T00:00:00Z' }),
    member('back', { awayUntil: '2026-03-18T08:00:00Z' }),
  ];
  expect(owners(leads(6), { candidates })).toEqual(['a', 'b', 'back', 'a', 'b', 'back']);
});

test('who has waited longest is next', () => {
  const candidates = [
    member('a', { lastAssignedAt: '2026-03-18T08:59:00Z' }),
    member('b', { lastAssignedAt: '2026-03-18T08:58:00Z' }),
    member('c'),
  ];
  expect(owners(leads(4), { candidates })).toEqual(['c', 'b', 'a', 'c']);
});

test('room that is used up within one crowd is used up', () => {
  const candidates = [member('a', { capacity: 1 }), member('b', { capacity: 2, isOwner: true })];
  expect(owners(leads(5), { candidates })).toEqual(['a', 'b', 'b', 'b', 'b']);
});

test('the first territory that fits decides who may have a lead', () => {
  const territories = [
    territory('Texas HVAC', { 'company.region': 'TX', 'lead.icp': 'hvac' }, ['c']),
    territory('Texas', { 'company.region': 'TX' }, ['a', 'b']),
  ];
  const candidates = [member('a'), member('b'), member('c')];
  const some = [{ 'company.region': 'TX' }, { 'company.region': 'TX', 'lead.icp': 'hvac' }, {}];
  const assigned = assignAll(asLeads(some), { candidates, territories, now });
  expect(assigned.map(({ ownerId }) => ownerId)).toEqual(['a', 'c', 'b']);
  expect(assigned[0]!.because).toBe('Texas, round robin among 2, 1 of 60 open leads');
});

test('a territory that needs a skill passes over those without it', () => {
  const territories = [
    { ...territory('Quebec', { 'company.region': 'QC' }, []), needs: ['french'] },
  ];
  const candidates = [member('a', { isOwner: true }), member('b', { skills: ['french'] })];
  expect(
    owners(asLeads([{ 'company.region': 'QC' }, { 'company.region': 'QC' }]), {
      candidates,
      territories,
    }),
  ).toEqual(['b', 'b']);
});

test('who knows the vertical comes before those who do not', () => {
  const candidates = [member('a'), member('b', { skills: ['hvac'] })];
  expect(
    owners(asLeads([{ 'lead.icp': 'hvac' }, { 'lead.icp': 'towing' }]), { candidates }),
  ).toEqual(['b', 'a']);
});

test('when nobody can take it the owner gets it and hears why', () => {
  const candidates = [
    member('o', { isOwner: true, capacity: 0 }),
    member('a', { awayUntil: '2027-01-01T00:00:00Z' }),
  ];
  const [assigned] = assignAll(leads(1), {
    ...{ candidates, now },
    territories: [territory('Texas', {}, ['a'])],
  });
  expect(assigned).toMatchObject({
    ownerId: 'o',
    because: 'Texas, nobody is in, so it goes to the owner',
  });
});

function member(userId: string, given: Partial<Candidate> = {}): Candidate {
  return {
    ...{ userId, name: userId, isOwner: false, capacity: 60, open: 0 },
    ...{ awayUntil: null, skills: [], lastAssignedAt: null, ...given },
  };
}

function territory(
  name: string,
  facts: Record<string, string>,
  memberIds: string[],
): TerritoryRule {
  const tests = Object.entries(facts).map(([field, value]) => {
    return { field, operator: 'equals' as const, value };
  });
  const all = { field: 'any', operator: 'is_empty' as const };
  return { name, condition: { all_of: [...tests, all] }, memberIds, needs: [] };
}

function leads(size: number) {
  return asLeads(Array.from({ length: size }, () => ({})));
}

function asLeads(all: Facts[]) {
  return all.map((facts, n) => ({ leadId: String(n), facts }));
}

function owners(
  some: ReturnType<typeof leads>,
  { candidates, territories = [] }: { candidates: Candidate[]; territories?: TerritoryRule[] },
): string[] {
  return assignAll(some, { candidates, territories, now }).map(({ ownerId }) => ownerId);
}
