import type { CompanyRow } from './company.ts';
import type { ContactRow } from './contact.ts';
import type { LeadRow } from './lead-page.ts';

type Cell = string | number | boolean | null;
type Columns<Row> = Record<string, (row: Row) => Cell>;

/** The columns of exported leads; the names are those that an import of ours recognises. */
export const leadColumns: Columns<LeadRow> = {
  id: ({ id }) => id,
  first_name: ({ contact }) => contact.firstName,
  last_name: ({ contact }) => contact.lastName,
  title: ({ contact }) => contact.title,
  email: ({ contact }) => contact.email,
  phone: ({ contact }) => contact.phone,
  company: ({ company }) => company?.name ?? null,
  industry: ({ company }) => company?.industry ?? null,
  status: ({ status }) => status,
  stage: ({ stage }) => stage,
  source: ({ source }) => source,
  campaign: ({ campaign }) => campaign,
  score: ({ score }) => score,
  owner: ({ owner, ownerId }) => owner?.name ?? ownerId,
  tags: ({ tags }) => tags.join(' '),
  next_action: ({ nextAction }) => nextAction,
  next_action_at: ({ nextActionAt }) => nextActionAt,
  do_not_contact: ({ contact }) => contact.doNotContact,
  last_activity_at: ({ lastActivityAt }) => lastActivityAt,
  created_at: ({ createdAt }) => createdAt,
  updated_at: ({ updatedAt }) => updatedAt,
};

/** Amounts are in major units of the workspace's currency. */
export const companyColumns: Columns<CompanyRow> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  domain: ({ domain }) => domain,
  website: ({ website }) => website,
  phone: ({ phone }) => phone,
  industry: ({ industry }) => industry,
  size: ({ size }) => size,
  status: ({ status }) => status,
  address: ({ line1 }) => line1,
  city: ({ city }) => city,
  state: ({ region }) => region,
  postal_code: ({ postalCode }) => postalCode,
  country: ({ country }) => country,
  linkedin: ({ linkedin }) => linkedin,
  owner: ({ owner, ownerId }) => owner?.name ?? ownerId,
  tags: ({ tags }) => tags.join(' '),
  contacts: ({ contactCount }) => contactCount,
  open_deals: ({ openDeals }) => openDeals,
  open_amount: ({ openCents }) => openCents / 100,
  lifetime_value: ({ lifetimeCents }) => lifetimeCents / 100,
  created_at: ({ createdAt }) => createdAt,
  updated_at: ({ updatedAt }) => updatedAt,
};

export const contactColumns: Columns<ContactRow> = {
  id: ({ id }) => id,
  first_name: ({ firstName }) => firstName,
  last_name: ({ lastName }) => lastName,
  title: ({ title }) => title,
  email: ({ email }) => email,
  phone: ({ phone }) => phone,
  company: ({ company }) => company?.name ?? null,
  linkedin: ({ linkedin }) => linkedin,
  city: ({ city }) => city,
  state: ({ region }) => region,
  country: ({ country }) => country,
  time_zone: ({ timeZone }) => timeZone,
  do_not_contact: ({ doNotContact }) => doNotContact,
  owner: ({ owner, ownerId }) => owner?.name ?? ownerId,
  tags: ({ tags }) => tags.join(' '),
  open_deals: ({ openDeals }) => openDeals,
  created_at: ({ createdAt }) => createdAt,
  updated_at: ({ updatedAt }) => updatedAt,
};
