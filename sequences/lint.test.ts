import fc from 'fast-check';
import { expect, test } from 'vitest';
import { contradicts } from './contradiction.ts';
import { parseDefinition } from './definition.ts';
import { lint } from './lint.ts';
import { outlineOf, placesOf, planOf } from './plan.ts';

function mail(id: string, more: object = {}): object {
  return {
    ...{ id, kind: 'email', subject: 'Hello', body: 'Hi {{contact.firstName}}' },
    ...more,
  };
}
function days(id: string, amount: number): object {
  return { id, kind: 'wait', for: { days: amount } };
}

function codes(steps: object[], more: object = {}): string[] {
  return lint({ name: 'Test', steps, ...more }).map(
    ({ severity, code, stepId }) => `${severity} ${code} ${stepId}`,
  );
}

test('the sequence of the handbook has no problem', () => {
  const when = { field: 'contact.smsEligible', operator: 'equals', value: true };
  expect(
    codes([
      mail('first'),
      { id: 'rest', kind: 'wait', for: { businessDays: 2 } },
      {
        ...{ id: 'can-text', kind: 'branch', if: when },
        then: [{ id: 'nudge', kind: 'sms', text: 'Hi {{contact.firstName | default: "there"}}' }],
        else: [{ id: 'ring', kind: 'call', title: 'Call', due: { hours: 4 }, pause: 'until-done' }],
      },
      days('again', 2),
      mail('last'),
    ]),
  ).toEqual([]);
});

test.each([
  ['unknown-variable', [mail('a', { body: '{{contact.nickname}}' })]],
  ['template-error', [mail('a', { body: '{{contact.firstName' })]],
  ['no-unsubscribe', [mail('a', { unsubscribe: false })]],
  ['too-long-wait', [days('a', 400), mail('b')]],
  ['too-long', [{ id: 'a', kind: 'sms', text: 'x'.repeat(1600) }]],
  ['invalid', [{ id: 'a', kind: 'teleport' }]],
  ['invalid', [{ id: 'a', kind: 'email', subject: 'Only a subject' }]],
])('%s is named with its step', (code, steps) => {
  expect(codes(steps)).toEqual([`error ${code} a`]);
});

test('a template that does not exist is named', () => {
  const problems = lint(
    { name: 'x', steps: [{ id: 'a', kind: 'email', template: 't' }] },
    new Map(),
  );
  expect(problems).toMatchObject([{ code: 'template-missing', stepId: 'a' }]);
});

test('two sends closer than twenty hours are named, also across branches', () => {
  const when = { field: 'lead.score', operator: 'greater_than', value: 5 };
  const fork = { id: 'f', kind: 'branch', if: when, then: [days('w', 2)], else: [] };
  expect(codes([mail('a'), fork, mail('b')])).toEqual(['warning too-close b']);
  expect(codes([mail('a'), days('x', 1), fork, mail('b')])).toEqual([]);
  const ear = { id: 'e', kind: 'wait-for', event: 'link.clicked', timeout: { days: 2 } };
  expect(codes([mail('a'), { ...ear, then: [mail('b')], else: [mail('c')] }])).toEqual([
    'warning too-close b',
  ]);
});

test('a branch that no lead can take and a step after the end are named', () => {
  function is(value: string): object {
    return { field: 'lead.status', operator: 'equals', value };
  }
  const inner = { id: 'i', kind: 'branch', if: is('lost'), then: [mail('a')], else: [] };
  expect(codes([{ id: 'o', kind: 'branch', if: is('new'), then: [inner] }])).toEqual([
    'error never-taken i',
  ]);
  expect(codes([{ id: 's', kind: 'stop' }, mail('a')])).toEqual(['error unreachable a']);
});

test('a schedule that leaves no hour for a text is named', () => {
  const schedule = { days: ['mon'], from: '20:00', to: '23:00' };
  expect(codes([{ id: 'a', kind: 'sms', text: 'Hi' }], { schedule })).toEqual([
    'error no-window a',
  ]);
});

