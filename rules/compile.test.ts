import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FactValue, Leaf, Rule, RuleCondition, RuleFacts } from '#domain/rule.ts';
import { naively } from '#tests/naive-rules.ts';
import { compileRules, laidOver, laidTogether, testOf } from './compile.ts';
import { momentOf } from './moment.ts';

import { loadRules } from './set.ts';

const at = { now: '2026-03-16T12:00:00Z', timeZone: 'America/New_York' };
const moment = momentOf(at);
const { rules } = loadRules();

function rule(over: Partial<Rule> = {}): Rule {
  return {
    ...{ id: 'large', name: 'Large', category: 'CUSTOM', severity: 'WARNING', description: 'x' },
    condition: { field: 'amountCents', operator: 'greater_than', value: { threshold: 'large' } },
    thresholds: { large: { value: 100, unit: 'cents', label: 'Large', least: 0, most: 1000 } },
    ...{ message: 'x', remediation_action: 'x', remediation_owner: 'deal_owner' },
    ...{ automatable: false, examples: [] },
    ...over,
  };
}

function fired(one: Rule, facts: RuleFacts): boolean {
  return compileRules([one]).run(facts, at).length > 0;
}

const day = fc.constantFrom('2026-03-15', '2026-03-16', '2026-03-17', '2026-04-01', '2025-02-30');
const time = fc.constantFrom(
  ...['2026-03-16T12:00:00Z', '2026-03-06T13:00:00Z', '2026-03-16T03:30:00Z'],
  ...['2026-03-16T14:00:00+02:00', '2026-03-16T12:00'],
);
const word = fc.constantFrom('', ' ', 'a', 'A', 'proposal', '10', '2026-03-16');
const fact: fc.Arbitrary<FactValue | undefined> = fc.oneof(
  ...[
    fc.constantFrom(null, undefined, true, false, NaN, Infinity),
    fc.integer({ min: -3, max: 12 }),
  ],
  ...[word, day, time, fc.array(word, { maxLength: 3 })],
);
const facts = fc.record({
  ...{ stageName: fact, contactCount: fact, amountCents: fact, expectedCloseOn: fact },
  ...{ lastActivityAt: fact, ownerIsActive: fact, tags: fact, 'custom.Deal type': fact },
}) as fc.Arbitrary<RuleFacts>;

const few = fc.integer({ min: 0, max: 12 });
const pair = fc.tuple(few, few).map((two) => two.toSorted((a, b) => a - b));
const number = fc.constantFrom('contactCount', 'amountCents');
const when = fc.constantFrom('expectedCloseOn', 'lastActivityAt');
const fixedDay = fc.constantFrom('2026-03-15', '2026-03-16', '2026-03-20');
const any = fc.constantFrom(
  'stageName',
  'contactCount',
  'expectedCloseOn',
  'tags',
  'ownerIsActive',
);

function leafOf(field: fc.Arbitrary<string>, operator: string[], value?: fc.Arbitrary<unknown>) {
  return fc.record({
    ...{ field, operator: fc.constantFrom(...operator) },
    ...(value && { value }),
  }) as fc.Arbitrary<Leaf>;
}

const leaf: fc.Arbitrary<Leaf> = fc.oneof(
  leafOf(any, ['is_empty', 'not_empty']),
  leafOf(when, ['is_past', 'is_future']),
  leafOf(when, ['older_than_days', 'newer_than_days', 'within_days'], few),
  leafOf(number, ['greater_than', 'less_than', 'equals', 'not_equals'], few),
  leafOf(when, ['greater_than', 'less_than', 'equals', 'not_equals'], fixedDay),
  leafOf(number, ['between'], pair),
  leafOf(fc.constant('stageName'), ['equals', 'not_equals'], word),
  leafOf(fc.constant('ownerIsActive'), ['equals', 'not_equals'], fc.boolean()),
  leafOf(
    fc.constant('stageName'),
    ['in', 'not_in'],
    fc.array(word, { minLength: 1, maxLength: 3 }),
  ),
  leafOf(
    fc.constantFrom('stageName', 'tags', 'custom.Deal type'),
    ['contains', 'not_contains'],
    word,
  ),
  leafOf(fc.constant('stageName'), ['matches'], fc.constantFrom('^a$', 'pro', '[0-9]')),
  leafOf(fc.constantFrom('contactCount', 'tags'), ['changed_times_gt'], few),
);
const { condition } = fc.letrec<{ condition: RuleCondition }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.record({ not: tie('condition') }),
    fc.record({ all_of: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any_of: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }) }),
  ),
}));

