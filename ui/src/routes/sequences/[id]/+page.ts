import { get, keep, type Page } from '#lib/api.ts';
import { members, tags } from '#lib/choices.ts';
import type { EnrolmentRow } from '#lib/run.ts';
import type { Kind, SequencePage } from '#lib/sequence.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, params, url, depends }) => {
  depends('api:sequences', 'api:enrolments');
  const view = url.searchParams.get('view') === 'runs' ? ('runs' as const) : ('flow' as const);
  const path = `/enrolments?sequence=${params.id}&limit=100`;
  const [sequence, kinds, templates, senders, people, words, runs] = await Promise.all([
    get<SequencePage>(fetch, `/sequences/${params.id}`),
    get<Page<Kind>>(fetch, '/step-kinds'),
    keep<Page<{ name: string; channel: string }>>(fetch, '/templates'),
    keep<Page<{ id: string; address: string }>>(fetch, '/senders'),
    members(fetch),
    tags(fetch),
    view === 'runs' ? keep<Page<EnrolmentRow>>(fetch, path) : undefined,
  ]);
  return {
    ...{ view, path, sequence, kinds: kinds.items, page: runs ?? {}, people, words },
    ...{ templates: templates.value?.items ?? [], senders: senders.value?.items ?? [] },
  };
};
