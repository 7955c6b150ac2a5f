import { expect } from 'vitest';
import type { ReportTemplate, ReportVersion } from '#domain/report.ts';
import { test } from '#tests/db.ts';

const words = { subject: 'Health {{ health.score }}', body: '<p>{{ review.name }}</p>' };

test('a template is kept with its versions, and one that says the same is no new version', async ({
  serve,
}) => {
  const { status, body } = await serve.post('/api/report-templates', { name: 'Short', ...words });
  expect(status).toBe(201);
  const { id } = body as ReportTemplate;
  await serve.put(`/api/report-templates/${id}`, { name: 'Shorter', ...words });
  const next = { name: 'Shorter', ...words, subject: 'Now {{ health.score }}' };
  expect((await serve.put(`/api/report-templates/${id}`, next)).body).toMatchObject({ version: 2 });
  const { body: shown } = await serve.get(`/api/report-templates/${id}`);
  const { versions } = shown as { versions: ReportVersion[] };
  expect(versions.map(({ version, subject }) => `${version} ${subject}`)).toEqual([
    '2 Now {{ health.score }}',
    '1 Health {{ health.score }}',
  ]);
  const { body: first } = await serve.get(`/api/report-templates/${id}/versions/1`);
  expect(first).toMatchObject(words);
});

test('a template that names what no report has is refused with the line', async ({ serve }) => {
  const wrong = { name: 'Wrong', subject: '{{ health.scor }}', body: '\n\n{{ foo }}' };
  const { status, body } = await serve.post('/api/report-templates', wrong);
  expect(status).toBe(422);
  expect(body).toMatchObject({
    errors: [
      { field: 'subject', message: 'Line 1: There is no health.scor in a report.' },
      { field: 'body', message: 'Line 3: There is no foo in a report.' },
    ],
  });
});

test('a preview shows subject, HTML and text while the template is being written, and what is wrong with it', async ({
  serve,
}) => {
  const { body } = await serve.post('/api/report-templates/preview', words);
  expect(body).toMatchObject({
    ...{ subject: 'Health 71', html: '<p>Monday pipeline review</p>' },
    ...{ text: 'Monday pipeline review', faults: [] },
  });
  const broken = { ...words, body: '<p>{% for deal in deals %}</p>\n{{ deal.nmae }}' };
  const { body: faulty, status } = await serve.post('/api/report-templates/preview', broken);
  expect(status).toBe(200);
  expect(faulty).toMatchObject({ html: '', faults: [{ part: 'body', line: 1 }] });
});

test('a template that a review uses stays', async ({ serve }) => {
  const { body } = await serve.post('/api/report-templates', { name: 'Used', ...words });
  const { id: templateId } = body as ReportTemplate;
  await serve.post('/api/reviews', {
    ...{ name: 'Weekly', cron: '0 6 * * 1', timeZone: 'UTC', templateId },
    ...{ source: { kind: 'pipeline' }, delivery: {} },
  });
  const { status, body: why } = await serve.del(`/api/report-templates/${templateId}`);
  expect(status).toBe(409);
  expect(why).toMatchObject({ title: 'A review uses it.' });
});
