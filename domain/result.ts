import { z } from 'zod';
import { Analysis, AnalysisSource, AnalysisStatus, Counts } from './analysis.ts';
import { categories, Rule, severities } from './rule.ts';

export const findingChanges = ['new', 'still', 'fixed'] as const;

/** A rule that fired on a deal of an analysis, with what people made of it since. */
export const Finding = z.object({
  ruleId: z.string(),
  name: z.string(),
  category: z.enum(categories),
  severity: z.enum(severities),
  message: z.string(),
  remediation: z.string(),
  remediationOwner: Rule.shape.remediation_owner,
  automatable: z.boolean(),
  /** Against the analysis before; null when there is none. `fixed` only where that is asked for. */
  change: z.enum(findingChanges).nullable(),
  fixedAt: z.iso.datetime().nullable(),
  /** By which change of many it was fixed. */
  undoId: z.uuid().nullable(),
  taskId: z.uuid().nullable(),
  /** Null as soon as it is over. */
  snoozedUntil: z.iso.datetime().nullable(),
  snoozedBecause: z.string().nullable(),
  comments: z.int(),
});
export type Finding = z.infer<typeof Finding>;

/** One deal as it was when it was looked at, with what was found on it, the worst first. */
export const ReviewedDeal = z.object({
  line: z.int(),
  /** Null for a deal of a file. */
  dealId: z.uuid().nullable(),
  name: z.string(),
  stage: z.string().nullable(),
  stageName: z.string().nullable(),
  owner: z.string().nullable(),
  ownerId: z.string().nullable(),
  company: z.string().nullable(),
  amountCents: z.int().nullable(),
  health: z.int(),
  ...Counts.shape,
  findings: z.array(Finding),
});
export type ReviewedDeal = z.infer<typeof ReviewedDeal>;

export const dealSorts = ['worst', 'amount', 'name'] as const;
export type DealSort = (typeof dealSorts)[number];

/** Several of one thing stand in one word, with commas between. */
function oneOf<T extends string>(allowed: readonly T[]) {
  return z
    .string()
    .max(500)
    .transform((text) => text.split(',').filter(Boolean))
    .pipe(z.array(z.enum(allowed)))
    .optional();
}

const word = z.string().max(300).optional();
const flag = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .optional();

/** Which deals of an analysis, and of their findings which. */
export const ResultFilter = z.object({
  severity: oneOf(severities),
  category: oneOf(categories),
  rule: z
    .string()
    .max(2000)
    .transform((text) => text.split(',').filter(Boolean))
    .optional(),
  /** The id of a member, else the name as it stands in the file; `none` for nobody. */
  owner: word,
  /** The slug of a stage, or its name. */
  stage: word,
  change: z.enum(findingChanges).optional(),
  /** Those on which nothing was found, or those on which something was. */
  clean: flag,
  /** Only what is set aside, or all but that. */
  snoozed: flag,
  search: z.string().max(200).optional(),
});
export type ResultFilter = z.infer<typeof ResultFilter>;

const Looked = z.object({
  id: z.uuid(),
  at: z.iso.datetime().nullable(),
  health: z.int().nullable(),
});

/** A whole analysis without its deals. */
export const Results = z.object({
  analysis: z.object({
    id: z.uuid(),
    name: z.string(),
    source: AnalysisSource,
    status: AnalysisStatus,
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
    rows: z.int(),
    rejected: z.int(),
    reviewId: z.uuid().nullable(),
  }),
  health: z.int().nullable(),
  /** How health is made, in words. */
  formula: z.string(),
  summary: Analysis.shape.summary,
  previous: Looked.nullable(),
  /** The same series, the oldest first, this one last. */
  trend: z.array(Looked.extend({ counts: Counts })),
  /** Those that fired, the worst first. */
  rules: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      category: z.enum(categories),
      severity: z.enum(severities),
      count: z.int(),
      remediation: z.string(),
      remediationOwner: Rule.shape.remediation_owner,
      automatable: z.boolean(),
    }),
  ),
  /** How many findings could be fixed at once: not yet fixed, and on a deal of the workspace. */
  automatable: z.int(),
});
export type Results = z.infer<typeof Results>;

/** A finding in a comparison of two analyses. */
export const ComparedFinding = z.object({
  subject: z.string(),
  line: z.int(),
  dealId: z.uuid().nullable(),
  deal: z.string(),
  owner: z.string().nullable(),
  amountCents: z.int().nullable(),
  ruleId: z.string(),
  name: z.string(),
  severity: z.enum(severities),
  category: z.enum(categories),
  message: z.string(),
});
export type ComparedFinding = z.infer<typeof ComparedFinding>;

export const Comparison = z.object({
  before: Looked,
  /** At most the 500 worst of each; `counts` says of how many. */
  new: z.array(ComparedFinding),
  fixed: z.array(ComparedFinding),
  still: z.int(),
  counts: z.object({ new: z.int(), fixed: z.int(), still: z.int() }),
});
export type Comparison = z.infer<typeof Comparison>;

export const FindingComment = z.object({
  id: z.uuid(),
  text: z.string(),
  mentions: z.array(z.string()),
  actor: z.string(),
  actorName: z.string().nullable(),
  at: z.iso.datetime(),
});
export type FindingComment = z.infer<typeof FindingComment>;
