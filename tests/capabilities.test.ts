import { expect, test } from 'vitest';
import { faultsIn } from './capabilities.ts';

const source = `
test('a lead is scored', () => {});
test.each([1, 2])(
  "somebody's call",
  () => {},
);
describe.each(load())('$category/$id', () => {});
`;

test('a promise whose test is missing is a fault and one whose test exists is none', () => {
  const list = `id,statement,test
LEAD-01,Scores,a lead is scored
LEAD-02,Calls,somebody's call
LEAD-03,Flies,a lead flies`;
  expect(faultsIn(list, [source])).toEqual(['LEAD-03: there is no test "a lead flies"']);
});

test('an id that stands twice is a fault', () => {
  const list = `id,statement,test
LEAD-01,"Scores, well",a lead is scored
LEAD-01,Scores again,a lead is scored`;
  expect(faultsIn(list, [source])).toEqual(['LEAD-01: stands twice']);
});
