// FHIRPath expressions over elements that a resource really has: typed enough that most of them mean something.

const CATEGORY = {
  boolean: 'boolean', integer: 'integer', positiveInt: 'integer', unsignedInt: 'integer', decimal: 'decimal',
  date: 'date', dateTime: 'dateTime', instant: 'dateTime', time: 'time',
  string: 'string', code: 'string', id: 'string', uri: 'string', url: 'string', canonical: 'string', oid: 'string',
  uuid: 'string', markdown: 'string', 'System.String': 'string',
  Quantity: 'quantity', Age: 'quantity', Duration: 'quantity', SimpleQuantity: 'quantity',
};
const KINDS = ['boolean', 'integer', 'decimal', 'string', 'date', 'dateTime', 'time', 'quantity'];
const ORDERED = ['integer', 'decimal', 'string', 'date', 'dateTime', 'time', 'quantity'];
const SYSTEM = {
  boolean: 'Boolean', integer: 'Integer', decimal: 'Decimal', string: 'String', date: 'Date', dateTime: 'DateTime',
  time: 'Time', quantity: 'Quantity',
};
const LITERALS = {
  boolean: ['true', 'false'],
  integer: ['0', '1', '2', '3', '-1', '5', '7', '10', '42', '100', '-17', '2147483647'],
  decimal: ['0.0', '1.0', '1.5', '-2.5', '3.14159', '0.1', '0.25', '100.00', '-0.001', '12.345678', '1234567.89', '4.5', '5.5'],
  string: ["'a'", "''", "'final'", "'active'", "'abc'", "'Hello World'", "'1'", "'1.5'", "'true'", "'2012-03-04'",
    "'12:30'", "'4 days'", "'5 \\'mg\\''", "'a,b,c'", "'ÄÖü'", "'tab\\tend'", "'http://loinc.org'", "' padded '", "'\\u0041'", "'x.y'"],
  date: ['@2012', '@2012-03', '@2012-03-04', '@1974-12-25', '@2020-02-29', '@2021-01-31', '@1999-12-31'],
  dateTime: ['@2012T', '@2012-03T', '@2012-03-04T', '@2012-03-04T10', '@2012-03-04T10:15', '@2012-03-04T10:15:30',
    '@2012-03-04T10:15:30.250', '@2012-03-04T10:15:30Z', '@2012-03-04T23:15:30.5-05:00', '@2020-02-29T00:00:00+02:00', '@2015-06-30T12:00:00.000+01:00'],
  time: ['@T10', '@T10:30', '@T10:30:15', '@T10:30:15.125', '@T23:59:59.999', '@T00:00'],
  quantity: ["1 'mg'", "5 'mg'", "0.005 'g'", "1.5 'kg'", "2 'cm'", "20 'mm'", "4 days", "1 week", "1 month", "2 years", "30 minutes",
    "1 'wk'", "90 'min'", "37.5 'Cel'", "3 '1'", "-2.5 'mg/dL'", "25 'mg/L'", "1 day"],
};
const REGEXES = ["'[a-z]+'", "'^[A-Z].*'", "'\\\\d{4}'", "'.*a.*'", "'^$'", "'[0-9]+-[0-9]+'", "'(a|b)c?'", "'^http://.*$'"];
const TIME_SPANS = ['1 day', '3 days', '1 month', '2 years', '1 week', '36 hours', '90 minutes', '45 seconds', '1500 milliseconds', "1 'd'", "2 'h'", '13 months'];
const DAY_SPANS = ['1 day', '31 days', '1 month', '11 months', '1 year', '4 years', '2 weeks'];

export class FhirPathExpressions {
  constructor(random) {
    this.random = random;
  }

  // An expression about a resource with these elements.
  make(elements) {
    this.elements = elements;
    const context = elements.root;
    return this.random.weighted([
      [32, () => this.boolean(context, 3)],
      [10, () => this.string(context, 3)],
      [9, () => this.integer(context, 3)],
      [7, () => this.decimal(context, 3)],
      [6, () => this.date(context, 2)],
      [7, () => this.dateTime(context, 2)],
      [3, () => this.time(context, 2)],
      [7, () => this.quantity(context, 2)],
      [19, () => this.collection(context, 3).text],
    ])();
  }