test('faults are named by their place in the tree', () => {
  const nested = {
    id: 'f',
    kind: 'branch',
    if: { field: 'a', operator: 'nope' },
    then: [{ id: 's', kind: 'sms' }],
  };
  const { faults = [] } = parseDefinition({ name: '', steps: [mail('a'), mail('a'), nested] });
  expect(faults.map(({ field }) => field)).toEqual([
    ...['name', 'steps[2].if', 'steps[2].then[0]', 'steps[1].id'],
  ]);
});

test('only a name and steps are needed and the rest is filled in', () => {
  const { definition } = parseDefinition({ name: 'Hi', steps: [mail('a')] });
  expect(definition).toMatchObject({
    ...{ class: 'custom', onReply: 'pause', exits: [], from: 'owner' },
    entry: { on: 'manual', again: 'if-not-active' },
    schedule: { from: '08:00', to: '17:00', zone: 'recipient', holidays: 'recipient' },
    steps: [{ id: 'a', thread: 'new', unsubscribe: true }],
  });
});

test('what was parsed is parsed again to the same', () => {
  const first = parseDefinition({ name: 'Hi', class: 'precall', steps: [mail('a'), days('b', 1)] });
  expect(first.definition?.class).toBe('precall');
  expect(parseDefinition(structuredClone(first.definition))).toEqual(first);
});

test('every step of any tree is planned, and every way through it ends', () => {
  const tree = fc.letrec<{ steps: object[] }>((tie) => ({
    steps: fc.array(
      fc.oneof(
        { maxDepth: 4 },
        fc.constant({ kind: 'email' }),
        fc.record({ kind: fc.constant('branch'), then: tie('steps'), else: tie('steps') }),
      ),
      { maxLength: 4 },
    ),
  })).steps;
  fc.assert(
    fc.property(tree, (input) => {
      let count = 0;
      const named = JSON.parse(JSON.stringify(input), (_key, value: unknown) =>
        typeof value === 'object' && value !== null && 'kind' in value
          ? { ...value, id: `s${count++}` }
          : value,
      );
      const plan = planOf(named);
      expect(plan.size).toBe(count);
      expect(placesOf(named)).toHaveLength(count);
      for (const { next, arms } of plan.values())
        for (const to of [next, ...Object.values(arms)]) expect(!to || plan.has(to)).toBe(true);
      for (const start of plan.keys()) {
        let at: string | undefined = start;
        let walked = 0;
        while (at && walked <= count) {
          const stop: ReturnType<typeof planOf> extends Map<string, infer S> ? S : never =
            plan.get(at)!;
          at = stop.arms['then'] ?? stop.next;
          walked += 1;
        }
        expect(walked).toBeLessThanOrEqual(count);
      }
    }),
  );
});

test('an outline leads the same way and holds no words', () => {
  const fork = {
    id: 'f',
    kind: 'branch',
    if: { field: 'x', operator: 'is_empty' },
    then: [mail('a')],
    else: [],
  };
  const { definition } = parseDefinition({ name: 'Hi', steps: [fork, mail('b')] });
  const outline = outlineOf(definition!.steps);
  expect([...planOf(outline).keys()]).toEqual([...planOf(definition!.steps).keys()]);
  expect(JSON.stringify(outline)).not.toContain('Hello');
});

test('a contradiction is only claimed where it is certain', () => {
  function gt(value: number) {
    return { field: 'a', operator: 'greater_than' as const, value };
  }
  function lt(value: number) {
    return { field: 'a', operator: 'less_than' as const, value };
  }
  const held = true;
  expect(
    contradicts([
      { condition: gt(9), held },
      { condition: lt(5), held },
    ]),
  ).toBe(true);
  expect(
    contradicts([
      { condition: gt(5), held },
      { condition: lt(9), held },
    ]),
  ).toBe(false);
  expect(
    contradicts([
      { condition: gt(5), held },
      { condition: gt(5), held: false },
    ]),
  ).toBe(true);
  expect(
    contradicts([
      { condition: { any_of: [gt(5), lt(2)] }, held: false },
      { condition: gt(5), held },
    ]),
  ).toBe(true);
  expect(
    contradicts([
      { condition: { any_of: [gt(5), lt(2)] }, held },
      { condition: gt(5), held: false },
    ]),
  ).toBe(false);
});
