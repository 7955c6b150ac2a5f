import { z } from 'zod';
import { majorOf } from './money.ts';

export const severities = ['critical', 'warning', 'info'] as const;

export const dealInsights = [
  ...(['stalled', 'high_value', 'closing_soon', 'long_cycle'] as const),
  ...(['engagement_drop', 'no_next_step'] as const),
] as const;
export const leadInsights = ['unassigned', 'never_called'] as const;
export type DealInsight = (typeof dealInsights)[number];
export type LeadInsight = (typeof leadInsights)[number];

/** What an insight can do when a person says so. */
export const InsightAction = z.discriminatedUnion('action_type', [
  z.object({
    action_type: z.literal('start_sequence'),
    action_payload: z.object({ leadId: z.uuid(), sequenceId: z.uuid() }),
  }),
  z.object({
    action_type: z.literal('create_task'),
    action_payload: z.object({
      ...{ dealId: z.uuid().nullable(), leadId: z.uuid().nullable() },
      kind: z.enum(['task', 'call', 'meeting', 'email']),
      title: z.string().trim().min(1).max(300),
      dueAt: z.iso.datetime(),
      assigneeId: z.string().nullable(),
    }),
  }),
  z.object({
    action_type: z.literal('assign'),
    /** Without an owner they are given out by territory, skills and turn. */
    action_payload: z.object({
      leadIds: z.array(z.uuid()).min(1).max(500),
      ownerId: z.string().nullable(),
    }),
  }),
]);
export type InsightAction = z.infer<typeof InsightAction>;

/** Something worth a word, with one thing that can be done about it (RISK-13). */
export const Insight = z.intersection(
  z.object({
    /** `stalled:<deal id>`: the same thing has the same id as long as it lasts. */
    anomaly_id: z.string(),
    kind: z.enum([...dealInsights, ...leadInsights]),
    severity: z.enum(severities),
    title: z.string(),
    description: z.string(),
    affected_entities: z.array(
      z.object({ type: z.enum(['deal', 'lead']), id: z.uuid(), name: z.string() }),
    ),
    platforms: z.array(z.string()),
    recommendation: z.string(),
  }),
  InsightAction,
);
export type Insight = z.infer<typeof Insight>;

/** Which of them are wanted; without any wish all. */
export const InsightFilter = z.object({
  severity: z.enum(severities).optional(),
  kind: z.enum([...dealInsights, ...leadInsights]).optional(),
  source: z.string().max(100).optional(),
});
export type InsightFilter = z.infer<typeof InsightFilter>;

/** What is known of a deal that is worth a word. Days are whole days of 24 hours. */
export interface DealFacts {
  id: string;
  name: string;
  amountCents: number;
  probability: number | null;
  stage: string;
  source: string;
  ownerId: string | null;
  leadId: string | null;
  idleDays: number;
  daysInStage: number;
  /** From today in the workspace's calendar; 0 is today. */
  closesInDays: number | null;
  recent: number;
  before: number;
}

/** Leads of one source that wait for the same. */
export interface LeadFacts {
  source: string;
  count: number;
  oldestDays: number;
  leads: { id: string; name: string }[];
}

interface Around {
  severity: Insight['severity'];
  currency: string;
  now: string;
  /** The sequence that follows up, if the workspace chose one. */
  followUp: string | null;
}

const DAY = 24 * 60 * 60 * 1000;

/** Says one thing about a deal: `Deal 'X' stalled for 15 days`. */
export function insightOfDeal(kind: DealInsight, deal: DealFacts, around: Around): Insight {
  const { title, description, recommendation, task } = saidOf(kind, deal, around.currency);
  return {
    ...{ anomaly_id: `${kind}:${deal.id}`, kind, severity: around.severity, title },
    description,
    affected_entities: [{ type: 'deal', id: deal.id, name: deal.name }],
    ...{ platforms: [deal.source], recommendation },
    ...actionFor(kind, deal, around, task),
  };
}

