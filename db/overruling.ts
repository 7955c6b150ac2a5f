import type { Scope } from './scope.ts';

/** Whether who acts may do what only a manager may. Systems that were let in by a manager may. */
export async function mayOverrule({ db, actor }: Scope): Promise<boolean> {
  const member = await db
    .selectFrom('members')
    .select('role')
    .where('userId', '=', actor)
    .executeTakeFirst();
  return !member || ['owner', 'admin', 'manager'].includes(member.role);
}
