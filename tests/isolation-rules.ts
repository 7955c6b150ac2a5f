/** What each route of rules takes, so that it is the id that is judged. */
export const ruleBodies: Record<string, object> = {
  'put /rules/:id/draft': { text: 'id: mine' },
  'put /rules/:id/override': { enabled: false },
};

/** Which table's ids stand in a path of rules. */
export const ruleTables = { rules: 'custom_rules' };

/** Rules that may be named where one is tried. */
export const ruleCases = ['post /rules/try', 'post /rules/backtest'].map((at) => ({
  ...{ at, field: 'id', table: 'custom_rules' },
  body: (id: string) => ({ id }),
}));
