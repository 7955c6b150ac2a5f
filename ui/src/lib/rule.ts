import type { Category, Rule, RuleOverride, Severity, Threshold } from '#domain/rule.ts';
import { asMoney, asNumber, asWord } from './format.ts';

/** A line of the list of rules, as the API gives it. */
export interface RuleRow {
  id: string;
  name: string;
  category: Category;
  severity: Severity;
  description: string;
  thresholds: Record<string, Threshold>;
  appliesToStages: string[] | null;
  enabled: boolean;
  isCustom: boolean;
  /** Whether a change of it waits to be published. */
  hasDraft: boolean;
  /** What is set other than the rule says; its values above are those that hold. */
  changed: RuleOverride | null;
  /** Whose it is, or who set it otherwise last. */
  scope: RuleScope;
  /** On how many deals it fires now; nothing for a rule that is off. */
  fires: number | null;
  /** How often it was changed; 0 for a rule as it came. */
  version: number;
}

export type RuleScope = 'workspace' | 'user';

export interface RuleList {
  rules: RuleRow[];
  counts: { rules: number; on: number; fire: number; deals: number; flagged: number };
  health: { score: number; formula: string };
  /** Mistakes in files that were not taken over. */
  problems: string[];
  /** Whether there are more deals than are looked at here. */
  isPart: boolean;
}

export interface Fault {
  line: number;
  path: string;
  message: string;
}

export interface RuleVersion {
  version: number;
  /** What was done, in a few words. */
  what: string;
  at: string;
  /** The name of who did it, where it is a member. */
  name: string | null;
  scope: RuleScope;
}

export interface RulePage {
  /** As it holds; nothing while it was never published. */
  rule: Rule | null;
  /** As it is written, without what is set otherwise. */
  text: string | null;
  draft: { text: string; faults: Fault[]; rev: number } | null;
  draftRev: number | null;
  overrides: Record<RuleScope, RuleOverride | null>;
  enabled: boolean;
  isCustom: boolean;
  scope: RuleScope;
  /** The latest first. */
  versions: RuleVersion[];
}

export interface TriedDeal {
  dealId: string;
  name: string;
  stage: string;
  stageName: string;
  amountCents: number | null;
  sees: string;
  /** What it would say, where it fires. */
  message: string | null;
  result: 'fires' | 'passes' | 'not-meant';
  isNew: boolean;
}

/** What a rule would do on the deals of now. */
export interface Tried {
  faults: Fault[];
  rule: Rule | null;
  text: string | null;
  examples: { passed: number; failed: { title: string; expected: boolean; got: boolean }[] };
  deals: { fire: number; pass: number; notMeant: number; fresh: number };
  rows: TriedDeal[];
  health: { before: number; after: number };
  /** Whether there are more deals than are looked at here. */
  isPart: boolean;
}

export interface RuleBacktest {
  closed: number;
  /** Of these, how many have days that were recorded. */
  recorded: number;
  fired: { lost: number; won: number };
  notFired: { lost: number; won: number };
  warnedDaysBefore: number | null;
  others: {
    threshold: string;
    label: string;
    unit: Threshold['unit'];
    value: number;
    isCurrent: boolean;
    fires: number;
    lostShare: number | null;
  }[];
  /** Facts the rule asks for that nobody knows of the past. */
  unknown: string[];
}

export type RuleFilter = 'all' | 'fire' | 'changed' | 'custom';

export const severityLooks = {
  CRITICAL: { label: 'Critical', tone: 'danger' },
  WARNING: { label: 'Warning', tone: 'warn' },
  INFO: { label: 'Note', tone: 'info' },
} as const;

/** In the order of the list: what moves the number first. */
export const categoryOrder: Category[] = [
  ...(['FORECASTING', 'ENGAGEMENT', 'SALES_HYGIENE', 'DATA_QUALITY'] as const),
  ...(['PROGRESSION', 'COMPLIANCE', 'CUSTOM'] as const),
];

