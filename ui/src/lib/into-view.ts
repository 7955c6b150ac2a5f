/** Brings what it stands on to the middle of what scrolls around it: a tab that would be out of sight on a phone. */
export function intoView(node: HTMLElement): void {
  node.scrollIntoView({ inline: 'center', block: 'nearest' });
}
