/** The programs of an artifact are made when they are read, and are then as any others. */
import { printProgram, type ArtifactPrograms, type Program } from '@sbn/program';
import { expect, test } from 'vitest';
import { compileStages } from '../src/index.js';
import { onDemand } from '../src/on-demand.js';

const MODEL = {
  name: 'm.sbn',
  text: 'model { z ~ bernoulli(logits = bias(2)) }\nminimize sum(z)',
};
const NAMES = ['gradient', 'evaluate', 'sample', 'posterior', 'configuration', 'enumeration', 'profile'];

test('a property is computed when it is first read, and kept', () => {
  const made: string[] = [];
  const make = (name: string) => (): readonly string[] => {
    made.push(name);
    return [name];
  };
  const object = onDemand<{ a: readonly string[]; b: readonly string[] }>({ a: make('a'), b: make('b') });
  expect(made).toEqual([]);
  expect(object.b).toBe(object.b);
  expect(made).toEqual(['b']);
  expect({ ...object }).toEqual({ a: ['a'], b: ['b'] });
  expect(JSON.stringify(object)).toBe('{"a":["a"],"b":["b"]}');
  expect(made).toEqual(['b', 'a']);
});

test('an artifact has all seven programs, whichever is read first', () => {
  const [first, second] = [compileStages(MODEL), compileStages(MODEL)];
  if (first.programs === undefined || second.programs === undefined) throw new Error('the model does not compile');
  expect(Object.keys(first.programs)).toEqual(NAMES);
  const { profile, enumeration } = first.programs;
  expect(profile.name).toBe('profile');
  expect(enumeration.name).toBe('enumeration');
  const texts = ({ ...programs }: ArtifactPrograms): readonly string[] =>
    Object.values<Program>(programs).map(printProgram);
  expect(texts(first.programs)).toEqual(texts(second.programs));
  expect(texts(first.programs)).toHaveLength(7);
  expect(first.artifact?.programs).toBe(first.programs);
});

test('who is to see each program before it is optimised sees all, in order', () => {
  const seen: string[] = [];
  compileStages(MODEL, { onExpanded: ({ name }) => void seen.push(name) });
  expect(seen).toEqual(NAMES);
});
