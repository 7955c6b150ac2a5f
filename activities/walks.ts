import type { Scope } from '#db/scope.ts';
import { inWorkspace } from '#db/scope.ts';
import { factsOf, whereaboutsOf } from '#db/facts.ts';
import { decide, decisionOf } from '#db/decisions.ts';
import { doubtsOf } from '#db/settling.ts';
import { beginWalk, endWalk, findWalk, noteRest, type Walk } from '#db/walks.ts';
import { type Condition, weigh } from '#domain/condition.ts';
import type { StepOfWalk } from '#domain/touch.ts';
import { outlineOf } from '#sequences/plan.ts';
import { holidaysIn, zoneIn } from '#sequences/rehearse.ts';
import { restOf } from '#sequences/rest.ts';
import type { EnrolmentKey, HeardOutcome, Rest, WalkActivities } from '#sequences/walk.ts';
import { returnOf } from './checks.ts';
import type { Deps } from './deps.ts';
import { settleAll } from './doubts.ts';
import { personOf } from './person.ts';

/** What a walk asks between its touches: quick looks at our own database. */
export function walkActivities(deps: Deps): Omit<WalkActivities, 'touch'> {
  function within<T>({ workspaceId }: { workspaceId: string }, work: (scope: Scope) => Promise<T>) {
    return inWorkspace(deps.db, { workspaceId, actor: 'engine' }, work);
  }
  return {
    async begin(who: EnrolmentKey) {
      const begun = await within(who, (scope) => beginWalk(scope, who.enrolmentId));
      // A history keeps what a walk needs and none of the words.
      return { ...begun, definition: { steps: outlineOf(begun.definition.steps) } };
    },

    choose: (at: StepOfWalk) => within(at, (scope) => choose(scope, at)),

    rest: (wait: Rest) =>
      within(wait, async (scope) => {
        const { until, because } = wait.exact ? wait : await reckon(scope, wait);
        await noteRest(scope, wait, { until, because, rule: 'wait', outcome: 'waited' });
        return { until };
      }),

    heard: (told: HeardOutcome) =>
      within(told, async (scope) => {
        const because =
          told.outcome === 'heard'
            ? `${told.event} was heard`
            : `${told.event} was not heard in time`;
        await decide(scope, told, { rule: 'wait-for', outcome: told.outcome, because, inputs: {} });
      }),

    async end({ ending, ...who }) {
      const doubts = await within(who, async (scope) => {
        await endWalk(scope, who.enrolmentId, ending);
        return doubtsOf(scope, who.enrolmentId);
      });
      await settleAll(deps, who.workspaceId, doubts);
    },
  };
}

async function reckon(scope: Scope, wait: Rest): Promise<{ until: string; because: string }> {
  const walk = await findWalk(scope, wait);
  // Who is gone has nothing to wait for; the next step ends the walk.
  if (!walk) return { until: wait.since, because: 'The lead was deleted.' };
  const { who, places } = whereaboutsOf(walk.person);
  const { schedule } = walk.definition;
  const zone = zoneIn(schedule.zone, who.zone, places);
  const isHoliday = holidaysIn(schedule.holidays, who, places);
  const facts = factsOf(personOf(walk));
  const reckoning = { zone, facts, ...(isHoliday && { isHoliday }) };
  const { until, because } = restOf(walk.step, wait.since, reckoning);
  const back = walk.step.kind === 'wait' ? returnOf(walk.person) : undefined;
  if (back && Date.parse(back) > Date.parse(until))
    return {
      until: back,
      because: `${wait.because}, and they are back on ${walk.person.contact.awayUntil}`,
    };
  return { until, because: `${wait.because}: ${because}` };
}

/** A branch is decided once; a condition that is waited for is weighed each time something happens. */
async function choose(scope: Scope, at: StepOfWalk): Promise<{ arm: string; because: string }> {
  const walk = await findWalk(scope, at);
  if (!walk) return { arm: 'else', because: 'The lead was deleted.' };
  const before = walk.step.kind === 'branch' ? await decisionOf(scope, at, 'branch') : undefined;
  if (before) return { arm: before.outcome, because: before.because };
  const { holds, because: reasons } = weigh(conditionOf(walk), factsOf(personOf(walk)), at.since);
  const arm = holds ? 'then' : 'else';
  const because = reasons
    .map(
      ({ field, operator, value, fact }) =>
        `${field} ${operator.replaceAll('_', ' ')} ${JSON.stringify(value ?? null)}: it was ${JSON.stringify(fact ?? null)}`,
    )
    .join('; ');
  const rule = walk.step.kind === 'branch' ? 'branch' : 'wait-for';
  await decide(scope, at, { rule, outcome: arm, because, inputs: { reasons } });
  return { arm, because };
}

function conditionOf({ step }: Walk): Condition {
  return step['if'] as Condition;
}
