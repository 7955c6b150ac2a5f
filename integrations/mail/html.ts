import { convert } from 'html-to-text';
import sanitize from 'sanitize-html';

/** A mail's HTML as it may be shown: no script, style, form, frame or picture that tells who looked. */
export function safeHtml(html: string): string {
  return sanitize(html.slice(0, 2_000_000), {
    allowedTags: [
      ...[
        'p',
        'div',
        'span',
        'br',
        'hr',
        'b',
        'strong',
        'i',
        'em',
        'u',
        's',
        'sub',
        'sup',
        'small',
      ],
      ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'ul', 'ol', 'li', 'dl', 'dt', 'dd', 'blockquote'],
      ...['pre', 'code', 'table', 'thead', 'tbody', 'tfoot', 'tr', 'td', 'th', 'caption', 'a'],
    ],
    allowedAttributes: {
      a: ['href', 'rel', 'target'],
      td: ['colspan', 'rowspan'],
      th: ['colspan', 'rowspan'],
    },
    allowedSchemes: ['http', 'https', 'mailto', 'tel'],
    allowProtocolRelative: false,
    disallowedTagsMode: 'discard',
    transformTags: {
      a: sanitize.simpleTransform('a', { rel: 'noopener noreferrer nofollow', target: '_blank' }),
    },
  });
}

/** A mail's HTML as plain text; what it quotes begins with `> `. */
export function textOfHtml(html: string): string {
  return convert(html.slice(0, 2_000_000), {
    wordwrap: false,
    limits: { maxInputLength: 2_000_000, maxDepth: 200, maxChildNodes: 20_000 },
    selectors: [
      { selector: 'a', options: { ignoreHref: true } },
      { selector: 'img', format: 'skip' },
      { selector: '.gmail_quote', format: 'blockquote' },
      { selector: '#divRplyFwdMsg', format: 'block' },
    ],
  });
}
