/** What each route of an analysis takes, so that it is the id that is judged. */
export const resultBodies: Record<string, object> = {
  'post /analyze/:id/findings/:line/:ruleId/snooze': { until: '2031-01-15T12:00:00Z' },
  'post /analyze/:id/findings/:line/:ruleId/comments': { text: 'Mine now' },
};

export const resultQueries = { with: 'analyses' };
