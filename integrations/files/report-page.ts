import { fileURLToPath } from 'node:url';
import PDFDocument from 'pdfkit';

export type Face = 'text' | 'strong';

export interface Ink {
  face?: Face;
  size?: number;
  color?: string;
  /** As far to the right as the box goes. */
  right?: boolean;
}

/** Paper that is written from top to bottom; what does not fit goes on on the next page. */
export interface Paper {
  /** Where the next thing begins, in points from the top. */
  y: number;
  left: number;
  width: number;
  /** Begins a new page unless there is so much room. */
  need(height: number): void;
  /** One line, cut where it does not fit. */
  say(text: string, x: number, width: number, ink?: Ink): void;
  /** The lines that a text makes in a width. */
  wrapped(text: string, width: number, ink?: Ink): string[];
  bar(x: number, width: number, height: number, color: string): void;
  rule(): void;
  /** What was written since, to be handed on. */
  take(): Buffer | undefined;
  /** Ends the paper; the rest of it. */
  rest(): AsyncIterable<Buffer>;
}

const MARGIN = 48;
const FOOT = 36;
export const inks = { ink: '#16181d', soft: '#5b6270', line: '#d9dde3' };
const fonts = {
  text: fileURLToPath(new URL('fonts/inter-regular.ttf', import.meta.url)),
  strong: fileURLToPath(new URL('fonts/inter-semibold.ttf', import.meta.url)),
};

/** A4 with a foot on every page: the title, and “2 of 7”. */
export function paperOf(title: string): Paper {
  const doc = new PDFDocument({
    ...{ size: 'A4', margin: MARGIN, autoFirstPage: false, lang: 'en', displayTitle: true },
    info: { Title: title, Producer: 'Throughline', Creator: 'Throughline' },
  });
  for (const [name, file] of Object.entries(fonts)) doc.registerFont(name, file);
  const total = placeForTotal(doc);
  const { widthOf, wrap } = measure(doc);
  let pages = 0;

  function addPage(): void {
    doc.addPage();
    pages += 1;
    foot();
    paper.y = MARGIN;
  }

  function foot(): void {
    const y = doc.page.height - FOOT;
    const number = `${pages} of`;
    const x = doc.page.width - MARGIN - widthOf(' 9999', { size: 8 });
    draw(cut(title, x - MARGIN - 60, { size: 8 }), MARGIN, y, { size: 8, color: inks.soft });
    draw(number, x - widthOf(number, { size: 8 }), y, { size: 8, color: inks.soft });
    total.put(x, y);
  }

  function draw(text: string, x: number, y: number, ink: Ink): void {
    const { face = 'text', size = 9, color = inks.ink } = ink;
    doc.font(face).fontSize(size).fillColor(color).text(text, x, y, { lineBreak: false });
  }

  function cut(text: string, width: number, ink: Ink): string {
    const plain = plainOf(text);
    if (widthOf(plain, ink) <= width) return plain;
    let end = plain.length;
    while (end > 0 && widthOf(`${plain.slice(0, end)}…`, ink) > width) end -= 1;
    return `${plain.slice(0, end).trimEnd()}…`;
  }

  const paper: Paper = {
    ...{ y: MARGIN, left: MARGIN, width: 595.28 - 2 * MARGIN },
    need(height) {
      if (pages === 0 || paper.y + height > doc.page.height - MARGIN - 14) addPage();
    },
    say(text, x, width, ink = {}) {
      const line = cut(text, width, ink);
      draw(line, ink.right ? x + width - widthOf(line, ink) : x, paper.y, ink);
    },
    wrapped: (text, width, ink = {}) => wrap(plainOf(text), width, ink),
    bar(x, width, height, color) {
      doc.rect(x, paper.y, width, height).fill(color);
    },
    rule() {
      const { left, width, y } = paper;
      doc
        .moveTo(left, y)
        .lineTo(left + width, y)
        .lineWidth(0.5)
        .strokeColor(inks.line)
        .stroke();
    },
    take: () => (doc.read() as Buffer | null) ?? undefined,
    rest() {
      if (pages === 0) addPage();
      total.say(pages);
      doc.end();
      return doc as unknown as AsyncIterable<Buffer>;
    },
  };
  return paper;
}

/** The font in use, as pdfkit keeps it. */
interface FontInUse {
  id: string;
  ref(): object;
  encode(text: string): [string[], unknown];
  /** How each word is set; it would keep every word of a long report. */
  layoutCache: object;
}

function inUse(doc: PDFKit.PDFDocument): FontInUse {
  return (doc as unknown as { _font: FontInUse })._font;
}

/**
 * How many pages there are is known when the last is written, and the first ones have left by then: each page refers to
 * one drawing, which is written at the end.
 */
function placeForTotal(doc: PDFKit.PDFDocument) {
  doc.font('text');
  const font = inUse(doc);
  const drawing = doc.ref({
    ...{ Type: 'XObject', Subtype: 'Form', BBox: [0, -4, 60, 12] },
    Resources: { Font: { [font.id]: font.ref() } },
  }) as unknown as { end(content: string): void };
  return {
    put(x: number, y: number) {
      (doc.page.xobjects as Record<string, unknown>)['Total'] = drawing;
      // The page counts from its top, a drawing from its foot.
      doc.addContent(`q 1 0 0 -1 ${x.toFixed(2)} ${(y + 7.75).toFixed(2)} cm /Total Do Q`);
    },
    say(pages: number) {
      const [glyphs] = font.encode(` ${pages}`);
      drawing.end(
        `BT 0.357 0.384 0.439 rg /${font.id} 8 Tf 1 0 0 1 0 0 Tm <${glyphs.join('')}> Tj ET`,
      );
    },
  };
}

/** Words that were measured, so that each is measured once; forgotten when there are many. */
const MOST_WORDS = 5000;

function measure(doc: PDFKit.PDFDocument) {
  const known = new Map<string, number>();

  function forget(): void {
    known.clear();
    for (const name of Object.keys(fonts))
      inUse(doc.font(name)).layoutCache = Object.create(null) as object;
  }

  function widthOf(text: string, { face = 'text', size = 9 }: Ink): number {
    const key = `${face}${text}`;
    let width = known.get(key);
    if (width === undefined) {
      if (known.size > MOST_WORDS) forget();
      width = doc.font(face).fontSize(1000).widthOfString(text);
      known.set(key, width);
    }
    return (width * size) / 1000;
  }

  function wrap(text: string, width: number, ink: Ink): string[] {
    const lines: string[] = [];
    const space = widthOf(' ', ink);
    let [line, filled] = ['', 0];
    for (const word of text.split(' ').flatMap((one) => pieces(one, width, ink))) {
      const wide = widthOf(word, ink);
      if (line && filled + space + wide > width) {
        lines.push(line);
        [line, filled] = ['', 0];
      }
      filled += (line ? space : 0) + wide;
      line = line ? `${line} ${word}` : word;
    }
    return line || lines.length === 0 ? [...lines, line] : lines;
  }

  /** A word that is wider than its box is taken apart. */
  function pieces(word: string, width: number, ink: Ink): string[] {
    if (word.length < 12 || widthOf(word, ink) <= width) return [word];
    const letters = [...word];
    const half = Math.ceil(letters.length / 2);
    return [letters.slice(0, half), letters.slice(half)].flatMap((part) =>
      pieces(part.join(''), width, ink),
    );
  }

  return { widthOf, wrap };
}

/** What a line can hold: no breaks, no control characters. */
function plainOf(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();
}
