import { expect, test } from 'vitest';
import { safeHtml, textOfHtml } from './html.ts';

test.each([
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="  java\nscript:alert(1)">x</a>',
  '<a href="data:text/html,<script>alert(1)</script>">x</a>',
  '<svg><script>alert(1)</script></svg>',
  '<svg onload=alert(1)>',
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<object data="x"></object><embed src="x">',
  '<form action="https://example.com"><input name=p></form>',
  '<style>@import "https://example.com/x.css"</style>',
  '<p style="background:url(https://example.com/track.png)">x</p>',
  '<meta http-equiv="refresh" content="0;url=https://example.com">',
  '<base href="https://example.com">',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
  '<div onclick="alert(1)">x</div>',
  '<img src="https://example.com/pixel.gif">',
])('nothing that acts or phones home is left of: %s', (html) => {
  const safe = safeHtml(html).replace(/&lt;.*?&gt;/g, '');
  expect(safe).not.toMatch(
    /<(?!\/?(p|a|div|table|noscript)\b)|onerror|onclick|onload|javascript:|url\(|style=|src=/i,
  );
});

test('what a letter is made of stays', () => {
  const html = '<p>Hi <b>Ann</b>,</p><ul><li>one</li></ul>';
  expect(safeHtml(html)).toBe(html);
});

test('a link opens elsewhere and does not say where it came from', () => {
  expect(safeHtml('<a href="https://example.com" onclick="x">x</a>')).toBe(
    '<a href="https://example.com" rel="noopener noreferrer nofollow" target="_blank">x</a>',
  );
});

test('what an HTML mail quotes is marked in its text', () => {
  expect(textOfHtml('<div>Yes</div><blockquote>Shall we?</blockquote>')).toBe('Yes\n\n> Shall we?');
});
