import {
  changeNotificationSettings,
  changeOwnDigest,
  getNotificationSettings,
  getOwnDigest,
} from '#db/digests.ts';
import {
  NotificationSettings,
  NotificationSettingsChange,
  OwnDigest,
  OwnDigestChange,
} from '#domain/digest.ts';
import { route } from './route.ts';

export const digestRoutes = [
  route('get', '/workspace/notifications', {
    summary: 'Show what the workspace tells its people of each morning',
    needs: 'workspace:read',
    reply: NotificationSettings,
    run: (_given, scope) => getNotificationSettings(scope),
  }),

  route('patch', '/workspace/notifications', {
    summary: 'Change what the workspace tells its people of each morning',
    needs: 'notifications:write',
    body: NotificationSettingsChange,
    reply: NotificationSettings,
    run: ({ body }, scope) => changeNotificationSettings(scope, body),
  }),

  route('get', '/notifications/digest', {
    summary: 'Show whether I get a digest each morning, and in which time zone',
    needs: 'workspace:read',
    reply: OwnDigest,
    run: (_given, scope) => getOwnDigest(scope),
  }),

  route('patch', '/notifications/digest', {
    summary: 'Turn my digest on or off, or move my morning to another time zone',
    needs: 'workspace:read',
    body: OwnDigestChange,
    reply: OwnDigest,
    run: ({ body }, scope) => changeOwnDigest(scope, body),
  }),
];
