/** Sources of data as they are written on a command line or in a `train` block. */
import type { DataPort, SourceSpec } from '@sbn/program';
import type { Column, Dataset, NumericArray } from '../dataset.js';

/**
 * Parses `PATH-OR-GENERATOR,option=value,flag`, e.g. `train-images.gz,binarize=threshold,slice=top`,
 * `glyphs,rows=2000,binarize=bernoulli`, `bars,n=4`. A flag is an option of value `true`; a comma in a
 * path is written `\,`. Generators: `bars` (n), `glyphs` (rows, seed, labels). Options of every source:
 * `binarize=threshold|bernoulli`, `threshold=N`, `scale` or `scale=N`, `slice=top|bottom|a:b`. Of files
 * also `rows=N` or `rows=a:b`.
 * @throws DataError on an unknown or repeated option, naming those there are.
 */
export declare function parseSource(text: string): SourceSpec;

/** Writes a source as `parseSource` reads it. */
export declare function formatSource(spec: SourceSpec): string;

/** Whether the source is a built-in generator, and so needs no file. */
export declare function isGenerator(spec: SourceSpec): boolean;

/** The rows of a built-in generator, for a port. @throws DataError */
export declare function generateColumn(spec: SourceSpec, port: DataPort): Column;

/** The rows of an IDX file's bytes, plain or gzipped, for a port. @throws DataError */
export declare function columnFromBytes(spec: SourceSpec, port: DataPort, bytes: Uint8Array): Promise<Column>;

/** Joins columns. @throws DataError when their numbers of rows differ, or a name comes twice. */
export declare function datasetFromColumns(columns: readonly Column[]): Dataset;

/**
 * A data set over arrays in memory, `rows × width` values each, row-major; every value is checked
 * against its port. The arrays are not copied. Ports may be left out; what a program needs is checked when it is run.
 * @throws DataError naming the data, row, column and value.
 */
export declare function datasetFromArrays(
  ports: readonly DataPort[],
  arrays: Readonly<Record<string, NumericArray>>,
): Dataset;
