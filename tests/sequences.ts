import type { Kysely } from 'kysely';
import type { Deps } from '#activities/deps.ts';
import { enrol } from '#db/entering.ts';
import { receiveLeads } from '#db/leads.ts';
import type { DB } from '#db/schema.ts';
import type { Scope } from '#db/scope.ts';
import { saveSender } from '#db/senders.ts';
import { createSequence, publishSequence } from '#db/sequences.ts';
import { diskBlobs } from '#integrations/blobs/disk.ts';
import { createOutbound } from '#integrations/http.ts';
import { parseDefinition } from '#sequences/definition.ts';

/** A schedule that is always open, so that a test does not depend on the day it runs on. */
export const always = {
  ...{ days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '00:00', to: '24:00' },
  ...{ zone: 'UTC', holidays: 'none' },
};

export const mail = {
  ...{
    id: 'first',
    kind: 'email',
    subject: 'Hi {{contact.firstName}}',
    body: 'Is {{company.name}} well?',
  },
};

/** What activities are given in a test: this database, the sandbox, and a key that is no secret. */
export function depsFor(db: Kysely<DB>, changes: Partial<Deps> = {}): Deps {
  return {
    ...{ db, encryptionKey: Buffer.alloc(32, 7), publicBaseUrl: 'http://throughline.example' },
    ...{ sandbox: true, outbound: createOutbound({ allow: ['127.0.0.1'] }) },
    blobs: diskBlobs('/tmp'),
    now: () => new Date().toISOString(),
    ...changes,
  };
}

/** A published sequence that anybody may enter, and a mailbox and a number to send it from. */
export async function published(
  scope: Scope,
  steps: object[],
  more: object = {},
): Promise<{ sequenceId: string }> {
  await saveSender(scope, { channel: 'email', address: 'sam@ours.example', name: 'Sam Reyes' });
  await saveSender(scope, { channel: 'sms', address: '+12125550199', name: 'Sam' });
  const parsed = parseDefinition({ name: 'A sequence', schedule: always, steps, ...more });
  if (parsed.faults) throw new Error(JSON.stringify(parsed.faults));
  const { id } = await createSequence(scope, parsed.definition);
  await publishSequence(scope, id, parsed.definition);
  return { sequenceId: id };
}

/** Made-up people who have just entered it. */
export async function entered(scope: Scope, sequenceId: string, count = 1) {
  const people = Array.from({ length: count }, (_, index) => ({
    ...{
      email: `ada${index}-${crypto.randomUUID().slice(0, 8)}@roadrunner.example`,
      firstName: 'Ada',
    },
    ...{ company: 'Roadrunner Freight', lastName: `Park ${index}` },
  }));
  const leads = await receiveLeads(scope, people, { source: 'manual' });
  const leadIds = leads.map((lead) => ('leadId' in lead ? lead.leadId : ''));
  const items = await enrol(scope, { sequenceId, leadIds, enteredBy: 'rep' });
  return items.map(({ leadId, enrolmentId, refused }, index) => {
    if (!enrolmentId) throw new Error(refused);
    return { leadId, enrolmentId, email: people[index]!.email };
  });
}
