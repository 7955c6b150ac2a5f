import type { WorkflowHandle } from '@temporalio/client';
import { expect, test } from 'vitest';
import type { WalkActivities } from '#sequences/walk.ts';
import { client, running } from '#tests/temporal.ts';
import { enrolment, happened } from './enrolment.ts';

const WAVES = 4;

async function lengthOf(handle: WorkflowHandle): Promise<number> {
  return (await handle.describe()).historyLength;
}

test('thousands of signals to one person neither grow the history nor lose the wait', async () => {
  const far = '2999-01-01T00:00:00.000Z';
  const rests: string[] = [];
  const steps = [{ id: 'wait', kind: 'wait', for: { days: 30 } }];
  const there: WalkActivities = {
    begin: () => Promise.resolve({ definition: { steps }, status: 'active', reason: null }),
    rest() {
      rests.push(far);
      return Promise.resolve({ until: far });
    },
    touch: () => Promise.reject(new Error('nothing is sent here')),
    choose: () => Promise.reject(new Error('nothing is chosen here')),
    heard: () => Promise.resolve(),
    end: () => Promise.resolve(),
  };
  const person = {
    ...{ workspaceId: 'w1', enrolmentId: 'e1', versionId: 'v1', leadId: 'l1' },
    enrolledAt: new Date().toISOString(),
  };
  await running(enrolment, [person], there as object, async (handle) => {
    await expect.poll(() => rests, { timeout: 30_000 }).toHaveLength(1);
    const { workflowId, runId: firstRunId } = await handle.describe();
    const latest = client.workflow.getHandle(workflowId);
    const runs = new Set<string>();
    for (let wave = 0; wave < WAVES; wave += 1) {
      const signals = Array.from({ length: 600 }, (_, n) => {
        const at = new Date().toISOString();
        // Every wave says half of what the wave before said.
        const event = { id: `${wave * 300 + n}`, is: 'heard' as const, event: `opened:${n}`, at };
        return latest.signal(happened, event);
      });
      await Promise.all(signals);
      await expect.poll(() => lengthOf(latest), { timeout: 30_000 }).toBeLessThan(600);
      runs.add((await latest.describe()).runId);
    }
    const ending = { status: 'stopped' as const, reason: 'manual' as const };
    await latest.signal(happened, { id: 'end', is: 'left', ending });
    expect(await latest.result()).toEqual(ending);

    expect(runs.size).toBe(WAVES);
    expect(runs).not.toContain(firstRunId);
    expect(rests).toHaveLength(1);
  });
}, 120_000);
