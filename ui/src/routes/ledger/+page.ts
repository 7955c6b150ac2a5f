import { chosenIn } from '#lib/address.ts';
import { keep, type Page, queryOf } from '#lib/api.ts';
import { members } from '#lib/choices.ts';
import { namer } from '#lib/people.ts';
import type { Balance, ReasonCount, Touch } from '#lib/touch.ts';
import type { PageLoad } from './$types';

const fields = ['state', 'sequence', 'channel', 'reason', 'lead', 'enrolment'] as const;

export const load: PageLoad = async ({ fetch, url, depends }) => {
  depends('api:touches');
  const set = chosenIn(url, fields);
  const path = `/touches${queryOf({ ...set, limit: 100 })}`;
  const rest = { ...set, state: undefined };
  const [page, balance, reasons, sequences, people] = await Promise.all([
    keep<Page<Touch>>(fetch, path),
    keep<Balance>(fetch, `/touches/balance${queryOf(rest)}`),
    keep<Page<ReasonCount>>(fetch, `/touches/reasons${queryOf({ ...rest, reason: undefined })}`),
    keep<Page<{ id: string; name: string }>>(fetch, '/sequences?limit=100'),
    members(fetch),
  ]);
  return {
    ...{ set, path, page, balance: balance.value, checked: balance.asOf },
    named: namer(people),
    reasons: reasons.value?.items,
    sequences: (sequences.value?.items ?? []).map(({ id, name }) => ({ id, label: name })),
  };
};
