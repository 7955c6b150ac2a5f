import { expect, test } from 'vitest';
import { switchesOf } from './switches.ts';

const monday = { id: 'monday', enabled: true };

test('a switch pressed twice sends one request after the other and shows the last press until both are answered', async () => {
  const switches = switchesOf();
  const sent: string[] = [];
  const first = Promise.withResolvers<void>();
  const paused = switches.turn('monday', false, () => (sent.push('pause'), first.promise));
  expect(switches.isOn(monday)).toBe(false);
  const resumed = switches.turn('monday', true, async () => void sent.push('resume'));
  await Promise.resolve();

  expect(sent).toEqual(['pause']);
  expect(switches.isOn({ ...monday, enabled: false })).toBe(true);

  first.resolve();
  await Promise.all([paused, resumed]);
  expect(sent).toEqual(['pause', 'resume']);
  expect(switches.isOn({ ...monday, enabled: false })).toBe(false);
});

test('a switch waits for no other', async () => {
  const switches = switchesOf();
  void switches.turn('monday', false, () => new Promise(() => {}));
  await switches.turn('friday', false, async () => {});
  expect(switches.isOn(monday)).toBe(false);
  expect(switches.isOn({ id: 'friday', enabled: true })).toBe(true);
});
