/** What each route of an analysis takes, so that it is the id that is judged. */
export const resultBodies: Record<string, object> = {
  'post /analyze/:id/findings/:line/:ruleId/snooze': { until: '2031-01-15T12:00:00Z' },
  'post /analyze/:id/findings/:line/:ruleId/comments': { text: 'Mine now' },
  'post /analyze/:id/fixes': { findings: [{ line: 1, ruleId: 'no_next_step' }] },
  'post /analyze/:id/fixes/preview': { all: true },
  'post /analyze/:id/send': {},
};

export const resultQueries = { with: 'analyses' };

const fixes = ['/fixes', '/fixes/preview'];

export const resultCases = fixes.map((path) => ({
  ...{ at: `post /analyze/:id${path}`, field: 'ownerId', table: 'members' },
  path: ({ lead }: { lead: string }) => `/analyze/${lead}${path}`,
  body: (ownerId: string) => ({ all: true, ownerId }),
}));
