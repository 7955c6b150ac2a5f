import AlarmClock from '@lucide/svelte/icons/alarm-clock';
import Bell from '@lucide/svelte/icons/bell';
import Building from '@lucide/svelte/icons/building-2';
import KeyRound from '@lucide/svelte/icons/key-round';
import Plug from '@lucide/svelte/icons/plug';
import Send from '@lucide/svelte/icons/send-horizontal';
import Sparkles from '@lucide/svelte/icons/sparkles';
import SquareKanban from '@lucide/svelte/icons/square-kanban';
import Tag from '@lucide/svelte/icons/tag';
import UserRound from '@lucide/svelte/icons/user-round';
import Users from '@lucide/svelte/icons/users';
import type { Permission } from '#domain/permissions.ts';

export interface Section {
  href: string;
  label: string;
  icon: typeof Users;
  group: string;
  needs?: Permission;
}

/** The pages of the settings; a new one is one line here. */
export const sections: Section[] = [
  { href: '/settings/account', label: 'Account', icon: UserRound, group: 'You' },
  { href: '/settings/notifications', label: 'Notifications', icon: Bell, group: 'You' },
  { href: '/settings/workspace', label: 'General', icon: Building, group: 'Workspace' },
  { href: '/settings/team', label: 'Team', icon: Users, group: 'Workspace' },
  { href: '/settings/channels', label: 'Sending', icon: Send, group: 'Workspace' },
  { href: '/settings/pipeline', label: 'Pipelines', icon: SquareKanban, group: 'Workspace' },
  { href: '/settings/tags', label: 'Tags and sources', icon: Tag, group: 'Workspace' },
  {
    ...{ href: '/settings/assessments', label: 'Assessments', icon: Sparkles, group: 'Workspace' },
    needs: 'deliveries:read',
  },
  {
    ...{ href: '/settings/schedules', label: 'Schedules', icon: AlarmClock, group: 'Workspace' },
    needs: 'schedules:read',
  },
  {
    ...{ href: '/settings/connections', label: 'Connections', icon: Plug, group: 'Developers' },
    needs: 'deliveries:read',
  },
  {
    ...{ href: '/settings/tokens', label: 'API tokens', icon: KeyRound, group: 'Developers' },
    needs: 'tokens:write',
  },
];
