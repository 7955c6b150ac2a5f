import type { ExportedDeal } from '#db/result-export.ts';
import { majorOf } from '#domain/money.ts';
import type { Finding, Results } from '#domain/result.ts';
import { figuresOf, tablesOf } from '#domain/result-tables.ts';
import type { Report, ReportDeal } from '#integrations/files/report-pdf.ts';

/** Where and in what money a workspace counts. */
export interface Where {
  timezone: string;
  currency: string;
}

const sources = {
  ...{ file: 'A file', pipeline: 'The pipeline', view: 'A saved view', deal: 'One deal' },
};

/** What a report says above its deals. */
export function reportOf(results: Results, where: Where, narrowed: boolean): Report {
  const { analysis, health, formula } = results;
  const at = analysis.finishedAt ?? analysis.startedAt;
  const figures = figuresOf(results);
  const clean = Number(figures.find(([name]) => name === 'Deals without findings')![1]);
  return {
    ...{ title: analysis.name, health, formula, figures, tables: tablesOf(results) },
    about: [sources[analysis.source], at && said(at, where)].filter(Boolean).join(', '),
    closing: narrowed
      ? 'Below the figures only some of the deals are listed.'
      : `${clean} ${clean === 1 ? 'deal has' : 'deals have'} no findings and ${clean === 1 ? 'is' : 'are'} not listed.`,
  };
}

export async function* reportedDeals(
  pages: AsyncIterable<ExportedDeal[]>,
  where: Where,
): AsyncGenerator<ReportDeal[]> {
  const money = new Intl.NumberFormat('en', { style: 'currency', currency: where.currency });
  for await (const page of pages) {
    yield page.map(({ name, stageName, amountCents, company, owner, health, findings }) => ({
      ...{ name, health },
      about: [
        ...[stageName, amountCents !== null && money.format(majorOf(amountCents, where.currency))],
        ...[company, owner ?? 'Nobody’s'],
      ]
        .filter(Boolean)
        .join(' · '),
      findings: findings.map((finding) => ({
        ...{ grade: finding.severity, remedy: finding.remediation },
        text: `${finding.message}${stateOf(finding, where)}`,
      })),
    }));
  }
}

function stateOf({ fixedAt, snoozedUntil }: Finding, where: Where): string {
  if (fixedAt) return ' (fixed)';
  return snoozedUntil ? ` (set aside until ${said(snoozedUntil, where)})` : '';
}

export function said(at: string, { timezone }: Where): string {
  const style = { dateStyle: 'long', timeStyle: 'short', timeZone: timezone } as const;
  return new Intl.DateTimeFormat('en-GB', style).format(new Date(at));
}
