import { z } from 'zod';

/** Words of a report. The subject is plain text, the body HTML; both are Liquid. */
export const ReportWords = z.object({
  subject: z.string().trim().min(1).max(500),
  body: z.string().min(1).max(100_000),
});
export type ReportWords = z.infer<typeof ReportWords>;

export const ReportTemplateInput = z.object({
  name: z.string().trim().min(1, 'Give it a name.').max(100),
  ...ReportWords.shape,
});
export type ReportTemplateInput = z.infer<typeof ReportTemplateInput>;

export const ReportTemplate = z.object({
  id: z.uuid(),
  name: z.string(),
  version: z.int(),
  ...ReportWords.shape,
  updatedBy: z.string(),
  updatedAt: z.iso.datetime(),
  /** How many reviews use it. */
  reviews: z.int(),
});
export type ReportTemplate = z.infer<typeof ReportTemplate>;

export const ReportVersion = z.object({
  version: z.int(),
  ...ReportWords.shape,
  by: z.string(),
  at: z.iso.datetime(),
});
export type ReportVersion = z.infer<typeof ReportVersion>;

/** What is wrong with a template, and in which line of which part. */
export interface ReportFault {
  part: 'subject' | 'body';
  line: number;
  message: string;
}

interface Counted {
  name: string;
  critical: number;
  warning: number;
  info: number;
}
export interface ReportFinding {
  severity: string;
  rule: string;
  message: string;
  remediation: string;
  isNew: boolean;
}
export interface ReportDeal {
  name: string;
  company: string;
  stage: string;
  owner: string;
  amount: string;
  health: number;
  url: string;
  findings: ReportFinding[];
}

/** What a template is filled with. */
export interface ReportContext {
  workspace: { name: string };
  review: { name: string; words: string; url: string };
  /** When it was meant for and when it ran, in the zone of the review; `late` says why it came late, or is empty. */
  run: { at: string; slot: string; late: string };
  /** Who reads it; an owner's report is about their own deals. */
  reader: { name: string; isOwner: boolean };
  health: { score: number; before: string; change: string; isWorse: boolean };
  counts: { deals: number; clean: number; critical: number; warning: number; info: number };
  change: { new: number; still: number; fixed: number };
  categories: Counted[];
  owners: (Counted & { deals: number; health: number })[];
  rules: { name: string; severity: string; count: number }[];
  deals: ReportDeal[];
  /** How many deals with findings are not listed. */
  more: number;
  url: string;
  settingsUrl: string;
}

export interface Placeholder {
  name: string;
  title: string;
  example: string | number | boolean | never[];
}

/** What a template may name, with an example of each. */
export const placeholders: Placeholder[] = [
  { name: 'workspace.name', title: 'Workspace', example: 'Northgate Fleet' },
  { name: 'review.name', title: 'Review', example: 'Monday pipeline review' },
  { name: 'review.words', title: 'When it runs', example: 'Every Monday at 06:00' },
  { name: 'review.url', title: 'Its page', example: 'https://example.com/schedule' },
  { name: 'run.at', title: 'When it ran', example: 'Mon 16 Mar 06:00 CDT' },
  { name: 'run.slot', title: 'When it was meant to run', example: 'Mon 16 Mar 06:00 CDT' },
  { name: 'run.late', title: 'Why it came late', example: '' },
  { name: 'reader.name', title: 'Reader', example: 'Dana Whitlock' },
  { name: 'reader.isOwner', title: 'Is about the reader’s own deals', example: false },
  { name: 'health.score', title: 'Health', example: 71 },
  { name: 'health.before', title: 'Health before', example: '68' },
  { name: 'health.change', title: 'Change of health', example: '+3' },
  { name: 'health.isWorse', title: 'Whether it is worse', example: false },
  { name: 'counts.deals', title: 'Deals', example: 24 },
  { name: 'counts.clean', title: 'Deals without findings', example: 15 },
  { name: 'counts.critical', title: 'Critical findings', example: 2 },
  { name: 'counts.warning', title: 'Warnings', example: 7 },
  { name: 'counts.info', title: 'Notes', example: 4 },
  { name: 'change.new', title: 'New findings', example: 3 },
  { name: 'change.still', title: 'Findings still there', example: 10 },
  { name: 'change.fixed', title: 'Findings fixed', example: 5 },
  { name: 'categories', title: 'Categories: name, critical, warning, info', example: [] },
  { name: 'owners', title: 'Owners: name, deals, health, critical, warning, info', example: [] },
  { name: 'rules', title: 'Rules: name, severity, count', example: [] },
  {
    ...{ name: 'deals', example: [] },
    title: 'Deals: name, company, stage, owner, amount, health, url, findings',
  },
  { name: 'more', title: 'Deals that are not listed', example: 0 },
  { name: 'url', title: 'The result', example: 'https://example.com/reviews/1' },
  { name: 'settingsUrl', title: 'Where this is changed', example: 'https://example.com/schedule' },
];

