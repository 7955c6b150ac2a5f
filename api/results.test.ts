import { expect } from 'vitest';
import type { ResultFilter } from '#domain/result.ts';
import type { Comparison, Results, ReviewedDeal } from '#domain/result.ts';
import { inWorkspace } from '#db/scope.ts';
import { anAnalysis, type StoryDeal } from '#tests/analysis-story.ts';
import { test } from '#tests/db.ts';
import type { Calling } from '#tests/serve.ts';

interface Page {
  deals: ReviewedDeal[];
  total: number;
  findings: number;
  next: string | null;
}

test('an analysis shows each deal with what was found on it and how and by whom it is put right', async ({
  serve,
  inside,
}) => {
  const id = await inside((scope) => anAnalysis(scope));
  const { deals, total, findings, next } = await pageOf(serve, id);
  expect({ total, findings, next }).toEqual({ total: 5, findings: 7, next: null });
  expect(deals.map(({ name }) => name)).toEqual([
    'Bauer Cold Storage',
    'Dvořák Tile & Stone',
    'Alder Creek Timber',
    '=HYPERLINK("http://evil.example")',
    'Copperline Logistics',
  ]);
  expect(deals[0]).toMatchObject({
    ...{ line: 1, dealId: null, stage: 'negotiation', owner: 'Marcus Oyelaran', health: 44 },
    ...{ critical: 1, warning: 2, info: 0, amountCents: 9_199_300 },
  });
  expect(deals[0]!.findings.map(({ ruleId, severity }) => [ruleId, severity])).toEqual([
    ['close_date_past', 'CRITICAL'],
    ['no_next_step', 'WARNING'],
    ['single_threaded', 'WARNING'],
  ]);
  expect(deals[0]!.findings[0]).toMatchObject({
    ...{ name: 'Close date in the past', category: 'SALES_HYGIENE', automatable: true },
    ...{ message: 'Close date in the past: Bauer Cold Storage', change: null, comments: 0 },
    ...{ remediation: 'Set a real close date', remediationOwner: 'deal_owner', fixedAt: null },
  });
});

test('an analysis says its health its counts by category and severity and the trend of its series', async ({
  serve,
  inside,
}) => {
  const before = await inside((scope) => anAnalysis(scope, { health: 58 }));
  await inside((scope) => anAnalysis(scope, { health: 5, series: 'view:other' }));
  const id = await inside((scope) => anAnalysis(scope, { previousId: before, health: 71 }));
  const { body } = await serve.get(`/api/analyze/${id}/results`);
  const results = body as Results;
  expect(results).toMatchObject({
    ...{ health: 71, previous: { id: before, health: 58 } },
    analysis: { name: 'Monday pipeline review', source: 'pipeline', status: 'done', rows: 5 },
    summary: {
      severity: { CRITICAL: 2, WARNING: 3, INFO: 2 },
      category: { SALES_HYGIENE: { critical: 1, warning: 2, info: 0 } },
      owner: { 'Marcus Oyelaran': { ownerId: 'marcus', critical: 1, warning: 3, deals: 2 } },
      ...{ deals: 5, clean: 1, change: { new: 0, still: 7, fixed: 0 } },
    },
    trend: [
      { id: before, health: 58, counts: { critical: 2, warning: 3, info: 2 } },
      { id, health: 71 },
    ],
    automatable: 0,
  });
  expect(results.formula).toMatch(/100/);
  expect(results.rules.map(({ id, count }) => [id, count])).toEqual([
    ['close_date_past', 1],
    ['deal_missing_owner', 1],
    ['no_next_step', 2],
    ['single_threaded', 1],
    ['missing_lead_source', 2],
  ]);
});

