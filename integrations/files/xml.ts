/** A piece of a document, without its prefixes: `<x:row r="1">` is a row. */
export type Piece =
  | { is: 'open'; name: string; attributes: string; isEmpty: boolean }
  | { is: 'close'; name: string }
  | { is: 'text'; text: string };

/** Longer tags are none. In characters. */
const LONGEST = 1024 * 1024;

/**
 * Cuts a document into tags and texts while it arrives, one piece at a time through `take`, holding no more of it than
 * one tag or text. Comments, instructions and the declaration are left out; entities are read.
 */
export function xmlCutter(take: (piece: Piece) => void): { write(text: string): void } {
  let rest = '';
  return {
    write(text) {
      rest += text;
      let at = 0;
      for (;;) {
        const open = rest.indexOf('<', at);
        if (open < 0) {
          // A text as long as that is taken in parts, or each part would be looked at again with the next.
          if (rest.length - at > LONGEST) take({ is: 'text', text: plain(rest.slice(at)) });
          if (rest.length - at > LONGEST) at = rest.length;
          break;
        }
        if (open > at) take({ is: 'text', text: plain(rest.slice(at, open)) });
        at = open;
        const special = rest.startsWith('<!--', at)
          ? '-->'
          : rest.startsWith('<![CDATA[', at)
            ? ']]>'
            : '>';
        // Until it is all there nobody knows what it is.
        if (rest.length - at < 9 && '<![CDATA['.startsWith(rest.slice(at, at + 9))) break;
        const end = rest.indexOf(special, at + 1);
        if (end < 0) break;
        if (special === ']]>') take({ is: 'text', text: rest.slice(at + 9, end) });
        else if (special === '>') takeTag(rest.slice(at + 1, end), take);
        at = end + special.length;
      }
      rest = rest.slice(at);
      if (rest.length > LONGEST && rest.startsWith('<')) rest = '';
    },
  };
}

function takeTag(tag: string, take: (piece: Piece) => void): void {
  const first = tag.charCodeAt(0);
  if (first === 63 || first === 33) return;
  if (first === 47) return take({ is: 'close', name: bare(tag.slice(1).trim()) });
  const isEmpty = tag.endsWith('/');
  const gap = tag.search(/[\s/]/);
  const name = bare(gap < 0 ? tag : tag.slice(0, gap));
  take({ is: 'open', name, attributes: gap < 0 ? '' : tag.slice(gap), isEmpty });
  if (isEmpty) take({ is: 'close', name });
}

function bare(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** One attribute of a tag, by its name without a prefix. */
export function attributeOf(attributes: string, name: string): string | undefined {
  const [, double, single] =
    new RegExp(`[\\s:]${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes) ?? [];
  const found = double ?? single;
  return found === undefined ? undefined : plain(found);
}

const named: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function plain(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, entity: string) => {
    if (!entity.startsWith('#')) return named[entity] ?? whole;
    const code = /^#x/i.test(entity) ? parseInt(entity.slice(2), 16) : Number(entity.slice(1));
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
