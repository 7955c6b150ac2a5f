import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRule, writeRule } from './parse-rule.ts';

const good = `id: large
name: Large
category: CUSTOM
severity: WARNING
description: It is large.
condition:
  all_of:
    - { field: amountCents, operator: greater_than, value: { threshold: large } }
    - { field: stageName, operator: in, value: [Proposal, Demo] }
thresholds:
  large: { value: 100, unit: cents, label: Large above }
message: '{{amountCents}} is large'
remediation_action: Make it smaller
remediation_owner: deal_owner
`;

/** What is said of the text with one piece of it put otherwise. */
function faults(piece: string, other: string, text = good) {
  expect(text).toContain(piece);
  const read = parseRule(text.replace(piece, other));
  return 'faults' in read ? read.faults : [];
}

test('a rule as a person writes it is read', () => {
  const read = parseRule(good);
  expect(read).toMatchObject({ rule: { id: 'large', automatable: false, examples: [] } });
  expect('rule' in read && parseRule(writeRule(read.rule))).toEqual(read);
});

test.each([
  ['field: amountCents', 'field: amount', 8, 'condition.all_of.0.field', 'amount is no fact'],
  ['greater_than', 'is_more', 8, 'condition.all_of.0.operator', 'Invalid option'],
  ['greater_than', 'contains', 8, 'condition.all_of.0.operator', 'amountCents is money'],
  ['threshold: large', 'threshold: big', 8, 'condition.all_of.0.value', 'no threshold big'],
  [
    '{ threshold: large }',
    '"100"',
    8,
    'condition.all_of.0.value',
    '“100” is not a number of cents',
  ],
  ['unit: cents', 'unit: days', 8, 'condition.all_of.0.value', 'in cents, not in days'],
  ['[Proposal, Demo]', 'Proposal', 9, 'condition.all_of.1.value', 'takes a list'],
  ['[Proposal, Demo]', '[Proposal, 7]', 9, 'condition.all_of.1.value.1', '7 is not text'],
  [
    'in, value: [Proposal, Demo]',
    'matches, value: "("',
    9,
    'condition.all_of.1.value',
    'no pattern',
  ],
  ['in, value: [Proposal, Demo]', 'is_empty, value: 1', 9, 'condition.all_of.1.value', 'no value'],
  ['in, value: [Proposal, Demo]', 'equals', 9, 'condition.all_of.1', 'needs a value'],
  ['value: 100', 'value: 100, most: 50', 11, 'thresholds.large.value', '100 is not from'],
  ['severity: WARNING', 'severity: BAD', 4, 'severity', 'Invalid option'],
  ['name: Large\n', '', 1, 'name', 'expected string'],
  ['{{amountCents}}', '{{amount}}', 12, 'message', '{{amount}} is neither a fact'],
  ['{{amountCents}}', '{{amountCents.days}}', 12, 'message', 'is no time'],
  ['{{amountCents}}', '{{amountCents', 12, 'message', 'stand around'],
  ['id: large', 'id: Large deals', 1, 'id', 'small letters'],
  ['deal_owner', 'deal_owner\nautomatable: true', 15, 'automatable', 'needs a fix'],
  ['deal_owner', 'deal_owner\nfix: { kind: assign_owner }', 15, 'fix', 'needs automatable'],
  ['deal_owner', 'deal_owner\ncolour: red', 15, '', 'Unrecognized key'],
])('%s written as %s is told on line %i', (piece, other, line, path, message) => {
  const said = { line, path, message: expect.stringContaining(message) };
  const told = faults(piece, other);
  // A key that nobody knows stands in no field of its own.
  expect(told).toContainEqual(path === '' ? { ...said, line: expect.any(Number) } : said);
});