test('deals are narrowed by severity category rule owner stage and what they are called', async ({
  serve,
  inside,
}) => {
  const id = await inside((scope) => anAnalysis(scope));
  expect(await namesBy('severity=CRITICAL')).toEqual(['Bauer', 'Dvořák']);
  expect(await namesBy('severity=CRITICAL,INFO')).toEqual(['Bauer', 'Dvořák', '=HYPERLINK("http:']);
  expect(await namesBy('category=ENGAGEMENT')).toEqual(['Bauer']);
  expect(await namesBy('rule=no_next_step')).toEqual(['Bauer', 'Alder']);
  expect(await namesBy('owner=marcus')).toEqual(['Bauer', 'Alder']);
  expect(await namesBy('owner=Tom%20Brandt')).toEqual(['Dvořák']);
  expect(await namesBy('owner=none')).toEqual(['=HYPERLINK("http:', 'Copperline']);
  expect(await namesBy('stage=discovery')).toEqual(['Dvořák']);
  expect(await namesBy('search=dvo%C5%99%C3%A1k')).toEqual(['Dvořák']);
  expect(await namesBy('search=%25')).toEqual([]);
  expect(await namesBy('clean=true')).toEqual(['Copperline']);
  expect(await namesBy('clean=false&owner=marcus&severity=WARNING&sort=name')).toEqual([
    'Alder',
    'Bauer',
  ]);
  const { deals, total, findings } = await pageOf(serve, id, 'rule=no_next_step');
  expect({ total, findings }).toEqual({ total: 2, findings: 2 });
  expect(deals[0]!.findings.map(({ ruleId }) => ruleId)).toEqual(['no_next_step']);
  for (const wrong of ['severity=BAD', 'sort=random', 'after=zzz', 'limit=0', 'clean=maybe']) {
    expect((await serve.get(`/api/analyze/${id}/deals?${wrong}`)).status, wrong).toBe(422);
  }

  async function namesBy(query: string) {
    const { deals } = await pageOf(serve, id, query);
    return deals.map(({ name }) => name.split(/ |\/\//)[0]);
  }
});

test('pages follow each other in every order, without a deal twice or left out', async ({
  serve,
  inside,
}) => {
  const deals = Array.from({ length: 23 }, (_, at): StoryDeal => {
    const fires = [['close_date_past'], ['no_next_step', 'single_threaded'], []][at % 3]!;
    return { name: `Deal ${'cab'[at % 3]}${at}`, amountCents: at % 4 ? at * 100 : null, fires };
  });
  const id = await inside((scope) => anAnalysis(scope, { deals }));
  for (const sort of ['worst', 'amount', 'name']) {
    const all = (await pageOf(serve, id, `sort=${sort}&limit=200`)).deals;
    const paged: ReviewedDeal[] = [];
    let after: string | null = '';
    do {
      const page: Page = await pageOf(serve, id, `sort=${sort}&limit=5&after=${after}`);
      paged.push(...page.deals);
      after = page.next;
    } while (after);
    expect(paged).toEqual(all);
    expect(new Set(paged.map(({ line }) => line)).size).toBe(23);
  }
  const amounts = (await pageOf(serve, id, 'sort=amount')).deals.map((deal) => deal.amountCents);
  expect(amounts.slice(0, 2)).toEqual([2200, 2100]);
  expect(amounts.at(-1)).toBe(null);
  const names = (await pageOf(serve, id, 'sort=name')).deals.map(({ name }) => name);
  expect(names).toEqual(names.toSorted());
});

test('an analysis is compared with the one before by deal and rule: new fixed and still there', async ({
  serve,
  inside,
}) => {
  const first = await inside((scope) =>
    anAnalysis(scope, {
      health: 60,
      deals: [
        { subject: 'a', name: 'Old name', fires: ['close_date_past', 'no_next_step'] },
        { subject: 'gone', name: 'Gone', fires: ['single_threaded'] },
      ],
    }),
  );
  const second = await inside((scope) =>
    anAnalysis(scope, {
      previousId: first,
      deals: [
        { subject: 'b', name: 'Fresh', fires: ['deal_missing_owner'] },
        { subject: 'a', name: 'New name', fires: ['no_next_step', 'missing_lead_source'] },
      ],
    }),
  );
  const { body } = await serve.get(`/api/analyze/${second}/compare`);
  const compared = body as Comparison;
  expect(compared.before).toMatchObject({ id: first, health: 60 });
  expect(compared.counts).toEqual({ new: 2, fixed: 2, still: 1 });
  expect(compared.new.map(({ deal, ruleId }) => [deal, ruleId])).toEqual([
    ['Fresh', 'deal_missing_owner'],
    ['New name', 'missing_lead_source'],
  ]);
  expect(compared.fixed.map(({ deal, ruleId }) => [deal, ruleId])).toEqual([
    ['Old name', 'close_date_past'],
    ['Gone', 'single_threaded'],
  ]);
  const backwards = await serve.get(`/api/analyze/${first}/compare?with=${second}`);
  expect(backwards.body).toMatchObject({ counts: { new: 2, fixed: 2, still: 1 } });
  expect((await serve.get(`/api/analyze/${first}/compare`)).status).toBe(409);

  expect(await changesBy('new')).toEqual([
    'Fresh deal_missing_owner',
    'New name missing_lead_source',
  ]);
  expect(await changesBy('still')).toEqual(['New name no_next_step']);
  expect(await changesBy('fixed')).toEqual(['New name close_date_past']);

  async function changesBy(change: NonNullable<ResultFilter['change']>) {
    const { deals } = await pageOf(serve, second, `change=${change}`);
    return deals.flatMap(({ name, findings }) =>
      findings.map((finding) => {
        expect(finding.change).toBe(change);
        return `${name} ${finding.ruleId}`;
      }),
    );
  }
});

test('a finding is set aside and talked about, and so it is in the next analysis', async ({
  db,
  serve,
}) => {
  const [ada, bob] = [await serve.signedUp(), await serve.signedUp('Bob Marley')];
  const who = { workspaceId: ada.workspaceId, actor: ada.userId };
  const member = { userId: bob.userId, name: 'Bob', email: bob.email, role: 'rep' };
  await db
    .insertInto('members')
    .values({ workspaceId: ada.workspaceId, ...member })
    .execute();
  const first = await inWorkspace(db, who, (scope) => anAnalysis(scope));
  const finding = `/api/analyze/${first}/findings/1/no_next_step`;
  const until = '2031-01-15T12:00:00.000Z';
  expect(await ada.post(`${finding}/snooze`, { until, reason: 'On holiday' })).toMatchObject({
    ...{ status: 200, body: { snoozedUntil: until } },
  });
  const said = await ada.post(`${finding}/comments`, {
    ...{ text: 'Marcus calls them on Friday', mentions: [bob.userId, ada.userId] },
  });
  expect(said).toMatchObject({
    status: 201,
    body: { comment: { text: 'Marcus calls them on Friday', actorName: 'Ada Lovelace' } },
  });
  const told = await db
    .selectFrom('notifications')
    .select(['userId', 'kind', 'title', 'href'])
    .where('workspaceId', '=', ada.workspaceId)
    .execute();
  expect(told).toEqual([
    {
      ...{ userId: bob.userId, kind: 'mention', href: `/reviews/${first}?open=1` },
      title: 'Ada Lovelace mentioned you on Bauer Cold Storage',
    },
  ]);
  const second = await inWorkspace(db, who, (scope) => anAnalysis(scope, { previousId: first }));
  const { deals } = await pageOf(ada, second, 'snoozed=true');
  expect(deals).toMatchObject([
    {
      name: 'Bauer Cold Storage',
      findings: [
        { ruleId: 'no_next_step', snoozedUntil: until, snoozedBecause: 'On holiday', comments: 1 },
      ],
    },
  ]);
  expect((await pageOf(ada, second, 'snoozed=false')).findings).toBe(6);
  const again = `/api/analyze/${second}/findings/1/no_next_step`;
  expect((await ada.get(`${again}/comments`)).body).toMatchObject({
    items: [{ text: 'Marcus calls them on Friday', mentions: [bob.userId, ada.userId] }],
  });
  expect((await ada.del(`${again}/snooze`)).body).toEqual({ snoozedUntil: null });
  expect((await pageOf(ada, first, 'snoozed=true')).total).toBe(0);

  expect((await ada.post(`${finding}/snooze`, { until: '2020-01-01T00:00:00Z' })).status).toBe(422);
  const nobody = { text: 'Hello', mentions: ['nobody'] };
  expect((await ada.post(`${finding}/comments`, nobody)).status).toBe(422);
  for (const other of ['1/missing_lead_source', '9/no_next_step', 'x/no_next_step']) {
    const at = `/api/analyze/${first}/findings/${other}/comments`;
    expect((await ada.get(at)).status, other).toBe(404);
  }
});

test('the result of a review opens in the same pages as that of an uploaded file', async ({
  serve,
  inside,
}) => {
  const reviewId = crypto.randomUUID();
  const [review, file] = await inside(async (scope) => [
    await anAnalysis(scope, { reviewId, series: `review:${reviewId}` }),
    await anAnalysis(scope, { source: 'file', series: 'file:deals' }),
  ]);
  const { body } = await serve.get(`/api/analyze/${review}/results`);
  const reviewed = body as Results;
  expect(reviewed.analysis).toMatchObject({ id: review, source: 'pipeline', reviewId });
  const { body: other } = await serve.get(`/api/analyze/${file}/results`);
  const uploaded = other as Results;
  expect(uploaded.analysis).toMatchObject({ source: 'file', reviewId: null });
  expect({ ...reviewed, analysis: 0, trend: 0 }).toEqual({ ...uploaded, analysis: 0, trend: 0 });
  expect(await pageOf(serve, review!)).toEqual(await pageOf(serve, file!));
});

async function pageOf(serve: Calling, id: string, query = ''): Promise<Page> {
  const { status, body } = await serve.get(`/api/analyze/${id}/deals?${query}`);
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body as Page;
}
