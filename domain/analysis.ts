import { z } from 'zod';

export const analysisSources = ['file', 'pipeline', 'view', 'deal'] as const;
export const AnalysisSource = z.enum(analysisSources);
export type AnalysisSource = z.infer<typeof AnalysisSource>;

export const AnalysisStatus = z.enum([
  ...(['mapping', 'queued', 'running', 'done', 'cancelled', 'failed'] as const),
]);
export type AnalysisStatus = z.infer<typeof AnalysisStatus>;

export const AnalysisStep = z.enum(['parse', 'map', 'evaluate', 'assess', 'report']);
export type AnalysisStep = z.infer<typeof AnalysisStep>;

/** `iso` reads only what has one reading: 2026-03-14, 14 Mar 2026. The others settle 04/03/2026. */
export const dateFormats = ['iso', 'mdy', 'dmy'] as const;
/** Which sign stands before the fraction: 1,234.50 or 1.234,50. */
export const numberFormats = ['point', 'comma'] as const;
/** Whether a probability runs to 100 or to 1. */
export const shareFormats = ['percent', 'fraction'] as const;
export const formats = [...dateFormats, ...numberFormats, ...shareFormats] as const;
export type Format = (typeof formats)[number];

/** How values can be read: `format` where one reading fits them, `readings` where one must be chosen. */
const Readings = z.object({
  format: z.enum(formats).optional(),
  readings: z.array(z.enum(formats)).optional(),
});
export type Readings = z.infer<typeof Readings>;

/** One column of a file, and what it is taken for. */
export const AnalysisColumn = z.object({
  name: z.string(),
  /** In how many of the rows that were looked at it holds something. */
  filled: z.int(),
  samples: z.array(z.string()),
  field: z.string().optional(),
  /** From 0 to 1. */
  confidence: z.number(),
  because: z.string(),
  ...Readings.shape,
  /** The same when it is taken for something else. */
  can: z.object({ date: Readings, number: Readings, share: Readings }).partial().optional(),
});
export type AnalysisColumn = z.infer<typeof AnalysisColumn>;

/** Column → field. `custom` keeps a column as it is, as does saying nothing; `skip` leaves it out. */
export const ColumnMapping = z.record(z.string().max(200), z.string().max(80));
export type ColumnMapping = z.infer<typeof ColumnMapping>;

/** What holds for every row of a file. */
export const AnalysisOptions = z.object({
  dateFormat: z.enum(dateFormats).optional(),
  numberFormat: z.enum(numberFormats).optional(),
  shareFormat: z.enum(shareFormats).optional(),
  /** Of a column that is written otherwise than the rest. */
  formats: z.record(z.string().max(200), z.enum(formats)).optional(),
  /** Where times without a zone were written. */
  zone: z.string().max(60).optional(),
  /** What a text of the file is called here: the slug of a stage, the id of a member. */
  stages: z.record(z.string().max(200), z.string().max(80)).optional(),
  owners: z.record(z.string().max(200), z.string().max(80)).optional(),
});
export type AnalysisOptions = z.infer<typeof AnalysisOptions>;

export const Counts = z.object({ critical: z.int(), warning: z.int(), info: z.int() });
export type Counts = z.infer<typeof Counts>;

export const Change = z.object({ new: z.int(), still: z.int(), fixed: z.int() });

/** What an analysis found, in numbers; it grows while it runs, and stages, owners and change come at the end. */
export const AnalysisSummary = z.object({
  deals: z.int(),
  clean: z.int(),
  severity: z.object({ CRITICAL: z.int(), WARNING: z.int(), INFO: z.int() }),
  category: z.record(z.string(), Counts),
  rule: z.record(z.string(), z.int()),
  stage: z.record(z.string(), z.int()),
  owner: z.record(
    z.string(),
    Counts.extend({ ownerId: z.string().nullable(), health: z.int().nullable(), deals: z.int() }),
  ),
  change: Change.nullable(),
  /** Rules that could not look, because the file has no such column. */
  leftOut: z.array(z.object({ id: z.string(), name: z.string(), because: z.string() })),
});
export type AnalysisSummary = z.infer<typeof AnalysisSummary>;

