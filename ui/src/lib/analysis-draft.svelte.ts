import { untrack } from 'svelte';
import type { Analysis, AnalysisOptions, Format } from '#domain/analysis.ts';
import {
  type Check,
  mapped,
  type Mapping,
  type Preview,
  type PreviewRow,
} from './analysis-columns.ts';
import { post, type Problem } from './api.ts';

/** What somebody says of the columns of a file, and how its rows would then be read. */
export interface Draft {
  readonly mapping: Mapping;
  readonly options: AnalysisOptions;
  readonly checks: Check[];
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
  let preview = $state.raw<Preview>({ rows: [], checks: [] });
  let problem = $state.raw<Problem>();
  let at = $state(0);
  let asked = 0;

  $effect(() => {
    const body = { mapping, options };
    const wait = untrack(() => (asked === 0 ? 0 : REST));
    const timer = setTimeout(() => void look(body), wait);
    return () => clearTimeout(timer);
  });

  async function look(body: { mapping: Mapping; options: AnalysisOptions }) {
    const mine = ++asked;
    const answer = await post<Preview>(`/analyze/${one.id}/preview`, body);
    if (mine !== asked) return;
    problem = answer.problem;
    if (answer.done) preview = answer.done;
  }

  return {
    get mapping() {
      return mapping;
    },
    get options() {
      return options;
    },
    get checks() {
      return preview.checks;
    },
    get row() {
      return preview.rows[at];
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
    step(by) {
      at = Math.max(0, Math.min(preview.rows.length - 1, at + by));
    },
  };
}
