import { DateTime } from 'luxon';
import type { Leaf, RuleCondition, RuleFacts } from '#domain/rule.ts';
import { facts } from '#rules/facts.ts';

interface At {
  now: string;
  timeZone: string;
}

/** What a condition without thresholds means, written as plainly as it can be said and as slowly as it may run. */
export function naively(condition: RuleCondition, row: RuleFacts, at: At): boolean {
  if ('not' in condition) return !naively(condition.not, row, at);
  if ('all_of' in condition) return condition.all_of.every((one) => naively(one, row, at));
  if ('any_of' in condition) return condition.any_of.some((one) => naively(one, row, at));
  return leafIs(condition, row[condition.field], at);
}

function leafIs({ field, operator, value }: Leaf, fact: unknown, at: At): boolean {
  if (fact === undefined) return false;
  const type = (facts as Record<string, { type: string }>)[field]?.type;
  const isTime = type === 'date' || type === 'instant';
  const time = timeOf(fact, at);
  const now = DateTime.fromISO(at.now, { zone: at.timeZone });
  const list = Array.isArray(fact) ? (fact as string[]) : undefined;
  const text = typeof fact === 'string' ? fact : undefined;
  const figure = typeof fact === 'number' && Number.isFinite(fact) ? fact : undefined;
  const isEmpty = fact === null || text?.trim() === '' || list?.length === 0;
  const isValue = text !== undefined || figure !== undefined || list || typeof fact === 'boolean';
  const many = value as (string | number)[];

  if (operator === 'is_empty') return isEmpty;
  if (operator === 'not_empty') return !!isValue && !isEmpty;
  if (operator.startsWith('not_')) {
    const positive = { not_equals: 'equals', not_in: 'in', not_contains: 'contains' }[
      operator as 'not_in'
    ];
    if (fact === null) return true;
    const comparable = isTime
      ? time !== undefined
      : operator === 'not_contains'
        ? text !== undefined || list !== undefined
        : [value].flat().some((one) => typeof one === typeof fact) &&
          (text ?? figure ?? fact) !== undefined &&
          (typeof fact !== 'number' || figure !== undefined);
    return comparable && !leafIs({ field, operator: positive as 'in', value }, fact, at);
  }
  if (operator === 'in') return many.some((one) => one === fact);
  if (operator === 'contains')
    return list
      ? list.includes(value as string)
      : !!text?.toLowerCase().includes((value as string).toLowerCase());
  if (operator === 'matches')
    return text !== undefined && new RegExp(value as string, 'i').test(text);
  if (operator === 'changed_times_gt')
    return (list ? list.length : (figure ?? NaN)) > (value as number);
  if (operator === 'equals' && !isTime) return fact === value;

  if (isTime) {
    if (!time) return false;
    const day = time.toISODate()!;
    if (operator === 'equals') return day === value;
    if (operator === 'greater_than') return day > (value as string);
    if (operator === 'less_than') return day < (value as string);
    const isDay = text!.length === 10;
    if (operator === 'is_past') return isDay ? day < now.toISODate()! : time < now;
    if (operator === 'is_future') return isDay ? day > now.toISODate()! : time > now;
    // By the clock on the wall: as if both were in a zone that knows no summer time.
    const wall = isDay ? now.startOf('day') : now;
    const [from, to] = [time, wall].map((one) => one.setZone('UTC', { keepLocalTime: true }));
    const days = to!.diff(from!, 'days').days;
    if (operator === 'older_than_days') return days >= (value as number);
    if (operator === 'newer_than_days') return days < (value as number);
    if (operator === 'within_days') return days <= 0 && -days <= (value as number);
  }
  if (figure === undefined) return false;
  if (operator === 'greater_than') return figure > (value as number);
  if (operator === 'less_than') return figure < (value as number);
  if (operator === 'between') return figure >= (many[0] as number) && figure <= (many[1] as number);
  return false;
}

function timeOf(fact: unknown, { timeZone }: At): DateTime | undefined {
  if (typeof fact !== 'string' || !/^\d{4}-\d\d-\d\d(T.+(Z|[+-]\d\d:\d\d))?$/.test(fact))
    return undefined;
  const time = DateTime.fromISO(fact, { zone: timeZone });
  return time.isValid ? time : undefined;
}