  // --- paths ---------------------------------------------------------------------------------------------

  // A path from a value of the type to an element of the category, or to any ('any'), or to none there is.
  path(context, category) {
    const paths = this.elements.from(context).filter((path) => category === 'any' ? path.type !== 'xhtml'
      : category === 'complex' ? !CATEGORY[path.type] && path.type !== 'xhtml' && path.type !== 'Narrative'
        : CATEGORY[path.type] === category);
    if (paths.length === 0) return null;
    const path = this.random.pick(paths);
    return { ...path, text: this.write(context, path) };
  }

  write(context, path) {
    const steps = path.steps.map((step) => this.step(step));
    if (context === this.elements.root && this.random.chance(0.4)) steps.unshift(context);
    else if (this.random.chance(0.03)) steps.unshift('$this');
    return steps.join('.');
  }

  step(step) {
    const name = ['div', 'mod', 'is', 'as', 'in', 'and', 'or', 'contains'].includes(step.name) ? '`' + step.name + '`' : step.name;
    if (step.name === 'resource' || step.name === 'contained') return `${name}.ofType(${step.type})`;
    if (step.choice && this.random.chance(0.5)) {
      return this.random.pick([`${name}.ofType(${step.choice})`, `${name}.ofType(FHIR.${step.choice})`]);
    }
    return name;
  }

  // One item of the category: a path made single, a literal, or undefined when there is no such path.
  onePath(context, category) {
    const path = this.path(context, category);
    if (!path) return null;
    if (!path.many && this.random.chance(0.85)) return path;
    return { ...path, text: path.text + this.random.weighted([[8, '.first()'], [4, '.last()'], [3, '[0]'], [1, '[1]'], [1, '.single()'], [1, '']]) };
  }

  literal(category, samples) {
    if (samples?.length && this.random.chance(0.6)) {
      const sample = this.random.pick(samples);
      if (category === 'string' && String(sample).length < 60) return this.quoted(String(sample));
      if (category === 'integer' || category === 'boolean') return String(sample);
      if (category === 'decimal' && !String(sample).includes('e')) return String(sample);
      if (category === 'date') return '@' + sample;
      if (category === 'dateTime') return '@' + sample + (String(sample).includes('T') ? '' : 'T');
    }
    return this.random.pick(LITERALS[category]);
  }

  quoted(sample) {
    return `'${sample.replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\n/g, '\\n').replace(/\r/g, '\\r').replace(/\t/g, '\\t')}'`;
  }

  of(category, context, depth) {
    return this[category](context, depth);
  }

  // A path where there is one, otherwise a literal.
  leaf(context, category) {
    const path = this.random.chance(0.75) ? this.onePath(context, category) : null;
    return path ? path.text : this.literal(category);
  }

  // --- by type -------------------------------------------------------------------------------------------

  boolean(context, depth) {
    if (depth <= 0) return this.leaf(context, 'boolean');
    const random = this.random;
    return random.weighted([
      [14, () => this.comparison(context, depth)],
      [10, () => `${this.boolean(context, depth - 1)} ${random.pick(['and', 'or', 'xor', 'implies'])} ${this.boolean(context, depth - 1)}`],
      [4, () => `(${this.boolean(context, depth - 1)}).not()`],
      [8, () => this.existence(context, depth)],
      [8, () => this.stringTest(context, depth)],
      [5, () => this.membership(context, depth)],
      [6, () => this.typeTest(context)],
      [5, () => this.convertsTo(context, depth)],
      [4, () => this.setTest(context, depth)],
      [2, () => `iif(${this.boolean(context, depth - 1)}, ${this.boolean(context, depth - 1)}${random.chance(0.7) ? ', ' + this.boolean(context, depth - 1) : ''})`],
      [3, () => this.leaf(context, 'boolean')],
      [2, () => `${this.leaf(context, random.pick(['string', 'boolean', 'integer']))}.toBoolean()`],
      [2, () => `(${this.boolean(context, 0)} | {} | ${this.boolean(context, 0)}).${random.pick(['allTrue', 'anyTrue', 'allFalse', 'anyFalse'])}()`],
    ])();
  }

