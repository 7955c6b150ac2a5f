import { untrack } from 'svelte';
import type { Analysis, AnalysisOptions, Format, PreviewRow } from '#domain/analysis.ts';
import { mapped, type Mapping, type Preview } from './analysis-columns.ts';
import { post, type Problem } from './api.ts';

/** What somebody says of the columns of a file, and how its rows would then be read. */
export interface Draft {
  readonly mapping: Mapping;
  readonly options: AnalysisOptions;
  /** The latest answer; nothing until there is one. */
  readonly preview: Preview | undefined;
  readonly row: PreviewRow | undefined;
  readonly problem: Problem | undefined;
  map(column: string, field: string): void;
  mapAll(mapping: Mapping): void;
  write(column: string, format: Format): void;
  translate(what: 'stages' | 'owners', words: Record<string, string>): void;
  /** Shows another row as it will be read. */
  step(by: 1 | -1): void;
}

const REST = 120;

/** Each change is read anew as soon as hands rest; only the latest answer counts. */
export function draftOf(one: Analysis): Draft {
  let mapping = $state.raw<Mapping>({ ...one.mapping });
  let options = $state.raw<AnalysisOptions>({ ...one.options });
  let preview = $state.raw<Preview>();
  let problem = $state.raw<Problem>();
  let at = $state(0);
  /** The lines from which on rows were shown, the latest last. */
  let from = $state.raw<number[]>([]);
  let asked = 0;

  $effect(() => {
    const line = from.at(-1);
    const body = { mapping, options, ...(line && { line }) };
    const wait = untrack(() => (asked === 0 ? 0 : REST));
    const timer = setTimeout(() => void look(body), wait);
    return () => clearTimeout(timer);
  });

  async function look(body: { mapping: Mapping; options: AnalysisOptions; line?: number }) {
    const mine = ++asked;
    const answer = await post<Preview>(`/analyze/${one.id}/preview`, body);
    if (mine !== asked) return;
    problem = answer.problem;
    if (answer.done) preview = answer.done;
  }

  function step(by: 1 | -1) {
    const rows = preview?.rows ?? [];
    const next = at + by;
    const last = rows.at(-1);
    if (next >= 0 && next < rows.length) at = next;
    else if (next > 0 && last) [from, at] = [[...from, last.line + 1], 0];
    else if (next < 0 && from.length > 0) [from, at] = [from.slice(0, -1), 0];
  }

  return {
    get mapping() {
      return mapping;
    },
    get options() {
      return options;
    },
    get preview() {
      return preview;
    },
    get row() {
      return preview?.rows[at];
    },
    get problem() {
      return problem;
    },
    map(column, field) {
      mapping = mapped(mapping, column, field);
    },
    mapAll(next) {
      mapping = next;
    },
    write(column, format) {
      options = { ...options, formats: { ...options.formats, [column]: format } };
    },
    translate(what, words) {
      options = { ...options, [what]: { ...options[what], ...words } };
    },
    step,
  };
}
