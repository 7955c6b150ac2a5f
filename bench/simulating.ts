import { parseDefinition } from '#sequences/definition.ts';
import { type Person, simulate } from '#sequences/simulate.ts';
import { asRate, perSecond, type Row } from './table.ts';

const PEOPLE = 10_000;
const steps = [
  { id: 'hello', kind: 'email', subject: 'Hello', body: 'Hi {{contact.firstName}}' },
  { id: 'rest', kind: 'wait', for: { days: 3 } },
  { id: 'more', kind: 'email', subject: 'More', body: 'Hi' },
  { id: 'pause', kind: 'wait', for: { days: 4 } },
  { id: 'last', kind: 'email', subject: 'Last', body: 'Bye' },
];

/** Ten thousand people walk three touches and two waits on the virtual clock. */
export async function measure(): Promise<Row[]> {
  const read = parseDefinition({ name: 'Three touches', steps });
  if (!read.definition) throw new Error(JSON.stringify(read));
  const enrolledAt = '2026-01-05T09:00:00.000Z';
  const people: Person[] = Array.from({ length: PEOPLE }, (_, n) => ({ id: `p${n}`, enrolledAt }));
  let touches = 0;
  const began = performance.now();
  await simulate(people, read.definition.steps, {
    tell: false,
    touch(who, _step, since) {
      touches += 1;
      return { is: 'sent', touchId: who.id, at: since };
    },
    choose: () => ({ arm: 'else', because: '' }),
  });
  const rate = perSecond(PEOPLE, performance.now() - began);
  return [
    {
      what: 'simulation, people with 3 touches each',
      ours: asRate(rate, ' people/s'),
      must: '≥ 10,000/s',
      holds: rate >= 10_000 && touches === PEOPLE * 3,
    },
  ];
}
