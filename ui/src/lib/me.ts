import { mayDo, type Permission, type Role } from '#domain/permissions.ts';

/** Who looks at this, as the API knows them. */
export interface Me {
  user: { id: string; name: string; email: string };
  workspace: { id: string; name: string; timezone: string; currency: string };
  role: Role;
}

/** Whether to show what needs a permission; the API refuses it all the same. */
export function may(me: Pick<Me, 'role'> | undefined, permission: Permission): boolean {
  return me !== undefined && mayDo(me.role, permission);
}
