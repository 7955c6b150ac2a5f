export const roles = ['owner', 'admin', 'manager', 'rep', 'viewer'] as const;
export type Role = (typeof roles)[number];

/** Who may do what. The same words are the scopes of an API token. */
export const permissions = {
  'leads:read': ['owner', 'admin', 'manager', 'rep', 'viewer'],
  'leads:write': ['owner', 'admin', 'manager', 'rep'],
  'imports:write': ['owner', 'admin', 'manager'],
  'sequences:read': ['owner', 'admin', 'manager', 'rep', 'viewer'],
  'sequences:write': ['owner', 'admin', 'manager'],
  'enrolments:write': ['owner', 'admin', 'manager', 'rep'],
  'messages:write': ['owner', 'admin', 'manager', 'rep'],
  'touches:read': ['owner', 'admin', 'manager', 'rep', 'viewer'],
  'sandbox:read': ['owner', 'admin', 'manager', 'rep', 'viewer'],
  'sandbox:write': ['owner', 'admin', 'manager', 'rep'],
  'deliveries:read': ['owner', 'admin', 'manager'],
  'deliveries:write': ['owner', 'admin'],
  'connections:write': ['owner', 'admin'],
  'tokens:write': ['owner', 'admin'],
  'members:read': ['owner', 'admin', 'manager', 'rep', 'viewer'],
  'members:write': ['owner', 'admin'],
  'workspace:read': ['owner', 'admin', 'manager', 'rep', 'viewer'],
  'workspace:write': ['owner', 'admin'],
  'notifications:write': ['owner', 'admin', 'manager'],
  'deals:read': ['owner', 'admin', 'manager', 'rep', 'viewer'],
  'deals:write': ['owner', 'admin', 'manager', 'rep'],
  'pipelines:write': ['owner', 'admin'],
  'risk:write': ['owner', 'admin', 'manager'],
  'forecasts:write': ['owner', 'admin', 'manager'],
  'schedules:read': ['owner', 'admin'],
  'schedules:write': ['owner', 'admin'],
  'rules:read': ['owner', 'admin', 'manager', 'rep', 'viewer'],
  'rules:write': ['owner', 'admin', 'manager'],
  'analyses:read': ['owner', 'admin', 'manager', 'rep', 'viewer'],
  'analyses:write': ['owner', 'admin', 'manager', 'rep'],
  'reviews:read': ['owner', 'admin', 'manager', 'rep', 'viewer'],
  'reviews:write': ['owner', 'admin', 'manager'],
  'products:write': ['owner', 'admin', 'manager'],
  'products:read': ['owner', 'admin', 'manager', 'rep', 'viewer'],
  'customers:read': ['owner', 'admin', 'manager', 'rep', 'viewer'],
  'customers:write': ['owner', 'admin', 'manager'],
  'orders:read': ['owner', 'admin', 'manager', 'rep', 'viewer'],
  'orders:write': ['owner', 'admin', 'manager'],
} as const satisfies Record<string, readonly Role[]>;

export type Permission = keyof typeof permissions;

/** What a token can be given: what a system may do for a workspace, and nothing about people or tokens. */
export const tokenScopes = [
  'products:read',
  'leads:read',
  'leads:write',
  'customers:read',
  'customers:write',
  'orders:read',
  'orders:write',
  'sequences:read',
  'sequences:write',
  'enrolments:write',
] as const satisfies readonly Permission[];

export function mayDo(role: Role, permission: Permission): boolean {
  return (permissions[permission] as readonly Role[]).includes(role);
}
