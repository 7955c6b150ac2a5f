const plan = {
  ...{ name: 'Mine', cron: '0 6 * * 1', timeZone: 'UTC' },
  ...{ source: { kind: 'pipeline' }, delivery: {} },
};

/** By the field that bears the id: whose it is, and the review that names it. */
const naming: Record<string, { table: string; body: (id: string) => object }> = {
  pipelineId: {
    table: 'pipelines',
    body: (id) => ({ ...plan, source: { kind: 'pipeline', pipelineId: id } }),
  },
  viewId: {
    table: 'saved_views',
    body: (id) => ({ ...plan, source: { kind: 'view', viewId: id } }),
  },
  // A source is one of three shapes, so it is looked for as a whole too.
  source: {
    table: 'saved_views',
    body: (id) => ({ ...plan, source: { kind: 'view', viewId: id } }),
  },
  templateId: { table: 'report_templates', body: (id) => ({ ...plan, templateId: id }) },
  slackConnectionId: {
    table: 'connections',
    body: (id) => ({ ...plan, delivery: { slackConnectionId: id } }),
  },
};

export const reviewCases = [
  ...Object.entries(naming).flatMap(([field, { table, body }]) => [
    { at: 'post /reviews', field, table, body },
    {
      ...{ at: 'put /reviews/:id', field, table, body },
      path: ({ lead }: { lead: string }) => `/reviews/${lead}`,
    },
  ]),
  {
    ...{ at: 'post /report-templates/preview', field: 'analysisId', table: 'analyses' },
    body: (id: string) => ({ subject: 'Hi', body: 'Hi', analysisId: id }),
  },
];

/** What each route of a review takes, so that it is the id that is judged. */
export const reviewBodies: Record<string, object> = {
  'put /reviews/:id': plan,
  'put /report-templates/:id': { name: 'Mine now', subject: 'Hi', body: 'Hi' },
};

export const reviewQueries = { reviewId: 'reviews' };

export const reviewTables = {
  ...{ reviews: 'reviews', failures: 'review_failures', 'report-templates': 'report_templates' },
};
