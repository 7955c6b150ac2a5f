import { createHash } from 'node:crypto';
import { z } from 'zod';
import { LeadInput } from '#domain/lead.ts';
import { Refusal } from '#domain/refusal.ts';
import { defineIntegration, type Happening } from '#integrations/integration.ts';
import { textAt, valueAt } from './mapping.ts';
import { verifySignature } from './signature.ts';

const Path = z.string().min(1).max(300);

const Settings = z.object({
  /** Our field → where it stands in their JSON. `fields.<name>` fills a field of the workspace's own. */
  mapping: z.record(z.string().max(200), Path).default({}),
  /** Where the list of leads stands, if one body holds several. */
  listAt: Path.optional(),
  /** Where the event's own id stands, for senders without a webhook-id header. */
  eventIdAt: Path.optional(),
  source: z.string().max(300).optional(),
  campaign: z.string().max(300).optional(),
});

/** Any system that can post JSON. What the mapping does not name is taken where it has our own names. */
export const generic = defineIntegration({
  name: 'generic',
  title: 'Any system (signed webhook)',
  settings: Settings,
  secrets: z.object({ secret: z.string().min(1) }),
  webhook: {
    verify: verifySignature,
    idOf(payload, { headers, body }, settings) {
      if (payload === null || typeof payload !== 'object') throw malformed();
      const { eventIdAt } = Settings.parse(settings ?? {});
      const named = headers['webhook-id'] ?? textAt(payload, eventIdAt);
      if (typeof named === 'string' && named !== '') return named.slice(0, 300);
      return createHash('sha256').update(body).digest('hex');
    },
    read(payload, settings) {
      const { mapping, listAt, ...defaults } = Settings.parse(settings ?? {});
      const list = listAt ? valueAt(payload, listAt) : payload;
      const items: unknown[] = Array.isArray(list) ? list : [list];
      return items.map((item) => arrivalOf(item, mapping, defaults));
    },
  },
});

function arrivalOf(
  item: unknown,
  mapping: Record<string, string>,
  { source, campaign }: { source?: string | undefined; campaign?: string | undefined },
): Happening {
  if (item === null || typeof item !== 'object' || Array.isArray(item)) {
    throw malformed();
  }
  const lead: Record<string, unknown> = {
    ...(source && { source }),
    ...(campaign && { campaign }),
  };
  for (const field of known) {
    if (field in mapping) continue;
    const value = Object.hasOwn(item, field) ? (item as Record<string, unknown>)[field] : undefined;
    if (value !== undefined && value !== null && value !== '') lead[field] = asText(value, field);
  }
  for (const [field, path] of Object.entries(mapping)) {
    const value = valueAt(item, path);
    if (value !== undefined && value !== null && value !== '') put(lead, field, value);
  }
  const { success, data, error } = LeadInput.safeParse(lead);
  if (!success) {
    const faults = error.issues.map(({ path, message }) => ({ field: path.join('.'), message }));
    throw new Refusal('malformed', 'The lead is not one we can read.', faults);
  }
  return { is: 'lead-arrived', lead: data };
}

function malformed(): Refusal {
  return new Refusal('malformed', 'Send a JSON object for each lead.');
}

const known = Object.keys(LeadInput.shape).filter((field) => field !== 'status');

function put(lead: Record<string, unknown>, field: string, value: unknown): void {
  const [first, ...rest] = field.split('.');
  if (first === undefined || ['__proto__', 'constructor', 'prototype'].includes(first)) return;
  if (rest.length === 0) {
    lead[first] = asText(value, first);
    return;
  }
  const inner = (lead[first] ??= Object.create(null) as object) as Record<string, unknown>;
  const name = rest.join('.');
  if (name !== '__proto__') inner[name] = first === 'fields' ? value : asText(value, name);
}

function asText(value: unknown, field: string): unknown {
  if (field === 'companySize') return typeof value === 'string' ? Number(value) : value;
  if (field === 'tags' && typeof value === 'string') return value.split(/\s*[,;]\s*/);
  return typeof value === 'number' ? String(value) : value;
}