describe('conditions', () => {
  function holds(one: RuleCondition, row: RuleFacts): boolean {
    return testOf(one, { thresholds: {} })(row, moment);
  }

  test('mean what a slow and simple reader of them says', () => {
    fc.assert(
      fc.property(condition, facts, (one, row) => {
        expect(holds(one, row)).toBe(naively(one, row, at));
      }),
      { numRuns: 3000 },
    );
  });

  test('not of not is the condition itself', () => {
    fc.assert(
      fc.property(condition, facts, (one, row) => {
        expect(holds({ not: { not: one } }, row)).toBe(holds(one, row));
      }),
    );
  });

  test('all_of and any_of follow the laws of logic in any order', () => {
    fc.assert(
      fc.property(condition, condition, facts, (one, other, row) => {
        const [a, b] = [holds(one, row), holds(other, row)];
        expect(holds({ all_of: [one, other] }, row)).toBe(a && b);
        expect(holds({ all_of: [other, one] }, row)).toBe(a && b);
        expect(holds({ any_of: [one, other] }, row)).toBe(a || b);
        const neither = { all_of: [{ not: one }, { not: other }] };
        expect(holds({ not: { any_of: [one, other] } }, row)).toBe(holds(neither, row));
        expect(holds({ all_of: [one, { any_of: [one, other] }] }, row)).toBe(a);
      }),
    );
  });
});

