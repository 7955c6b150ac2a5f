import { z } from 'zod';

export const addressKinds = ['billing', 'shipping', 'office', 'site', 'other'] as const;

const short = z.string().trim().max(300);

/** Where a company gets its invoices, its parcels, its visitors. */
const Stored = z.object({
  id: z.uuid(),
  kind: z.enum(addressKinds),
  line1: z.string(),
  line2: z.string().nullable(),
  city: z.string().nullable(),
  region: z.string().nullable(),
  postalCode: z.string().nullable(),
  country: z.string().nullable(),
  /** A person says that it is the one of its kind. */
  isDefault: z.boolean(),
  createdAt: z.iso.datetime(),
});

export const Address = Stored.extend({
  /** Invoices go here, and parcels here: by what people said, else by rule. */
  isBilling: z.boolean(),
  isShipping: z.boolean(),
  oneLine: z.string(),
  twoLines: z.tuple([z.string(), z.string()]),
});
export type Address = z.infer<typeof Address>;
export type StoredAddress = z.infer<typeof Stored>;

export const AddressInput = z.object({
  kind: z.enum(addressKinds).default('office'),
  line1: short.min(1),
  line2: short.nullable().optional(),
  city: short.nullable().optional(),
  region: short.nullable().optional(),
  postalCode: short.nullable().optional(),
  country: short.nullable().optional(),
  isDefault: z.boolean().optional(),
});
export type AddressInput = z.infer<typeof AddressInput>;

export const AddressChange = AddressInput.omit({ kind: true })
  .extend({ kind: z.enum(addressKinds) })
  .partial();
export type AddressChange = z.infer<typeof AddressChange>;

const wanted = {
  billing: ['billing', 'office', 'shipping', 'site', 'other'],
  shipping: ['shipping', 'site', 'office', 'billing', 'other'],
} as const;

/**
 * The address that invoices (`billing`) or parcels (`shipping`) go to: one of that kind, else of the nearest kind;
 * within a kind the one that is said to be its default, else the oldest. Nothing without any.
 */
export function defaultOf<A extends Pick<StoredAddress, 'id' | 'kind' | 'isDefault' | 'createdAt'>>(
  all: A[],
  purpose: 'billing' | 'shipping',
): A | undefined {
  const order = wanted[purpose];
  return all.toSorted(
    (a, b) =>
      order.indexOf(a.kind) - order.indexOf(b.kind) ||
      Number(b.isDefault) - Number(a.isDefault) ||
      Date.parse(a.createdAt) - Date.parse(b.createdAt) ||
      (a.id < b.id ? -1 : 1),
  )[0];
}

type Parts = Pick<StoredAddress, 'line1' | 'line2' | 'city' | 'region' | 'postalCode' | 'country'>;

/** “410 Mill Road, Suite 2, Coldwater, OR 97000, US”; what is missing is left out. */
export function oneLine(address: Parts): string {
  const [street, place] = twoLines(address);
  return [street, place].filter(Boolean).join(', ');
}

/** Street and building; city, region, code and country. */
export function twoLines({
  line1,
  line2,
  city,
  region,
  postalCode,
  country,
}: Parts): [string, string] {
  const code = [region, postalCode].filter(Boolean).join(' ');
  return [joined(line1, line2), joined(city, code, country)];
}

/** Every address with its two purposes and its formats. */
export function toldAddresses(all: StoredAddress[]): Address[] {
  const billing = defaultOf(all, 'billing')?.id;
  const shipping = defaultOf(all, 'shipping')?.id;
  return all.map((address) => ({
    ...address,
    ...{ isBilling: address.id === billing, isShipping: address.id === shipping },
    ...{ oneLine: oneLine(address), twoLines: twoLines(address) },
  }));
}

function joined(...parts: (string | null)[]): string {
  return parts.filter(Boolean).join(', ');
}
