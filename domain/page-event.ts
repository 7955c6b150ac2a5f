import { z } from 'zod';

const NAMES = /^[a-z][a-z0-9]*([._:-][a-z0-9]+)*$/;
/** Names of fields that would hold a person. */
const personal = /(^|_)(e_?mail|phone|mobile|tel|name|address|street|user|contact|ip)(_|$)/;
const mail = /[^\s@]+(@|%40)[^\s@]+/i;
/** Seven digits or more, with what people write between them. A day is no number to call. */
const phone = /(?:\d[\s().+/-]*){7,}/;
const day = /^\d{4}-\d\d-\d\d(T[\d:.]+Z?)?$/;
const id = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const Value = z.union([z.string().max(200), z.number(), z.boolean(), z.null()]);

/** Something that was done in a page: its name, and what it was done with. Never who, and never a person's data. */
export const PageEvent = z
  .object({
    name: z.string().max(80).regex(NAMES, 'Small letters and digits, parted by one of . _ : -'),
    properties: z
      .record(z.string().regex(/^[a-zA-Z][a-zA-Z0-9_]{0,40}$/, 'Letters, digits and _'), Value)
      .default({})
      .refine((all) => Object.keys(all).length <= 20, 'At most twenty.'),
  })
  .superRefine(({ name, properties }, given) => {
    if (isPersonal(name)) given.addIssue({ ...refused, path: ['name'] });
    for (const [key, value] of Object.entries(properties)) {
      if (personal.test(snake(key)) || isPersonal(value))
        given.addIssue({ ...refused, path: ['properties', key] });
    }
  });
export type PageEvent = z.infer<typeof PageEvent>;

const refused = { code: 'custom', message: 'This looks like data of a person.' } as const;

/** Whether a value could be an address or a number of somebody. */
export function isPersonal(value: unknown): boolean {
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) >= 1e9;
  if (typeof value !== 'string' || day.test(value) || id.test(value)) return false;
  return mail.test(value) || phone.test(value);
}

function snake(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter}`).toLowerCase();
}
