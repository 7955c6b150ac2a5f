/** Bodies of scans that name something of another workspace. */
export const analysisCases = [
  {
    ...{ at: 'post /scan', field: 'pipelineId', table: 'pipelines' },
    body: (id: string) => ({ source: 'pipeline', pipelineId: id }),
  },
  {
    ...{ at: 'post /scan', field: 'viewId', table: 'saved_views' },
    body: (id: string) => ({ source: 'view', viewId: id }),
  },
  {
    ...{ at: 'post /scan', field: 'dealId', table: 'deals' },
    body: (id: string) => ({ source: 'deal', dealId: id }),
  },
];

export const analysisQueries = { after: 'analyses' };
