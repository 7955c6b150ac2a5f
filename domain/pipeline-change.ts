import { z } from 'zod';
import { requirable, Stage, StageAction } from './pipeline.ts';

const Name = z.string().trim().min(1, 'Give it a name.').max(100);
const Slug = z
  .string()
  .max(50)
  .regex(/^[a-z0-9]+(_[a-z0-9]+)*$/, 'Small letters and digits, with _ between words.');
const Required = z.array(z.enum(requirable)).max(requirable.length);

export const NewPipeline = z.object({ name: Name });
export const PipelineChange = z
  .object({ name: Name, position: z.int().min(0).max(1000), archived: z.boolean() })
  .partial();
export type PipelineChange = z.infer<typeof PipelineChange>;

const fields = {
  colour: z.string().trim().min(1).max(30).optional(),
  probability: z.int().min(0).max(100).optional(),
  required: Required.optional(),
  nextSlugs: z.array(Slug).max(50).nullable().optional(),
  actions: z.array(StageAction).max(10).optional(),
  isActive: z.boolean().optional(),
};

/** A new stage. It is put before the two that end a deal. */
export const NewStage = z.object({ ...fields, name: Name, slug: Slug.optional() });
export type NewStage = z.infer<typeof NewStage>;

/** What is left out stays. The kind of a stage is said only to be refused in words. */
export const StageChange = z.object({
  ...fields,
  name: Name.optional(),
  kind: Stage.shape.kind.optional(),
});
export type StageChange = z.infer<typeof StageChange>;

/** A slug of a name, such as `legal_review`; nothing when no letter of it can be one. */
export function slugOf(name: string): string {
  const plain = name.normalize('NFKD').replace(/[\u0300-\u036f]/g, '');
  return plain
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 50)
    .replace(/_+$/, '');
}
