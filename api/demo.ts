import { z } from 'zod';
import { removeDemo } from '#db/demo.ts';
import { route } from './route.ts';

export const demoRoutes = [
  route('delete', '/demo', {
    summary: 'Remove the demo workspace with everyone in it',
    needs: 'workspace:write',
    reply: z.object({ removed: z.literal(true) }),
    run: async (_given, scope) => {
      await removeDemo(scope);
      return { removed: true as const };
    },
  }),
];