/** One analysis in the history. */
export const AnalysisLine = z.object({
  id: z.uuid(),
  name: z.string(),
  source: AnalysisSource,
  status: AnalysisStatus,
  health: z.int().nullable(),
  rows: z.int(),
  rowsTotal: z.int().nullable(),
  rejected: z.int(),
  problem: z.string().nullable(),
  counts: Counts,
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
  reviewId: z.uuid().nullable(),
  previousId: z.uuid().nullable(),
});
export type AnalysisLine = z.infer<typeof AnalysisLine>;

/** One analysis as a whole, without what it found on each deal. */
export const Analysis = AnalysisLine.extend({
  step: AnalysisStep,
  subject: z.record(z.string(), z.unknown()),
  series: z.string(),
  fileName: z.string().nullable(),
  bytes: z.number().nullable(),
  format: z.string().nullable(),
  encoding: z.string().nullable(),
  delimiter: z.string().nullable(),
  headerLine: z.int().nullable(),
  columns: z.array(AnalysisColumn),
  mapping: ColumnMapping,
  options: AnalysisOptions,
  ruleIds: z.array(z.string()).nullable(),
  noted: z.int(),
  summary: AnalysisSummary.partial(),
  createdBy: z.string(),
  slot: z.iso.datetime().nullable(),
  /** When the file was erased; the result stays. */
  erasedAt: z.iso.datetime().nullable(),
});
export type Analysis = z.infer<typeof Analysis>;

/** How far an analysis is, as it is asked for again and again. */
export const AnalysisProgress = z.object({
  id: z.uuid(),
  status: AnalysisStatus,
  step: AnalysisStep,
  rows: z.int(),
  rowsTotal: z.int().nullable(),
  percent: z.int(),
  problem: z.string().nullable(),
  health: z.int().nullable(),
  rejected: z.int(),
  noted: z.int(),
  summary: Analysis.shape.summary,
});
export type AnalysisProgress = z.infer<typeof AnalysisProgress>;

/** A line that was left out, or judged without a value that could not be read. */
export const AnalysisReject = z.object({
  line: z.int(),
  field: z.string().nullable(),
  reason: z.string(),
  isKept: z.boolean(),
});
export type AnalysisReject = z.infer<typeof AnalysisReject>;

/** Something about a file that a person should look at before it is judged. */
export const AnalysisCheck = z.object({
  kind: z.enum([
    ...(['missing-field', 'unmapped', 'choose-format', 'new-stages', 'unknown-owners'] as const),
    ...(['unreadable-dates', 'unreadable-values', 'unnamed-rows', 'broken-rows'] as const),
  ]),
  column: z.string().nullable(),
  field: z.string().nullable(),
  message: z.string(),
  /** How many rows it concerns. */
  count: z.int(),
  /** The texts it is about, with what they are read as. */
  values: z
    .array(z.object({ text: z.string(), count: z.int(), readAs: z.string().nullable() }))
    .optional(),
  /** What a person may choose instead. */
  choices: z.array(z.object({ value: z.string(), label: z.string() })).optional(),
  /** Whether it must be settled before the file can be judged. */
  mustSettle: z.boolean(),
});
export type AnalysisCheck = z.infer<typeof AnalysisCheck>;

/** One row as it would be read. */
export const PreviewRow = z.object({
  line: z.int(),
  fields: z.record(
    z.string(),
    z.object({
      column: z.string(),
      raw: z.string(),
      value: z.union([z.string(), z.number(), z.boolean(), z.array(z.string()), z.null()]),
      reason: z.string().optional(),
    }),
  ),
  /** Why it is left out. */
  reason: z.string().optional(),
});
export type PreviewRow = z.infer<typeof PreviewRow>;
