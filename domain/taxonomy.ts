import { z } from 'zod';

export const TagKind = z.enum(['disposition', 'precall', 'custom', 'system']);

/** A word that can be put on a lead; putting it there may do something. */
export const Tag = z.object({
  slug: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'Small letters, digits and hyphens.'),
  label: z.string().trim().min(1).max(80),
  kind: TagKind,
  actions: z.array(
    z.enum(['pause_plusvibe', 'stop_plusvibe', 'cancel_precall_sequences', 'suppress']),
  ),
  active: z.boolean(),
  position: z.int(),
});
export type Tag = z.infer<typeof Tag>;
type TagAction = Tag['actions'][number];

export const taxonomies = ['lead-source', 'company-status', 'lead-stage'] as const;

/** One word of a list that a workspace may extend. */
export const Term = z.object({
  taxonomy: z.enum(taxonomies),
  slug: z.string().min(1).max(60),
  label: z.string().trim().min(1).max(80),
  colour: z.string().max(30).nullable(),
  position: z.int(),
  archivedAt: z.iso.datetime().nullable(),
});
export type Term = z.infer<typeof Term>;

/** The tags a new workspace begins with. */
export const firstTags: Tag[] = [
  ...tags('disposition', {
    interested: ['cancel_precall_sequences', 'pause_plusvibe'],
    callback: ['cancel_precall_sequences'],
    'no-answer': [],
    'left-voicemail': [],
    'not-now': ['cancel_precall_sequences', 'pause_plusvibe'],
    'not-interested': ['cancel_precall_sequences', 'stop_plusvibe'],
    'wrong-number': ['cancel_precall_sequences'],
    'do-not-contact': ['cancel_precall_sequences', 'stop_plusvibe', 'suppress'],
    'demo-booked': ['cancel_precall_sequences', 'stop_plusvibe'],
    'sent-quote': ['cancel_precall_sequences', 'pause_plusvibe'],
  }),
  ...tags('precall', { 'new-reply': [], 'needs-call': [], 'call-scheduled': [], researched: [] }),
];

/** The lists a new workspace begins with; built-in lead sources need no row. */
export const firstTerms: Term[] = [
  ...terms('company-status', {
    LEAD: 'grey',
    PROSPECT: 'blue',
    CUSTOMER: 'green',
    CHURNED: 'amber',
    PARTNER: 'violet',
    DO_NOT_CONTACT: 'red',
  }),
  ...terms('lead-stage', {
    NEW: 'grey',
    ENRICHED: 'grey',
    ATTEMPTING: 'blue',
    CONTACTED: 'blue',
    QUALIFIED: 'violet',
    DEMO_BOOKED: 'violet',
    PROPOSAL_SENT: 'amber',
    NEGOTIATION: 'amber',
    WON: 'green',
    LOST: 'red',
  }),
];

function tags(kind: Tag['kind'], actions: Record<string, TagAction[]>): Tag[] {
  return Object.entries(actions).map(([slug, actions], position) => {
    return { slug, label: labelled(slug), kind, actions, active: true, position };
  });
}

function terms(taxonomy: Term['taxonomy'], colours: Record<string, string>): Term[] {
  return Object.entries(colours).map(([slug, colour], position) => {
    return { taxonomy, slug, label: labelled(slug), colour, position, archivedAt: null };
  });
}

/** `DO_NOT_CONTACT` and `do-not-contact` read “Do not contact”. */
function labelled(slug: string): string {
  const words = slug.toLowerCase().replace(/[_-]/g, ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