/** Says one thing about the leads of a source: `11 leads from google-ads were never called`. */
export function insightOfLeads(kind: LeadInsight, facts: LeadFacts, around: Around): Insight {
  const { source, count, oldestDays, leads } = facts;
  const many = `${count} ${count === 1 ? 'lead' : 'leads'} from ${source}`;
  const said =
    kind === 'unassigned'
      ? { what: `${many} ${count === 1 ? 'has' : 'have'} no owner`, then: 'Give them an owner.' }
      : {
          what: `${many} ${count === 1 ? 'was' : 'were'} never called`,
          then: 'Give them to somebody who calls them today.',
        };
  return {
    ...{ anomaly_id: `${kind}:${source}`, kind, severity: around.severity, title: said.what },
    description: `The oldest waits since ${days(oldestDays)}.`,
    affected_entities: leads.map(({ id, name }) => ({ type: 'lead' as const, id, name })),
    ...{ platforms: [source], recommendation: said.then, action_type: 'assign' },
    action_payload: { leadIds: leads.map(({ id }) => id), ownerId: null },
  };
}

interface Saying {
  title: string;
  description: string;
  recommendation: string;
  task: { kind: 'task' | 'call' | 'meeting'; title: string };
}

function saidOf(kind: DealInsight, deal: DealFacts, currency: string): Saying {
  const { name, stage, idleDays, daysInStage, closesInDays, probability } = deal;
  const worth = money(deal.amountCents, currency);
  const quiet = `quiet for ${days(idleDays)}`;
  switch (kind) {
    case 'stalled':
      return {
        title: `Deal '${name}' stalled for ${days(idleDays)}`,
        description: `${worth} in ${stage}, no activity for ${days(idleDays)}.`,
        recommendation: 'Follow up, or close it as lost.',
        task: { kind: 'call', title: `Follow up on ${name}` },
      };
    case 'high_value':
      return {
        title: `Deal '${name}' is large and unlikely`,
        description: `${worth} at ${probability}%, in ${stage} for ${days(daysInStage)}.`,
        recommendation: 'Find out what is in the way, and who can clear it.',
        task: { kind: 'meeting', title: `Review ${name}: what is in the way?` },
      };
    case 'closing_soon':
      return {
        title: `Deal '${name}' closes ${closesInDays === 0 ? 'today' : `in ${days(closesInDays ?? 0)}`}`,
        description: `${worth} in ${stage}, ${quiet}.`,
        recommendation: 'Call them, or put the date where it belongs.',
        task: { kind: 'call', title: `Call about ${name} before it closes` },
      };
    case 'long_cycle':
      return {
        title: `Deal '${name}' has been in ${stage} for ${days(daysInStage)}`,
        description: `${worth}, ${quiet}.`,
        recommendation: 'Agree on what takes it to the next stage.',
        task: { kind: 'meeting', title: `Agree on the next stage of ${name}` },
      };
    case 'engagement_drop':
      return {
        title: `Deal '${name}' hears less from us`,
        description: `${worth}: ${deal.recent} touchpoints of late, ${deal.before} in the time before.`,
        recommendation: 'Get back in touch.',
        task: { kind: 'call', title: `Get back in touch about ${name}` },
      };
    case 'no_next_step':
      return {
        title: `Deal '${name}' has no next step`,
        description: `${worth} in ${stage}, ${quiet}.`,
        recommendation: 'Say what is next, and when.',
        task: { kind: 'task', title: `Plan the next step of ${name}` },
      };
  }
}

/** Silence is answered by the sequence that follows up, where there is one; all else by somebody's task. */
function actionFor(
  kind: DealInsight,
  deal: DealFacts,
  { now, followUp }: Around,
  task: Saying['task'],
): InsightAction {
  const { id: dealId, leadId, ownerId: assigneeId } = deal;
  const isSilent = kind === 'stalled' || kind === 'engagement_drop' || kind === 'closing_soon';
  if (isSilent && followUp && leadId) {
    return { action_type: 'start_sequence', action_payload: { leadId, sequenceId: followUp } };
  }
  const dueAt = new Date(Date.parse(now) + DAY).toISOString();
  return {
    action_type: 'create_task',
    action_payload: { dealId, leadId, ...task, title: task.title.slice(0, 300), dueAt, assigneeId },
  };
}

function money(cents: number, currency: string): string {
  const style = { style: 'currency', currency, maximumFractionDigits: 0 } as const;
  return new Intl.NumberFormat('en-US', style).format(majorOf(cents, currency));
}

function days(count: number): string {
  return `${count} ${count === 1 ? 'day' : 'days'}`;
}
