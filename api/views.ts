import { z } from 'zod';
import { changeView, deleteView, listViews, saveView } from '#db/saved-views.ts';
import { sumsOf } from '#db/sums.ts';
import { DealWish } from '#domain/deal-filter.ts';
import {
  ListSums,
  SavedView,
  SavedViewChange,
  SavedViewInput,
  summedLists,
  viewLists,
} from '#domain/saved-view.ts';
import { route } from './route.ts';

const OneView = z.object({ id: z.uuid() });
const Shown = z.object({ view: SavedView });
const text = z.string().max(200).optional();

const Sums = DealWish.extend({
  list: z.enum(summedLists),
  group: z.string().max(60).optional(),
  ...{ status: text, band: text, industry: text, view: text },
});

export const viewRoutes = [
  route('get', '/views', {
    summary: 'List my views of a list and those that others share',
    needs: 'leads:read',
    query: z.object({ list: z.enum(viewLists) }),
    reply: z.object({ items: z.array(SavedView) }),
    run: async ({ query }, scope) => ({ items: await listViews(scope, query.list) }),
  }),

  route('post', '/views', {
    summary: 'Save a view of a list, for me or for everyone',
    needs: 'leads:read',
    body: SavedViewInput,
    reply: Shown,
    status: () => 201,
    run: async ({ body }, scope) => ({ view: await saveView(scope, body) }),
  }),

  route('patch', '/views/:id', {
    summary: 'Change a view of mine',
    needs: 'leads:read',
    params: OneView,
    body: SavedViewChange,
    reply: Shown,
    run: async ({ params, body }, scope) => ({ view: await changeView(scope, params.id, body) }),
  }),

  route('delete', '/views/:id', {
    summary: 'Delete a view of mine',
    needs: 'leads:read',
    params: OneView,
    reply: z.object({ deleted: z.literal(true) }),
    run: async ({ params }, scope) => {
      await deleteView(scope, params.id);
      return { deleted: true as const };
    },
  }),

  route('get', '/sums', {
    summary: 'Count and sum up what a list shows, in groups and in all',
    needs: 'leads:read',
    query: Sums,
    reply: ListSums,
    run: ({ query }, scope) => {
      const { list, group, industry, view, ...wish } = query;
      const deals = list === 'deals' ? { deals: DealWish.parse(wish) } : {};
      return sumsOf(scope, { ...wish, list, group, industry, view, ...deals });
    },
  }),
];
