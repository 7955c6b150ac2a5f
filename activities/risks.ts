import { assessAll, changedSettings } from '#db/risks.ts';
import type { Deps } from './deps.ts';

export function riskActivities({ db, now }: Deps) {
  return {
    /** Judges every open deal anew; done twice, nothing more moves. Answers how many there were. */
    async assessPipeline({ workspaceId }: { workspaceId: string }): Promise<number> {
      const how = { workspaceId, now: now(), because: changedSettings };
      return (await assessAll(db, how)).assessed;
    },
  };
}
