/** Moves the focus among the links of a list; without one that has it, from the open one on. */
export function moveFocus(box: HTMLElement | undefined, by: number, opened?: string): void {
  const links = [...(box?.querySelectorAll<HTMLElement>('a[data-row]') ?? [])];
  const here = links.findIndex((link) => link === document.activeElement);
  const from = here >= 0 ? here : links.findIndex((link) => link.dataset.row === opened);
  const next = from < 0 ? (by > 0 ? 0 : links.length - 1) : from + by;
  links[Math.max(0, Math.min(links.length - 1, next))]?.focus();
}

/** The keys that move it: ⏎ then opens what has the focus, as links do. */
export function focusKeys(move: (by: number) => void) {
  return [
    { keys: 'j', label: 'Next', run: () => move(1) },
    { keys: 'k', label: 'Previous', run: () => move(-1) },
    { keys: 'ArrowDown', label: 'Next', run: () => move(1) },
    { keys: 'ArrowUp', label: 'Previous', run: () => move(-1) },
  ].map((binding) => ({ ...binding, where: 'Lists' }));
}
