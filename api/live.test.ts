import { expect } from 'vitest';
import { test } from '#tests/proxy.ts';
import { serving } from '#tests/serve.ts';
import { startLive } from './live.ts';

interface News {
  id?: string;
  topics?: string[];
}

/** Reads a stream as a browser does. */
async function listen(url: string, headers: Record<string, string>) {
  const leaving = new AbortController();
  const { signal } = leaving;
  const response = await fetch(`${url}/api/events`, { headers, signal });
  const heard: News[] = [];
  let ended = false;
  async function read(): Promise<void> {
    let text = '';
    for await (const bytes of response.body!.pipeThrough(new TextDecoderStream())) {
      text += bytes;
      const blocks = text.split('\n\n');
      text = blocks.pop()!;
      for (const block of blocks) {
        const id = /^id: (.*)$/m.exec(block)?.[1];
        const data = /^data: (.*)$/m.exec(block)?.[1];
        const { topics } = (data ? JSON.parse(data) : {}) as News;
        if (id) heard.push({ id, ...(topics && { topics }) });
      }
    }
  }
  const reading = read()
    .catch(() => undefined)
    .finally(() => (ended = true));
  return {
    status: response.status,
    heard,
    topics: () => heard.flatMap(({ topics = [] }) => topics),
    isOver: () => ended,
    async leave() {
      leaving.abort();
      await reading;
    },
  };
}

test('a page hears what changed in its workspace, and nothing of another', async ({ serve }) => {
  const [ada, eve] = await Promise.all([serve.signedUp('Ada'), serve.signedUp('Eve')]);
  const [ears, others] = await Promise.all([
    listen(ada.url, { cookie: ada.cookie }),
    listen(eve.url, { cookie: eve.cookie }),
  ]);
  await expect.poll(() => ears.heard.length).toBeGreaterThan(0);
  others.heard.length = 0;
  await ada.post('/api/leads', { email: 'ann@acme.example' });
  await expect.poll(ears.topics, { timeout: 10_000 }).toContain('leads');
  await eve.patch('/api/workspace', { name: 'Ours' });
  await expect.poll(others.topics, { timeout: 10_000 }).toContain('settings');
  expect(others.topics()).not.toContain('leads');
  await Promise.all([ears.leave(), others.leave()]);
});

test('who comes back after having missed something hears that everything may have changed', async ({
  serve,
}) => {
  const ada = await serve.signedUp();
  const ears = await listen(ada.url, { cookie: ada.cookie, 'last-event-id': 'another-life-7' });
  await expect.poll(ears.topics).toEqual(expect.arrayContaining(['leads', 'today', 'sequences']));
  const last = ears.heard.at(-1)!.id!;
  await ears.leave();
  const again = await listen(ada.url, { cookie: ada.cookie, 'last-event-id': last });
  await expect.poll(() => again.heard.length).toBe(1);
  expect(again.topics()).toEqual([]);
  await again.leave();
});

test('the stream of someone who was removed, or signed out, ends', async ({ serve, db }) => {
  const [ada, bob] = await Promise.all([serve.signedUp('Ada'), serve.signedUp('Bob')]);
  const streams = await Promise.all([ada, bob].map(({ url, cookie }) => listen(url, { cookie })));
  await db.deleteFrom('members').where('userId', '=', ada.userId).execute();
  await bob.post('/api/auth/sign-out');
  await expect.poll(() => streams.every(({ isOver }) => isOver()), { timeout: 10_000 }).toBe(true);
});

test('a stream outlives the line to Postgres: it goes on and tells that everything may have changed', async ({
  db,
  who,
  proxy,
  serve,
}) => {
  const live = startLive(proxy.url);
  const api = await serving(db, who, { live });
  const ada = await api.signedUp();
  const { cookie } = ada;
  const ears = await listen(api.url, { cookie });
  // Hears what is told while the others' line is bad.
  const witness = await listen(serve.url, { cookie });
  await ada.patch('/api/workspace', { name: 'Ours' });
  for (const { topics } of [ears, witness]) await expect.poll(topics).toContain('settings');
  const breaks = {
    cut: () => [proxy.swallow(), proxy.cut()],
    silent: () => [proxy.swallow()],
    stopped: () => [proxy.hold()],
  };
  for (const [name, happen] of Object.entries(breaks)) {
    happen();
    for (const { heard } of [ears, witness]) heard.length = 0;
    expect((await ada.post('/api/leads', { email: `${name}@acme.example` })).status).toBe(201);
    await expect.poll(witness.topics).toContain('leads');
    expect(ears.topics()).toEqual([]);
    proxy.goOn();
    await expect.poll(ears.topics).toContain('leads');
    ears.heard.length = 0;
    await ada.patch('/api/workspace', { name });
    await expect.poll(ears.topics).toContain('settings');
  }
  expect(ears.isOver()).toBe(false);
  expect(ears.topics()).not.toContain('outbox');
  await Promise.all([ears.leave(), witness.leave()]);
  await api.stop();
});
