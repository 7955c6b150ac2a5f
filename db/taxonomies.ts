import { sql } from 'kysely';
import { leadSources } from '#domain/lead.ts';
import { Refusal } from '#domain/refusal.ts';
import { firstTags, firstTerms, type Tag, type Term } from '#domain/taxonomy.ts';
import { changed } from './changes.ts';
import { insertRows } from './rows.ts';
import type { Scope } from './scope.ts';

/** The words a new workspace begins with: tags, stages and company statuses. Done twice, it changes nothing. */
export async function seedWorkspace(scope: Scope): Promise<void> {
  const { workspaceId } = scope;
  const tags = firstTags.map((tag) => ({ workspaceId, ...tag }));
  await insertRows(scope, 'tags', tags as never, ['slug']);
  const terms = firstTerms.map((term) => ({ workspaceId, ...term }));
  await insertRows(scope, 'taxonomyTerms', terms, ['slug']);
}

/** Every tag, dispositions first. */
export async function listTags({ db }: Scope): Promise<Tag[]> {
  const rows = await db
    .selectFrom('tags')
    .select(['slug', 'label', 'kind', 'actions', 'active', 'position'])
    .orderBy(sql`array_position(array['disposition', 'precall', 'custom', 'system'], kind)`)
    .orderBy('position')
    .orderBy('slug')
    .execute();
  return rows as unknown as Tag[];
}

export async function addTag(
  scope: Scope,
  tag: Pick<Tag, 'slug' | 'label'> & Partial<Tag>,
): Promise<Tag> {
  const row = { kind: 'custom', actions: [], active: true, position: 0, ...tag } as Tag;
  const { workspaceId } = scope;
  const made = await insertRows(scope, 'tags', [{ workspaceId, ...row }] as never, ['slug']);
  if (made.length === 0) throw taken('slug', `There is a tag “${tag.slug}” already.`);
  changed(scope, 'settings', 'leads');
  return row;
}

/** A tag that is not active stays where it is and can no longer be applied. */
export async function changeTag(
  scope: Scope,
  slug: string,
  { actions, ...change }: Partial<Omit<Tag, 'slug'>>,
): Promise<Tag> {
  const row = await scope.db
    .updateTable('tags')
    .set({ slug, ...change, ...(actions && { actions: JSON.stringify(actions) }) })
    .where('slug', '=', slug)
    .returning(['slug', 'label', 'kind', 'actions', 'active', 'position'])
    .executeTakeFirst();
  if (!row) throw new Refusal('not-found', 'There is no such tag.');
  changed(scope, 'settings', 'leads');
  return row as unknown as Tag;
}

/** The words of a list; built-in lead sources are there without a row. */
export async function listTerms({ db }: Scope, taxonomy: Term['taxonomy']): Promise<Term[]> {
  const rows = (await db
    .selectFrom('taxonomyTerms')
    .select(['taxonomy', 'slug', 'label', 'colour', 'position', 'archivedAt'])
    .where('taxonomy', '=', taxonomy)
    .orderBy('position')
    .orderBy('slug')
    .execute()) as Term[];
  return taxonomy === 'lead-source' ? [...builtInSources, ...rows] : rows;
}

export async function addTerm(
  scope: Scope,
  term: Pick<Term, 'taxonomy' | 'slug' | 'label'> & Partial<Term>,
): Promise<Term> {
  const row: Term = { colour: null, position: 0, archivedAt: null, ...term };
  const isBuiltIn =
    term.taxonomy === 'lead-source' && (leadSources as readonly string[]).includes(term.slug);
  const { workspaceId } = scope;
  const made = isBuiltIn
    ? []
    : await insertRows(scope, 'taxonomyTerms', [{ workspaceId, ...row }], ['slug']);
  if (made.length === 0) throw taken('slug', `There is “${term.slug}” already.`);
  changed(scope, 'settings', 'leads');
  return row;
}

/** Renames, moves, archives or brings back a word; leads that have it keep it. */
export async function changeTerm(
  scope: Scope,
  { taxonomy, slug }: Pick<Term, 'taxonomy' | 'slug'>,
  {
    archived,
    ...change
  }: Partial<Pick<Term, 'label' | 'colour' | 'position'>> & { archived?: boolean },
): Promise<Term> {
  const archivedAt = archived ? sql<string>`coalesce(archived_at, now())` : null;
  const row = await scope.db
    .updateTable('taxonomyTerms')
    .set({ slug, ...change, ...(archived === undefined ? {} : { archivedAt }) })
    .where('taxonomy', '=', taxonomy)
    .where('slug', '=', slug)
    .returning(['taxonomy', 'slug', 'label', 'colour', 'position', 'archivedAt'])
    .executeTakeFirst();
  if (!row) throw new Refusal('not-found', 'There is no such word in this list.');
  changed(scope, 'settings', 'leads');
  return row as Term;
}

const builtInSources: Term[] = leadSources.map((slug, position) => {
  const label = slug.charAt(0).toUpperCase() + slug.slice(1).replace('-', ' ');
  return { taxonomy: 'lead-source', slug, label, colour: null, position, archivedAt: null };
});

function taken(field: string, message: string): Refusal {
  return new Refusal('conflict', message, [{ field, message }]);
}
