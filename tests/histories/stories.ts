import type { WorkflowHandle } from '@temporalio/client';
import type { Step } from '#domain/sequence.ts';
import type { StepOfWalk, TouchAnswer } from '#domain/touch.ts';
import type { WalkActivities } from '#sequences/walk.ts';
import {
  type enrolment,
  happened,
  pause,
  resume,
  retry,
  skip,
  stop,
} from '#workflows/enrolment.ts';

/** One walk that is recorded: its steps, how the world answers, and what people do meanwhile. */
export interface Recorded {
  steps: Step[];
  touch?: (step: StepOfWalk, asked: number) => TouchAnswer;
  choose?: string;
  /** Told once the walk has asked its first wait or touch. */
  meanwhile?: (handle: WorkflowHandle<typeof enrolment>) => Promise<unknown>;
}

const far = '2999-01-01T00:00:00.000Z';

export const stories: Record<string, Recorded> = {
  'three-mails-two-waits': {
    steps: [mail('a'), wait('b', 1), mail('c'), wait('d', 1), mail('e')],
  },
  'paused-and-resumed-with-the-rest': {
    steps: [wait('a', 2), mail('b')],
    async meanwhile(handle) {
      await handle.executeUpdate(pause, { args: [{ id: 'p', reason: 'replied' }] });
      await handle.executeUpdate(resume, { args: [{ id: 'r', keep: 'rest' }] });
    },
  },
  'paused-and-resumed-with-the-date': {
    steps: [wait('a', 2), mail('b')],
    async meanwhile(handle) {
      await handle.signal(happened, { id: 'p', is: 'paused', reason: 'manual' });
      await handle.signal(happened, { id: 'r', is: 'resumed', keep: 'date' });
    },
  },
  'left-in-a-wait': {
    steps: [wait('a', 3600), mail('b')],
    meanwhile: (handle) =>
      handle.signal(happened, {
        ...{ id: 'l', is: 'left' as const },
        ending: { status: 'stopped', reason: 'unsubscribed' },
      }),
  },
  'stopped-while-held': {
    steps: [mail('a')],
    touch: () => ({ is: 'held', until: far, because: 'the window is shut' }),
    meanwhile: (handle) => handle.executeUpdate(stop, { args: [{ id: 's', reason: 'manual' }] }),
  },
  'held-and-timed-anew': {
    steps: [mail('a'), mail('b')],
    touch: (step, asked) =>
      asked > 1 ? sent(step) : { is: 'held', until: far, because: 'out of office' },
    meanwhile: (handle) => handle.signal(happened, { id: 't', is: 'retimed' }),
  },
  'blocked-and-retried': {
    steps: [mail('a'), mail('b')],
    touch: (step, asked) =>
      asked > 1 ? sent(step) : { is: 'blocked', because: 'missing-variable' },
    meanwhile: (handle) => handle.executeUpdate(retry, { args: [{ id: 'r' }] }),
  },
  'blocked-and-skipped': {
    steps: [{ id: 'a', kind: 'teleport' }, mail('b')],
    touch: (step) =>
      step.stepId === 'b' ? sent(step) : { is: 'blocked', because: 'unknown-kind' },
    meanwhile: (handle) => handle.executeUpdate(skip, { args: [{ id: 's', stepId: 'a' }] }),
  },
  'wait-skipped': {
    steps: [wait('a', 3600), mail('b')],
    meanwhile: (handle) => handle.executeUpdate(skip, { args: [{ id: 's', stepId: 'a' }] }),
  },
  'click-heard': {
    steps: [listening(3600)],
    meanwhile: (handle) => handle.signal(happened, heard('link.clicked')),
  },
  'click-not-heard': { steps: [listening(1)] },
  'task-done': {
    steps: [{ id: 'ring', kind: 'call', title: 'Call', pause: 'until-done' }, mail('b')],
    touch(step, asked) {
      if (step.stepId === 'b') return sent(step);
      return asked > 1
        ? { is: 'done', because: 'called' }
        : { is: 'waiting', until: far, because: 'a call is open' };
    },
    meanwhile: (handle) => handle.signal(happened, heard('task.done:7')),
  },
  'condition-comes-true': {
    steps: [
      {
        ...{ id: 'until', kind: 'wait-for', timeout: { seconds: 1 } },
        if: { field: 'lead.score', operator: 'greater_than', value: 50 },
        then: [mail('then')],
        else: [mail('else')],
      },
    ],
    choose: 'else',
  },
  'branched-and-stopped': {
    steps: [
      {
        ...{ id: 'fork', kind: 'branch' },
        if: { field: 'lead.score', operator: 'greater_than', value: 50 },
        then: [mail('a'), { id: 'end', kind: 'stop', reason: 'goal' }],
        else: [],
      },
      mail('never'),
    ],
  },
};

/** The world of a story; `ready` is kept when the walk first asks for something that takes time. */
export function worldOf({ steps, touch = sent, choose = 'then' }: Recorded) {
  let asked = 0;
  let told: () => void = () => {};
  const ready = new Promise<void>((resolve) => (told = resolve));
  const activities: WalkActivities = {
    begin: () => Promise.resolve({ definition: { steps }, status: 'active', reason: null }),
    touch(step) {
      told();
      return Promise.resolve(touch(step, (asked += 1)));
    },
    rest({ until }) {
      told();
      return Promise.resolve({ until });
    },
    choose: () => Promise.resolve({ arm: choose, because: 'the story says so' }),
    heard: () => Promise.resolve(),
    end: () => Promise.resolve(),
  };
  return { activities, ready };
}

function sent({ stepId }: StepOfWalk): TouchAnswer {
  return { is: 'sent', touchId: stepId, at: new Date().toISOString() };
}

function mail(id: string): Step {
  return { id, kind: 'email', subject: id, body: 'Hi' };
}

function wait(id: string, seconds: number): Step {
  return { id, kind: 'wait', for: { seconds } };
}

function listening(seconds: number): Step {
  const arms = { then: [mail('clicked')], else: [mail('silent')] };
  return { id: 'answer', kind: 'wait-for', event: 'link.clicked', timeout: { seconds }, ...arms };
}

function heard(event: string) {
  return { id: 'h', is: 'heard' as const, event, at: new Date().toISOString() };
}