test('all rules answer whatever the facts of a deal are', () => {
  const compiled = compileRules(rules);
  const names = [
    ...new Set(rules.flatMap(({ examples }) => examples.flatMap((one) => Object.keys(one.facts)))),
  ];
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), fc.anything()), (row) => {
      expect(Array.isArray(compiled.run(row as RuleFacts, at))).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test('where nothing fires the answer is one and the same, and nobody can write into it', () => {
  const compiled = compileRules([rule()]);
  const [one, other] = [{ amountCents: 1 }, { amountCents: 2 }].map((row) => compiled.run(row, at));
  expect(one).toBe(other);
  expect(() => one!.push({} as never)).toThrow();
});

describe('stages', () => {
  const open = rule();
  const late = rule({ applies_to_stages: ['Proposal', ' NEGOTIATION '] });

  test.each([
    ['its slug', { stage: 'proposal' }, true],
    ['its name in any case', { stage: 's4', stageName: 'negotiation' }, true],
    ['another stage', { stage: 'discovery', stageName: 'Discovery' }, false],
    ['no stage', {}, false],
  ])('a rule for certain stages knows them by %s', (_, stage, fires) => {
    expect(fired(late, { amountCents: 500, ...stage })).toBe(fires);
  });

  test('a rule that names none is for what is open', () => {
    expect(fired(open, { amountCents: 500, stageKind: 'open', stageName: 'Won' })).toBe(true);
    expect(fired(open, { amountCents: 500 })).toBe(true);
    expect(fired(open, { amountCents: 500, stageKind: 'lost' })).toBe(false);
    expect(fired(open, { amountCents: 500, stage: 'won' })).toBe(false);
  });

  test('a rule may be for a kind of stage, whatever it is called', () => {
    const won = rule({ applies_to_stages: ['won'] });
    expect(fired(won, { amountCents: 500, stage: 'done', stageKind: 'won' })).toBe(true);
    expect(fired(won, { amountCents: 500, stage: 'done', stageKind: 'open' })).toBe(false);
  });
});

describe('what a workspace sets otherwise', () => {
  test('is laid over the rule: severity, thresholds and stages', () => {
    const thresholds = { large: 200, unknown: 5 };
    const over = { severity: 'INFO' as const, thresholds, applies_to_stages: ['lead'] };
    const laid = laidOver(rule(), over);
    expect(laid).toMatchObject({ severity: 'INFO', applies_to_stages: ['lead'] });
    expect(laid.thresholds).toEqual({ large: { ...rule().thresholds['large'], value: 200 } });
    const { run } = compileRules([rule()], { large: over });
    expect(run({ amountCents: 150, stage: 'lead' }, at)).toEqual([]);
    expect(run({ amountCents: 250, stage: 'lead' }, at)).toMatchObject([{ severity: 'INFO' }]);
    expect(run({ amountCents: 250, stage: 'proposal' }, at)).toEqual([]);
  });

  test('a threshold out of its bounds is left as it was', () => {
    for (const large of [-1, 1001, NaN])
      expect(laidOver(rule(), { thresholds: { large } }).thresholds['large']!.value).toBe(100);
  });

  test('a rule that is off does not run', () => {
    const { rules, run } = compileRules([rule()], { large: { enabled: false } });
    expect([rules, run({ amountCents: 500 }, at)]).toEqual([[], []]);
  });

  test('a person’s goes over the workspace’s, field by field', () => {
    const workspace = { large: { severity: 'INFO' as const, thresholds: { large: 1, other: 2 } } };
    const person = { large: { enabled: false, thresholds: { large: 3 } }, more: { enabled: true } };
    expect(laidTogether(workspace, person)).toEqual({
      large: { severity: 'INFO', enabled: false, thresholds: { large: 3, other: 2 } },
      more: { enabled: true },
    });
  });
});

describe('messages', () => {
  function said(message: string, facts: RuleFacts, currency?: string): string {
    const always = rule({ condition: { not: { field: 'name', operator: 'is_empty' } }, message });
    const { run } = compileRules([{ ...always, thresholds: {} }]);
    return run(facts, { ...at, ...(currency && { currency }) })[0]!.message;
  }

  test.each([
    [
      '{{amountCents}} at {{probability}}',
      { amountCents: 9199300, probability: 38 },
      '$91,993 at 38%',
    ],
    ['{{amountCents}}', { amountCents: 1050 }, '$10.50'],
    ['{{contactCount|contact}}', { contactCount: 1 }, '1 contact'],
    ['{{contactCount|contact}}', { contactCount: 1200 }, '1,200 contacts'],
    ['{{expectedCloseOn}}', { expectedCloseOn: '2026-03-05' }, '5 Mar 2026'],
    ['{{lastActivityAt}}', { lastActivityAt: '2026-03-05T03:00:00Z' }, '4 Mar 2026'],
    ['{{expectedCloseOn.days|day}} ago', { expectedCloseOn: '2026-03-15' }, '1 day ago'],
    ['{{ownerIsActive}}, {{tags}}', { ownerIsActive: false, tags: ['a', 'b'] }, 'no, a, b'],
    ['{{custom.Deal type}} of {{companyName}}', { 'custom.Deal type': 'New' }, 'New of unknown'],
    ['{{lastActivityAt.days|day}}', { lastActivityAt: null }, 'unknown'],
    ['{{name}}', { name: '{{amountCents}}' }, '{{amountCents}}'],
  ])('%s', (message, facts, expected) => {
    expect(said(message, facts)).toBe(expected);
  });

  test('money is of the workspace', () => {
    expect(said('{{amountCents}}', { amountCents: 42000 }, 'JPY')).toBe('¥42,000');
    expect(said('{{amountCents}}', { amountCents: 4200050 }, 'EUR')).toBe('€42,000.50');
  });

  test('a threshold is said as it is after what was set otherwise', () => {
    const one = rule({ message: 'above {{large}}' });
    const { run } = compileRules([one], { large: { thresholds: { large: 300 } } });
    expect(run({ amountCents: 500 }, at)[0]!.message).toBe('above $3');
  });
});

test('what cannot be run is refused with its place', () => {
  const bad = rule({ condition: { field: 'amount', operator: 'is_empty' } });
  expect(() => compileRules([bad])).toThrow(
    expect.objectContaining({
      reason: 'invalid',
      faults: expect.arrayContaining([
        { field: 'large.condition.field', message: expect.stringContaining('amount is no fact') },
      ]),
    }),
  );
});
