/** Two compiled models: whether they mean the same, and in what a person would see that they do not. */
import type { Artifact, DataPort, ElementKind, ParameterInfo, SiteInfo } from '@sbn/program';
import { compareTexts, type ChangeSection, type TextChange } from './changes.js';

/** What a model computes is its programs and what they are given; where in which text it stands, and what it is called, is not. */
export function isSameModel(before: Artifact, after: Artifact): boolean {
  return meaningOf(before) === meaningOf(after);
}

function meaningOf({ data, parameters, state, sites, draws, objective, programs }: Artifact): string {
  const isWording = (key: string): boolean => key === 'position' || key === 'doc';
  return JSON.stringify({ data, parameters, state, sites, draws, objective, programs }, (key, value: unknown) =>
    isWording(key) ? undefined : value,
  );
}

export function compareModels(before: Artifact, after: Artifact): readonly ChangeSection[] {
  const latents = ({ sites }: Artifact): readonly SiteInfo[] =>
    sites.filter(({ estimator }) => estimator !== undefined);
  return [
    compareTexts('constants', mapTexts(Object.entries(before.constants)), mapTexts(Object.entries(after.constants))),
    compareTexts('data', describe(before.data, describePort), describe(after.data, describePort)),
    compareTexts('sites', describe(before.sites, describeSite), describe(after.sites, describeSite)),
    compareTexts('estimators', describe(latents(before), estimatorOf), describe(latents(after), estimatorOf)),
    compareTexts(
      'parameters',
      describe(before.parameters, describeParameter),
      describe(after.parameters, describeParameter),
    ),
    compareTexts('objective', { objective: describeObjective(before) }, { objective: describeObjective(after) }),
  ];
}

/** The files whose texts differ; a model file that has another name is the same file. */
export function compareSources(before: Artifact['source'], after: Artifact['source']): readonly TextChange[] {
  const imports = new Set([...before.imports, ...after.imports].map(({ file }) => file));
  const textIn = (source: Artifact['source'], name: string): string =>
    source.imports.find(({ file }) => file === name)?.text ?? '';
  return [
    { file: after.file, before: before.text, after: after.text },
    ...[...imports].map((file) => ({ file, before: textIn(before, file), after: textIn(after, file) })),
  ].filter((text) => text.before !== text.after);
}

function mapTexts(entries: readonly (readonly [string, number])[]): Record<string, string> {
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

function describe<T extends { readonly name: string } | { readonly id: string }>(
  items: readonly T[],
  text: (item: T) => string,
): Record<string, string> {
  return Object.fromEntries(items.map((item) => ['id' in item ? item.id : item.name, text(item)]));
}

function describeKind(element: ElementKind): string {
  return element.kind === 'onehot' ? `onehot(${element.classes})` : element.kind;
}

function describeShape(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

function describePort({ element, shape }: DataPort): string {
  return `${describeKind(element)}${describeShape(shape)}`;
}

function describeSite({ distribution, element, shape, role, parents }: SiteInfo): string {
  const given = parents.length === 0 ? '' : ` given ${parents.join(', ')}`;
  return `${role} ${describeKind(element)}${describeShape(shape)} ~ ${distribution}${given}`;
}

function estimatorOf({ estimator }: SiteInfo): string {
  return estimator ?? '';
}

function describeParameter({ shape }: ParameterInfo): string {
  return describeShape(shape);
}

function describeObjective({ objective }: Artifact): string {
  return objective.kind === 'bound' ? `maximize ${objective.name}` : objective.sign === 1 ? 'minimize' : 'maximize';
}
