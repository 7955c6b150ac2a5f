import { sql } from 'kysely';
import type { z } from 'zod';
import { Refusal } from '#domain/refusal.ts';
import { changed } from './changes.ts';
import type { Scope } from './scope.ts';

export type OverrideName = 'risk' | 'forecast' | 'scoring' | 'insights';
type Values = Record<string, unknown>;
/** Sections of a file, and in them the fields that are set otherwise. */
type Changes = Record<string, Values>;

/** What a file of rules says with what the workspace sets otherwise laid over it. */
export async function settingsOf<Schema extends z.ZodType>(
  scope: Scope,
  name: OverrideName,
  schema: Schema,
): Promise<z.output<Schema>> {
  const { file, own } = await readBoth(scope, name);
  return schema.parse(laidOver(file, own));
}

/** The file, what the workspace set otherwise, and both together. */
export async function showSettings<Schema extends z.ZodType>(
  scope: Scope,
  name: OverrideName,
  schema: Schema,
): Promise<{ defaults: z.output<Schema>; changes: Changes; settings: z.output<Schema> }> {
  const { file, own } = await readBoth(scope, name);
  const [defaults, settings] = [schema.parse(file), schema.parse(laidOver(file, own))];
  return { defaults, changes: own, settings };
}

/** Sets some of it otherwise, in place of what was set before; nothing takes the file as it is. */
export async function override<Schema extends z.ZodType>(
  scope: Scope,
  name: OverrideName,
  schema: Schema,
  changes: Changes,
): Promise<void> {
  const { file } = await readBoth(scope, name);
  checked(schema, laidOver(file, changes));
  const { db, workspaceId, actor } = scope;
  const row = {
    settings: JSON.stringify(changes),
    changedBy: actor,
    changedAt: sql<string>`now()`,
  };
  await db
    .insertInto('overrides')
    .values({ workspaceId, name, ...row })
    .onConflict((there) => there.columns(['workspaceId', 'name']).doUpdateSet(row))
    .execute();
  changed(scope, 'settings');
}

/** These changes over what holds now, without keeping them; refused in words when they do not fit. */
export async function settingsWith<Schema extends z.ZodType>(
  scope: Scope,
  name: OverrideName,
  schema: Schema,
  changes: Changes,
): Promise<z.output<Schema>> {
  const { file, own } = await readBoth(scope, name);
  return checked(schema, laidOver(laidOver(file, own), changes));
}

async function readBoth(
  { db }: Scope,
  name: OverrideName,
): Promise<{ file: Values; own: Changes }> {
  const { rows } = await sql<{ file: Values; own: Changes }>`
    select f.settings as file, coalesce(o.settings, '{}') as own
    from rule_files f left join overrides o on o.name = f.name
    where f.name = ${name}`.execute(db);
  if (!rows[0])
    throw new Error(`The database has not taken rules/${name}.yaml: run the migration.`);
  return rows[0];
}

function checked<Schema extends z.ZodType>(schema: Schema, settings: Values): z.output<Schema> {
  const read = schema.safeParse(settings);
  if (read.success) return read.data;
  const faults = read.error.issues.map(({ path, message }) => ({ field: path.join('.'), message }));
  throw new Refusal('invalid', 'These settings do not fit together.', faults);
}

/** Fields of objects one by one, all else as a whole. */
function laidOver(below: Values, above: Values): Values {
  const together = Object.entries(above).map(([key, value]): [string, unknown] => {
    const under = below[key];
    return [key, isObject(under) && isObject(value) ? laidOver(under, value) : value];
  });
  return { ...below, ...Object.fromEntries(together) };
}

function isObject(value: unknown): value is Values {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
