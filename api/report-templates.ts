import { z } from 'zod';
import {
  addReportTemplate,
  changeReportTemplate,
  getReportTemplate,
  getReportVersion,
  listReportTemplates,
  listReportVersions,
  removeReportTemplate,
} from '#db/report-templates.ts';
import { reportOf } from '#db/review-report.ts';
import type { Scope } from '#db/scope.ts';
import { Refusal } from '#domain/refusal.ts';
import {
  defaultReport,
  exampleReport,
  placeholders,
  ReportTemplate,
  ReportTemplateInput,
  ReportVersion,
  ReportWords,
} from '#domain/report.ts';
import { faultsInReport, renderReport } from '#integrations/mail/report.ts';
import { route } from './route.ts';

const OneTemplate = z.object({ id: z.uuid() });
const Placeholder = z.object({
  name: z.string(),
  title: z.string(),
  example: z.union([z.string(), z.number(), z.boolean(), z.array(z.unknown())]),
});
const Fault = z.object({ part: z.enum(['subject', 'body']), line: z.int(), message: z.string() });

export const reportTemplateRoutes = [
  route('get', '/report-templates', {
    summary: 'List the templates of reports, with the one that is used when a review names none',
    needs: 'reviews:read',
    reply: z.object({
      items: z.array(ReportTemplate),
      standard: ReportWords,
      placeholders: z.array(Placeholder),
    }),
    run: async (_given, scope) => ({
      items: await listReportTemplates(scope),
      ...{ standard: defaultReport, placeholders: placeholders },
    }),
  }),

  route('post', '/report-templates', {
    summary: 'Write a template for reports',
    needs: 'reviews:write',
    body: ReportTemplateInput,
    reply: ReportTemplate,
    status: () => 201,
    run: ({ body }, scope) => addReportTemplate(scope, readable(body)),
  }),

  route('post', '/report-templates/preview', {
    summary:
      'Show what a template makes of a result, or of a made-up one, and what is wrong with it',
    needs: 'reviews:write',
    body: ReportWords.extend({ analysisId: z.uuid().optional() }),
    reply: z.object({
      subject: z.string(),
      html: z.string(),
      text: z.string(),
      faults: z.array(Fault),
      placeholders: z.array(Placeholder),
    }),
    run: ({ body }, scope, { publicBaseUrl }) => preview(scope, body, publicBaseUrl),
  }),

  route('get', '/report-templates/:id', {
    summary: 'Show a template with its versions',
    needs: 'reviews:read',
    params: OneTemplate,
    reply: ReportTemplate.extend({ versions: z.array(ReportVersion) }),
    run: async ({ params }, scope) => ({
      ...(await getReportTemplate(scope, params.id)),
      versions: await listReportVersions(scope, params.id),
    }),
  }),

  route('get', '/report-templates/:id/versions/:version', {
    summary: 'Show a version of a template',
    needs: 'reviews:read',
    params: OneTemplate.extend({ version: z.coerce.number().int().min(1).max(100_000) }),
    reply: ReportVersion,
    run: ({ params }, scope) => getReportVersion(scope, params.id, params.version),
  }),

  route('put', '/report-templates/:id', {
    summary: 'Write the next version of a template',
    needs: 'reviews:write',
    params: OneTemplate,
    body: ReportTemplateInput,
    reply: ReportTemplate,
    run: ({ params, body }, scope) => changeReportTemplate(scope, params.id, readable(body)),
  }),

  route('delete', '/report-templates/:id', {
    summary: 'Remove a template that no review uses',
    needs: 'reviews:write',
    params: OneTemplate,
    reply: z.object({ deleted: z.literal(true) }),
    run: async ({ params }, scope) => {
      await removeReportTemplate(scope, params.id);
      return { deleted: true as const };
    },
  }),
];

/** Refuses a template that could not be filled in. */
function readable(input: ReportTemplateInput): ReportTemplateInput {
  const faults = faultsInReport(input).map(({ part, line, message }) => ({
    ...{ field: part, message: `Line ${line}: ${message}` },
  }));
  if (faults.length > 0)
    throw new Refusal('invalid', 'The template cannot be filled in like this.', faults);
  return input;
}

async function preview(
  scope: Scope,
  { analysisId, ...words }: ReportWords & { analysisId?: string | undefined },
  baseUrl: string,
) {
  const example = exampleReport();
  const context = analysisId
    ? await reportOf(scope, {
        ...{ analysisId, baseUrl, run: example.run, reader: { name: example.reader.name } },
        review: { ...example.review, url: `${baseUrl}/schedule` },
      })
    : example;
  const faults = faultsInReport(words);
  const rendered = renderReport(words, context);
  const shown = 'faults' in rendered ? { subject: '', html: '', text: '' } : rendered;
  const all = faults.length === 0 && 'faults' in rendered ? rendered.faults : faults;
  return { ...shown, faults: all, placeholders: placeholders };
}
