import { type Request, type Response, Router } from 'express';
import { inWorkspace } from '#db/scope.ts';
import { laidOver } from '#rules/compile.ts';
import { writeRule } from '#rules/parse-rule.ts';
import type { Deps } from './deps.ts';
import { identify } from './identify.ts';
import { rulesOf } from './rule-list.ts';

/** Every rule as it holds here, in one file of YAML documents: fit for git, and for rules/<category>/<id>.yaml. */
export function ruleExportRouter(deps: Pick<Deps, 'db' | 'auth'>): Router {
  const router = Router();
  router.get('/api/rules/export.yaml', async (request: Request, response: Response) => {
    const caller = await identify(deps, request, 'rules:read');
    const { rules, overrides } = await inWorkspace(deps.db, caller, rulesOf);
    const documents = rules.map((rule) => {
      const override = Object.hasOwn(overrides, rule.id) ? overrides[rule.id] : undefined;
      const off = override?.enabled === false ? '# Switched off here.\n' : '';
      return off + writeRule(override ? laidOver(rule, override) : rule);
    });
    response.attachment('rules.yaml').type('application/yaml').send(documents.join('---\n'));
  });
  return router;
}
