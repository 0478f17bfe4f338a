/** Files and their imports: which texts are asked for, in which order they stand, and what an app sees of it. */
import { renderDiagnostics, type SourceFile } from '@sbn/dsl';
import { describe, expect, it } from 'vitest';
import { compile, compileStages, resolveImport, type ReadImport } from '../src/index.js';
import { loadModules } from '../src/load-modules.js';

/** A reader of texts by name that keeps what it was asked for. */
function readerOf(files: Readonly<Record<string, string>>): { readonly read: ReadImport; readonly asked: string[] } {
  const asked: string[] = [];
  const read: ReadImport = (path, from) => {
    const name = resolveImport(path, from.name);
    asked.push(name);
    const text = files[name];
    return text === undefined ? { problem: 'there is no such file' } : { name, text };
  };
  return { read, asked };
}

const MODEL: SourceFile = {
  name: 'models/a.sbn',
  text: 'import "lib/one.sbn"\nimport "lib/two.sbn"\nparam eta: real[2]\nmodel { b ~ bernoulli(logits = one(two(eta))) }\nminimize sum(b)\n',
};
const FILES = {
  'models/lib/one.sbn': 'import "base.sbn"\nfn one(x: real[n]) -> real[n] { return base(x) }',
  'models/lib/two.sbn': 'import "base.sbn"\nfn two(x: real[n]) -> real[n] { return base(x) * K }',
  'models/lib/base.sbn': 'const K = 2\nfn base(x: real[n]) -> real[n] { return x + dense(x, 2) }',
};

describe('imports', () => {
  it('are read relative to the file that they stand in, and each file is placed once, after what it imports', () => {
    const { read, asked } = readerOf(FILES);
    const { sources, imported, diagnostics } = loadModules(MODEL, read);
    expect(diagnostics).toEqual([]);
    expect(asked).toEqual(['models/lib/one.sbn', 'models/lib/base.sbn', 'models/lib/two.sbn', 'models/lib/base.sbn']);
    expect(imported.map(({ source }) => source.name)).toEqual([
      'models/lib/base.sbn',
      'models/lib/one.sbn',
      'models/lib/two.sbn',
    ]);
    expect(sources.map(({ name }) => name)).toEqual([
      'models/a.sbn',
      'models/lib/one.sbn',
      'models/lib/base.sbn',
      'models/lib/two.sbn',
    ]);
    for (const { source, module } of imported) {
      expect(module.span).toEqual({ start: source.base, end: source.base + source.text.length });
    }
  });

  it('are part of the artifact, and places in them name them', () => {
    const { value, diagnostics } = compile(MODEL, { readImport: readerOf(FILES).read, constants: { K: 3 } });
    expect(diagnostics).toEqual([]);
    expect(value?.constants).toEqual({ K: 3 });
    expect(value?.source.imports.map(({ file }) => file)).toEqual(Object.keys(FILES).toSorted(byPlace));
    const weight = value?.parameters.find(({ name }) => name === 'model.b.one.base.dense.weight');
    expect(weight?.position).toEqual({ file: 'models/lib/base.sbn', line: 2, column: 45 });
    expect(value?.sites[0]?.position).toEqual({ file: undefined, line: 4, column: 9 });
  });

  it('are a mistake where nothing can be read', () => {
    const { sources, value, diagnostics } = compile(MODEL);
    expect(value).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toEqual(['SBN2016', 'SBN2016']);
    expect(renderDiagnostics(sources, diagnostics, { color: false })).toContain('no files can be read here');
  });

  it('keep mistakes in their syntax to themselves', () => {
    const { read } = readerOf({
      ...FILES,
      'models/lib/two.sbn': 'fn two(x: real[n] -> real[n] { return x }\nconst T = 1;',
    });
    const { sources, diagnostics } = compileStages(MODEL, { readImport: read });
    const text = renderDiagnostics(sources, diagnostics, { color: false });
    expect(text.match(/[┌├]─ .*/g)).toEqual(['┌─ models/lib/two.sbn:1:30', '┌─ models/lib/two.sbn:2:12']);
  });

  it('may be long chains', () => {
    const files = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [
        `f${index}.sbn`,
        `import "f${index + 1}.sbn"\nconst C${index} = ${index}`,
      ]),
    );
    const read = readerOf({ ...files, 'f500.sbn': 'const C500 = 3' }).read;
    const text = 'import "f0.sbn"\nparam eta: real[C500]\nmodel { b ~ bernoulli(logits = eta) }\nminimize sum(b)';
    expect(compile({ name: 'm.sbn', text }, { readImport: read }).value?.constants['C500']).toBe(3);
  });
});

function byPlace(a: string, b: string): number {
  const order = ['one', 'base', 'two'];
  const placeOf = (name: string): number => order.findIndex((part) => name.includes(part));
  return placeOf(a) - placeOf(b);
}

describe('the name of an imported file', () => {
  it.each([
    ['b.sbn', 'a.sbn', 'b.sbn'],
    ['b.sbn', 'models/a.sbn', 'models/b.sbn'],
    ['./lib//b.sbn', 'models/a.sbn', 'models/lib/b.sbn'],
    ['../b.sbn', 'models/a.sbn', 'b.sbn'],
    ['../../b.sbn', 'models/a.sbn', '../b.sbn'],
    ['../b.sbn', '../a.sbn', '../../b.sbn'],
    ['b.sbn', '/home/me/a.sbn', '/home/me/b.sbn'],
    ['/lib/b.sbn', 'models/a.sbn', '/lib/b.sbn'],
    ['b.sbn', 'C:\\models\\a.sbn', 'C:\\models/b.sbn'],
    ['../lib/b.sbn', 'https://example.org/models/a.sbn', 'https://example.org/lib/b.sbn'],
  ])('%s in %s is %s', (path, from, expected) => {
    expect(resolveImport(path, from)).toBe(expected);
  });
});
