import { z } from 'zod';
import { Condition, type Facts, holds } from './condition.ts';

/** Somebody who may be given leads. */
export interface Candidate {
  userId: string;
  name: string;
  isOwner: boolean;
  /** How many open leads they can hold, and how many they hold. */
  capacity: number;
  open: number;
  awayUntil: string | null;
  skills: string[];
  lastAssignedAt: string | null;
}

/** A rule on place, industry or size: the first that fits decides who may have a lead and what they must know. */
export const TerritoryRule = z.object({
  name: z.string().trim().min(1).max(100),
  condition: Condition,
  /** Nobody named means everybody. */
  memberIds: z.array(z.string()).max(200),
  /** Skills a member must have for these leads. */
  needs: z.array(z.string().min(1).max(60)).max(20),
});
export type TerritoryRule = z.infer<typeof TerritoryRule>;

export interface Assigned {
  leadId: string;
  ownerId: string;
  because: string;
}

/**
 * Gives each lead an owner: the first territory that fits, then the skills it needs, then whose turn it is among
 * those who are in and have room; when nobody is, the workspace's owner. Who was given one stands last in line.
 * A lead's `facts` are as in sequences (`company.region`, `lead.icp` …). Nothing when there is no owner either.
 */
export function assignAll(
  leads: { leadId: string; facts: Facts }[],
  {
    candidates,
    territories,
    now,
  }: { candidates: Candidate[]; territories: TerritoryRule[]; now: string },
): Assigned[] {
  const line = candidates.toSorted(byTurn).map((one) => ({ ...one }));
  return leads.flatMap(({ leadId, facts }) => {
    const territory = territories.find(({ condition }) => holds(condition, facts, now));
    const choice = choose(line, territory, facts, now);
    if (!choice) return [];
    choice.member.open += 1;
    line.push(...line.splice(line.indexOf(choice.member), 1));
    return [{ leadId, ownerId: choice.member.userId, because: choice.because }];
  });
}

function choose(
  line: Candidate[],
  territory: TerritoryRule | undefined,
  facts: Facts,
  now: string,
): { member: Candidate; because: string } | undefined {
  const { name, memberIds = [], needs = [] } = territory ?? {};
  const inTerritory = line.filter(
    ({ userId }) => memberIds.length === 0 || memberIds.includes(userId),
  );
  const able = inTerritory.filter(({ skills }) => needs.every((need) => skills.includes(need)));
  const free = able.filter((one) => isIn(one, now) && hasRoom(one));
  const versed = free.filter(({ skills }) => skills.includes(String(facts['lead.icp'])));
  const pool = versed.length > 0 ? versed : free;
  const where = name ? `${name}, ` : '';
  const [member] = pool;
  if (member) {
    const knows = versed.length > 0 ? `, knows ${String(facts['lead.icp'])}` : '';
    const skilled = needs.length > 0 ? `, knows ${needs.join(' and ')}` : '';
    const because = `${where}round robin among ${pool.length}${skilled}${knows}, ${member.open + 1} of ${member.capacity} open leads`;
    return { member, because };
  }
  const owner = line.find(({ isOwner }) => isOwner);
  if (!owner) return undefined;
  const because = `${where}nobody ${why(inTerritory, able, now)}, so it goes to the owner`;
  return { member: owner, because };
}

function why(inTerritory: Candidate[], able: Candidate[], now: string): string {
  if (inTerritory.length === 0) return 'is in this territory';
  if (able.length === 0) return 'has the skills it needs';
  return able.some((one) => isIn(one, now)) ? 'has room' : 'is in';
}

function isIn({ awayUntil }: Candidate, now: string): boolean {
  return !awayUntil || Date.parse(awayUntil) <= Date.parse(now);
}

function hasRoom({ open, capacity }: Candidate): boolean {
  return open < capacity;
}

/** Who has waited longest comes first; who never had one before all others. */
function byTurn(one: Candidate, other: Candidate): number {
  const [a, b] = [one.lastAssignedAt ?? '', other.lastAssignedAt ?? ''];
  if (a !== b) return a < b ? -1 : 1;
  return one.userId < other.userId ? -1 : 1;
}
