import { expect, test } from 'vitest';
import { InsightSettings } from '#domain/insight-settings.ts';
import { loadInsights } from './insights.ts';
import { parseRules } from './read.ts';

test('insights begin at 14 days, above $50,000 below 40 %, within 7 days and after 30 days', () => {
  expect(loadInsights()).toMatchObject({
    stalled: { days: 14 },
    highValue: { moreThanCents: 5_000_000, below: 40 },
    closingSoon: { withinDays: 7, quietDays: 7 },
    longCycle: { moreThanDays: 30 },
  });
});

test('a threshold that is none is said with its line', () => {
  const text = '# Days\nstalled: { days: 14, criticalDays: soon }\n';
  expect(() => parseRules(text, InsightSettings, 'insights.yaml')).toThrow(
    'rules/insights.yaml:2: stalled.criticalDays',
  );
});
