import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { importOrder } from './scripts/import-order.js';

const root = import.meta.dirname;
const packages = ['dsl', 'program', 'compiler', 'runtime', 'cli'];

/** `tsconfig.test.json` covers sources, tests and the vitest configuration; one program per package keeps typed rules fast. */
const typedPackages = packages.map((name) => ({
  files: [`packages/${name}/**/*.ts`],
  languageOptions: {
    parserOptions: { project: [`packages/${name}/tsconfig.test.json`], tsconfigRootDir: root },
  },
}));

export default defineConfig(
  { ignores: ['**/bundle/', '**/dist/', '**/coverage/', '**/.turbo/', 'runs/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, requireDefaultForNonUnion: false },
      ],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/prefer-nullish-coalescing': 'error',
      '@typescript-eslint/strict-boolean-expressions': ['error', { allowString: false, allowNumber: false }],
      // `Readonly<Record<never, never>>` is how the op table says "no attributes".
      '@typescript-eslint/no-generated-empty-object-type': 'off',
      // There are no enums, and classes with private fields are nominal already: these would only take time.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      '@typescript-eslint/no-unsafe-enum-comparison': 'off',
      // It would turn `as T` into `!`, which is refused.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      // A mapped type over a union of names is a table; `Record` would hide what its rows are called.
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      eqeqeq: 'error',
      'no-restricted-properties': [
        'error',
        { object: 'Math', property: 'random', message: 'Take noise as an input: results follow from the seed alone.' },
      ],
    },
  },
  ...typedPackages,
  { files: ['packages/*/src/**/*.ts'], rules: { 'max-lines': ['error', 300] } },
  {
    files: ['packages/{dsl,program,compiler,runtime}/src/**/*.ts'],
    rules: { 'no-console': 'error' },
  },
  ...importOrder,
  {
    files: ['**/*.js', '**/*.mjs'],
    languageOptions: {
      globals: {
        process: 'readonly',
        console: 'readonly',
        URL: 'readonly',
        performance: 'readonly',
        setTimeout: 'readonly',
        clearTimeout: 'readonly',
        setInterval: 'readonly',
        clearInterval: 'readonly',
      },
    },
  },
  {
    files: ['examples/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
  },
);
