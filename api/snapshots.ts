import { z } from 'zod';
import { pipelineOn } from '#db/past-pipeline.ts';
import { waterfall } from '#db/waterfall.ts';
import { Month } from '#domain/forecast-page.ts';
import { Refusal } from '#domain/refusal.ts';
import { measures, PastPipeline, Waterfall } from '#domain/waterfall.ts';
import { route } from './route.ts';

const Span = z.object({
  /** The end of this day. */
  from: z.iso.date().optional(),
  /** The beginning of this day, which is the end of the one before. */
  since: z.iso.date().optional(),
  to: z.iso.date().optional(),
  month: Month.optional(),
  measure: z.enum(measures).default('weighted'),
});

export const snapshotRoutes = [
  route('get', '/pipeline/on/:day', {
    summary: 'The pipeline as it was at the end of a day, and as it is today',
    needs: 'deals:read',
    params: z.object({ day: z.iso.date() }),
    query: z.object({
      limit: z.coerce.number().int().min(1).max(200).default(50),
      cursor: z.coerce.number().int().min(0).default(0),
    }),
    reply: PastPipeline,
    run: ({ params, query: { limit, cursor } }, scope, { now }) =>
      pipelineOn(scope, { ...params, limit, offset: cursor }, now()),
  }),

  route('get', '/pipeline/waterfall', {
    summary:
      'How the pipeline, or a month of it, got from one day to another or to now, and by which deals',
    needs: 'deals:read',
    query: Span,
    reply: Waterfall,
    run: ({ query: { month, measure, ...days } }, scope, { now }) => {
      const asked = { ...spanOf(days), measure, month: month ? `${month}-01` : null };
      return waterfall(scope, asked, now());
    },
  }),
];

function spanOf({ from, since, to }: Omit<z.output<typeof Span>, 'month' | 'measure'>) {
  if (from) return { from, to };
  if (since) return { from: dayBefore(since), to };
  const message = 'Say from which day, or since which.';
  throw new Refusal('invalid', message, [{ field: 'from', message }]);
}

function dayBefore(day: string): string {
  return new Date(Date.parse(day) - 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
}
