import type { Tag } from '#domain/taxonomy.ts';
import { keep, type Page } from './api.ts';
import type { Choice } from './components/Choices.svelte';

export interface Member {
  userId: string;
  name: string;
  email: string;
  role: string;
}

export type { Tag } from '#domain/taxonomy.ts';

interface Sequence {
  id: string;
  name: string;
  class?: string;
  liveVersion?: number | null;
}

/** Whoever may be given a lead. */
export async function members(fetch: typeof globalThis.fetch): Promise<Member[]> {
  const { value } = await keep<Page<Member>>(fetch, '/members');
  return value?.items ?? [];
}

export async function tags(fetch: typeof globalThis.fetch): Promise<Tag[]> {
  const { value } = await keep<Page<Tag>>(fetch, '/tags');
  return value?.items ?? [];
}

/** Sequences that someone can be enrolled in: those with a published version. */
export async function sequenceChoices(): Promise<Choice[]> {
  const { value } = await keep<Page<Sequence>>(fetch, '/sequences?limit=100');
  return (value?.items ?? [])
    .filter(({ liveVersion }) => liveVersion)
    .map(({ id, name, liveVersion }) => ({ id, label: name, detail: `version ${liveVersion}` }));
}

export function memberChoices(list: Member[]): Choice[] {
  return list.map(({ userId, name, email }) => ({
    ...{ id: userId, label: name, detail: email },
    avatar: name,
  }));
}

export function tagChoices(list: Tag[]): Choice[] {
  return list.map(({ slug, label, kind }) => ({ id: slug, label, detail: kind }));
}

/** What a new tag is called by: `No answer!` is `no-answer`. */
export function slugOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}
