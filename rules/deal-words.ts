import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { AnalysisOptions } from '#domain/analysis.ts';
import type { RuleFacts } from '#domain/rule.ts';
import { bare } from './column-names.ts';

interface KnownStage {
  slug: string;
  name: string;
  kind: string;
  position: number;
  probability: number;
}
interface KnownPerson {
  userId: string;
  name: string;
  email: string;
}

export type Stages = ReadonlyMap<string, KnownStage>;
export type People = ReadonlyMap<string, KnownPerson>;

const aliases = z
  .record(z.string(), z.array(z.string()))
  .parse(parse(readFileSync(`${import.meta.dirname}/deal-stages.yaml`, 'utf8')));

/** The stages of a workspace by all that they are called: slug, name, and what other systems call them. */
export function stagesByWord(stages: KnownStage[]): Stages {
  const found = new Map<string, KnownStage>();
  const bySlug = new Map(stages.toReversed().map((stage) => [stage.slug, stage]));
  for (const stage of stages) {
    for (const word of [stage.slug, stage.name])
      if (!found.has(bare(word))) found.set(bare(word), stage);
  }
  for (const [slug, words] of Object.entries(aliases)) {
    const stage = bySlug.get(slug);
    for (const word of words) if (stage && !found.has(bare(word))) found.set(bare(word), stage);
  }
  return found;
}

/** Members by id, address and name; a name that two of them bear is nobody's. */
export function peopleByWord(members: KnownPerson[]): People {
  const found = new Map<string, KnownPerson | undefined>();
  for (const person of members) {
    const words = [
      person.userId,
      person.email,
      person.email.split('@')[0]!,
      person.name,
      initialed(person.name),
    ];
    for (const word of new Set(words.map(bare))) {
      const other = found.get(word);
      found.set(word, found.has(word) && other !== person ? undefined : person);
    }
  }
  return new Map([...found].flatMap(([word, person]) => (person && word ? [[word, person]] : [])));
}

/** The stage that a text of the file means: as was chosen for it, else as it is called. */
export function stageMeant(
  text: string,
  stages: Stages,
  { stages: chosen }: AnalysisOptions,
): KnownStage | undefined {
  const slug = chosen && Object.hasOwn(chosen, text) ? chosen[text]! : text;
  return stages.get(bare(slug));
}

export function personMeant(
  text: string,
  people: People,
  { owners: chosen }: AnalysisOptions,
): KnownPerson | undefined {
  const word = chosen && Object.hasOwn(chosen, text) ? chosen[text]! : text;
  return people.get(bare(word));
}

/** The facts that a stage says; one that nobody knows here is open, and has no place. */
export function stageOf(text: string, stages: Stages, options: AnalysisOptions): RuleFacts {
  if (text === '') return { stage: null, stageName: null, stageKind: null };
  const stage = stageMeant(text, stages, options);
  if (!stage) {
    const slug = text
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '_')
      .slice(0, 80);
    return { stage: slug, stageName: text.slice(0, 80), stageKind: 'open' };
  }
  return {
    ...{ stage: stage.slug, stageName: stage.name, stageKind: stage.kind },
    ...{ stagePosition: stage.position, stageProbability: stage.probability },
  };
}

/** Somebody who is no member is named, but nobody knows whether they are still there. */
export function ownerOf(text: string, people: People, options: AnalysisOptions): RuleFacts {
  if (text === '') return { ownerId: null, ownerName: null, ownerIsActive: null };
  const person = personMeant(text, people, options);
  if (!person) return { ownerName: text.slice(0, 200) };
  return { ownerId: person.userId, ownerName: person.name, ownerIsActive: true };
}

/** `Dana Whitlock` is `Dana W.` to some. */
function initialed(name: string): string {
  const [first = '', ...rest] = name.split(' ');
  const last = rest.at(-1);
  return last ? `${first} ${last[0]}` : first;
}
