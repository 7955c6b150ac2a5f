import type { Backtest, Sums } from '#domain/backtest.ts';
import { asCount, asNumber } from '#lib/format.ts';

/** A figure of a backtest: as published, as the draft has it, and how the two differ. */
export interface Row {
  label: string;
  current: string;
  changed: string;
  by: number;
  /** Whether more is better. */
  more: boolean;
  as: (size: number) => string;
}

export function rowsOf({ current, changed, lost, won }: Backtest): Row[] {
  function row(label: string, of: (sums: Sums) => number | null, rest: Rest): Row {
    const [one, other] = [of(current), of(changed)];
    const said = [one, other].map((value) =>
      value === null ? '–' : rest.as(value) + (rest.end ?? ''),
    );
    return { label, current: said[0]!, changed: said[1]!, by: (other ?? 0) - (one ?? 0), ...rest };
  }
  return [
    row('Lost deals flagged in time', ({ caught }) => caught, {
      ...{ more: true, as: asNumber, end: ` of ${asNumber(lost)}` },
    }),
    row('Flagged before the loss, median', ({ medianDaysBefore }) => medianDaysBefore, {
      ...{ more: true, as: (size) => asCount(size, 'day') },
    }),
    row('False alarms, won after all', ({ falseAlarms }) => falseAlarms, {
      ...{ more: false, as: asNumber, end: ` of ${asNumber(won)}` },
    }),
    row('Of all flagged, lost', ({ precision }) => percent(precision), {
      ...{ more: true, as: (size) => `${size}%` },
    }),
    row('Of all lost, flagged', ({ recall }) => percent(recall), {
      ...{ more: true, as: (size) => `${size}%` },
    }),
  ];
}

interface Rest extends Pick<Row, 'more' | 'as'> {
  end?: string;
}

function percent(share: number | null): number | null {
  return share === null ? null : Math.round(share * 100);
}
