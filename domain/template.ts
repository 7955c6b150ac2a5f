/** What a template may name, with an example of each. Fields of a workspace's own stand under `fields`. */
export const variables = [
  { name: 'contact.firstName', title: 'First name', example: 'Ada' },
  { name: 'contact.lastName', title: 'Last name', example: 'Park' },
  { name: 'contact.name', title: 'Full name', example: 'Ada Park' },
  { name: 'contact.fullName', title: 'Full name', example: 'Ada Park' },
  { name: 'contact.id', title: 'Id of the person', example: '0196' },
  { name: 'contact.phoneType', title: 'Kind of phone', example: 'mobile' },
  { name: 'contact.title', title: 'Job title', example: 'Fleet manager' },
  { name: 'contact.email', title: 'E-mail', example: 'ada@roadrunner.example' },
  { name: 'contact.phone', title: 'Phone', example: '+1 212 555 0123' },
  { name: 'contact.city', title: 'City of the person', example: 'Albany' },
  { name: 'contact.region', title: 'State of the person', example: 'NY' },
  { name: 'contact.country', title: 'Country of the person', example: 'US' },
  { name: 'contact.timeZone', title: 'Zone of the person', example: 'America/New_York' },
  { name: 'contact.smsEligible', title: 'Can be texted', example: 'true' },
  { name: 'contact.linkedin', title: 'LinkedIn', example: 'https://example.com/ada' },
  { name: 'company.name', title: 'Company', example: 'Roadrunner Freight' },
  { name: 'company.website', title: 'Website', example: 'https://roadrunner.example' },
  { name: 'company.domain', title: 'Domain', example: 'roadrunner.example' },
  { name: 'company.city', title: 'City', example: 'Albany' },
  { name: 'company.region', title: 'State', example: 'NY' },
  { name: 'company.country', title: 'Country', example: 'US' },
  { name: 'company.phone', title: 'Phone of the company', example: '+1 212 555 0100' },
  { name: 'company.industry', title: 'Industry', example: 'Trucking' },
  { name: 'company.size', title: 'Employees', example: '40' },
  { name: 'company.companySize', title: 'Employees', example: '40' },
  { name: 'company.status', title: 'Status of the company', example: 'prospect' },
  { name: 'company.icp', title: 'Ideal customer it is', example: 'trucking' },
  { name: 'lead.icp', title: 'Ideal customer it is', example: 'trucking' },
  { name: 'lead.notes', title: 'Notes', example: 'Asked for a quote' },
  { name: 'lead.name', title: 'Lead', example: 'Ada Park' },
  { name: 'lead.id', title: 'Id of the lead', example: '0197' },
  { name: 'lead.status', title: 'Status', example: 'new' },
  { name: 'lead.stage', title: 'Stage', example: 'NEW' },
  { name: 'lead.score', title: 'Score', example: '72' },
  { name: 'lead.source', title: 'Source', example: 'website' },
  { name: 'lead.campaign', title: 'Campaign', example: 'Spring' },
  { name: 'lead.owner', title: 'Owner', example: 'Sam Reyes' },
  { name: 'lead.ownerId', title: 'Id of the owner', example: '0198' },
  { name: 'lead.externalId', title: 'Id elsewhere', example: 'crm-17' },
  { name: 'lead.tags', title: 'Tags', example: 'no-answer' },
  { name: 'lead.nextAction', title: 'Next action', example: 'Call back' },
  { name: 'lead.nextActionAt', title: 'Next action at', example: '2026-07-06T14:00:00Z' },
  { name: 'lead.createdAt', title: 'Came in', example: '2026-07-01T09:00:00Z' },
  { name: 'lead.lastActivityAt', title: 'Last activity', example: '2026-07-02T09:00:00Z' },
  { name: 'sender.name', title: 'Sender', example: 'Sam Reyes' },
  { name: 'sender.firstName', title: 'First name of the sender', example: 'Sam' },
  { name: 'sender.email', title: 'E-mail of the sender', example: 'sam@throughline.example' },
  { name: 'sender.phone', title: 'Phone of the sender', example: '+1 212 555 0199' },
  { name: 'sender.signature', title: 'Signature', example: 'Sam Reyes, Throughline' },
  { name: 'sender.company', title: 'Our company', example: 'Throughline' },
  { name: 'enrolment.unsubscribeUrl', title: 'Unsubscribe link', example: 'https://example.com/u' },
  { name: 'enrolment.enrolledAt', title: 'Entered the sequence', example: '2026-07-01T09:00:00Z' },
  { name: 'enrolment.sequence', title: 'Sequence', example: 'No answer' },
] as const;

const names = new Set<string>(variables.map(({ name }) => name));
const open = /^((contact|company|lead)\.fields\.|icp(\.|$))/;

export function isKnownVariable(name: string): boolean {
  return names.has(name) || open.test(name);
}

/** What a template is filled with. Nothing in it is a function or has a prototype of ours. */
export type MessageContext = Record<
  'contact' | 'company' | 'icp' | 'sender' | 'lead' | 'enrolment',
  Record<string, unknown>
>;

/** A made-up person, for a preview before there is a lead. */
export function exampleContext(): MessageContext {
  const context = { contact: {}, company: {}, icp: {}, sender: {}, lead: {}, enrolment: {} };
  for (const { name, example } of variables) {
    const [group, key] = name.split('.') as [keyof MessageContext, string];
    (context[group] as Record<string, unknown>)[key] = example;
  }
  return context;
}
