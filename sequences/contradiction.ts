import type { Condition, Test } from '#domain/condition.ts';

/** Whether what must have held, and what must not have, can never be so of one lead. Sure when it says so; silent when in doubt. */
export function contradicts(known: { condition: Condition; held: boolean }[]): boolean {
  const tests = known.flatMap(({ condition, held }) => certain(condition, held));
  return tests.some(
    (one, index) => isImpossible(one) || tests.slice(0, index).some((other) => clash(one, other)),
  );
}

interface Certain extends Test {
  held: boolean;
}

/** The single tests that follow from a condition: all of all_of when it held, all of any_of when it did not. */
function certain(condition: Condition, held: boolean): Certain[] {
  if ('not' in condition) return certain(condition.not, !held);
  if ('all_of' in condition)
    return held || condition.all_of.length === 1
      ? condition.all_of.flatMap((one) => certain(one, held))
      : [];
  if ('any_of' in condition)
    return !held || condition.any_of.length === 1
      ? condition.any_of.flatMap((one) => certain(one, held))
      : [];
  return [{ ...condition, held }];
}

function isImpossible({ operator, value, held }: Certain): boolean {
  if (!held) return false;
  if (operator === 'in') return Array.isArray(value) && value.length === 0;
  if (operator === 'greater_than' || operator === 'less_than') return typeof value !== 'number';
  if (operator !== 'between' || !Array.isArray(value)) return false;
  return !(Number(value[0]) <= Number(value[1]));
}

function clash(one: Certain, other: Certain): boolean {
  if (one.field !== other.field) return false;
  if (one.operator === other.operator && same(one.value, other.value))
    return one.held !== other.held;
  const [a, b] = [allowed(one), allowed(other)];
  if (a && b) return !a.some((value) => b.includes(value));
  return (
    isEmptiness(one, other) || isEmptiness(other, one) || isGap(one, other) || isGap(other, one)
  );
}

/** The only values that pass, where they can be listed. */
function allowed({ operator, value, held }: Certain): unknown[] | undefined {
  if ((operator === 'equals' && held) || (operator === 'not_equals' && !held)) return [value];
  if ((operator === 'in' && held) || (operator === 'not_in' && !held))
    return Array.isArray(value) ? value : undefined;
  return undefined;
}

/** Empty on one side, a value that is something on the other. */
function isEmptiness(one: Certain, other: Certain): boolean {
  const empty =
    (one.operator === 'is_empty' && one.held) || (one.operator === 'not_empty' && !one.held);
  const something = allowed(other)?.every((value) => value !== null && value !== '');
  const compared = other.held && ['greater_than', 'less_than', 'between'].includes(other.operator);
  const filled =
    (other.operator === 'not_empty' && other.held) ||
    (other.operator === 'is_empty' && !other.held);
  return empty && (something === true || compared || filled);
}

/** More than nine and less than five. */
function isGap(one: Certain, other: Certain): boolean {
  if (one.operator !== 'greater_than' || !one.held || !other.held) return false;
  if (other.operator === 'less_than') return Number(one.value) >= Number(other.value);
  return other.operator === 'equals' && Number(other.value) <= Number(one.value);
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