  comparison(context, depth) {
    const random = this.random;
    const category = random.pick(KINDS);
    const path = this.onePath(context, category);
    const left = path && random.chance(0.7) ? path.text : this.of(category, context, depth - 1);
    const right = path && random.chance(0.5) ? this.literal(category, path.samples)
      : random.chance(0.08) ? this.of(random.pick(KINDS), context, depth - 2) : this.of(category, context, depth - 2);
    const operators = ORDERED.includes(category) ? ['=', '!=', '~', '!~', '<', '<=', '>', '>='] : ['=', '!=', '~', '!~'];
    return `(${left} ${random.pick(operators)} ${right})`;
  }

  existence(context, depth) {
    const random = this.random;
    const items = this.collection(context, depth - 1);
    return random.weighted([
      [4, () => `${items.text}.exists()`],
      [3, () => `${items.text}.empty()`],
      [4, () => `${items.text}.exists(${this.boolean(items.type, depth - 2)})`],
      [3, () => `${items.text}.all(${this.boolean(items.type, depth - 2)})`],
      [2, () => `${items.text}.isDistinct()`],
      [1, () => `${this.leaf(context, random.pick(KINDS))}.hasValue()`],
    ])();
  }

  stringTest(context, depth) {
    const random = this.random;
    const path = this.onePath(context, 'string');
    const subject = path && random.chance(0.8) ? path.text : this.string(context, depth - 1);
    const sample = path?.samples.length ? String(random.pick(path.samples)) : 'abc';
    const start = random.below(Math.max(1, sample.length - 2));
    const piece = this.quoted(sample.slice(start, start + 3));
    return random.weighted([
      [3, () => `${this.grouped(subject)}.startsWith(${random.pick([piece, this.quoted(sample.slice(0, 2)), "''", '{}'])})`],
      [3, () => `${this.grouped(subject)}.endsWith(${random.pick([piece, this.quoted(sample.slice(-2)), "''"])})`],
      [3, () => `${this.grouped(subject)}.contains(${random.pick([piece, "''", "'z'"])})`],
      [3, () => `${this.grouped(subject)}.${random.pick(['matches', 'matches', 'matchesFull'])}(${random.pick(REGEXES)})`],
    ])();
  }

  membership(context, depth) {
    const random = this.random;
    const category = random.pick(['string', 'integer', 'decimal', 'date', 'boolean']);
    const path = this.path(context, category);
    const items = path && random.chance(0.6) ? path.text
      : `(${[1, 2, 3].map(() => this.literal(category, path?.samples)).join(' | ')})`;
    const item = path && random.chance(0.5) ? this.literal(category, path.samples) : this.of(category, context, depth - 2);
    return random.chance(0.5) ? `(${item} in ${items})` : `(${items} contains ${item})`;
  }

  typeTest(context) {
    const random = this.random;
    const path = this.onePath(context, 'any') ?? { text: '$this', type: context };
    const type = path.type.includes('.') ? random.pick(['BackboneElement', 'Element'])
      : random.pick([path.type, 'FHIR.' + path.type.replace(/^System\./, ''), 'string', 'System.String', 'Element', 'Quantity', 'DomainResource', 'System.Boolean', 'boolean']);
    return random.chance(0.6) ? `(${path.text} is ${type})` : `${path.text}.is(${type})`;
  }

  convertsTo(context, depth) {
    const random = this.random;
    const category = random.pick(KINDS);
    const to = random.pick(['Boolean', 'Integer', 'Decimal', 'String', 'Date', 'DateTime', 'Time', 'Quantity']);
    return `${this.grouped(this.of(category, context, depth - 2))}.convertsTo${to}()`;
  }

  setTest(context, depth) {
    const first = this.collection(context, depth - 2);
    const second = this.random.chance(0.5) ? this.collection(context, depth - 2) : first;
    return this.random.pick([
      `${first.text}.subsetOf(${second.text})`,
      `${first.text}.supersetOf(${second.text})`,
      `(${first.text} = ${second.text})`,
      `(${first.text} ~ ${second.text})`,
      `(${first.text} != ${second.text})`,
    ]);
  }

