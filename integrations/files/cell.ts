/** What a spreadsheet would run when it opens the file; the wide forms are the same to some of them. */
const formula = /^[=+\-@\t\r＝＋－＠]/;
const phone = /^\+[\d\s().-]{5,25}$/;

/** One line of CSV, quoted where it must be. */
export function csvLine(cells: string[]): string {
  return `${cells.map(quoted).join(',')}\n`;
}

/** One line of CSV for people: no cell of it is run by a spreadsheet. */
export function exportedLine(cells: string[]): string {
  return csvLine(cells.map(neutral));
}

/** A cell that would be run gets a `'` before it. A phone number stays what people can dial. */
export function neutral(cell: string): string {
  if (phone.test(cell)) return cell;
  return formula.test(cell) || /^'+[=+\-@\t\r＝＋－＠]/.test(cell) ? `'${cell}` : cell;
}

/** Takes back what `neutral` did, so that an export that is imported again is what it was. */
export function original(cell: string): string {
  return /^'+[=+\-@\t\r＝＋－＠]/.test(cell) ? cell.slice(1) : cell;
}

function quoted(cell: string): string {
  const plain = !/[",;\n\r\t]/.test(cell) && cell === cell.trim() && !cell.startsWith("'");
  return plain ? cell : `"${cell.replaceAll('"', '""')}"`;
}
