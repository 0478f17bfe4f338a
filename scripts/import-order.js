/** What reads files of data; each is loaded when a file of its format is opened. */
const formats = ['fast-png', 'fflate', 'hyparquet', 'hyparquet-compressors', 'npyjs', 'papaparse'];

/**
 * Who may import whom: `dsl ← compiler → program ← runtime ← cli`, and `cli` sees all. Each package lists what its sources may
 * import by name (`*` is any ending); whatever is not on the list is reported, in static and in dynamic imports alike.
 */
const table = [
  { name: 'dsl', allowed: ['chevrotain'] },
  { name: 'program', allowed: [] },
  { name: 'compiler', allowed: ['@sbn/dsl', '@sbn/program'] },
  { name: 'runtime', allowed: ['@sbn/program', '@tensorflow/tfjs-*', '@bufbuild/protobuf/wire', ...formats] },
  {
    name: 'cli',
    allowed: ['@sbn/*', '@dagrejs/dagre', '@tensorflow/tfjs-core', 'commander', 'diff', 'fast-png', 'node:*'],
  },
];

/** Tests may also use the test runner, Node and the packages below their own. */
const testing = [
  ...['vitest', 'vitest/*', 'fast-check', 'eslint', 'typescript-eslint', 'node:*'],
  ...['hyparquet-writer', 'onnxruntime-node', 'railroad-diagrams'],
];

/** `../../compiler/src/x.js`: into another package without going through its `exports`. */
const intoOtherPackage = '/(dsl|program|compiler|runtime|cli)/(src|dist)/';

/** The rules that refuse every import but relative ones and those on the list, and what else `refused` selects. */
function restrict(files, who, allowed, refused = []) {
  // Relative, or on the list; nothing is called `!`.
  const listed = [...allowed, '!'].map((name) => name.replace('*', '.+')).join('|');
  const other = `^(?!\\.\\.?/|(${listed})$)`;
  const message = `${who} may import ${allowed.length === 0 ? 'nothing' : 'only ' + allowed.join(', ')} (the order of packages: ARCHITECTURE.md).`;
  const escape = 'Import another package by its name, so that its `exports` hold.';
  const inSelector = (pattern) => `/${pattern.replaceAll('/', '\\u002F')}/`;
  return {
    files,
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            { regex: other, message },
            { regex: intoOtherPackage, message: escape },
          ],
        },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: `ImportExpression > Literal.source[value=${inSelector(other)}]`, message },
        { selector: `ImportExpression > Literal.source[value=${inSelector(intoOtherPackage)}]`, message: escape },
        { selector: `TSImportType Literal[value=${inSelector(other)}]`, message },
        ...refused,
      ],
    },
  };
}

/** Chevrotain is loaded by `chevrotain.ts` alone, which the build makes a bundle of; an empty import would load it too. */
const loadsChevrotain = [
  'ImportDeclaration[importKind="value"]',
  ':matches(ExportNamedDeclaration, ExportAllDeclaration)[exportKind="value"]',
  'ImportExpression',
].map((kind) => ({
  selector: `${kind}[source.value="chevrotain"]`,
  message: 'Import values from `./chevrotain.js`, and types by `import type`.',
}));

const forNode = 'Node is for src/node alone: the rest of the runtime runs in browsers too.';

export const importOrder = [
  ...table.flatMap(({ name, allowed }) => [
    restrict([`packages/${name}/src/**/*.ts`], `@sbn/${name}`, allowed),
    restrict([`packages/${name}/test/**/*.ts`], `Tests of @sbn/${name}`, [
      ...allowed,
      `@sbn/${name}`,
      `@sbn/${name}/*`,
      ...testing,
    ]),
  ]),
  restrict(['packages/dsl/src/**/*.ts'], '@sbn/dsl', ['chevrotain'], loadsChevrotain),
  restrict(['packages/dsl/src/chevrotain.ts'], '@sbn/dsl', ['chevrotain']),
  restrict(['packages/runtime/src/node/**/*.ts'], '@sbn/runtime/node', [
    '@sbn/program',
    '@tensorflow/tfjs-*',
    'tinyglobby',
    'onnxruntime-node',
    'node:*',
  ]),
  {
    files: ['packages/runtime/src/**/*.ts'],
    ignores: ['packages/runtime/src/node/**'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['process', 'Buffer', '__dirname', 'require'].map((name) => ({ name, message: forNode })),
      ],
    },
  },
];
