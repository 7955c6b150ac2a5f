import type { AnalysisSummary, Counts } from './analysis.ts';
import type { Results } from './result.ts';
import type { Severity } from './rule.ts';

export const severityNames: Record<Severity, string> = {
  ...{ CRITICAL: 'Critical', WARNING: 'Warning', INFO: 'Note' },
};

/** One table of a report; the first cell of a row says what the others count. */
export interface ResultTable {
  title: string;
  names: string[];
  rows: (string | number)[][];
}

/** The figures of an analysis, as every report of it says them. */
export function figuresOf(results: Omit<Results, 'formula'>): [string, string | number][] {
  const { deals = 0, clean = 0, severity, change } = summaryIn(results);
  return [
    ['Deals', deals],
    ['Deals without findings', clean],
    ['Critical', severity?.CRITICAL ?? 0],
    ['Warnings', severity?.WARNING ?? 0],
    ['Notes', severity?.INFO ?? 0],
    ...(results.analysis.rejected > 0
      ? [['Rows that could not be read', results.analysis.rejected] as [string, number]]
      : []),
    ...(change
      ? ([
          ['New since the last time', change.new],
          ['Still there', change.still],
          ['Fixed since the last time', change.fixed],
        ] satisfies [string, number][])
      : []),
  ];
}

/** The findings of an analysis by category, rule, stage and owner; most first. */
export function tablesOf(results: Omit<Results, 'formula'>): ResultTable[] {
  const { category = {}, stage = {}, owner = {} } = summaryIn(results);
  const counts = ['Critical', 'Warnings', 'Notes'];
  return [
    {
      ...{ title: 'By category', names: ['Category', ...counts] },
      rows: sorted(category).map(([name, sum]) => [wordsOf(name), ...cellsOf(sum)]),
    },
    {
      ...{ title: 'By rule', names: ['Rule', 'Severity', 'Findings'] },
      rows: results.rules.map((rule) => [rule.name, severityNames[rule.severity], rule.count]),
    },
    {
      ...{ title: 'By stage', names: ['Stage', 'Findings'] },
      rows: Object.entries(stage).toSorted(([, a], [, b]) => b - a),
    },
    {
      ...{ title: 'By owner', names: ['Owner', 'Deals', ...counts, 'Health'] },
      rows: sorted(owner).map(([name, sum]) => [
        ...[name || 'Nobody', sum.deals],
        ...[...cellsOf(sum), sum.health ?? ''],
      ]),
    },
  ];
}

function summaryIn(results: Omit<Results, 'formula'>): Partial<AnalysisSummary> {
  return results.summary as Partial<AnalysisSummary>;
}

function sorted<T extends Counts>(sums: Record<string, T>): [string, T][] {
  return Object.entries(sums).toSorted(
    ([, a], [, b]) => b.critical - a.critical || b.warning - a.warning || b.info - a.info,
  );
}

function cellsOf({ critical, warning, info }: Counts): number[] {
  return [critical, warning, info];
}

/** `DATA_QUALITY` is Data quality. */
export function wordsOf(name: string): string {
  const words = name.toLowerCase().replaceAll('_', ' ');
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`;
}
