import type { Stage } from '#domain/pipeline.ts';
import { Refusal } from '#domain/refusal.ts';
import { type DealRow, noteActivities } from './deal-story.ts';
import { enrol } from './entering.ts';
import { tryOut } from './race.ts';
import type { Scope } from './scope.ts';
import { stopEnrolments } from './standing.ts';

/** What a stage does to the lead of a deal that enters it: it begins sequences, or ends them. */
export async function actOnEntry(scope: Scope, deal: DealRow, to: Stage): Promise<void> {
  if (to.actions.length === 0) return;
  const leadId = await leadOfDeal(scope, deal.id);
  if (!leadId) return;
  for (const action of to.actions) {
    if (action.do === 'enrol') await begin(scope, deal, { leadId, ...action });
    else await end(scope, deal, { leadId, to, ...action });
  }
}

/** The lead that a deal came from, or the newest of its contact. */
export async function leadOfDeal({ db }: Scope, dealId: string): Promise<string | undefined> {
  const deal = await db
    .selectFrom('deals')
    .select(['leadId', 'contactId'])
    .where('id', '=', dealId)
    .executeTakeFirst();
  if (deal?.leadId) return deal.leadId;
  if (!deal?.contactId) return undefined;
  const lead = await db
    .selectFrom('leads')
    .select('id')
    .where('contactId', '=', deal.contactId)
    .where('deletedAt', 'is', null)
    .orderBy('isOpen', 'desc')
    .orderBy('id', 'desc')
    .executeTakeFirst();
  return lead?.id;
}

/** A sequence that will not have them must not keep the deal where it was; it is told. */
async function begin(
  scope: Scope,
  deal: DealRow,
  { leadId, sequenceId }: { leadId: string; sequenceId: string },
): Promise<void> {
  const tried = await tryOut(scope, () =>
    enrol(scope, { sequenceId, leadIds: [leadId], enteredBy: `deal:${deal.id}` }),
  );
  if (tried.is === 'undone' && !(tried.error instanceof Refusal)) throw tried.error;
  const refused = tried.is === 'done' ? tried.result[0]?.refused : (tried.error as Refusal).message;
  if (!refused) return;
  const title = 'The sequence of this stage did not begin';
  await noteActivities(scope, [{ deal, kind: 'system', title, body: refused }]);
}

async function end(
  scope: Scope,
  deal: DealRow,
  { leadId, to, sequenceId }: { leadId: string; to: Stage; sequenceId?: string },
): Promise<void> {
  const reason = to.kind === 'lost' ? 'lost' : to.kind === 'won' ? 'converted' : 'goal';
  const because = `the deal entered ${to.name}`;
  const open = await scope.db
    .selectFrom('enrolments')
    .select('id')
    .where('leadId', '=', leadId)
    .where('status', 'in', ['active', 'paused', 'blocked'])
    .$if(sequenceId !== undefined, (all) => all.where('sequenceId', '=', sequenceId!))
    .execute();
  for (const { id: enrolmentId } of open) {
    const eventId = `deal:${deal.id}:${to.id}:${deal.updatedAt}`;
    await stopEnrolments(scope, { enrolmentId }, { reason, because, eventId });
  }
}
