import type { Problem } from '#lib/api.ts';
import type { Member } from '#lib/choices.ts';
import { type Difference, type Values, valuesOf } from '#lib/conflict.ts';
import { asPhone } from '#lib/format.ts';
import { type LeadPage, type LeadStatus, statuses } from '#lib/lead.ts';
import { tell } from '#lib/toast.ts';
import { failed, saveLead } from './change.ts';

/** What can be changed of a person where it stands. */
export type ContactField = 'firstName' | 'lastName' | 'email' | 'phone';

interface Conflict {
  differences: Difference[];
  theirs: LeadPage;
  mine: Values;
  said: string;
}

/** The lead as it is shown and changed: at once, and put right by what the server answers. */
export function editOf(given: () => { lead: LeadPage; people: Member[] }) {
  let lead = $derived(given().lead);
  let conflict = $state.raw<Conflict>();

  /** Saves and says so, with a way back; what somebody else changed too is asked about. */
  async function save(
    seen: LeadPage,
    mine: Values,
    said: string,
    base = valuesOf(seen, Object.keys(mine)),
  ): Promise<Problem | undefined> {
    const saved = await saveLead(seen, mine, base);
    if (seen.id !== given().lead.id) return undefined;
    if ('problem' in saved) {
      lead = given().lead;
      return saved.problem;
    }
    if ('lead' in saved) {
      lead = saved.lead;
      // As it was stored, which may be written otherwise than it was typed.
      const stored = valuesOf(saved.lead, Object.keys(mine));
      tell(said, async () => warnOf(await save(lead, base, 'Put back', stored)));
      return undefined;
    }
    lead = saved.theirs;
    conflict = { ...saved, mine, said };
    return undefined;
  }

  async function setStatus(status: LeadStatus, also: Values = {}) {
    if (status === lead.status) return;
    const seen = lead;
    lead = { ...lead, status };
    const said = `Status is ${statuses[status].label.toLowerCase()}`;
    warnOf(await save(seen, { status, ...also }, said));
  }

  async function setOwner(ownerId: string, name: string) {
    const seen = lead;
    lead = { ...lead, ownerId, owner: { id: ownerId, name } };
    warnOf(await save(seen, { ownerId }, `Assigned to ${name}`));
  }

  function setContact(field: ContactField, next: string | null, base: string | null) {
    const key = `contact.${field}`;
    return save(lead, { [key]: next }, 'Contact changed', { [key]: base });
  }

  /** Saves what a person has chosen of both. */
  async function settle(kept: Values) {
    if (!conflict) return;
    const { theirs, mine, said } = conflict;
    conflict = undefined;
    warnOf(await save(theirs, { ...mine, ...kept }, said));
  }

  function inWords(value: unknown, field: string): string {
    if (field === 'status') return statuses[value as LeadStatus].label;
    if (field === 'contact.phone') return asPhone(String(value));
    const owner = field === 'ownerId' && given().people.find(({ userId }) => userId === value);
    return owner ? owner.name : String(value);
  }

  return {
    get lead() {
      return lead;
    },
    /** What both changed at once, until somebody has chosen. */
    get conflict() {
      return conflict;
    },
    ...{ setStatus, setOwner, setContact, settle, inWords },
    leave: () => void (conflict = undefined),
  };
}

function warnOf(problem: Problem | undefined): void {
  if (problem) failed(problem);
}