/** A made-up result, for a preview before there is one. */
export function exampleReport(): ReportContext {
  const context: Record<string, unknown> = {};
  for (const { name, example } of placeholders) {
    const [group, key] = name.split('.') as [string, string?];
    if (key === undefined) context[group] = example;
    else (context[group] ??= {} as Record<string, unknown>)[key as never] = example as never;
  }
  const counted = { critical: 2, warning: 7, info: 4 };
  return {
    ...(context as unknown as ReportContext),
    categories: [{ name: 'Sales hygiene', ...counted }],
    owners: [{ name: 'Ines Ferro', deals: 9, health: 64, ...counted }],
    rules: [{ name: 'Close date in the past', severity: 'Critical', count: 2 }],
    deals: [
      {
        ...{ name: 'Roadrunner, 40 trucks', company: 'Roadrunner Freight', stage: 'Proposal' },
        ...{ owner: 'Ines Ferro', amount: '$48,000', health: 40, url: 'https://example.com' },
        findings: [
          {
            ...{ severity: 'Critical', rule: 'Close date in the past', isNew: true },
            message: 'It was to close on 2 Mar 2026, 14 days ago.',
            remediation: 'Ask for a new date, or close it as lost.',
          },
        ],
      },
    ],
    more: 8,
  };
}

/** What is sent when a review names no template. */
export const defaultReport: ReportWords = {
  subject:
    '{{ review.name }}: {% if reader.isOwner %}{{ counts.deals }} of your deals{% else %}health {{ health.score }}{% if health.change != "" %} ({{ health.change }}){% endif %}{% endif %}, {{ counts.critical }} critical',
  body: `<div style="font-family:Inter,Segoe UI,Arial,sans-serif;font-size:15px;line-height:1.5;color:#1c1d1f;max-width:640px;margin:0 auto">
<p style="color:#6b6f76;font-size:13px">{{ workspace.name }} · {{ run.slot }}</p>
<h1 style="font-size:22px;margin:0 0 12px">{{ review.name }}</h1>
{% if run.late != "" %}<p style="background:#fff6e0;border-radius:6px;padding:8px 12px">{{ run.late }}</p>{% endif %}
{% if reader.isOwner %}<p>Hello {{ reader.name }}, these are your own deals.</p>{% endif %}
<p style="font-size:17px"><strong>Health {{ health.score }}</strong>{% if health.change != "" %} ({{ health.change }} since the last time){% endif %}, {{ counts.deals }} deal{% if counts.deals != 1 %}s{% endif %} looked at, {{ counts.clean }} of them clean.</p>
<p><span style="color:#b42318">{{ counts.critical }} critical</span>, <span style="color:#8a5a00">{{ counts.warning }} warning{% if counts.warning != 1 %}s{% endif %}</span>, {{ counts.info }} note{% if counts.info != 1 %}s{% endif %}. {{ change.new }} new, {{ change.still }} still there, {{ change.fixed }} fixed.</p>
{% for deal in deals %}
<div style="border-top:1px solid #e4e5e7;padding:10px 0">
<p style="margin:0"><a href="{{ deal.url }}" style="color:#006975;text-decoration:none"><strong>{{ deal.name }}</strong></a></p>
<p style="margin:0;color:#6b6f76;font-size:13px">{{ deal.stage }}{% if deal.amount != "" %}, {{ deal.amount }}{% endif %}{% if deal.owner != "" %}, {{ deal.owner }}{% endif %}, health {{ deal.health }}</p>
<ul style="margin:6px 0 0;padding-left:18px">
{% for finding in deal.findings %}<li><strong{% if finding.severity == "Critical" %} style="color:#b42318"{% endif %}>{{ finding.severity }}</strong>{% if finding.isNew %} (new){% endif %}: {{ finding.message }} {{ finding.remediation }}</li>
{% endfor %}</ul>
</div>
{% endfor %}
{% if more > 0 %}<p style="color:#6b6f76">and {{ more }} more deal{% if more != 1 %}s{% endif %} with findings.</p>{% endif %}
<p style="padding-top:8px"><a href="{{ url }}" style="background:#006975;color:#ffffff;border-radius:6px;padding:9px 14px;text-decoration:none">Open the result</a></p>
<p style="color:#6b6f76;font-size:12px;border-top:1px solid #e4e5e7;padding-top:10px">{{ review.words }}. <a href="{{ settingsUrl }}" style="color:#6b6f76">Change who gets this</a></p>
</div>`,
};
