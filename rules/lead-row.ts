import type { LeadInput } from '#domain/lead.ts';
import type { Fault } from '#domain/refusal.ts';
import { fields } from './field-mappings.ts';

/** Column → field, as the user left it. A column that is not in it is not read. */
export type Mapping = Record<string, string>;

/** What is wrong with a mapping; a lead needs something by which it can be known. */
export function faultsIn(mapping: Mapping, columns: string[]): Fault[] {
  const faults: Fault[] = [];
  const taken = new Set<string>();
  for (const [column, field] of Object.entries(mapping)) {
    const at = `mapping.${column}`;
    if (!columns.includes(column)) faults.push({ field: at, message: 'There is no such column.' });
    else if (!isField(field)) faults.push({ field: at, message: 'There is no such field.' });
    else if (taken.has(field))
      faults.push({ field: at, message: 'Another column is read as this field.' });
    taken.add(field);
  }
  const isPlace = taken.has('placeId') && taken.has('company');
  if (!taken.has('email') && !taken.has('phone') && !isPlace && faults.length === 0) {
    const message =
      'Say which column holds the e-mail or the phone, or the company and its place id.';
    faults.push({ field: 'mapping', message });
  }
  return faults;
}

/** A row as a lead; whether it can be one is for those to say who receive it. */
export function leadOf(cells: string[], columns: string[], mapping: Mapping): LeadInput {
  const lead: Record<string, unknown> = {};
  const address: Record<string, string> = {};
  const own: [string, string][] = [];
  for (const [index, column] of columns.entries()) {
    const value = cells[index]?.trim();
    const field = Object.hasOwn(mapping, column) ? mapping[column] : undefined;
    if (!field || !value) continue;
    if (field === 'name') Object.assign(lead, named(value));
    else if (field === 'tags') lead['tags'] = value.split(/\s*[,;|]\s*/).filter(Boolean);
    else if (field === 'companySize') lead['companySize'] = sizeOf(value);
    else if (field.startsWith('address.')) address[field.slice(8)] = value;
    else if (field.startsWith('fields.')) own.push([field.slice(7), value]);
    else lead[field] = value;
  }
  if (Object.keys(address).length > 0) lead['address'] = address;
  // Not by assignment: a column may be called __proto__.
  if (own.length > 0) lead['fields'] = Object.fromEntries(own);
  return lead as LeadInput;
}

function isField(field: string): boolean {
  return fields.includes(field) || /^fields\.[^\s].{0,198}$/.test(field);
}

/** `Lee, Ann` and `Ann Lee` are the same person. */
function named(full: string): { firstName?: string; lastName?: string } {
  const [last, first] = full.split(/\s*,\s*/);
  if (first && last) return { firstName: first, lastName: last };
  const words = full.split(/\s+/);
  if (words.length === 1) return { firstName: full };
  return { firstName: words.slice(0, -1).join(' '), lastName: words.at(-1)! };
}

/** `11-50`, `1,200` and `about 30`: the first number counts. */
function sizeOf(text: string): number | undefined {
  const digits = /\d[\d,.\s']*/.exec(text)?.[0].replace(/[^\d]/g, '');
  return digits ? Number(digits) : undefined;
}
