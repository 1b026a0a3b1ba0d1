// Answers of cql-execution (and, as a second opinion, of the reference engine) to CQL that the reference
// translator has put into ELM.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { boolean, interval, json, list, moment, nothing, number, parseLiteral, quantity, text, tuple } from './canonical.mjs';

const LIBRARY = 'Compared';
const SECOND = /^Second\d+$/;

export class CqlPeer {
  static async load(peers, shared) {
    const peer = new CqlPeer();
    const require = createRequire(join(peers, 'package.json'));
    // The Kotlin runtime looks for it.
    globalThis.require = require;
    const quiet = console.log;
    console.log = () => {};
    const part = (name) => import(pathToFileURL(join(peers, `node_modules/@cqframework/cql/${name}.mjs`)));
    peer.translator = await part('cql-to-elm');
    peer.engine = await part('engine');
    console.log = quiet;
    peer.execution = require('cql-execution');
    peer.ucum = require('@lhncbc/ucum-lhc').UcumLhcUtils.getInstance();
    peer.shared = shared;
    peer.manager = peer.libraryManager();
    peer.asked = 0;
    return peer;
  }

  libraryManager() {
    const { ModelManager, LibraryManager, CqlCompilerOptions, createModelInfoProvider, createUcumService, stringAsSource } = this.translator;
    const models = new ModelManager();
    const system = readFileSync(join(this.shared, 'suites/model/system-modelinfo.xml'), 'utf8');
    models.modelInfoLoader.registerModelInfoProvider(createModelInfoProvider((id) => id === 'System' ? stringAsSource(system) : null));
    const options = CqlCompilerOptions.defaultOptions();
    const none = () => { throw new Error('not offered'); };
    const convert = (value, from, to) => String(this.ucum.convertUnitTo(from, Number(value), to).toVal ?? none());
    const validate = (unit) => this.ucum.validateUnitString(unit).status === 'valid' ? null : 'invalid unit';
    const manager = new LibraryManager(models, options, null, createUcumService(convert, validate, none, none));
    manager.librarySourceLoader.registerProvider(this.translator.createLibrarySourceProvider((name) =>
      SECOND.test(name) ? this.translator.stringAsSource(this.secondSource) : null));
    return manager;
  }

  source(expression, name = LIBRARY) {
    return `library ${name}\ncontext Unfiltered\ndefine "Expression": ${expression}\n`;
  }

  translate(expression) {
    const { CqlTranslator } = this.translator;
    const elm = JSON.parse(CqlTranslator.fromText(this.source(expression), this.manager).toJson());
    const wrong = (elm.library.annotation ?? []).find((note) => note.errorSeverity === 'error');
    return wrong ? { error: `translation: ${wrong.message}` } : { elm };
  }

  // What the reference engine says, as a text for the reader.
  opinion(expression) {
    const { Environment, CqlEngine, EvaluationParams } = this.engine;
    const name = `Second${this.asked++}`;
    this.secondSource = this.source(expression, name);
    try {
      const engine = new CqlEngine(new Environment(this.manager));
      const parameters = new EvaluationParams.Builder();
      parameters.libraryByName(name, new EvaluationParams.LibraryParams.Builder().build());
      const value = engine.evaluate(parameters.build()).onlyResultOrThrow.getByName('Expression').value;
      return value === null || value === undefined ? 'null' : String(value);
    } catch (error) {
      return `error: ${String(error.cause?.message ?? error.message ?? error).split('\n')[0]}`;
    }
  }

  // {value} or {error}.
  async answer(expression) {
    let translated;
    try {
      translated = this.translate(expression);
    } catch (error) {
      return { error: `translation: ${String(error.message ?? error).split('\n')[0]}` };
    }
    if (translated.error) return translated;
    const { Library, Executor, PatientSource } = this.execution;
    const warn = console.warn;
    console.warn = () => {};
    try {
      const executor = new Executor(new Library(translated.elm), undefined, {}, undefined);
      const results = await executor.exec(new PatientSource([]), this.execution.DateTime.parse('2026-06-15T10:00:00.000+00:00'));
      return { value: canonical(results.unfilteredResults.Expression) };
    } catch (error) {
      return { error: String(error.message ?? error).split('\n')[0] };
    } finally {
      console.warn = warn;
    }
  }
}

function canonical(value) {
  if (value === null || value === undefined) return nothing;
  if (typeof value === 'boolean') return boolean(value);
  if (typeof value === 'number' || typeof value === 'bigint') return number(plainDigits(value));
  if (typeof value === 'string') return text(value);
  if (Array.isArray(value)) return list(value.map(canonical));
  if (value.isInterval) {
    return interval(canonical(value.low), canonical(value.high), value.low === null ? value.lowClosed : value.lowClosed, value.highClosed);
  }
  if (value.isQuantity) return quantity(plainDigits(value.value), value.unit);
  if (value.isUncertainty) return interval(canonical(value.low), canonical(value.high), true, true);
  if (value.isDateTime) return value.isTime?.() ? moment('T' + value.toString().replace(/^T/, '')) : moment(value.toString());
  if (value.isDate) return moment(value.toString());
  if (value.isRatio) return tuple({ numerator: canonical(value.numerator), denominator: canonical(value.denominator) });
  if (value.isCode) return json(defined({ code: value.code, system: value.system, version: value.version, display: value.display }));
  if (value.isConcept) return json({ codes: value.codes.map((code) => defined({ code: code.code, system: code.system, display: code.display })), display: value.display });
  return tuple(Object.fromEntries(Object.entries(value).map(([name, member]) => [name, canonical(member)])));
}

function defined(object) {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined && value !== null));
}

// Without an exponent.
function plainDigits(value) {
  const written = String(value);
  return /e/i.test(written) ? Number(value).toFixed(10).replace(/\.?0+$/, '') : written;
}

// Our answer in the same form.
export function ourCql(answer) {
  if (answer.error) return { error: `${answer.error.phase}: ${answer.error.message}` };
  const items = answer.result.map(ourItem);
  return { value: answer.list ? list(items) : items[0] ?? nothing };
}

function ourItem({ type, value }) {
  if (value === null || value === undefined) return nothing;
  if (type.startsWith('Interval<')) return parseLiteral(value, type === 'Interval<System.Integer>');
  switch (type) {
    case 'System.Quantity':
      return ourQuantity(value);
    case 'System.Ratio': {
      const [numerator, denominator] = value.split(':');
      return tuple({ numerator: ourQuantity(numerator), denominator: ourQuantity(denominator) });
    }
    case 'System.Integer':
    case 'System.Long':
    case 'System.Decimal':
      return number(value);
    case 'System.Boolean':
      return boolean(value);
    case 'System.String':
      return text(value);
    case 'System.Time':
      return moment('T' + value.replace(/^T/, ''));
    case 'System.Date':
    case 'System.DateTime':
      return moment(value);
    case 'List':
      return list(value.map(ourItem));
    case 'Tuple':
      return tuple(Object.fromEntries(Object.entries(value).map(([name, member]) => [name, ourItem(member)])));
    default:
      return json(value);
  }
}

function ourQuantity(written) {
  const [, amount, unit] = /^(-?[\d.]+) ?(.*)$/.exec(written);
  return quantity(amount, unit);
}
