import { expect, test } from 'vitest';
import { asKeycap, bindKeys, keysHere, nameOf } from './keys.ts';

const none = { metaKey: false, ctrlKey: false, altKey: false, shiftKey: false };

test('a key press has one name, whatever the keyboard makes of it', () => {
  expect(nameOf({ key: 'K', code: 'KeyK', ...none, metaKey: true })).toBe('Mod+k');
  expect(nameOf({ key: 'k', code: 'KeyK', ...none, ctrlKey: true })).toBe('Mod+k');
  expect(nameOf({ key: '≈', code: 'KeyX', ...none, altKey: true })).toBe('Alt+x');
  expect(nameOf({ key: '?', code: 'Slash', ...none, shiftKey: true })).toBe('?');
  expect(nameOf({ key: 'ArrowDown', code: 'ArrowDown', ...none, shiftKey: true })).toBe(
    'Shift+ArrowDown',
  );
});

test('a key cap says Alt and Ctrl where the keyboard has them', () => {
  const isMac = navigator.platform.startsWith('Mac');
  expect(asKeycap('Alt+x')).toBe(isMac ? '⌥X' : 'Alt X');
  expect(asKeycap('Mod+Enter')).toBe(isMac ? '⌘⏎' : 'Ctrl ⏎');
});

test('the list of keys shows each key once, as the latest page bound it', () => {
  const letGoOfPage = bindKeys([{ keys: 'n', label: 'New', run: () => {} }]);
  const letGoOfList = bindKeys([{ keys: 'n', label: 'New lead', run: () => {} }]);
  expect(keysHere().map(({ label }) => label)).toEqual(['New lead']);
  letGoOfList();
  expect(keysHere().map(({ label }) => label)).toEqual(['New']);
  letGoOfPage();
  expect(keysHere()).toEqual([]);
});
