import { expect } from 'vitest';
import { test } from '#tests/db.ts';
import { aLead, aMember } from '#tests/leads.ts';
import { notifyMember } from './effects.ts';
import { inWorkspace } from './scope.ts';

interface Told {
  items: { id: string; title: string; href: string; readAt: string | null }[];
  unread: number;
}

test('what I was told is mine alone: counted while unread, marked when I read it, one or all', async ({
  db,
  serve,
}) => {
  const me = await serve.signedUp();
  const who = { workspaceId: me.workspaceId, actor: 'engine' };
  await inWorkspace(db, who, async (scope) => {
    await aMember(scope, { userId: 'dana' });
    const leadId = await aLead(scope);
    const note = { kind: 'reply', href: `/leads/${leadId}`, leadId };
    for (const title of ['one', 'two', 'three'])
      for (const userId of [me.userId, 'dana'])
        await notifyMember(scope, { ...note, title, userId, key: title });
    await notifyMember(scope, { ...note, title: 'three', userId: me.userId, key: 'three' });
  });
  const first = (await me.get('/api/notifications')).body as Told;
  expect(first.items.map(({ title }) => title)).toEqual(['three', 'two', 'one']);
  expect(first.unread).toBe(3);
  expect(first.items[0]!.href).toMatch(/^\/leads\//);
  const read = await me.post(`/api/notifications/${first.items[0]!.id}/read`);
  expect(read.body).toEqual({ unread: 2 });
  const left = (await me.get('/api/notifications?unread=true')).body as Told;
  expect(left.items.map(({ title }) => title)).toEqual(['two', 'one']);
  expect((await me.post('/api/notifications/read')).body).toEqual({ unread: 0 });
  const theirs = await db
    .selectFrom('notifications')
    .select(['userId', 'readAt'])
    .where('userId', '=', 'dana')
    .execute();
  expect(theirs.map(({ readAt }) => readAt)).toEqual([null, null, null]);
});

test('nobody reads what somebody else was told', async ({ db, serve }) => {
  const me = await serve.signedUp();
  const who = { workspaceId: me.workspaceId, actor: 'engine' };
  const { id } = await inWorkspace(db, who, ({ db, workspaceId }) =>
    db
      .insertInto('notifications')
      .values({ workspaceId, userId: 'dana', kind: 'reply', title: 'hers' })
      .returning('id')
      .executeTakeFirstOrThrow(),
  );
  expect((await me.get('/api/notifications')).body).toMatchObject({ items: [], unread: 0 });
  expect((await me.post(`/api/notifications/${id}/read`)).status).toBe(404);
});
