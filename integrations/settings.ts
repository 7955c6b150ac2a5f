import { Refusal } from '#domain/refusal.ts';
import type { Guard } from './address.ts';
import type { Integration } from './integration.ts';

/**
 * What a person filled in for a connection, parted into what may be shown and what is sealed.
 * `secret` signs the webhooks unless the system brings its own. Throws a Refusal that names the fields.
 */
export function readSettings(
  integration: Integration,
  given: Record<string, unknown>,
  { secret, guard }: { secret: string; guard: Guard },
): { settings: Record<string, unknown>; secrets: Record<string, unknown> } {
  const settings = parse(integration.settings, given);
  const secrets = integration.secrets ? parse(integration.secrets, { secret, ...given }) : {};
  for (const [field, value] of Object.entries(settings)) {
    if (typeof value === 'string' && /^[a-z][a-z0-9+.-]*:\/\//i.test(value)) {
      guard.checkUrl(value, field);
    }
  }
  return { settings, secrets };
}

function parse(schema: Integration['settings'], given: unknown): Record<string, unknown> {
  const { success, data, error } = schema.safeParse(given);
  if (success) return data as Record<string, unknown>;
  const faults = error.issues.map(({ path, message }) => ({ field: path.join('.'), message }));
  throw new Refusal('invalid', 'Some settings are missing or wrong.', faults);
}
