/** How health is made, in words. */
export function healthFormula(): string {
  return 'Of 100, weighted by amount: a critical finding takes most from a deal, then a warning, then a note.';
}
