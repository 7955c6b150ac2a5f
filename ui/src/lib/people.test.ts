import { expect, test } from 'vitest';
import { namer } from './people.ts';

const named = namer([
  { userId: 'mKq8Zb21xTtLr0aWc9', name: 'Dana Whitlock' },
  { userId: 'u_second-1', name: 'Marcus Oyelaran' },
]);

test('a reason says who, not which id', () => {
  expect(named('paused by user:mKq8Zb21xTtLr0aWc9')).toBe('paused by Dana Whitlock');
  expect(named('written by mKq8Zb21xTtLr0aWc9.')).toBe('written by Dana Whitlock.');
  expect(named('it went out (u_second-1)')).toBe('it went out (Marcus Oyelaran)');
  expect(named(null)).toBeNull();
});

test('who is no person, or no longer here, is said in words; any other word stays', () => {
  expect(named('token:0198c1aa-7c2b-7c11-8000-1a2b3c4d5e6f')).toBe('a system with a token');
  expect(named('stopped by user:gone4ever1')).toBe('stopped by a former member');
  expect(named('import:quarterly answered within 12345678 h')).toBe(
    'import:quarterly answered within 12345678 h',
  );
});
