/** Rows that were copied in a sheet, as a file; nothing when it is only a few words. */
export function pastedFile(text: string): File | undefined {
  const [head = '', ...rest] = text.trim().split(/\r?\n/);
  const isSheet = rest.length > 0 && /[\t,;]/.test(head);
  if (!isSheet) return undefined;
  const type = head.includes('\t') ? 'tsv' : 'csv';
  return new File([text.trim() + '\n'], `pasted rows.${type}`, { type: `text/${type}` });
}
