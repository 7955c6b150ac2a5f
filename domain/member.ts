import { z } from 'zod';
import { roles } from './permissions.ts';

export const Role = z.enum(roles);

/** Someone who belongs to a workspace. */
export const Member = z.object({
  userId: z.string(),
  name: z.string(),
  email: z.string(),
  role: Role,
  capacity: z.int(),
  awayUntil: z.iso.datetime().nullable(),
  skills: z.array(z.string()),
  joinedAt: z.iso.datetime(),
});
export type Member = z.infer<typeof Member>;

export const MemberChange = z
  .object({
    role: Role,
    capacity: z.int().min(0).max(100_000),
    awayUntil: z.iso.datetime({ offset: true }).nullable(),
    skills: z.array(z.string().trim().min(1).max(50)).max(50),
  })
  .partial();
export type MemberChange = z.infer<typeof MemberChange>;

/** Nobody is invited as owner: an owner makes one of a member. */
export const InvitedRole = z.enum(['admin', 'manager', 'rep', 'viewer']);

export const Invitation = z.object({
  id: z.uuid(),
  email: z.string(),
  role: InvitedRole,
  invitedBy: z.string(),
  expiresAt: z.iso.datetime(),
  createdAt: z.iso.datetime(),
});
export type Invitation = z.infer<typeof Invitation>;

export const NewInvitation = z.object({
  email: z
    .email()
    .max(254)
    .transform((email) => email.toLowerCase()),
  role: InvitedRole.default('rep'),
});
export type NewInvitation = z.infer<typeof NewInvitation>;

/** An invitation as the person sees it who holds its link. */
export const OpenInvitation = z.object({
  workspace: z.string(),
  role: InvitedRole,
  email: z.string(),
  invitedBy: z.string().nullable(),
});
export type OpenInvitation = z.infer<typeof OpenInvitation>;
