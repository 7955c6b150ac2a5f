import type { DeliveryState } from '#domain/delivery.ts';

type Tone = 'success' | 'neutral' | 'warn' | 'danger';

export const states: Record<DeliveryState, { label: string; tone: Tone; hollow?: boolean }> = {
  done: { label: 'Done', tone: 'success' },
  ignored: { label: 'Ignored', tone: 'neutral', hollow: true },
  pending: { label: 'Pending', tone: 'warn' },
  dead: { label: 'Dead letter', tone: 'danger' },
};
