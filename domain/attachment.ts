import { z } from 'zod';

export const attachable = ['lead', 'company', 'contact', 'deal'] as const;
export type Attachable = (typeof attachable)[number];

/** A file that somebody put on a record. */
export const Attachment = z.object({
  id: z.uuid(),
  record: z.enum(attachable),
  recordId: z.uuid(),
  activityId: z.uuid().nullable(),
  fileName: z.string(),
  mediaType: z.string(),
  bytes: z.int(),
  createdBy: z.string(),
  createdByName: z.string().nullable(),
  createdAt: z.iso.datetime(),
});
export type Attachment = z.infer<typeof Attachment>;

/** A name that a file may bear on anybody's disk: no path, nothing invisible, and never nothing. */
export function fileNameOf(given: string): string {
  const name = given
    .normalize('NFC')
    .replace(/^.*[/\\]/, '')
    // Control characters, and those that turn the reading direction around so that an ending hides.
    .replace(/[\p{Cc}\p{Cf}"]/gu, '')
    // As browsers write a quote and a line break in a form.
    .replace(/%(22|0D|0A)/gi, '')
    .trim()
    .slice(-200);
  return /^\.*$/.test(name) ? 'file' : name;
}

/** A type as it may stand in a header; what is none is some bytes. */
export function mediaTypeOf(given: string): string {
  return /^[a-z0-9][a-z0-9.+-]{0,60}\/[a-z0-9][a-z0-9.+-]{0,80}$/i.test(given)
    ? given.toLowerCase()
    : 'application/octet-stream';
}
