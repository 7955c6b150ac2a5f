import { expect, test } from 'vitest';
import { exampleContext } from '#domain/template.ts';
import { htmlOf, renderMessage, variablesOf } from './render.ts';
import { segmentsOf } from './segments.ts';

function context(contact: Record<string, unknown> = {}) {
  return { ...exampleContext(), contact: { firstName: 'Ada', ...contact } };
}

test('an email is filled in, and its HTML is made from its text with links', () => {
  const body = 'Hi {{contact.firstName}},\n\nsee https://example.com/a?b=1&c=2.\nSam <3';
  const mail = renderMessage({ subject: 'For {{company.name}}', body }, context());
  expect(mail).toMatchObject({ subject: 'For Roadrunner Freight' });
  const { html, text } = mail as { html: string; text: string };
  expect(html).toContain('<a href="https://example.com/a?b=1&amp;c=2">');
  expect(html).toContain('<br>\nSam &lt;3');
  expect(text).toContain('Unsubscribe: https://example.com/u');
});

test.each([
  ['unknown', {}, '{{contact.nickname}}', 'contact.nickname'],
  ['empty', { firstName: '' }, '{{contact.firstName}}', 'contact.firstName'],
  ['null', { firstName: null }, '{{contact.firstName}}', 'contact.firstName'],
  ['nested', {}, '{{lead.fields.trucks}}', 'lead.fields.trucks'],
])('a variable that is %s blocks with its name', (_what, contact, text, missing) => {
  expect(renderMessage({ text }, context(contact))).toEqual({ missing });
});

test('a default fills the hole', () => {
  const text = 'Hi {{contact.firstName | default: "there"}}';
  expect(renderMessage({ text }, context({ firstName: null }))).toMatchObject({ text: 'Hi there' });
});

test.each([
  '{{contact.constructor}}',
  '{{contact.firstName.constructor.constructor}}',
  '{{contact.__proto__}}',
  '{% include "package.json" %}',
  '{% render "package.json" %}',
  '{% for i in (1..100000000) %}x{% endfor %}',
  '{{contact.firstName',
  '{{contact.firstName | nope}}',
])('%s reaches nothing', (text) => {
  const result = renderMessage({ text }, context());
  expect('missing' in result || 'broken' in result).toBe(true);
});

test('no placeholder is ever left in what is sent, not even from the data', () => {
  const result = renderMessage(
    { text: 'Hi {{contact.firstName}}' },
    context({ firstName: '{{x}}' }),
  );
  expect(result).toEqual({ broken: 'A placeholder is left over: {{x}}' });
});

test('a line break in a subject is a space', () => {
  const words = { subject: 'Hi {{contact.firstName}}', body: 'x' };
  const mail = renderMessage(words, context({ firstName: 'A\r\nBcc: all@example.com' }));
  expect(mail).toMatchObject({ subject: 'Hi A Bcc: all@example.com' });
});

test('HTML in the data is text', () => {
  expect(htmlOf('<script>alert(1)</script> "x"')).toBe(
    '<p>&lt;script&gt;alert(1)&lt;/script&gt; &quot;x&quot;</p>',
  );
});

test.each([
  ['a'.repeat(160), 1],
  ['a'.repeat(161), 2],
  ['€'.repeat(80), 1],
  ['€'.repeat(81), 2],
  [`${'a'.repeat(152)}€${'a'.repeat(152)}`, 3],
  ['ж'.repeat(70), 1],
  ['ж'.repeat(71), 2],
  [`${'ж'.repeat(66)}😀${'ж'.repeat(60)}`, 2],
])('%s… takes %i segments', (text, segments) => {
  expect(segmentsOf(text)).toBe(segments);
});

test('the variables of a template are named in full', () => {
  expect(
    variablesOf('{{contact.firstName}} {% if lead.score > 5 %}{{lead.fields.x}}{% endif %}'),
  ).toEqual({
    all: ['contact.firstName', 'lead.score', 'lead.fields.x'],
  });
  expect(variablesOf('{{contact.firstName')).toHaveProperty('broken');
});
