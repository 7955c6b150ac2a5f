import { Definition } from '#domain/sequence.ts';

const always = {
  days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
  ...{ from: '00:00', to: '24:00', zone: 'workspace', holidays: 'none' },
};

function email(id: string, subject: string, body: string, thread: 'new' | 'first' = 'new') {
  return { id, kind: 'email', subject, body, thread, unsubscribe: true };
}

/** Three sequences as people write them, with every setting of their steps filled in. */
export const demoSequences: Definition[] = [
  Definition.parse({
    name: 'Welcome, new lead',
    class: 'precall',
    description: 'Answers a new lead at once, at any hour, and follows up until they answer.',
    entry: { on: { event: 'lead.received' } },
    exits: ['meeting', 'converted'],
    schedule: always,
    steps: [
      email(
        'hello',
        '{{company.name | default: "Your fleet"}} and Northgate',
        'Hi {{contact.firstName | default: "there"}},\n\nthanks for getting in touch. What would you like to know first: prices, how it is installed, or who near you uses it?\n\n{{sender.firstName}}',
      ),
      { id: 'two-days', kind: 'wait', for: { businessDays: 2 } },
      {
        id: 'can-text',
        kind: 'branch',
        if: { field: 'contact.smsEligible', operator: 'equals', value: true },
        then: [
          {
            id: 'nudge',
            kind: 'sms',
            text: 'Hi {{contact.firstName | default: "there"}}, did my mail reach you? Happy to call.',
          },
        ],
        else: [
          {
            ...{ id: 'ring', kind: 'call', title: 'Call {{lead.name}}', to: 'owner' },
            ...{ due: { hours: 4 }, pause: 'no' },
          },
        ],
      },
      { id: 'three-days', kind: 'wait', for: { days: 3 } },
      email(
        'break-up',
        'Shall I close your file?',
        'Hi {{contact.firstName | default: "there"}},\n\nI have not heard from you, so this is my last mail. One word is enough if you would like to go on.\n\n{{sender.firstName}}',
        'first',
      ),
    ],
  }),
  Definition.parse({
    name: 'No answer, three touches',
    class: 'disposition',
    description: 'After a call that nobody took.',
    entry: {
      on: { tag: 'no-answer' },
      guard: { field: 'lead.status', operator: 'in', value: ['new', 'contacted'] },
    },
    exits: ['meeting', 'converted'],
    steps: [
      email(
        'missed',
        'Sorry I missed you',
        'Hi {{contact.firstName}},\n\nI just tried to call. When would suit you tomorrow?\n\n{{sender.firstName}}',
      ),
      { id: 'day', kind: 'wait', for: { businessDays: 1 } },
      {
        ...{ id: 'again', kind: 'call', title: 'Call {{contact.firstName}} again', to: 'owner' },
        ...{ due: { hours: 4 }, pause: 'no' },
      },
      { id: 'rest', kind: 'wait', for: { businessDays: 2 } },
      email(
        'last',
        'One last try',
        'Hi {{contact.firstName}},\n\nstill interested?\n\n{{sender.firstName}}',
        'first',
      ),
    ],
  }),
  Definition.parse({
    name: 'Fleet check-in',
    class: 'nurture',
    description: 'Every few weeks, with the size of their fleet.',
    schedule: always,
    steps: [
      email(
        'check-in',
        'Your {{lead.fields.fleet}} vehicles',
        'Hi {{contact.firstName}},\n\nwith {{lead.fields.fleet}} vehicles the dual camera pays for itself in about five months. Shall I send the sums?\n\n{{sender.firstName}}',
      ),
      { id: 'weeks', kind: 'wait', for: { days: 21 } },
      email(
        'story',
        'How a firm of your size did it',
        'Hi {{contact.firstName}},\n\na short story.\n\n{{sender.firstName}}',
        'first',
      ),
    ],
  }),
];
