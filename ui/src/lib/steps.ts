import Bell from '@lucide/svelte/icons/bell';
import CircleHelp from '@lucide/svelte/icons/circle-question-mark';
import CircleStop from '@lucide/svelte/icons/circle-stop';
import Mail from '@lucide/svelte/icons/mail';
import MessageSquare from '@lucide/svelte/icons/message-square';
import Pencil from '@lucide/svelte/icons/pencil';
import Phone from '@lucide/svelte/icons/phone';
import Radio from '@lucide/svelte/icons/radio';
import Split from '@lucide/svelte/icons/split';
import SquareCheckBig from '@lucide/svelte/icons/square-check-big';
import Timer from '@lucide/svelte/icons/timer';

export interface StepLook {
  icon: typeof Mail;
  colour: string;
  /** Short, for headings and the palette of steps. */
  label: string;
  /** Waits are pills, everything else is a card. */
  pill?: boolean;
}

const looks: Record<string, StepLook> = {
  email: { icon: Mail, colour: 'text-channel-email', label: 'Email' },
  sms: { icon: MessageSquare, colour: 'text-channel-sms', label: 'Text' },
  wait: { icon: Timer, colour: 'text-ink-3', label: 'Wait', pill: true },
  'wait-for': { icon: Radio, colour: 'text-ink-3', label: 'Wait for', pill: true },
  branch: { icon: Split, colour: 'text-ink-2', label: 'Branch' },
  call: { icon: Phone, colour: 'text-channel-call', label: 'Call' },
  task: { icon: SquareCheckBig, colour: 'text-channel-task', label: 'Task' },
  update: { icon: Pencil, colour: 'text-channel-webhook', label: 'Change' },
  notify: { icon: Bell, colour: 'text-channel-meeting', label: 'Notice' },
  stop: { icon: CircleStop, colour: 'text-ink-2', label: 'Stop' },
};

/** What a kind of step looks like, everywhere; one we do not know has a question mark. */
export function stepLook(kind: string): StepLook {
  return looks[kind] ?? { icon: CircleHelp, colour: 'text-ink-2', label: kind };
}
