// A CQL library in npm cql-execution, translated by the reference translator: one line for each definition, as
// fhirpath.mjs prints them. The patient is loaded before; each evaluation starts with an empty context.
//
// usage: node cql.mjs PEERS LIBRARY BUNDLE SYSTEM_MODEL_INFO
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bestOf } from './timing.mjs';

process.env.TZ = 'UTC';
const [peers, library, bundle, system] = process.argv.slice(2);
const require = createRequire(join(resolve(peers), 'package.json'));
// The Kotlin runtime of the translator looks for it, and says hello.
globalThis.require = require;
const say = console.log;
console.log = () => {};
const translator = await import(pathToFileURL(join(resolve(peers), 'node_modules/@cqframework/cql/cql-to-elm.mjs')));
const cql = require('cql-execution');
const fhir = require('cql-exec-fhir');
const { UcumLhcUtils } = require('@lhncbc/ucum-lhc');

const HELPERS = readFileSync(join(dirname(fileURLToPath(import.meta.url)), 'helpers.cql'), 'utf8');
const MODEL = readFileSync(join(dirname(require.resolve('cql-exec-fhir/package.json')), 'lib/modelInfos/fhir-modelinfo-4.0.1.xml'), 'utf8');
const SYSTEM = readFileSync(system, 'utf8');
const RXNORM = 'http://www.nlm.nih.gov/research/umls/rxnorm';
const VALUE_SETS = { 'http://example.org/fhir/ValueSet/nsaids': { '': ['5640', '7258'].map((code) => ({ code, system: RXNORM })) } };

function translate(source) {
  const { CqlCompilerOptions, CqlTranslator, LibraryManager, ModelManager } = translator;
  const models = new ModelManager();
  models.modelInfoLoader.registerModelInfoProvider(translator.createModelInfoProvider((id) =>
    translator.stringAsSource(id === 'FHIR' ? MODEL : SYSTEM)));
  const ucum = UcumLhcUtils.getInstance();
  const none = () => { throw new Error('not offered'); };
  const validate = (unit) => ucum.validateUnitString(unit).status === 'valid' ? null : 'invalid unit';
  const manager = new LibraryManager(models, CqlCompilerOptions.defaultOptions(), null, translator.createUcumService(none, validate, none, none));
  manager.librarySourceLoader.registerProvider(translator.createLibrarySourceProvider((name) =>
    name === 'FHIRHelpers' ? translator.stringAsSource(HELPERS) : null));
  const elm = (text) => {
    const json = JSON.parse(CqlTranslator.fromText(text, manager).toJson());
    const wrong = (json.library.annotation ?? []).find((note) => note.errorSeverity === 'error');
    if (wrong) throw new Error(`${wrong.message} (line ${wrong.startLine})`);
    return json;
  };
  return { main: elm(source), helpers: elm(HELPERS) };
}

const { main, helpers } = translate(readFileSync(library, 'utf8'));
const compiled = new cql.Library(main, new cql.Repository({ FHIRHelpers: helpers }));
const source = fhir.PatientSource.FHIRv401();
source.loadBundles([JSON.parse(readFileSync(bundle, 'utf8'))]);
const patient = source.currentPatient();
const codes = new cql.CodeService(VALUE_SETS);
const now = cql.DateTime.parse('2026-06-15T10:00:00.000+00:00');
const evaluate = (name) => {
  const context = new cql.PatientContext(compiled, patient, codes, {}, now);
  return compiled.expressions[name].execute(context);
};
console.log = say;
for (const { name } of main.library.statements.def) {
  if (name === 'Patient') continue;
  try {
    const value = await evaluate(name);
    const shown = Array.isArray(value) ? `${value.length} items` : typeof value === 'object' && value !== null ? '1 items' : String(value);
    // Definitions are asynchronous in name only: nothing waits, so that calls may be timed one after the other.
    const pending = evaluate(name);
    const us = pending instanceof Promise ? await bestOfAsync(() => evaluate(name)) : bestOf(() => evaluate(name));
    console.log(JSON.stringify({ name, us, value: shown }));
  } catch (error) {
    console.log(JSON.stringify({ name, error: String(error.message).split('\n')[0] }));
  }
}

async function bestOfAsync(call) {
  let best = Infinity;
  for (let round = 0; round < 6; round += 1) {
    const begin = process.cpuUsage();
    let calls = 0, used = 0;
    while (used < 60_000) {
      await call();
      calls += 1;
      const { user, system } = process.cpuUsage(begin);
      used = user + system;
    }
    if (round > 0) best = Math.min(best, used / calls);
  }
  return best;
}
