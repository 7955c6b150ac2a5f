import { z } from 'zod';
import { enrol } from '#db/entering.ts';
import type { Scope } from '#db/scope.ts';
import {
  archiveSequence,
  createSequence,
  getSequence,
  listSequences,
  listVersions,
  pauseSequence,
  peopleAtSteps,
  publishSequence,
  saveDraft,
} from '#db/sequences.ts';
import { findStep } from '#db/walks.ts';
import { pageOf } from '#domain/page.ts';
import { Refusal } from '#domain/refusal.ts';
import type { Step } from '#domain/sequence.ts';
import { stepKinds } from '#sequences/catalogue.ts';
import { previewOf } from './preview.ts';
import { route } from './route.ts';
import { lintHere, ready, templatesOf, written } from './sequence-lint.ts';

const One = z.object({ id: z.uuid() });
/** A draft may be half done: only its name is asked for. */
const Draft = z.looseObject({ name: z.string().trim().min(1).max(200) });

const Problem = z.object({
  severity: z.enum(['error', 'warning']),
  code: z.string(),
  message: z.string(),
  field: z.string(),
  stepId: z.string().optional(),
});

const Sequence = z.object({
  id: z.uuid(),
  name: z.string(),
  class: z.string(),
  draftRev: z.int(),
  liveVersion: z.int().nullable(),
  pausedAt: z.iso.datetime().nullable(),
  archivedAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
  /** How many people are in it, by their status; and how many it stopped or paused for because they answered. */
  people: z.record(z.string(), z.int()).optional(),
  replied: z.int().optional(),
});
const SequencePage = Sequence.extend({
  draft: z.unknown(),
  definition: z.unknown(),
  atSteps: z.record(z.string(), z.int()),
  versions: z.array(
    z.object({ number: z.int(), publishedAt: z.iso.datetime(), publishedBy: z.string() }),
  ),
});
const Entered = z.object({
  items: z.array(
    z.object({
      leadId: z.uuid(),
      enrolmentId: z.uuid().optional(),
      refused: z.string().optional(),
    }),
  ),
});

const summaries = {
  pause: 'Let nobody new in; who is inside walks on',
  resume: 'Let people in again',
  archive: 'Put a sequence away; who is inside walks on',
};

export const sequenceRoutes = [
  route('get', '/step-kinds', {
    summary: 'Every kind of step, with the schema its form is drawn from',
    needs: 'sequences:read',
    reply: pageOf(z.looseObject({ kind: z.string(), title: z.string() })),
    run: () => Promise.resolve({ items: stepKinds(), next: null }),
  }),

  route('get', '/sequences', {
    summary: 'List sequences, with how many people stand where',
    needs: 'sequences:read',
    reply: pageOf(Sequence),
    run: async (_given, scope) => ({ items: await listSequences(scope), next: null }),
  }),

  route('post', '/sequences', {
    summary: 'Begin a sequence: a draft that nobody walks yet',
    needs: 'sequences:write',
    body: z.object({ definition: Draft }),
    reply: One,
    status: () => 201,
    run: ({ body }, scope) => createSequence(scope, body.definition),
  }),

  route('get', '/sequences/:id', {
    summary: 'A sequence with its draft, its versions, and who stands at which step',
    needs: 'sequences:read',
    params: One,
    reply: SequencePage,
    run: ({ params }, scope) => show(scope, params.id),
  }),

  route('put', '/sequences/:id/draft', {
    summary: 'Save the draft, unless somebody else saved another since `rev`',
    needs: 'sequences:write',
    params: One,
    body: z.object({ definition: Draft, rev: z.int().optional() }),
    reply: z.object({ draftRev: z.int() }),
    run: ({ params, body }, scope) => saveDraft(scope, params.id, body.definition, body.rev),
  }),

  route('post', '/sequences/:id/lint', {
    summary: 'Every problem of the draft, or of the definition that is given, with its step',
    needs: 'sequences:read',
    params: One,
    body: z.object({ definition: z.unknown() }).partial().default({}),
    reply: z.object({ problems: z.array(Problem) }),
    async run({ params, body }, scope) {
      const { draft } = await getSequence(scope, params.id);
      return { problems: await lintHere(scope, body.definition ?? draft) };
    },
  }),

  route('post', '/sequences/:id/publish', {
    summary: 'Make the draft the next version, which never changes; who is inside stays on theirs',
    needs: 'sequences:write',
    params: One,
    reply: z.object({ version: z.int(), versionId: z.uuid() }),
    async run({ params }, scope) {
      const { draft } = await getSequence(scope, params.id, true);
      return publishSequence(scope, params.id, await ready(scope, draft));
    },
  }),

  route('post', '/sequences/:id/preview', {
    summary: 'What a step would say to a lead, without sending it, or the variable that is missing',
    needs: 'sequences:read',
    params: One,
    body: z.object({
      stepId: z.string().max(60),
      leadId: z.uuid().optional(),
      definition: Draft.optional(),
    }),
    reply: z.object({
      channel: z.enum(['email', 'sms']),
      from: z.string().nullable(),
      to: z.string().nullable(),
      subject: z.string().optional(),
      text: z.string().optional(),
      html: z.string().optional(),
      segments: z.int().optional(),
      missing: z.string().optional(),
      broken: z.string().optional(),
    }),
    async run({ params, body: { stepId, leadId, definition } }, scope) {
      const draft = (definition ?? (await getSequence(scope, params.id)).draft) as unknown as {
        name: string;
        from?: string | string[];
        steps?: Step[];
      };
      const step = findStep(draft.steps ?? [], stepId);
      if (!step) throw new Refusal('not-found', 'There is no such step.');
      const [full] = written([step], await templatesOf(scope));
      const from = draft.from ?? 'owner';
      return previewOf(scope, { name: draft.name, from }, full!, leadId);
    },
  }),

  route('post', '/sequences/:id/enrolments', {
    summary: 'Let leads in, at most 500 at once; each says what became of it',
    needs: 'enrolments:write',
    params: One,
    body: z.object({ leadIds: z.array(z.uuid()).min(1).max(5000) }),
    reply: Entered,
    status: () => 202,
    async run({ params, body }, scope) {
      const who = { sequenceId: params.id, leadIds: body.leadIds, enteredBy: scope.actor };
      return { items: await enrol(scope, who) };
    },
  }),

  ...(['pause', 'resume', 'archive'] as const).map((verb) =>
    route('post', `/sequences/:id/${verb}`, {
      summary: summaries[verb],
      needs: 'sequences:write',
      params: One,
      reply: SequencePage,
      async run({ params }, scope) {
        if (verb === 'archive') await archiveSequence(scope, params.id);
        else await pauseSequence(scope, params.id, verb === 'pause');
        return show(scope, params.id);
      },
    }),
  ),
];

async function show(scope: Scope, id: string) {
  const { liveId, ...sequence } = await getSequence(scope, id);
  const versions = await listVersions(scope, id);
  const live = versions.find((version) => version.id === liveId);
  return {
    ...{ ...sequence, definition: live?.definition ?? null },
    atSteps: await peopleAtSteps(scope, id),
    versions: versions.map(({ number, publishedAt, publishedBy }) => ({
      ...{ number, publishedAt, publishedBy },
    })),
  };
}
