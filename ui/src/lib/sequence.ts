import {
  type Definition,
  type Duration,
  type Schedule,
  type Step,
  unitOf,
} from '#domain/sequence.ts';
import { sayCondition } from './condition.ts';
import { asCount, asWord } from './format.ts';
import type { Draft } from './flow.ts';
import type { Schema } from './schema.ts';

export interface SequenceRow {
  id: string;
  name: string;
  class: string;
  draftRev: number;
  liveVersion: number | null;
  pausedAt: string | null;
  archivedAt: string | null;
  createdAt: string;
  updatedAt: string;
  people?: Record<string, number>;
  replied?: number;
}

export interface SequencePage extends SequenceRow {
  draft: Draft;
  definition: Definition | null;
  atSteps: Record<string, number>;
  versions: { number: number; publishedAt: string; publishedBy: string }[];
}

/** A kind of step as the API describes it. */
export interface Kind {
  kind: string;
  title: string;
  summary: string;
  arms: string[];
  channel?: string;
  settings: Schema;
}

export interface Problem {
  severity: 'error' | 'warning';
  code: string;
  message: string;
  field: string;
  stepId?: string;
}

/** A step in two lines: what it is, and what is to be known about it. */
export function sayStep(step: Step): { title: string; detail: string } {
  const say = says[step.kind];
  const { title, detail } = say?.(step as never) ?? { title: '', detail: '' };
  return { title: title || asWord(step.kind), detail };
}

type Say = (step: Record<string, never>) => { title: string; detail: string };
const says: Record<string, Say> = {
  email: ({ template, subject, thread }) => ({
    title: template ? asWord(template) : subject || 'Email without a subject',
    detail: `${template ? 'Template' : 'Own words'}, ${thread === 'first' ? 'same thread' : 'new thread'}`,
  }),
  sms: ({ template, text }) => ({
    title: template ? asWord(template) : text || 'Empty text',
    detail: 'Text, 08:00–20:00',
  }),
  wait: ({ for: length, until }) => ({
    title: length ? `Wait ${sayLength(length)}` : `Wait until ${sayUntil(until)}`,
    detail: '',
  }),
  'wait-for': ({ event, timeout }) => ({
    title: `Wait for ${event ? sayEvent(event) : 'a condition'}, up to ${timeout ? sayLength(timeout) : '–'}`,
    detail: '',
  }),
  branch: ({ if: condition }) => ({
    title: condition ? `If ${sayCondition(condition)}` : 'If',
    detail: '',
  }),
  call: ({ title, due, pause }) => ({ title: title || 'Call', detail: sayTask(due, pause) }),
  task: ({ title, due, pause }) => ({ title: title || 'Task', detail: sayTask(due, pause) }),
  notify: ({ to, text }) => ({ title: `Tell ${to ?? 'owner'}`, detail: text ?? '' }),
  update: (change) => ({
    title: 'Change the lead',
    detail:
      Object.keys(change)
        .filter((key) => key !== 'id' && key !== 'kind')
        .map((key) => asWord(key).toLowerCase())
        .join(', ') || 'nothing yet',
  }),
  stop: ({ reason }) => ({ title: 'Stop here', detail: reason ?? '' }),
};

export function sayLength(duration: Duration): string {
  const { unit, amount } = unitOf(duration);
  const one = { businessDays: 'business day' }[unit as string] ?? unit.slice(0, -1);
  return asCount(amount, one);
}

export function sayEvent(event: string): string {
  const words: Record<string, string> = { 'link.clicked': 'a click', replied: 'a reply' };
  return words[event] ?? event.replace('.', ' ');
}

/** “Mon–Fri 08:00–17:00”. */
export function saySchedule({ days, from, to }: Schedule): string {
  const week = days.join(' ');
  const range = week === 'mon tue wed thu fri' ? 'Mon–Fri' : days.map(asWord).join(', ');
  return `${days.length === 7 ? 'Every day' : range} ${from}–${to}`;
}

export function sayEntry(entry: Partial<Definition['entry']> | undefined): string {
  const on = entry?.on ?? 'manual';
  if (on === 'manual') return 'Enrolled by hand';
  const [[what, name] = ['', '']] = Object.entries(on) as [string, string][];
  return `${asWord(what)} ${name}`;
}

function sayUntil(until: Record<string, never> | undefined): string {
  if (!until) return '–';
  const { day, at, field } = until;
  return day ? `${[day].flat().map(asWord).join(' or ')} ${at ?? '09:00'}` : (field ?? '–');
}

function sayTask(due: Duration | undefined, pause: string | undefined): string {
  const parts = [due && `due in ${sayLength(due)}`, pause === 'until-done' && 'holds until done'];
  return parts.filter(Boolean).join(', ') || 'no date';
}