/** `SALES_HYGIENE` is Sales hygiene. */
export function categoryName(category: Category): string {
  return asWord(category.toLowerCase());
}

/** `$50,000`, `40%`, `14 d`: a threshold as it is said in a list. */
export function asThreshold(value: number, unit: Threshold['unit'], currency?: string): string {
  if (unit === 'cents') return asMoney(value, currency);
  const after = { days: ' d', hours: ' h', percent: '%', times: ' times', count: '', ratio: ' ×' };
  return `${asNumber(value)}${value === 1 && unit === 'times' ? ' time' : after[unit]}`;
}

/** All thresholds that are in force, with what is set otherwise. */
export function thresholdsSaid(
  { thresholds, changed }: Pick<RuleRow, 'thresholds' | 'changed'>,
  currency?: string,
): string {
  return Object.entries(thresholds)
    .map(([name, { value, unit }]) =>
      asThreshold(changed?.thresholds?.[name] ?? value, unit, currency),
    )
    .join(', ');
}

/** Whether something besides on and off is set other than the rule says. */
export function isChanged({ changed }: Pick<RuleRow, 'changed'>): boolean {
  return changed !== null && Object.values(changed).some((part) => part !== undefined);
}

export function fits(row: RuleRow, filter: RuleFilter, search = ''): boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const text = `${row.name} ${row.id} ${row.description}`.toLowerCase();
  if (!words.every((word) => text.includes(word))) return false;
  if (filter === 'fire') return (row.fires ?? 0) > 0;
  if (filter === 'changed') return isChanged(row);
  return filter === 'all' || row.isCustom;
}

export interface RuleGroup {
  category: Category;
  rules: RuleRow[];
  fires: number;
}

/** The rules by category; categories without a rule are left out. */
export function groupsOf(rows: RuleRow[]): RuleGroup[] {
  return categoryOrder
    .map((category) => {
      const rules = rows.filter((row) => row.category === category);
      return { category, rules, fires: rules.reduce((sum, { fires }) => sum + (fires ?? 0), 0) };
    })
    .filter(({ rules }) => rules.length > 0);
}

/** The same record without one of its keys. */
export function without<T extends object, Key extends keyof T>(record: T, key: Key): Omit<T, Key> {
  const { [key]: taken, ...rest } = record;
  void taken;
  return rest;
}

/** An override with some parts of it set otherwise; nothing when nothing is left of it. */
export function overrideWith(
  override: RuleOverride | null | undefined,
  part: Partial<RuleOverride>,
): RuleOverride | null {
  const parts = Object.entries({ ...override, ...part }).filter(([, one]) => one !== undefined);
  return parts.length > 0 ? (Object.fromEntries(parts) as RuleOverride) : null;
}

/** What a new rule begins with: it fires on large deals without a next step. */
export function newRule(id: string, name: string): Rule {
  return {
    ...{ id, name, category: 'CUSTOM', severity: 'WARNING' },
    description: 'Large deals without a next step.',
    condition: {
      all_of: [
        { field: 'amountCents', operator: 'greater_than', value: { threshold: 'amount' } },
        { field: 'nextStep', operator: 'is_empty' },
      ],
    },
    thresholds: { amount: { value: 25_000_00, unit: 'cents', label: 'Amount above' } },
    message: '{{name}} has no next step',
    remediation_action: 'Agree on a next step with the customer',
    remediation_owner: 'deal_owner',
    automatable: false,
    examples: [],
  };
}

/** A name of its own for a rule: `new_rule`, `new_rule_2`. */
export function freeId(wanted: string, taken: string[]): string {
  const base =
    wanted
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '_')
      .replace(/^[^a-z]+|_+$/g, '') || 'rule';
  for (let nth = 1; ; nth += 1) {
    const id = nth === 1 ? base : `${base}_${nth}`;
    if (!taken.includes(id)) return id;
  }
}
