import { z } from 'zod';
import { listNotifications, readAllNotifications, readNotification } from '#db/notifications.ts';
import { Notification } from '#domain/notification.ts';
import { pageOf } from '#domain/page.ts';
import { route } from './route.ts';

const Done = z.object({ unread: z.int() });

export const notificationRoutes = [
  route('get', '/notifications', {
    summary: 'List what I was told, the newest first',
    needs: 'workspace:read',
    query: z.object({
      unread: z.stringbool().optional(),
      limit: z.coerce.number().int().min(1).max(100).default(30),
      cursor: z.uuid().optional(),
    }),
    reply: pageOf(Notification).extend({ unread: z.int() }),
    run: ({ query }, scope) => listNotifications(scope, query),
  }),

  route('post', '/notifications/read', {
    summary: 'Mark everything I was told as read',
    needs: 'workspace:read',
    reply: Done,
    run: async (_given, scope) => {
      await readAllNotifications(scope);
      return { unread: 0 };
    },
  }),

  route('post', '/notifications/:id/read', {
    summary: 'Mark one notification as read',
    needs: 'workspace:read',
    params: z.object({ id: z.uuid() }),
    reply: Done,
    run: async ({ params }, scope) => {
      await readNotification(scope, params.id);
      const { unread } = await listNotifications(scope, { limit: 1 });
      return { unread };
    },
  }),
];
