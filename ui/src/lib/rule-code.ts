import { history, historyKeymap, standardKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { setDiagnostics } from '@codemirror/lint';
import { drawSelection, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { EditorView } from 'codemirror';
import type { Fault } from './rule.ts';

export interface CodeEditor {
  show(text: string): void;
  mark(faults: Fault[]): void;
  end(): void;
}

interface Given {
  parent: HTMLElement;
  text: string;
  label: string;
  language: 'yaml' | 'text';
  readonly: boolean;
  onchange: (text: string) => void;
}

/** An editor with line numbers in the house's colours. It is large, so only pages that need it load it. */
export function openEditor(given: Given): CodeEditor {
  const { parent, text, label, language, readonly, onchange } = given;
  let told = text;
  const view = new EditorView({
    ...{ parent, doc: text },
    extensions: [
      // Without the larger set of keys: ⌘⏎, Tab and Escape are the page’s.
      ...[history(), drawSelection(), keymap.of([...standardKeymap, ...historyKeymap])],
      ...[lineNumbers(), EditorView.lineWrapping, look],
      ...(language === 'yaml' ? [yaml()] : []),
      syntaxHighlighting(colours),
      EditorView.contentAttributes.of({
        'aria-label': label,
        'aria-readonly': String(readonly),
        tabindex: '0',
      }),
      EditorView.editable.of(!readonly),
      ...(readonly ? [] : [highlightActiveLine()]),
      EditorView.updateListener.of(({ docChanged, state }) => {
        const now = state.doc.toString();
        if (docChanged && now !== told) onchange((told = now));
      }),
    ],
  });
  return {
    show(next) {
      if (next === view.state.doc.toString()) return;
      told = next;
      view.dispatch({ changes: changeBetween(view.state.doc.toString(), next) });
    },
    mark(faults) {
      const { doc } = view.state;
      const marks = faults.map(({ line, message }) => {
        const { from, to } = doc.line(Math.min(Math.max(line, 1), doc.lines));
        return { from, to, severity: 'error' as const, message };
      });
      view.dispatch(setDiagnostics(view.state, marks));
    },
    end() {
      view.destroy();
    },
  };
}

/** Only what differs, so that the cursor and what is folded stay where they are. */
export function changeBetween(before: string, after: string) {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  return {
    ...{ from: head, to: before.length - tail },
    insert: after.slice(head, after.length - tail),
  };
}

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent-ink)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--success-ink)' },
  { tag: [tags.number, tags.bool, tags.null, tags.keyword], color: 'var(--info-ink)' },
  { tag: [tags.comment, tags.meta], color: 'var(--ink-3)' },
]);

const look = EditorView.theme({
  '&': { height: '100%', fontSize: '12px', color: 'var(--ink)', background: 'var(--sunken)' },
  '&.cm-focused': { outline: 'none', boxShadow: 'inset 0 0 0 2px var(--accent)' },
  '.cm-scroller': { fontFamily: 'var(--ff-mono)', lineHeight: '19px', overflow: 'auto' },
  '.cm-content': { padding: '10px 0', caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { background: 'var(--sunken)', color: 'var(--ink-3)', border: 'none' },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 10px 0 14px' },
  '.cm-activeLine': { background: 'var(--hover)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
    background: 'var(--accent-line) !important',
  },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--danger)',
    textUnderlineOffset: '3px',
  },
  '.cm-tooltip': {
    ...{ background: 'var(--raised)', border: '1px solid var(--border)' },
    ...{ borderRadius: 'var(--r-control)', boxShadow: 'var(--sh-lift)' },
  },
  '.cm-diagnostic': { fontFamily: 'var(--ff-sans)', borderLeft: '3px solid var(--danger)' },
});
