import type { ReportTemplate } from '#domain/report.ts';
import { chosenIn } from '#lib/address.ts';
import { keep } from '#lib/api.ts';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch, url, depends }) => {
  depends('api:reviews');
  const set = chosenIn(url, ['id', 'new']);
  const [list, opened] = await Promise.all([
    keep<TemplateList>(fetch, '/report-templates'),
    set.id ? keep<TemplatePage>(fetch, `/report-templates/${set.id}`) : undefined,
  ]);
  return { set, list, opened };
};

export interface TemplateList {
  items: ReportTemplate[];
  /** What is used when a review names none. */
  standard: { subject: string; body: string };
  placeholders: { name: string; title: string }[];
}

/** A template with what it was before. */
export interface TemplatePage extends ReportTemplate {
  versions?: { version: number; subject: string; body: string; by: string; at: string }[];
}
