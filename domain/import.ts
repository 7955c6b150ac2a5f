import { z } from 'zod';

/** At most this many people are enrolled by one import. */
export const MOST_ENROLLED = 500;

export const ImportStatus = z.enum(['mapping', 'running', 'done', 'cancelled', 'failed']);
export type ImportStatus = z.infer<typeof ImportStatus>;

/** What holds for every row of a file. */
export const ImportOptions = z.object({
  source: z.string().trim().min(1).max(100).optional(),
  campaign: z.string().trim().min(1).max(300).optional(),
  tags: z.array(z.string().trim().min(1).max(100)).max(20).optional(),
  sequenceId: z.uuid().optional(),
  /** Nobody is enrolled unless this is ticked. */
  enrol: z.boolean().optional(),
});
export type ImportOptions = z.infer<typeof ImportOptions>;

export const ImportColumn = z.object({
  name: z.string(),
  samples: z.array(z.string()),
  field: z.string().optional(),
  confidence: z.number(),
  because: z.string(),
});
export type ImportColumn = z.infer<typeof ImportColumn>;

export const Mapping = z.record(z.string(), z.string());

/** A file of leads on its way in: created, matched and rejected add up to rows. */
export const Import = z.object({
  id: z.uuid(),
  fileName: z.string(),
  bytes: z.int(),
  format: z.string(),
  encoding: z.string().nullable(),
  delimiter: z.string().nullable(),
  headerLine: z.int().nullable(),
  columns: z.array(ImportColumn),
  mapping: Mapping,
  options: ImportOptions,
  status: ImportStatus,
  problem: z.string().nullable(),
  rows: z.int(),
  created: z.int(),
  matched: z.int(),
  rejected: z.int(),
  readBytes: z.int(),
  enrolled: z.int(),
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  startedAt: z.iso.datetime().nullable(),
  finishedAt: z.iso.datetime().nullable(),
});
export type Import = z.infer<typeof Import>;

export const RowOutcome = z.enum(['created', 'matched', 'rejected']);
export type RowOutcome = z.infer<typeof RowOutcome>;

/** What became of one line. `values` are kept for rejected ones, so that they can be put right. */
export const ImportRow = z.object({
  line: z.int(),
  outcome: RowOutcome,
  leadId: z.uuid().nullable(),
  field: z.string().nullable(),
  reason: z.string().nullable(),
  values: z.array(z.string()).nullable(),
});
export type ImportRow = z.infer<typeof ImportRow>;
