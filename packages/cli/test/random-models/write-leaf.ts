/** Values without operations: names, their elements and slices, numbers, parameters, constants. */
import type { PlateVariable, Region } from './region.js';
import {
  addIndex,
  combine,
  isKnown,
  known,
  sameShape,
  type Dim,
  type Named,
  type Shape,
  type Written,
} from './value.js';

const NUMBERS = ['0.5', '-0.7', '1.3', '2', '-1', '0.25', '1', '0'] as const;

/** A value of exactly this shape. */
export function writeLeaf(region: Region, shape: Shape): Written {
  const { choices } = region.file;
  const named = region.names.flatMap((value) => listUses(region, value, shape));
  const drawn = named.filter((value) => value.drawn);
  if (drawn.length > 0 && choices.chance(65)) return choices.pickAny(drawn) ?? writeOwn(region, shape);
  if (named.length > 0 && choices.chance(50)) return choices.pickAny(named) ?? writeOwn(region, shape);
  return writeOwn(region, shape);
}

/** A value of the shape out of a name: all of it, an element of an axis, or a part of one. */
export function listUses(region: Region, value: Named, shape: Shape): readonly Written[] {
  if (sameShape(value.shape, shape)) return [value];
  if (value.shape.length === shape.length + 1) {
    return value.shape.flatMap((size, axis) =>
      sameShape(value.shape.toSpliced(axis, 1), shape) ? listElements(region, value, size, axis) : [],
    );
  }
  const pairs = region.plates.flatMap((outer) => region.plates.map((inner) => [outer, inner] as const));
  const both = pairs.filter(
    ([first, second]) =>
      first !== second &&
      sameShape(value.shape, [first.size, second.size, ...shape]) &&
      !value.plates.includes(first.name) &&
      !value.plates.includes(second.name),
  );
  if (both.length > 0) {
    return both.map(([first, second]) => {
      const taken = indexed(region, value, 0, `${first.name}, ${second.name}`);
      return { ...taken, plates: [...taken.plates, first.name, second.name] };
    });
  }
  const differing = shape.flatMap((size, axis) => (size === value.shape[axis] ? [] : [axis]));
  const [axis] = differing;
  if (value.shape.length !== shape.length || differing.length !== 1 || axis === undefined) return [];
  const [whole, wanted] = [value.shape[axis], shape[axis]];
  if (typeof whole !== 'number' || typeof wanted !== 'number' || wanted > whole) return [];
  const from = region.file.choices.between(0, whole - wanted);
  return [indexed(region, value, axis, `${from}..${from + wanted - 1}`)];
}

/** One element of an axis: by a number, by a loop's variable, or by a plate's. */
function listElements(region: Region, value: Named, size: Dim, axis: number): readonly Written[] {
  const { choices } = region.file;
  if (typeof size !== 'number') return [];
  const loops = region.integers.filter(({ low, high }) => low >= 0 && high < size).map(({ name }) => name);
  const shifted = region.integers.filter(({ low, high }) => low >= 1 && high <= size).map(({ name }) => `${name} - 1`);
  const plates = region.plates.filter((plate) => plate.size === size && !value.plates.includes(plate.name));
  return [
    indexed(region, value, axis, String(choices.below(size))),
    ...[...loops, ...shifted].map((index) => indexed(region, value, axis, index)),
    ...plates.map(({ name }) => {
      const taken = indexed(region, value, axis, name);
      return { ...taken, plates: [...taken.plates, name] };
    }),
  ];
}

function indexed({ file }: Region, value: Named, axis: number, index: string): Written {
  // A plate's own element comes first: the other axes are counted without it.
  const before = Array.from({ length: axis }, () => '..');
  return combine(addIndex(value.text, [...before, index].join(', '), file.choices.chance(30)), value.size, value);
}

/** A value that needs nothing that there is. */
function writeOwn(region: Region, shape: Shape): Written {
  const { file } = region;
  const { choices } = file;
  const sizes = shape.map((size) => file.writeDim(size)).join(', ');
  const forms: (() => Written)[] = [];
  if (region.global && isKnown(shape)) {
    forms.push(() => file.parameter(shape));
    for (const plate of region.plates) forms.push(() => elementOfParameter(region, shape, [plate]));
    if (region.plates.length > 1) {
      // The plates' axes stand in any order.
      forms.push(
        () => elementOfParameter(region, shape, region.plates),
        () => elementOfParameter(region, shape, region.plates.toReversed()),
      );
    }
  }
  if (region.layers && shape.length > 0) forms.push(() => known(`bias(${sizes})`, 2.5));
  if (shape.length === 0) {
    forms.push(() => known(choices.pick(NUMBERS), 2));
    for (const { name, high } of [...region.integers, ...(region.inFunction ? [] : file.constants)]) {
      forms.push(() => known(name, high));
    }
    for (const { name, size } of region.plates) forms.push(() => ({ ...known(name, size), plates: [name] }));
  } else {
    forms.push(() => known(`${choices.pick(['ones', 'zeros'])}(${sizes})`, 1));
    const [first, second] = shape;
    if (shape.length === 1 && typeof first === 'number') {
      const numbers = Array.from({ length: first }, () => choices.pick(NUMBERS));
      forms.push(
        () => known(`[${numbers.join(', ')}]`, 2),
        () => known(`one_hot(${choices.below(first)}, ${first})`, 1),
      );
    }
    if (shape.length === 2 && first === second) {
      forms.push(
        () => known(`eye(${first ?? ''})`, 1),
        () => known(`tril(ones(${first ?? ''}, ${second ?? ''}))`, 1),
      );
    }
  }
  return choices.pickAny(forms)?.() ?? known('1', 1);
}

/** `p[i]`, `p[.., i]`, `p[j, i]`: a parameter for each element of plates, whose axes are side by side. */
function elementOfParameter(region: Region, shape: readonly number[], plates: readonly PlateVariable[]): Written {
  const { file } = region;
  const axis = file.choices.between(0, shape.length);
  const parameter = file.parameter(shape.toSpliced(axis, 0, ...plates.map(({ size }) => size)));
  const names = plates.map(({ name }) => name);
  return { ...indexed(region, parameter, axis, names.join(', ')), plates: names };
}
