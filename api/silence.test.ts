import { Writable } from 'node:stream';
import { pino } from 'pino';
import { expect } from 'vitest';
import { test as base } from '#tests/db.ts';
import { serving } from '#tests/serve.ts';

const test = base.extend('overheard', async ({ db, who }, { onCleanup }) => {
  const lines: string[] = [];
  const ear = new Writable({
    write(line, _encoding, done) {
      lines.push(String(line));
      done();
    },
  });
  const broken = new Proxy(db, {
    get(target, name) {
      if (name === 'transaction') throw new Error('the password is hunter2, ann@acme.example');
      const found = Reflect.get(target, name, target) as unknown;
      return typeof found === 'function' ? (found.bind(target) as unknown) : found;
    },
  });
  const log = pino(ear);
  const api = await serving(db, who, { log });
  const sick = await serving(db, who, { log });
  const bearer = { authorization: `Bearer ${await sick.token()}` };
  Object.assign(sick.deps, { db: broken });
  onCleanup(async () => {
    await Promise.all([api.stop(), sick.stop()]);
  });
  return { lines, api, sick: sick.as(bearer) };
});

test('a call is one line of JSON with its route and its status, and names nobody', async ({
  overheard,
}) => {
  const { lines, api } = overheard;
  await api.post('/api/v1/leads?hello=ann@acme.example', {
    ...{ email: 'ann@acme.example', firstName: 'Ann', phone: '602-555-0142' },
  });
  await expect.poll(() => lines.length).toBeGreaterThan(0);
  const told = lines.map((line) => JSON.parse(line) as { route: string; status: number });
  expect(told).toContainEqual(
    expect.objectContaining({ route: '/api/v1/leads', status: 201, msg: 'A call was answered.' }),
  );
  expect(lines.join()).not.toMatch(/ann|6025550142|602-555|Bearer|authorization/i);
});

test('what goes wrong inside is told to nobody in its own words', async ({ overheard }) => {
  const { lines, sick } = overheard;
  const answer = await sick.post('/api/v1/leads', { email: 'ann@acme.example' });
  expect(answer).toMatchObject({
    status: 500,
    body: { title: 'Something went wrong on our side.', errors: [] },
  });
  await expect.poll(() => lines.join()).toContain('A call failed.');
  expect(JSON.stringify(answer.body) + lines.join()).not.toMatch(/hunter2|acme/);
});