test('values that an operator cannot compare are told', () => {
  const whole = good.slice(good.indexOf('condition:'), good.indexOf('thresholds:'));
  const bare = good.replace(/thresholds:\n.*\n/, '');
  function saidOf(leaf: string): string {
    return faults(whole, `condition: { ${leaf} }\n`, bare)
      .map(({ message }) => message)
      .join();
  }
  expect(saidOf('field: contactCount, operator: between, value: [9, 1]')).toContain(
    'smaller first',
  );
  expect(saidOf('field: contactCount, operator: between, value: [1]')).toContain('two values');
  expect(saidOf('field: expectedCloseOn, operator: equals, value: soon')).toContain('no day');
  expect(saidOf('field: lastActivityAt, operator: older_than_days, value: -1')).toContain(
    'below 0',
  );
  expect(saidOf('field: lastActivityAt, operator: older_than_days, value: x')).toContain(
    'no number',
  );
  expect(saidOf('field: ownerIsActive, operator: equals, value: yes please')).toContain(
    'true or false',
  );
  expect(saidOf('field: stageName, operator: contains, value: ""')).toContain('no text');
  expect(saidOf('field: stageName, operator: older_than_days, value: 3')).toContain(
    'stageName is text',
  );
  expect(saidOf('field: custom.Size, operator: greater_than, value: large')).toContain(
    'neither a number',
  );
  expect(saidOf('field: custom.Size, operator: greater_than, value: 3')).toBe('');
  expect(saidOf('field: toString, operator: is_empty')).toContain('no fact');
});

test('a threshold that no condition asks for, or that is called as a fact, is told', () => {
  const more =
    '\n  spare: { value: 1, unit: days, label: Spare }\n  name: { value: 1, unit: days, label: N }';
  const told = faults('label: Large above }', `label: Large above }${more}`);
  expect(told).toEqual([
    { line: 12, path: 'thresholds.spare', message: expect.stringContaining('No condition asks') },
    { line: 13, path: 'thresholds.name', message: expect.stringContaining('name is a fact') },
  ]);
});

test('a fix says what it sets', () => {
  function fix(text: string) {
    return faults('deal_owner', `deal_owner\nautomatable: true\nfix: { ${text} }`);
  }
  expect(fix('kind: set_field')).toMatchObject([
    { path: 'fix', message: 'set_field needs a field.' },
  ]);
  expect(fix('kind: create_task')).toMatchObject([{ path: 'fix' }]);
  expect(fix("kind: create_task, value: 'Ask {{who}}'")).toMatchObject([{ path: 'fix.value' }]);
  expect(fix('kind: set_field, field: probability, value: 40')).toEqual([]);
});

test('an example asks of facts there are in a zone there is', () => {
  const example = '{ title: x, facts: { amount: 1 }, fires: true, time_zone: Mars/Base }';
  expect(faults('deal_owner', `deal_owner\nexamples:\n  - ${example}`)).toEqual([
    { line: 16, path: 'examples.0.facts.amount', message: 'amount is no fact.' },
    { line: 16, path: 'examples.0.time_zone', message: expect.stringContaining('no time zone') },
  ]);
});

test('what is no YAML is told with its line', () => {
  expect(faults('name: Large', 'name: "Large')).toMatchObject([
    { line: expect.any(Number), path: '' },
  ]);
  expect(parseRule('a: 1\nb: [')).toMatchObject({ faults: [{ line: 2 }] });
});

test('whatever a person writes is answered, also what nests or repeats itself without end', () => {
  const deep = `condition: ${'{ not: '.repeat(2000)}`;
  const bomb = `a: &a [${'x,'.repeat(99)}]\nb: &b [${'*a,'.repeat(99)}]\nc: [${'*b,'.repeat(99)}]`;
  const nested = good.replace(/all_of:\n.*\n.*\n/, `${'{ not: '.repeat(60)}x${' }'.repeat(60)}\n`);
  const cyclic = 'a: &x [*x, *x, *x]\ncondition: *x';
  for (const text of [cyclic, deep, bomb, nested, 'x'.repeat(20_001), '', '[]', 'null', '- 1'])
    expect([text.slice(0, 20), 'faults' in parseRule(text)]).toEqual([text.slice(0, 20), true]);
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: good.length }),
      fc.string({ maxLength: 5 }),
      (cut, other) => {
        parseRule(good.slice(0, cut) + other + good.slice(cut + other.length));
      },
    ),
  );
});
