/** Comes in by a whole new page, so that nothing of before stays; only to an address of ours. */
export function arrive(to: string | null | undefined): void {
  location.assign(to && /^\/(?![/\\])/.test(to) ? to : '/');
}
