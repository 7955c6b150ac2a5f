import { asWord } from './format.ts';

/** The part of JSON Schema that our forms are drawn from. */
export interface Schema {
  type?: string | string[];
  format?: string;
  enum?: string[];
  default?: unknown;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  additionalProperties?: boolean | Schema;
  anyOf?: Schema[];
  $ref?: string;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
}

export type Widget =
  | 'text'
  | 'long'
  | 'number'
  | 'switch'
  | 'select'
  | 'duration'
  | 'condition'
  | 'list'
  | 'pairs'
  | 'either'
  | 'group';

/** What a value is asked for with. */
export function widgetOf(name: string, schema: Schema): Widget {
  if (schema.format === 'duration') return 'duration';
  if (schema.$ref) return 'condition';
  if (schema.enum) return 'select';
  if (schema.anyOf) return 'either';
  if (schema.type === 'boolean') return 'switch';
  if (schema.type === 'number' || schema.type === 'integer') return 'number';
  if (schema.type === 'array') return 'list';
  if (schema.type === 'object') return schema.properties ? 'group' : 'pairs';
  return name === 'body' || name === 'text' || (schema.maxLength ?? 0) > 1000 ? 'long' : 'text';
}

const labels: Record<string, string> = {
  if: 'Condition',
  for: 'How long',
  to: 'Who',
  text: 'Text',
  at: 'At',
  day: 'Day',
  url: 'Address of its API',
  apiKey: 'API key',
  priceIn: 'Dollars per million tokens asked',
  priceOut: 'Dollars per million tokens answered',
  secret: 'Signing secret',
  workspaceId: 'Workspace id',
  simNumber: 'SIM slot',
  listAt: 'Where the list stands',
  eventIdAt: 'Where the event id stands',
  requireTls: 'Insist on TLS',
  secure: 'TLS from the start',
  unsubscribe: 'Unsubscribe link and header',
  pause: 'Hold the walk',
  addTags: 'Add tags',
  removeTags: 'Remove tags',
  set: 'Fields',
  due: 'Due in',
  timeout: 'At most',
};

/** `simNumber` is a “SIM slot”; what we have no words for is its name, spaced. */
export function labelOf(name: string): string {
  return labels[name] ?? asWord(name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase());
}

/** The same object with one value changed; what is empty is left out. */
export function withValue(
  value: Record<string, unknown>,
  name: string,
  next: unknown,
): Record<string, unknown> {
  const rest = Object.fromEntries(Object.entries(value).filter(([key]) => key !== name));
  const empty =
    next === undefined ||
    next === '' ||
    (Array.isArray(next) && next.length === 0) ||
    Number.isNaN(next);
  return empty ? rest : { ...rest, [name]: next };
}
