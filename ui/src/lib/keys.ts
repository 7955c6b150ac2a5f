/** One key and what it does here. `keys` is `j`, `Shift+ArrowDown`, `Mod+k` or a chord such as `g l`. */
export interface Binding {
  keys: string;
  label: string;
  /** The heading under which the list of keys shows it. */
  where?: string;
  run(event: KeyboardEvent): void;
  /** Act even while a field has focus (for Escape and ⌘⏎). */
  inFields?: boolean;
}

const layers: Binding[][] = [];
let chord: { first: string; at: number } | undefined;

/** Makes keys act until the returned function is called. The latest binding of a key wins. */
export function bindKeys(bindings: Binding[]): () => void {
  layers.unshift(bindings);
  return () => {
    const index = layers.indexOf(bindings);
    if (index >= 0) layers.splice(index, 1);
  };
}

/** What the keys do at this moment, for the list under `?`; each key once. */
export function keysHere(): Binding[] {
  const seen = new Set<string>();
  return layers.flat().filter(({ keys }) => !seen.has(keys) && seen.add(keys));
}

/** The one keydown listener of the app. A dialog keeps the keys to itself. */
export function onKeydown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const inField = isField(event.target);
  const inDialog = document.querySelector('[data-modal]') !== null;
  const binding = bindingOf(event);
  if (!binding || ((inField || inDialog) && !binding.inFields)) return;
  event.preventDefault();
  binding.run(event);
}

/** How a binding is written on a key cap: `⌘K`, `⇧↓`, `G L`. */
export function asKeycap(keys: string): string {
  return keys
    .replace('Mod+', isMac() ? '⌘' : 'Ctrl ')
    .replace('Alt+', isMac() ? '⌥' : 'Alt ')
    .replace('Shift+', '⇧')
    .replace('Enter', '⏎')
    .replace('Escape', 'Esc')
    .replace('ArrowDown', '↓')
    .replace('ArrowUp', '↑')
    .replace(/\b[a-z]\b/g, (letter) => letter.toUpperCase());
}

/** The name under which a key press is bound. */
export function nameOf(event: Pick<KeyboardEvent, 'key' | 'code'> & Modifiers): string {
  // ⌥X types ≈ on some keyboards; then the key's place says which it was.
  const placed = event.altKey && event.code.startsWith('Key') ? event.code.slice(3) : event.key;
  const key = placed.length === 1 ? placed.toLowerCase() : placed;
  const isSign = key.length === 1 && !/[a-z]/.test(key);
  const modifiers = [
    (event.metaKey || event.ctrlKey) && 'Mod+',
    event.altKey && 'Alt+',
    event.shiftKey && !isSign && 'Shift+',
  ];
  return modifiers.filter(Boolean).join('') + key;
}

interface Modifiers {
  metaKey: boolean;
  ctrlKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

function bindingOf(event: KeyboardEvent): Binding | undefined {
  const name = nameOf(event);
  const begun = chord && event.timeStamp - chord.at < 1500 ? chord.first : undefined;
  chord = undefined;
  const all = layers.flat();
  const found =
    (begun && all.find(({ keys }) => keys === `${begun} ${name}`)) ||
    all.find(({ keys }) => keys === name);
  if (!found && all.some(({ keys }) => keys.startsWith(`${name} `)) && !isField(event.target))
    chord = { first: name, at: event.timeStamp };
  return found;
}

function isField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input:not([type=checkbox]), textarea, select'))
  );
}

function isMac(): boolean {
  return navigator.platform.startsWith('Mac');
}
