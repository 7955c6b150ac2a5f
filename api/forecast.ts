import { z } from 'zod';
import { backtestForecast } from '#db/forecast-backtest.ts';
import { dealsOfMonth, leftOutDeals } from '#db/forecast-month.ts';
import { readDeals } from '#db/forecast-deals.ts';
import { forecastPage, salesForecast } from '#db/forecasts.ts';
import { leaveOut } from '#db/left-out.ts';
import { commitForecast, setQuota } from '#db/quotas.ts';
import {
  Backtest,
  Commit,
  CountedDeal,
  ForecastPage,
  Month,
  SalesForecast,
} from '#domain/forecast-page.ts';
import { ForecastSum, sumOf } from '#domain/forecast.ts';
import { pageOf } from '#domain/page.ts';
import { route } from './route.ts';

const months = z.coerce.number().int().min(1).max(12).default(3);
const Of = z.object({
  /** A user's id, or `none`. */
  owner: z.string().max(100).optional(),
  pipeline: z.uuid().optional(),
});
/** Forecasts are made as they are asked for, so a page begins at a place in them. */
const Paged = Of.extend({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.coerce.number().int().min(0).default(0),
});
const Cents = z.int().min(0).max(Number.MAX_SAFE_INTEGER);

export const forecastRoutes = [
  route('get', '/forecast', {
    summary:
      'What the coming months will bring, how it is reckoned, and how earlier forecasts held',
    needs: 'deals:read',
    query: Of.extend({ months }),
    reply: ForecastPage,
    run: ({ query }, scope, { now }) => forecastPage(scope, query, now()),
  }),

  route('get', '/forecast/deals', {
    summary: 'The deals that the figures of a month add up from',
    needs: 'deals:read',
    query: Paged.extend({ month: Month }),
    reply: pageOf(CountedDeal).extend({ sum: ForecastSum }),
    run: ({ query: { cursor, ...query } }, scope, { now }) =>
      dealsOfMonth(scope, { ...query, offset: cursor }, now()),
  }),

  route('get', '/forecast/left-out', {
    summary: 'The open deals that no forecast counts, and why',
    needs: 'deals:read',
    query: Paged,
    reply: ForecastPage.shape.leftOut.extend({ next: z.string().nullable() }),
    run: ({ query: { cursor, ...query } }, scope, { now }) =>
      leftOutDeals(scope, { ...query, offset: cursor }, now()),
  }),

  route('get', '/forecast/backtest', {
    summary: 'The forecast from history, tried on the last months with what was known then',
    needs: 'deals:read',
    reply: Backtest,
    run: (_given, scope, { now }) => backtestForecast(scope, now()),
  }),

  route('patch', '/forecast/deals/:id', {
    summary: 'Leave a deal out of the forecast for a reason, or count it again',
    needs: 'deals:write',
    params: z.object({ id: z.uuid() }),
    body: z.object({ leftOutBecause: z.string().trim().min(1).max(300).nullable() }),
    reply: z.object({ id: z.uuid(), leftOutBecause: z.string().nullable() }),
    run: async ({ params, body }, scope) => {
      await leaveOut(scope, params.id, body.leftOutBecause);
      return { ...params, ...body };
    },
  }),

  route('post', '/forecast/commit', {
    summary: 'Commit to an amount for a month; without one, to what the forecast says now',
    needs: 'forecasts:write',
    body: z.object({
      month: Month,
      ownerId: z.string().max(100).nullable().default(null),
      amountCents: Cents.optional(),
      note: z.string().trim().max(1000).nullable().default(null),
    }),
    reply: Commit,
    status: () => 201,
    run: async ({ body: { amountCents, ...given } }, scope, { now }) => {
      const owner = given.ownerId ?? undefined;
      const { counted } = await readDeals(scope, now(), { owner });
      const here = counted.filter(({ month }) => month === `${given.month}-01`);
      const { weightedCents } = sumOf(here);
      const amount = amountCents ?? weightedCents;
      return commitForecast(scope, { ...given, weightedCents, amountCents: amount });
    },
  }),

  route('put', '/quotas', {
    summary: 'Set what somebody, or everybody together, is to sell in a month',
    needs: 'forecasts:write',
    body: z.object({
      month: Month,
      ownerId: z.string().max(100).nullable().default(null),
      amountCents: Cents.nullable(),
    }),
    reply: z.object({
      month: Month,
      ownerId: z.string().nullable(),
      amountCents: z.int().nullable(),
    }),
    run: async ({ body }, scope) => {
      await setQuota(scope, body);
      return body;
    },
  }),

  route('get', '/sales/forecast', {
    summary: 'The forecast by month, as other systems read it',
    needs: 'deals:read',
    query: z.object({ months }),
    reply: SalesForecast,
    run: ({ query }, scope, { now }) => salesForecast(scope, query.months, now()),
  }),
];
