const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const extended = '\f^{}\\[~]|€';

/** How many SMS a text becomes: 160 letters of GSM 03.38, or 70 if one letter is not of it; 153 and 67 when there are several. */
export function segmentsOf(text: string): number {
  const letters = [...text];
  const plain = letters.every((one) => basic.includes(one) || extended.includes(one));
  const sizes = letters.map((one) => (plain ? (extended.includes(one) ? 2 : 1) : one.length));
  const [alone, together] = plain ? [160, 153] : [70, 67];
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (total <= alone) return 1;
  let segments = 1;
  let used = 0;
  // A letter of two units is never cut in half.
  for (const size of sizes) {
    if (used + size > together) {
      segments += 1;
      used = 0;
    }
    used += size;
  }
  return segments;
}
