import Activity from '@lucide/svelte/icons/activity';
import BadgeDollarSign from '@lucide/svelte/icons/badge-dollar-sign';
import Building2 from '@lucide/svelte/icons/building-2';
import ChartNoAxesColumn from '@lucide/svelte/icons/chart-no-axes-column';
import ClipboardCheck from '@lucide/svelte/icons/clipboard-check';
import ContactRound from '@lucide/svelte/icons/contact-round';
import FileUp from '@lucide/svelte/icons/file-up';
import FlaskConical from '@lucide/svelte/icons/flask-conical';
import Handshake from '@lucide/svelte/icons/handshake';
import Lightbulb from '@lucide/svelte/icons/lightbulb';
import NotebookText from '@lucide/svelte/icons/notebook-text';
import Route from '@lucide/svelte/icons/route';
import Scale from '@lucide/svelte/icons/scale';
import Settings from '@lucide/svelte/icons/settings';
import Sun from '@lucide/svelte/icons/sun';
import TrendingUp from '@lucide/svelte/icons/trending-up';
import Users from '@lucide/svelte/icons/users';
import Webhook from '@lucide/svelte/icons/webhook';
import type { Component } from 'svelte';
import { goto } from '$app/navigation';
import type { Permission } from '#domain/permissions.ts';

export interface Place {
  href: string;
  label: string;
  icon: Component<{ size?: number; class?: string }>;
  /** The heading it stands under. */
  group?: string;
  /** The chord that goes there. */
  keys?: string;
  /** Not shown without it. */
  needs?: Permission;
  /** Among the four tabs of a phone; the others are under More. */
  tab?: boolean;
  /** Other pages that belong to it. */
  also?: string[];
  /** What is shown while it loads. */
  skeleton?: 'table' | 'record' | 'columns' | 'bars' | 'cards';
}

/** Every page of the shell, in the order of the navigation. A new page is one line here. */
export const places: Place[] = [
  { href: '/today', label: 'Today', icon: Sun, keys: 'g t', tab: true },
  { href: '/leads', label: 'Leads', icon: Users, keys: 'g l', tab: true },
  {
    href: '/deals',
    label: 'Deals',
    icon: Handshake,
    keys: 'g d',
    needs: 'deals:read',
    tab: true,
    skeleton: 'columns',
  },
  { href: '/companies', label: 'Companies', icon: Building2, keys: 'g c' },
  { href: '/contacts', label: 'Contacts', icon: ContactRound, keys: 'g p' },
  {
    href: '/customers',
    label: 'Customers',
    icon: BadgeDollarSign,
    keys: 'g u',
    needs: 'customers:read',
  },
  { href: '/imports', label: 'Imports', icon: FileUp, keys: 'g m', needs: 'imports:write' },
  {
    href: '/sequences',
    label: 'Sequences',
    icon: Route,
    group: 'Automation',
    keys: 'g s',
    tab: true,
  },
  {
    href: '/ledger',
    label: 'Send ledger',
    icon: NotebookText,
    group: 'Automation',
    keys: 'g e',
  },
  {
    href: '/rules',
    label: 'Rules',
    icon: Scale,
    group: 'Automation',
    keys: 'g r',
    needs: 'rules:read',
  },
  { href: '/sandbox', label: 'Sandbox', icon: FlaskConical, group: 'Automation', keys: 'g x' },
  {
    href: '/dashboard',
    label: 'Dashboard',
    icon: ChartNoAxesColumn,
    group: 'Insight',
    keys: 'g b',
    skeleton: 'cards',
  },
  {
    href: '/forecast',
    label: 'Forecast',
    icon: TrendingUp,
    group: 'Insight',
    keys: 'g f',
    skeleton: 'cards',
  },
  {
    href: '/reviews',
    label: 'Reviews',
    icon: ClipboardCheck,
    group: 'Insight',
    keys: 'g v',
    needs: 'reviews:read',
    also: ['/schedule', '/analyze'],
  },
  { href: '/insights', label: 'Insights', icon: Lightbulb, group: 'Insight', keys: 'g i' },
  {
    href: '/deliveries',
    label: 'Deliveries',
    icon: Webhook,
    group: 'System',
    needs: 'deliveries:read',
    keys: 'g w',
  },
  { href: '/health', label: 'Health', icon: Activity, group: 'System', keys: 'g h' },
  { href: '/settings', label: 'Settings', icon: Settings, group: 'System', keys: 'g ,' },
];

/** The place that a path belongs to: `/leads/7` belongs to Leads. */
export function placeOf(path: string): Place | undefined {
  return places.find(({ href, also = [] }) =>
    [href, ...also].some((one) => path === one || path.startsWith(`${one}/`)),
  );
}

/** What is shown while a page loads: the layout of what is coming. */
export function skeletonOf(path: string): NonNullable<Place['skeleton']> {
  const isRecord = /^\/(leads|deals|companies|contacts|customers|sequences|enrolments)\/[^/]+/;
  if (path === '/deals/lost') return 'bars';
  return isRecord.test(path) ? 'record' : (placeOf(path)?.skeleton ?? 'table');
}

/** Pages that need the width open with a narrow navigation. */
export function opensNarrow(path: string): boolean {
  return /^\/(leads|sequences|enrolments|duplicates)\/[^/]+|^\/rules$/.test(path);
}

/** Goes to an address that is only known at run time; where it is known, links use `resolve`. */
export function visit(href: string): Promise<void> {
  // eslint-disable-next-line svelte/no-navigation-without-resolve -- without a base path it is whole
  return goto(href);
}
