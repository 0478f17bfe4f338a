/**
 * The typed model → its picture in plate notation. Sites, data and declared parameters are nodes; what is computed
 * between them is not drawn, and its edges are drawn together. Requires a model whose guide covers it.
 */
import { formatShape } from '@sbn/program';
import type { TypedModel, TypedSite } from '../typed-model.js';
import { collectDependencies, type Source } from './dependencies.js';
import { groupFamilies } from './families.js';
import type { ModelPicture, PictureEdge, PictureNode, PicturePlate } from './model-picture.js';
import { describeNotes } from './notes.js';
import { nestPlates, ROWS } from './plates.js';

const OBJECTIVE = 'objective';

export function describeGraph(model: TypedModel): ModelPicture {
  const generative = collectDependencies(model.model);
  const recognition = collectDependencies(model.guide ?? []);
  const groups = groupFamilies(generative.sites.map(([site]) => site));
  const nodeOfSite = new Map(
    groups.flatMap(({ label, sites }) => sites.map(({ id }) => [id, `site ${label}`] as const)),
  );
  // A datum that the model observes is the node of its site.
  const nodeOf = ({ kind, name }: Source): string => {
    const site = kind === 'parameter' ? undefined : nodeOfSite.get(name);
    return site ?? `${kind} ${name}`;
  };

  const edges = new Map<string, PictureEdge>();
  const connect = (sources: readonly Source[], to: string, kind: PictureEdge['kind']): void => {
    for (const source of sources) {
      // What a layer owns belongs to the statement that it stands in.
      if (source.kind === 'parameter' && isOfLayer(source.name)) continue;
      const edge = { from: nodeOf(source), to, kind };
      edges.set(`${kind} ${edge.from} → ${to}`, edge);
    }
  };
  for (const [{ id }, sources] of generative.sites) connect(sources, nodeOfSite.get(id) ?? id, 'model');
  for (const [{ id }, sources] of recognition.sites) connect(sources, nodeOfSite.get(id) ?? id, 'guide');
  const { objective } = model;
  if (objective.kind === 'cost') connect(generative.of(objective.value), OBJECTIVE, 'model');

  const used = new Set([...edges.values()].flatMap(({ from, to }) => [from, to]));
  const nodes = [
    ...parameterNodes(model).filter(({ id }) => used.has(id)),
    ...dataNodes(model).filter(({ id }) => used.has(id)),
    ...groups.map(({ label, sites }) => siteNode(label, sites)),
    ...(objective.kind === 'cost' ? [objectiveNode(objective.direction)] : []),
  ];
  return {
    name: model.name,
    title: model.doc?.split('\n')[0] ?? model.name,
    nodes,
    edges: [...edges.values()],
    plates: collectPlates(groups.flatMap(({ sites }) => sites)),
    notes: describeNotes(model, groups),
  };
}

/** Names of the file have no dots. */
function isOfLayer(parameter: string): boolean {
  return parameter.includes('.');
}

function parameterNodes({ parameters }: TypedModel): readonly PictureNode[] {
  return parameters
    .filter(({ name }) => !isOfLayer(name))
    .map(({ name, shape }) => {
      const detail = `real${spacedShape(shape)}`;
      return { id: `parameter ${name}`, kind: 'parameter', label: name, detail, plate: undefined };
    });
}

function dataNodes({ data }: TypedModel): readonly PictureNode[] {
  return data.map(({ name, element, shape }) => {
    return {
      id: `data ${name}`,
      kind: 'data',
      label: name,
      detail: `${element.kind}${spacedShape(shape)}`,
      plate: ROWS.id,
    };
  });
}

function siteNode(label: string, sites: readonly [TypedSite, ...TypedSite[]]): PictureNode {
  const [site] = sites;
  const kinds = new Set(sites.map(({ distribution }) => distribution));
  const shapes = new Set(sites.map(elementShape));
  const shape = shapes.size === 1 ? elementShape(site) : '';
  const plate = nestPlates(site.plates).at(-1)?.id;
  return { id: `site ${label}`, kind: site.role, label, detail: `${[...kinds].join(', ')}${shape}`, plate };
}

function objectiveNode(direction: 'maximize' | 'minimize'): PictureNode {
  return { id: OBJECTIVE, kind: 'objective', label: direction, detail: '', plate: ROWS.id };
}

/** Of one element: what the plates around it say is not said again. */
function elementShape({ type: { shape }, plates }: TypedSite): string {
  return spacedShape(shape.slice(plates.length));
}

function spacedShape(shape: readonly number[]): string {
  return shape.length === 0 ? '' : ` ${formatShape(shape)}`;
}

function collectPlates(sites: readonly TypedSite[]): readonly PicturePlate[] {
  const plates = new Map([[ROWS.id, ROWS]]);
  for (const site of sites) for (const plate of nestPlates(site.plates)) plates.set(plate.id, plate);
  return [...plates.values()];
}
