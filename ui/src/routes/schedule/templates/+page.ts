import type { ReportTemplate } from '#domain/report.ts';
import { chosenIn } from '#lib/address.ts';
import { keep, type Page } from '#lib/api.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, url, depends }) => {
  depends('api:reviews');
  const set = chosenIn(url, ['id', 'new']);
  const [list, opened] = await Promise.all([
    keep<Page<ReportTemplate>>(fetch, '/report-templates'),
    set.id ? keep<TemplatePage>(fetch, `/report-templates/${set.id}`) : undefined,
  ]);
  return { set, list, opened };
};

/** A template with what it was before. */
export interface TemplatePage extends ReportTemplate {
  versions?: { version: number; subject: string; body: string; by: string; at: string }[];
}
