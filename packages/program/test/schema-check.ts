/** Checks JSON against the part of JSON Schema 2020-12 that the artifact's schema uses. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
type JsonObject = Readonly<Record<string, Json>>;

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function typeOf(value: Json): readonly string[] {
  if (value === null) return ['null'];
  if (Array.isArray(value)) return ['array'];
  if (typeof value === 'number') return Number.isInteger(value) ? ['number', 'integer'] : ['number'];
  return [typeof value];
}

/** What is wrong with `value`, as `path: reason`; empty for a value that conforms. */
export function schemaProblems(root: JsonObject, value: Json): string[] {
  return check(root, root, value, '$');
}

function check(root: JsonObject, schema: JsonObject, value: Json, path: string): string[] {
  return Object.entries(schema).flatMap(([keyword, rule]) => checkKeyword(root, schema, keyword, rule, value, path));
}

/** An object in the schema, e.g. a nested schema; anything else is a mistake in the schema itself. */
function nested(rule: Json | undefined, keyword: string): JsonObject {
  if (!isObject(rule)) throw new TypeError(`${keyword} is not an object`);
  return rule;
}

function text(rule: Json): string {
  if (typeof rule !== 'string') throw new TypeError(`${JSON.stringify(rule)} in the schema is not a string`);
  return rule;
}

function checkKeyword(
  root: JsonObject,
  schema: JsonObject,
  keyword: string,
  rule: Json,
  value: Json,
  path: string,
): string[] {
  const fails = (broken: boolean): string[] => (broken ? [`${path}: ${keyword} ${JSON.stringify(rule)}`] : []);
  const items: readonly Json[] = Array.isArray(rule) ? rule : [rule];
  switch (keyword) {
    case '$schema':
    case '$id':
    case '$defs':
    case 'title':
    case 'description':
      return [];
    case '$ref': {
      const name = text(rule).replace('#/$defs/', '');
      return check(root, nested(nested(root['$defs'], '$defs')[name], name), value, path);
    }
    case 'type':
      return fails(!typeOf(value).some((type) => items.includes(type)));
    case 'const':
    case 'enum':
      return fails(!items.includes(value));
    case 'minimum':
      return fails(typeof value === 'number' && value < Number(rule));
    case 'minItems':
      return fails(Array.isArray(value) && value.length < Number(rule));
    case 'pattern':
      return fails(typeof value === 'string' && !new RegExp(text(rule), 'u').test(value));
    case 'oneOf':
      return fails(items.filter((one) => check(root, nested(one, keyword), value, path).length === 0).length !== 1);
    case 'required':
      return fails(isObject(value) && items.some((name) => !Object.hasOwn(value, text(name))));
    case 'properties':
      return Object.entries(nested(rule, keyword)).flatMap(([name, property]) => {
        const found = isObject(value) ? value[name] : undefined;
        return found === undefined ? [] : check(root, nested(property, name), found, `${path}.${name}`);
      });
    case 'additionalProperties': {
      const known = isObject(schema['properties']) ? schema['properties'] : {};
      const others = isObject(value) ? Object.entries(value).filter(([name]) => !Object.hasOwn(known, name)) : [];
      if (rule === false) return fails(others.length > 0);
      return others.flatMap(([name, item]) => check(root, nested(rule, keyword), item, `${path}.${name}`));
    }
    case 'items':
      return Array.isArray(value)
        ? value.flatMap((item: Json, index) => check(root, nested(rule, keyword), item, `${path}[${String(index)}]`))
        : [];
    default:
      throw new TypeError(`the schema uses ${keyword}, which this check does not know`);
  }
}
