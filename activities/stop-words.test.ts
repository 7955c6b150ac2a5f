import { expect } from 'vitest';
import { receiveMessage } from '#db/replies.ts';
import { inWorkspace, type Scope } from '#db/scope.ts';
import { receiveLeads } from '#db/leads.ts';
import { enrol } from '#db/entering.ts';
import { test } from '#tests/db.ts';
import { depsFor, published } from '#tests/sequences.ts';
import { touchActivities } from './touches.ts';

/** How many people say STOP in the instant in which their text is due. */
const ROUNDS = 300;
const text = { id: 'first', kind: 'sms', text: 'Hi {{contact.firstName}}, is a call fine?' };
/** Noon in Chicago, when texts may go out. */
const noon = '2026-06-09T17:00:00.000Z';

function claimsOf({ db }: Scope, enrolmentId: string) {
  return db
    .selectFrom('touches')
    .select(['id', 'state'])
    .where('enrolmentId', '=', enrolmentId)
    .where('state', 'in', ['claimed', 'accepted'])
    .execute();
}

test(
  'STOP in the same instant as a due text: nothing is claimed after it and what was claimed before is named',
  { timeout: 120_000 },
  async ({ db, who, inside }) => {
    const { touch } = touchActivities(depsFor(db, { now: () => noon }));
    const people = await inside(async (scope) => {
      const { sequenceId } = await published(scope, [text]);
      const given = Array.from({ length: ROUNDS }, (_, index) => ({
        ...{ firstName: 'Ada', lastName: `Park ${index}` },
        phone: `+1${312 + (index % 3)}55501${String(Math.floor(index / 3)).padStart(2, '0')}`,
      }));
      const leads = await receiveLeads(scope, given, { source: 'manual' });
      const leadIds = leads.map((lead) => ('leadId' in lead ? lead.leadId : ''));
      await scope.db
        .updateTable('contacts')
        .set({ smsEligible: true, timeZone: 'America/Chicago' })
        .execute();
      const entered = await enrol(scope, { sequenceId, leadIds, enteredBy: 'rep' });
      return entered.map(({ enrolmentId }, index) => ({
        enrolmentId: enrolmentId!,
        phone: given[index]!.phone,
      }));
    });
    const seen = { sent: 0, left: 0 };

    async function race({ enrolmentId, phone }: (typeof people)[number]) {
      const stop = { channel: 'sms', kind: 'reply', provider: 'sandbox', text: 'STOP' } as const;
      const from = { from: phone, to: '+12125550199', at: noon, providerId: enrolmentId };
      const [answer, { claimed, there }] = await Promise.all([
        touch({ ...who, enrolmentId, stepId: 'first', visit: 0, since: noon }),
        inWorkspace(db, who, async (scope) => ({
          ...(await receiveMessage(scope, { ...stop, ...from })),
          there: await claimsOf(scope, enrolmentId),
        })),
      ]);
      const named = claimed.map(({ touchId }) => touchId);
      // What was claimed before may be accepted while the acknowledgement is written.
      const open = there.filter(({ state }) => state === 'claimed').map(({ id }) => id);
      expect(named).toEqual(expect.arrayContaining(open));
      expect(there.map(({ id }) => id)).toEqual(expect.arrayContaining(named));
      const later = await inside((scope) => claimsOf(scope, enrolmentId));
      expect(later.map(({ id }) => id)).toEqual(there.map(({ id }) => id));
      expect(answer.is).toBe(there.length > 0 ? 'sent' : 'left');
      seen[answer.is as 'sent' | 'left'] += 1;
    }

    for (let from = 0; from < ROUNDS; from += 10)
      await Promise.all(people.slice(from, from + 10).map(race));
    expect(seen.sent + seen.left).toBe(ROUNDS);
  },
);