  string(context, depth) {
    if (depth <= 0) return this.leaf(context, 'string');
    const random = this.random;
    const subject = () => this.grouped(this.string(context, depth - 1));
    return random.weighted([
      [5, () => this.leaf(context, 'string')],
      [3, () => `${subject()}.substring(${random.pick(['0', '1', '3', '-1', '100', '0, 2', '1, 3', '2, 0', '5, 100'])})`],
      [2, () => `${subject()}.upper()`],
      [2, () => `${subject()}.lower()`],
      [3, () => `${subject()}.replace(${random.pick(["'a', 'b'", "'', '-'", "'e', ''", "'/', '::'", "'l', 'LL'"])})`],
      [2, () => `${subject()}.replaceMatches(${random.pick(["'[aeiou]', '*'", "'\\\\d+', '#'", "'(.)(.)', '$2$1'", "'^.', ''"])})`],
      [3, () => `(${this.string(context, depth - 1)} + ${this.string(context, depth - 2)})`],
      [3, () => `(${this.string(context, depth - 1)} & ${this.string(context, depth - 2)})`],
      [4, () => `${this.grouped(this.of(random.pick(KINDS), context, depth - 1))}.toString()`],
      [2, () => `${subject()}.trim()`],
      [2, () => `${this.collection(context, depth - 1, 'string').text}.join(${random.pick(["','", "'; '", "''"])})`],
      [1, () => `${subject()}.encode(${random.pick(["'hex'", "'base64'", "'urlbase64'"])})`],
      [1, () => `${subject()}.encode('base64').decode('base64')`],
      [1, () => `${subject()}.escape(${random.pick(["'html'", "'json'"])})`],
      [1, () => `${subject()}.escape('html').unescape('html')`],
      [1, () => `iif(${this.boolean(context, depth - 1)}, ${this.string(context, depth - 1)}, ${this.string(context, depth - 1)})`],
    ])();
  }

  integer(context, depth) {
    if (depth <= 0) return this.leaf(context, 'integer');
    const random = this.random;
    const some = () => this.grouped(this.integer(context, depth - 1));
    return random.weighted([
      [3, () => this.leaf(context, 'integer')],
      [6, () => `${this.collection(context, depth - 1).text}.count()`],
      [4, () => `${this.grouped(this.string(context, depth - 1))}.length()`],
      [3, () => `${this.grouped(this.string(context, depth - 1))}.${random.pick(['indexOf', 'indexOf', 'lastIndexOf'])}(${random.pick(["'a'", "'e'", "''", "'zz'"])})`],
      [5, () => `(${this.integer(context, depth - 1)} ${random.pick(['+', '-', '*', 'div', 'mod'])} ${this.integer(context, depth - 2)})`],
      [2, () => `(${this.decimal(context, depth - 2)} div ${this.decimal(context, depth - 2)})`],
      [2, () => `${some()}.abs()`],
      [3, () => `${this.grouped(this.decimal(context, depth - 1))}.${random.pick(['ceiling', 'floor', 'truncate'])}()`],
      [2, () => `-${some()}`],
      [2, () => `${this.leaf(context, random.pick(['string', 'boolean', 'integer']))}.toInteger()`],
      [2, () => `${this.collection(context, depth - 1, 'integer').text}.aggregate($this + $total, 0)`],
      [1, () => `${this.collection(context, depth - 1).text}.select($index).${random.pick(['first()', 'last()', 'aggregate(iif($total.empty(), $this, iif($this > $total, $this, $total)))'])}`],
      [1, () => `${this.collection(context, depth - 1, 'string').text}.select(length()).aggregate($this + $total, 0)`],
      [1, () => `${this.leaf(context, random.pick(['date', 'dateTime', 'decimal', 'time']))}.precision()`],
    ])();
  }

