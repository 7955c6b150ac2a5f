import { invalidate } from '$app/navigation';
import { post } from '#lib/api.ts';
import { tell, warn } from '#lib/toast.ts';

export type Command = 'pause' | 'resume' | 'skip' | 'stop' | 'retry';

const said: Record<Command, string> = {
  pause: 'Paused; what is left of the wait stays',
  resume: 'Goes on',
  skip: 'Step skipped',
  stop: 'Stopped; nothing more goes out',
  retry: 'Tried again',
};

/** Tells a run what to do and shows where it stands afterwards. */
export async function command(id: string, name: Command, body: object = {}): Promise<void> {
  const { done, problem } = await post<{ heard: boolean }>(`/enrolments/${id}/${name}`, body);
  if (problem) return warn(problem.title, () => command(id, name, body));
  tell(done?.heard === false ? `${said[name]}, as soon as it answers` : said[name]);
  await invalidate('api:enrolments');
}
