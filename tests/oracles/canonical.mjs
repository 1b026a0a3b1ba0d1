// Values of every engine in one form, and when two of them are the same.
//
// {kind: 'null' | 'boolean' | 'number' | 'text' | 'moment' | 'quantity' | 'list' | 'tuple' | 'interval' | 'json', ...}
// Numbers keep their text, since not every engine keeps the scale; a text that reads like a date is a moment.

const MOMENT = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(T(?:(\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?)?(Z|[+-]\d\d:\d\d)?)?$/;
const TIME = /^T?(\d\d)(?::(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?$/;
const CALENDAR = /^(year|month|week|day|hour|minute|second|millisecond)s?$/;

export const nothing = { kind: 'null' };
export const boolean = (value) => ({ kind: 'boolean', value });
export const number = (value) => ({ kind: 'number', value: String(value) });
export const list = (items) => ({ kind: 'list', items });
export const tuple = (members) => ({ kind: 'tuple', members });
export const json = (value) => ({ kind: 'json', value });
export const text = (value) => ({ kind: 'text', value });
export const interval = (low, high, lowClosed, highClosed) => ({ kind: 'interval', low, high, lowClosed, highClosed });

// The same interval with closed bounds, where they are known: "[1, 5)" of integers is "[1, 4]".
function closed(value, isInteger) {
  const low = value.lowClosed ? value.low : neighbour(value.low, 1, isInteger);
  const high = value.highClosed ? value.high : neighbour(value.high, -1, isInteger);
  return interval(low, high, value.lowClosed || low.kind !== 'null', value.highClosed || high.kind !== 'null');
}

function neighbour(point, direction, isInteger) {
  if (point.kind === 'number' || point.kind === 'quantity') {
    const next = isInteger ? Number(point.value) + direction : (Number(point.value) + direction * 1e-8).toFixed(8);
    return { ...point, value: String(next) };
  }
  return point.kind === 'moment' ? { kind: 'moment', value: nextMoment(point.value, direction) } : point;
}

function nextMoment(written, direction) {
  if (written.startsWith('T')) {
    const parts = written.slice(1).split(/[:.]/);
    const full = `1970-01-02T${[...parts.slice(0, 3), ...['00', '00', '00']].slice(0, 3).join(':')}`;
    return nextMoment(parts.length < 3 ? full.slice(0, 10 + 3 * parts.length) : written.includes('.') ? `${full}.${written.split('.')[1]}` : full, direction).slice(10);
  }
  const steps = { 4: 'FullYear', 7: 'Month', 10: 'Date', 13: 'Hours', 16: 'Minutes' };
  const full = written + '0000-01-01T00:00:00'.slice(written.length);
  const at = new Date(`${full}Z`);
  const step = steps[written.length] ?? 'Milliseconds';
  at[`setUTC${step}`](at[`getUTC${step}`]() + direction);
  return moment(written.length <= 16 ? at.toISOString().slice(0, written.length) : at.toISOString()).value;
}

export function quantity(value, unit) {
  const bare = String(unit ?? '1').replace(/^'(.*)'$/, '$1') || '1';
  const calendar = CALENDAR.exec(bare);
  return { kind: 'quantity', value: String(value), unit: calendar ? calendar[1] : bare };
}

// Seconds and milliseconds are one precision, so ".000" says nothing; an offset moves to UTC.
export function moment(written) {
  const time = TIME.exec(written);
  if (time && !/^\d{4}$/.test(written)) {
    const [, hour, minute, second, fraction] = time;
    return { kind: 'moment', value: ['T' + hour, minute, second].filter((part) => part !== undefined).join(':') + short(fraction) };
  }
  const found = MOMENT.exec(written);
  if (!found) return text(written);
  const [, year, month, day, , hour, minute, second, fraction, offset] = found;
  if (hour === undefined) {
    return { kind: 'moment', value: [year, month, day].filter((part) => part !== undefined).join('-') };
  }
  const at = new Date(0);
  at.setUTCFullYear(+year, +month - 1, +day);
  at.setUTCHours(+hour, +(minute ?? 0), +(second ?? 0));
  if (offset && offset !== 'Z') {
    const minutes = +offset.slice(1, 3) * 60 + +offset.slice(4, 6);
    at.setTime(at.getTime() - (offset[0] === '-' ? -1 : 1) * minutes * 60_000);
  }
  const utc = at.toISOString();
  const value = second !== undefined ? utc.slice(0, -5) + short(fraction) : minute !== undefined ? utc.slice(0, -8) : utc.slice(0, -11);
  return { kind: 'moment', value };
}

function short(fraction) {
  const digits = (fraction ?? '').replace(/0+$/, '');
  return digits ? '.' + digits : '';
}

// Eight decimals are what the languages promise; engines that count in binary lose a little more.
function sameNumber(a, b) {
  if (a === b) return true;
  const x = Number(a), y = Number(b);
  return Math.abs(x - y) <= 1.01e-8 + 1e-12 * Math.max(Math.abs(x), Math.abs(y));
}

// `a` is ours: it knows whether the points of an interval are integers.
export function same(a, b) {
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case 'null':
      return true;
    case 'number':
      return sameNumber(a.value, b.value);
    case 'quantity':
      return sameNumber(a.value, b.value) && a.unit === b.unit;
    case 'list':
      return a.items.length === b.items.length && a.items.every((item, i) => same(item, b.items[i]));
    case 'tuple': {
      const names = Object.keys(a.members);
      return names.length === Object.keys(b.members).length &&
        names.every((name) => name in b.members && same(a.members[name], b.members[name]));
    }
    case 'interval':
      if (a.lowClosed !== b.lowClosed || a.highClosed !== b.highClosed) {
        const left = closed(a, a.isInteger), right = closed(b, a.isInteger);
        return left.lowClosed === right.lowClosed && left.highClosed === right.highClosed && same(left.low, right.low) && same(left.high, right.high);
      }
      return a.lowClosed === b.lowClosed && a.highClosed === b.highClosed && same(a.low, b.low) && same(a.high, b.high);
    case 'json':
      return sameJson(a.value, b.value);
    default:
      return a.value === b.value;
  }
}

function sameJson(a, b) {
  if (typeof a === 'number' && typeof b === 'number') return sameNumber(String(a), String(b));
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  const names = Object.keys(a);
  return Array.isArray(a) === Array.isArray(b) && names.length === Object.keys(b).length &&
    names.every((name) => name in b && sameJson(a[name], b[name]));
}

export function show(value) {
  switch (value.kind) {
    case 'null':
      return 'null';
    case 'boolean':
    case 'number':
      return String(value.value);
    case 'text':
      return JSON.stringify(value.value);
    case 'moment':
      return '@' + value.value;
    case 'quantity':
      return `${value.value} '${value.unit}'`;
    case 'list':
      return `{${value.items.map(show).join(', ')}}`;
    case 'tuple':
      return `Tuple{${Object.keys(value.members).sort().map((name) => `${name}: ${show(value.members[name])}`).join(', ')}}`;
    case 'interval':
      return `Interval${value.lowClosed ? '[' : '('}${show(value.low)}, ${show(value.high)}${value.highClosed ? ']' : ')'}`;
    default:
      return JSON.stringify(value.value).slice(0, 300);
  }
}

// A literal as CQL writes it: 1.5, 'text', @2012-01, 5 'mg', { 1, 2 }, Tuple { a: 1 }, Interval[1, 5). Null when it
// is none of these.
export function parseLiteral(written, isInteger = false) {
  let at = 0;
  const blank = () => { while (/\s/.test(written[at] ?? '')) at += 1; };
  const take = (pattern) => {
    blank();
    const found = pattern.exec(written.slice(at));
    if (found) at += found[0].length;
    return found;
  };
  const members = (close, one) => {
    const all = [];
    while (!take(close)) {
      all.push(one());
      take(/^,/);
      if (at >= written.length) throw new Error('not closed');
    }
    return all;
  };
  const value = () => {
    let found;
    if (take(/^null\b/)) return nothing;
    if ((found = take(/^(true|false)\b/))) return boolean(found[1] === 'true');
    if ((found = take(/^Interval([[(])/))) {
      const low = value();
      take(/^,/);
      const high = value();
      return { ...interval(low, high, found[1] === '[', take(/^[\])]/)[0] === ']'), isInteger };
    }
    if (take(/^Tuple\s*\{/)) {
      return tuple(Object.fromEntries(members(/^\}/, () => [take(/^(\w+)\s*:/)[1], value()])));
    }
    if (take(/^\{/)) return list(members(/^\}/, value));
    if ((found = take(/^@([-\dT:.+Z]+)/))) return moment(found[1]);
    if ((found = take(/^'((?:[^'\\]|\\.)*)'/))) return text(found[1].replace(/\\(.)/g, '$1'));
    if ((found = take(/^(-?\d+(?:\.\d+)?)L?/))) {
      const unit = take(/^(?:'([^']*)'|((?:year|month|week|day|hour|minute|second|millisecond)s?)\b)/);
      return unit ? quantity(found[1], unit[1] ?? unit[2]) : number(found[1]);
    }
    throw new Error('no literal');
  };
  try {
    const parsed = value();
    blank();
    return at === written.length ? parsed : null;
  } catch {
    return null;
  }
}