  decimal(context, depth) {
    if (depth <= 0) return this.leaf(context, 'decimal');
    const random = this.random;
    const some = () => this.grouped(random.chance(0.7) ? this.decimal(context, depth - 1) : this.integer(context, depth - 1));
    return random.weighted([
      [4, () => this.leaf(context, 'decimal')],
      [6, () => `(${this.decimal(context, depth - 1)} ${random.pick(['+', '-', '*', '/', 'mod'])} ${random.chance(0.5) ? this.decimal(context, depth - 2) : this.integer(context, depth - 2)})`],
      [3, () => `${some()}.round(${random.pick(['', '0', '1', '2', '3'])})`],
      [2, () => `${some()}.abs()`],
      [2, () => `${some()}.sqrt()`],
      [1, () => `${some()}.ln()`],
      [1, () => `${some()}.log(${random.pick(['2', '10', '3.0'])})`],
      [1, () => `${this.random.pick(['0', '1', '2.5', '-1.0'])}.exp()`],
      [2, () => `${some()}.power(${random.pick(['2', '0', '3', '0.5', '-1'])})`],
      [2, () => `${this.leaf(context, random.pick(['string', 'boolean', 'integer']))}.toDecimal()`],
      [3, () => { const path = this.path(context, 'quantity'); return path ? `${path.text}.value${path.many ? '.first()' : ''}` : this.literal('decimal'); }],
      [1, () => `${this.leaf(context, 'decimal')}.${random.pick(['lowBoundary', 'highBoundary'])}(${random.pick(['', '2', '6'])})`],
      [1, () => `(${random.pick(LITERALS.integer)} / ${this.integer(context, depth - 2)})`],
    ])();
  }

  date(context, depth) {
    if (depth <= 0) return this.leaf(context, 'date');
    const random = this.random;
    return random.weighted([
      [3, () => this.leaf(context, 'date')],
      [5, () => `(${this.date(context, depth - 1)} ${random.pick(['+', '-'])} ${random.pick(DAY_SPANS)})`],
      [2, () => `${this.leaf(context, random.pick(['string', 'dateTime', 'date']))}.toDate()`],
      [1, () => `${this.leaf(context, 'date')}.${random.pick(['lowBoundary', 'highBoundary'])}(${random.pick(['', '6', '4'])})`],
    ])();
  }

  dateTime(context, depth) {
    if (depth <= 0) return this.leaf(context, 'dateTime');
    const random = this.random;
    return random.weighted([
      [3, () => this.leaf(context, 'dateTime')],
      [6, () => `(${this.dateTime(context, depth - 1)} ${random.pick(['+', '-'])} ${random.pick(TIME_SPANS)})`],
      [2, () => `${this.leaf(context, random.pick(['string', 'date', 'dateTime']))}.toDateTime()`],
      [1, () => `${this.leaf(context, 'dateTime')}.${random.pick(['lowBoundary', 'highBoundary'])}(${random.pick(['', '17', '6'])})`],
    ])();
  }

  time(context, depth) {
    if (depth <= 0) return this.leaf(context, 'time');
    const random = this.random;
    return random.weighted([
      [2, () => this.leaf(context, 'time')],
      [4, () => `(${this.time(context, depth - 1)} ${random.pick(['+', '-'])} ${random.pick(['1 hour', '90 minutes', '45 seconds', '24 hours', '1 millisecond', "2 'h'"])})`],
      [2, () => `${random.pick(["'12:30'", "'23:59:59.999'", "'25:00'", this.leaf(context, 'string')])}.toTime()`],
    ])();
  }

  quantity(context, depth) {
    if (depth <= 0) return this.leaf(context, 'quantity');
    const random = this.random;
    return random.weighted([
      [4, () => this.leaf(context, 'quantity')],
      [4, () => `(${this.quantity(context, depth - 1)} ${random.pick(['+', '-'])} ${this.quantity(context, depth - 2)})`],
      [3, () => `(${this.quantity(context, depth - 1)} ${random.pick(['*', '/'])} ${random.pick(['2', '0.5', "2 'm'", this.quantity(context, 0)])})`],
      [2, () => `-${this.grouped(this.quantity(context, depth - 1))}`],
      [2, () => `${this.grouped(this.quantity(context, depth - 1))}.${random.pick(['abs', 'abs', 'ceiling', 'round'])}()`],
      [3, () => `${random.pick(["'4 days'", "'5 \\'mg\\''", "'1.5'", "'1 \\'wk\\''", '3', '2.5', "'abc'"])}.toQuantity(${random.pick(['', '', "'mg'", "'g'", "'day'"])})`],
    ])();
  }

  // --- collections ---------------------------------------------------------------------------------------

