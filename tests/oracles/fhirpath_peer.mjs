// Answers of npm fhirpath with its R4 model, in exact decimals.
import { boolean, json, list, moment, number, quantity, text } from './canonical.mjs';

export class FhirPathPeer {
  constructor(require) {
    this.fhirpath = require('fhirpath');
    this.model = require('fhirpath/fhir-context/r4');
    this.parsed = new Map();
  }

  // With every number as it is written.
  read(source) {
    const { FP_Decimal } = this.fhirpath;
    if (!this.parsed.has(source)) {
      const exact = source.replace(/("(?:[^"\\]|\\.)*")|(-?\d+\.\d+(?:[eE][+-]?\d+)?)/g, (all, string, decimal) =>
        string ?? `{"$decimal":"${decimal}"}`);
      const reviver = (key, value) => value?.$decimal !== undefined ? FP_Decimal.getDecimal(value.$decimal) : value;
      this.parsed.set(source, JSON.parse(exact, reviver));
    }
    return this.parsed.get(source);
  }

  // {value, types} or {error}.
  answer(source, expression) {
    const data = this.read(source);
    const quiet = console.log;
    console.log = () => {};
    try {
      const options = { resolveInternalTypes: false, preciseMath: true, traceFn: () => {} };
      const found = this.fhirpath.evaluate(data, expression, { context: data, resource: data, rootResource: data }, this.model, options);
      if (found instanceof Promise) return { error: 'asynchronous' };
      return { value: list(found.map((item) => this.canonical(item))), types: this.fhirpath.types(found) };
    } catch (error) {
      return { error: String(error.message ?? error).split('\n')[0] };
    } finally {
      console.log = quiet;
    }
  }

  canonical(item) {
    const name = item?.constructor?.name ?? '';
    if (name === 'ResourceNode') return this.plain(item.data);
    if (name === 'FP_Quantity') return quantity(item.value, item.unit);
    if (name === 'TypeInfo') return text(`${item.namespace}.${item.name}`);
    if (name.startsWith('FP_Decimal')) return number(item.toString());
    if (name.startsWith('FP_')) return moment(item.asStr ?? item.toString());
    return this.plain(item);
  }

  plain(data) {
    if (data === null || data === undefined) return json(null);
    if (typeof data === 'boolean') return boolean(data);
    if (typeof data === 'number' || typeof data === 'bigint') return number(data);
    if (typeof data === 'string') return moment(data);
    if (data.constructor?.name?.startsWith('FP_')) return this.canonical(data);
    return json(JSON.parse(JSON.stringify(data, (key, value) =>
      key === '__path__' ? undefined : value?.constructor?.name?.startsWith('FP_Decimal') ? Number(value.toString()) : value)));
  }
}

// Our answer in the same form.
export function ourFhirPath(answer) {
  if (answer.error) return { error: `${answer.error.phase}: ${answer.error.message}` };
  return { value: list(answer.result.map(ourItem)), types: answer.result.map((item) => item.type) };
}

function ourItem({ type, value }) {
  if (value === null || value === undefined) return json(null);
  if (type === 'System.Quantity') {
    const [, amount, unit] = /^(-?[\d.]+) ?(.*)$/.exec(value);
    return quantity(amount, unit);
  }
  if (type === 'Tuple' && value.namespace) return text(`${value.namespace.value}.${value.name.value}`);
  if (type === 'System.Decimal' || type === 'System.Long') return number(value);
  if (typeof value === 'boolean') return boolean(value);
  if (typeof value === 'number') return number(value);
  if (typeof value === 'string') return moment(value);
  return json(value);
}
