import type { Filter } from '#lib/components/FilterChip.svelte';
import { asWord } from '#lib/format.ts';
import { columns } from '#lib/touch.ts';
import { touchStates } from '#lib/why.ts';

interface Known {
  sequences: { id: string; label: string }[];
  reasons: { reason: string }[];
  set: { lead?: string; enrolment?: string };
}

/** What the ledger can be filtered by; one lead and one run only when a link came with them. */
export function filtersOf({ sequences, reasons, set }: Known, leadName: string): Filter[] {
  const words = [...new Set(reasons.map(({ reason }) => reason))];
  return [
    { field: 'state', label: 'State', choices: states },
    { field: 'sequence', label: 'Sequence', choices: sequences },
    { field: 'channel', label: 'Channel', choices: channels },
    {
      ...{ field: 'reason', label: 'Reason' },
      choices: words.map((id) => ({ id, label: asWord(id) })),
    },
    ...(set.lead ? [only('lead', 'Lead', set.lead, leadName)] : []),
    ...(set.enrolment ? [only('enrolment', 'Enrolment', set.enrolment, 'one run')] : []),
  ];
}

const states = [
  ...columns.map(({ id, label }) => ({ id: id as string, label, group: 'The balance' })),
  ...Object.entries(touchStates)
    .filter(([id]) => !columns.some((column) => column.id === id))
    .map(([id, { label }]) => ({ id, label, group: 'Exactly' })),
];

const channels = [
  { id: 'email', label: 'Email' },
  { id: 'sms', label: 'SMS' },
];

function only(field: string, label: string, id: string, name: string): Filter {
  return { field, label, choices: [{ id, label: name }] };
}