  // {text, type}: items of an element type ("System..." when it is none of FHIR).
  collection(context, depth, category) {
    const random = this.random;
    const wanted = category ?? random.weighted([[4, 'complex'], [4, 'any'], [2, 'string'], [1, 'integer'], [1, 'decimal'], [1, 'dateTime']]);
    const path = this.path(context, wanted);
    const type = category ?? 'string';
    if (!path) {
      const kind = KINDS.includes(type) ? type : 'string';
      return { text: `(${[1, 2, 3, 4].map(() => this.literal(kind)).join(' | ')})`, type: 'System.' + SYSTEM[kind] };
    }
    if (depth <= 0) return path;
    return this.derived(context, path, depth, category);
  }

  derived(context, path, depth, category) {
    const random = this.random;
    const another = () => random.chance(0.6) ? this.collection(context, depth - 1, category).text : path.text;
    const same = (text) => ({ text, type: path.type });
    return random.weighted([
      [8, () => path],
      [7, () => same(`${path.text}.where(${this.boolean(path.type, depth - 1)})`)],
      [5, () => this.selected(path, depth, category)],
      [2, () => same(`${path.text}.first()`)],
      [2, () => same(`${path.text}.last()`)],
      [3, () => same(`${path.text}.tail()`)],
      [2, () => same(`${path.text}.skip(${random.pick(['0', '1', '2', '-1'])})`)],
      [2, () => same(`${path.text}.take(${random.pick(['0', '1', '2', '10'])})`)],
      [2, () => same(`${path.text}[${random.pick(['0', '1', '5'])}]`)],
      [3, () => same(`${path.text}.distinct()`)],
      [3, () => same(`(${path.text} | ${another()})`)],
      [2, () => same(`${path.text}.union(${another()})`)],
      [2, () => same(`${path.text}.combine(${another()})`)],
      [2, () => same(`${path.text}.intersect(${another()})`)],
      [2, () => same(`${path.text}.exclude(${another()})`)],
      [1, () => same(`${path.text}.trace('t')`)],
      [1, () => same(`${path.text}.ofType(${path.type.includes('.') ? 'BackboneElement' : path.type})`)],
      [1, () => category ? path : this.tree(path)],
      [1, () => category ? path : { text: `${this.grouped(this.string(context, depth - 1))}.${random.pick(["toChars()", "split(',')", "split(' ')"])}`, type: 'System.String' }],
      [1, () => category ? path : { text: `${path.text}.type()`, type: 'System.Any' }],
      [1, () => category ? path : { text: `${path.text}.extension${random.pick(['', '.value', '.url'])}`, type: 'Extension' }],
      [1, () => category ? path : same(`${path.text}.repeat(${random.pick(['extension', 'children()', 'extension.extension'])})`)],
    ])();
  }

  selected(path, depth, category) {
    const inner = this.path(path.type, category ?? 'any');
    if (inner) return { text: `${path.text}.select(${inner.text})`, type: inner.type };
    if (category) return path;
    const kind = CATEGORY[path.type];
    return kind ? { text: `${path.text}.select(${this.own(kind)})`, type: 'System.Any' } : path;
  }

  // What can be said of $this.
  own(kind) {
    const random = this.random;
    const by = {
      string: ['$this.length()', 'upper()', "$this & '!'", '$this + $this', 'toString()', '$index', "indexOf('e')"],
      integer: ['$this + 1', '$this * $this', '$this / 2', '-$this', 'toString()'],
      decimal: ['$this + 1', 'round(1)', '$this / 3', 'toString()', 'ceiling()'],
      boolean: ['not()', 'toString()', 'toInteger()'],
      date: ['$this + 1 month', 'toString()', 'toDateTime()'],
      dateTime: ['$this + 1 day', 'toString()', 'toDate()'],
      time: ['$this + 1 minute', 'toString()'],
      quantity: ['value', 'unit', '$this * 2', 'toString()'],
    };
    return random.pick(by[kind]);
  }

  tree(path) {
    return this.random.pick([
      { text: `${path.text}.children()`, type: 'System.Any' },
      { text: `${path.text}.descendants().ofType(string)`, type: 'string' },
      { text: `${path.text}.descendants().ofType(code)`, type: 'code' },
      { text: `${path.text}.descendants().where($this is Coding)`, type: 'Coding' },
      { text: `${path.text}.descendants()`, type: 'System.Any' },
    ]);
  }

  grouped(text) {
    return /^(-|.*[ +*/&|])/.test(text) && !/^\(.*\)$/.test(text) && !/^'[^']*'$/.test(text) ? `(${text})` : text;
  }
}
