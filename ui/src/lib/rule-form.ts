/** Settings as the API gives them: sections, and in them numbers by name. */
export type Settings = Record<string, Record<string, unknown>>;

/** A number of a table of rules, as it is shown: a share of 0.4 is 40 %, five million cents are 50,000. */
export interface Rule {
  section: string;
  field: string;
  label: string;
  as: 'percent' | 'days' | 'hours' | 'count' | 'points' | 'money';
}

export interface RuleSection {
  section: string;
  title: string;
  says: string;
  rules: Rule[];
}

export const riskSections: RuleSection[] = [
  section('decay', 'Silence', 'Nothing has happened for a while', {
    weight: ['Weight', 'percent'],
    days: ['Threshold', 'days'],
    before: ['Share up to the threshold', 'percent'],
    at: ['Share at the threshold', 'percent'],
    fullDays: ['Whole weight after', 'days'],
  }),
  section('velocity', 'Time in the stage', 'Longer than your won deals took', {
    weight: ['Weight', 'percent'],
    usualDays: ['Usual, while too few were won', 'days'],
    slowDays: ['Slow, while too few were won', 'days'],
    fewest: ['Won deals needed', 'count'],
  }),
  section('engagement', 'Fewer touchpoints', 'Less contact than in the time before', {
    weight: ['Weight', 'percent'],
    days: ['Compared span', 'days'],
    drop: ['Below this share of before', 'percent'],
    fewest: ['Touchpoints before, at least', 'count'],
  }),
  section('competitive', 'Competition', 'Others may win it', {
    weight: ['Weight', 'percent'],
    named: ['Share of a named competitor', 'percent'],
    highValue: ['Share of a high value', 'percent'],
    negotiation: ['Share of a negotiation', 'percent'],
    negotiationFrom: ['Negotiation from', 'points'],
  }),
  section('value', 'Value against stage', 'Large, and early or unlikely', {
    weight: ['Weight', 'percent'],
    largeCents: ['Large above', 'money'],
    likelyFrom: ['Likely from', 'points'],
    earlyBelow: ['Early stage below', 'points'],
  }),
  section('bands', 'Bands', 'From which score on a deal is at risk', {
    medium: ['Medium from', 'percent'],
    high: ['High from', 'percent'],
  }),
];

export const insightSections: RuleSection[] = [
  section('stalled', 'Stalled', 'No activity', {
    days: ['Warning from', 'days'],
    criticalDays: ['Critical from', 'days'],
  }),
  section('highValue', 'Large and unlikely', 'Worth much, with little chance', {
    moreThanCents: ['Worth more than', 'money'],
    below: ['Less likely than', 'points'],
  }),
  section('closingSoon', 'Closes soon, quiet', 'The date comes and nothing happens', {
    withinDays: ['Closes within', 'days'],
    quietDays: ['Quiet for', 'days'],
  }),
  section('longCycle', 'Long in a stage', 'It does not move on', {
    moreThanDays: ['More than', 'days'],
    criticalDays: ['Critical from', 'days'],
  }),
  section('noNextStep', 'No next step', 'Nobody said what comes next', {
    afterHours: ['After', 'hours'],
  }),
  section('unassigned', 'Leads without owner', 'They wait for somebody', {
    afterHours: ['After', 'hours'],
  }),
  section('neverCalled', 'Leads never called', 'They wait for a call', {
    afterHours: ['After', 'hours'],
    withinDays: ['Came within', 'days'],
  }),
  section('action', 'When it is seen to', 'An insight that was acted on rests', {
    restDays: ['Rests for', 'days'],
  }),
];

export function numberIn(settings: Settings, { section, field }: Rule): number {
  return settings[section]![field] as number;
}

export function withNumber(settings: Settings, rule: Rule, value: number): Settings {
  return { ...settings, [rule.section]: { ...settings[rule.section], [rule.field]: value } };
}

/** What stands in the field. */
export function shownOf({ as }: Pick<Rule, 'as'>, value: number): number {
  if (as === 'percent') return Math.round(value * 10_000) / 100;
  return as === 'money' ? value / 100 : value;
}

/** And back. Nothing when it is no number. */
export function valueOf({ as }: Pick<Rule, 'as'>, shown: unknown): number | undefined {
  if (shown === '' || shown === null || shown === undefined) return undefined;
  const number = Number(shown);
  if (!Number.isFinite(number)) return undefined;
  if (as === 'percent') return Math.round(number * 100) / 10_000;
  return as === 'money' ? Math.round(number * 100) : number;
}

/** What of some settings differs from others, section by section: as the API takes changes. */
export function differencesFrom(base: Settings, draft: Settings): Settings {
  const changes: Settings = {};
  for (const [section, fields] of Object.entries(draft))
    for (const [field, value] of Object.entries(fields))
      if (JSON.stringify(value) !== JSON.stringify(base[section]?.[field]))
        changes[section] = { ...changes[section], [field]: value };
  return changes;
}

/** The weights together, in percent; 100 is what those of a risk must come to. */
export function weightIn(settings: Settings): number {
  const sum = Object.values(settings).reduce((all, { weight }) => all + Number(weight ?? 0), 0);
  return Math.round(sum * 10_000) / 100;
}

/** After the number. */
export const units: Record<Rule['as'], string> = {
  ...{ percent: '%', points: '%', days: 'days', hours: 'hours', count: '', money: '' },
};

function section(
  name: string,
  title: string,
  says: string,
  fields: Record<string, [label: string, as: Rule['as']]>,
): RuleSection {
  const rules = Object.entries(fields).map(([field, [label, as]]) => ({
    ...{ section: name, field, label, as },
  }));
  return { section: name, title, says, rules };
}
