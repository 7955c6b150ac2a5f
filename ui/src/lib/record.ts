import { asWord } from './format.ts';

type Tone = 'neutral' | 'success' | 'warn' | 'danger';

/** Companies are prospects until they buy. */
export function companyStatus(status: string): { label: string; tone: Tone } {
  if (status === 'CUSTOMER') return { label: 'Customer', tone: 'success' };
  if (status === 'LEAD') return { label: 'Prospect', tone: 'neutral' };
  return { label: asWord(status.toLowerCase()), tone: 'neutral' };
}

export const healths: Record<'healthy' | 'at_risk' | 'churned', { label: string; tone: Tone }> = {
  healthy: { label: 'Healthy', tone: 'success' },
  at_risk: { label: 'At risk', tone: 'warn' },
  churned: { label: 'Churned', tone: 'danger' },
};
