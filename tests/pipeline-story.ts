import type { House } from './house.ts';

interface Story {
  workspaceId: string;
  /** The deals that are open, by their names. */
  open: Record<string, string>;
}

/** The pipeline of the demo workspace. */
export async function tellPipeline({ db }: Pick<House, 'db'>): Promise<Story> {
  const { id: workspaceId } = await db
    .selectFrom('workspaces')
    .select('id')
    .where('demo', '=', true)
    .executeTakeFirstOrThrow();
  const deals = await db
    .selectFrom('deals')
    .select(['id', 'name'])
    .where('workspaceId', '=', workspaceId)
    .where('status', '=', 'open')
    .execute();
  return { workspaceId, open: Object.fromEntries(deals.map(({ id, name }) => [name, id])) };
}
