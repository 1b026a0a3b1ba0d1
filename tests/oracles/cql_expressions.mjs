// CQL expressions over System types, each of a known type, so that nearly all of them translate.

const POINTS = ['Integer', 'Decimal', 'Date', 'DateTime', 'Time', 'Quantity'];
const SCALARS = ['Boolean', 'Integer', 'Decimal', 'String', 'Date', 'DateTime', 'Time', 'Quantity'];
const ORDERED = ['Integer', 'Decimal', 'String', 'Date', 'DateTime', 'Time', 'Quantity'];
const LITERALS = {
  Boolean: ['true', 'false'],
  Integer: ['0', '1', '2', '3', '5', '7', '10', '42', '-1', '-17', '100', '2147483647'],
  Decimal: ['0.0', '1.0', '1.5', '-2.5', '3.14159', '0.1', '0.25', '100.00', '-0.001', '12.345678', '5.5', '99.99'],
  String: ["'a'", "''", "'abc'", "'Hello World'", "'1'", "'1.5'", "'true'", "'2012-03-04'", "'12:30'", "'5 \\'mg\\''", "'a,b,c'", "'ÄÖü'", "' x '"],
  Date: ['@2012', '@2012-03', '@2012-03-04', '@1974-12-25', '@2020-02-29', '@2021-01-31', '@1999-12-31', '@2012-03-05', '@2014-01-01'],
  DateTime: ['@2012T', '@2012-03T', '@2012-03-04T', '@2012-03-04T10', '@2012-03-04T10:15', '@2012-03-04T10:15:30', '@2012-03-04T10:15:30.250',
    '@2012-03-04T10:15:30.000Z', '@2012-03-04T23:15:30.500-05:00', '@2020-02-29T00:00:00.000+02:00', '@2015-06-30T12:00:00.000+01:00',
    'DateTime(2012, 3, 4, 10, 15)', 'DateTime(2014, 1, 15, 0, 0, 0, 0, 0.0)', 'DateTime(2014)'],
  Time: ['@T10', '@T10:30', '@T10:30:15', '@T10:30:15.125', '@T23:59:59.999', '@T00:00:00.000', '@T12:00:00.000', 'Time(9, 30)'],
  Quantity: ["1 'mg'", "5 'mg'", "0.005 'g'", "1.5 'g'", "20 'mg'", "250 'mg'", "-2.5 'mg'"],
};
const OTHER_QUANTITIES = ["2 'cm'", "20 'mm'", '4 days', '1 week', '1 month', '2 years', '30 minutes', "1 'wk'", "37.5 'Cel'", "3 '1'", '7', "12 months", "1 'kg'"];
const DATE_PRECISIONS = ['year', 'month', 'day'];
const DATE_TIME_PRECISIONS = ['year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond'];
const TIME_PRECISIONS = ['hour', 'minute', 'second', 'millisecond'];
const DAY_SPANS = ['1 day', '31 days', '1 month', '11 months', '1 year', '4 years', '2 weeks', '-3 days'];
const TIME_SPANS = ['1 day', '1 month', '2 years', '36 hours', '90 minutes', '45 seconds', '1500 milliseconds', '13 months'];

export class CqlExpressions {
  constructor(random) {
    this.random = random;
    this.names = 0;
  }

  make() {
    const type = this.random.weighted([
      [26, 'Boolean'], [9, 'Integer'], [8, 'Decimal'], [7, 'String'], [6, 'Date'], [7, 'DateTime'], [3, 'Time'], [6, 'Quantity'],
      [9, 'Interval'], [13, 'List'], [4, 'Tuple'],
    ]);
    if (type === 'Interval') return this.interval(this.random.pick(POINTS), 2);
    if (type === 'List') return this.list(this.random.pick(SCALARS), 2);
    return this.of(type, 3);
  }

  of(type, depth) {
    if (depth > 0 && type !== 'Tuple' && this.random.chance(0.06)) return this.conditional(type, depth);
    return this[type](depth);
  }

  leaf(type) {
    if (this.random.chance(0.06)) return `(null as ${type})`;
    return this.random.pick(LITERALS[type]);
  }

  name() {
    return `X${this.names++ % 90}`;
  }

  precisions(type) {
    return type === 'Date' ? DATE_PRECISIONS : type === 'Time' ? TIME_PRECISIONS : DATE_TIME_PRECISIONS;
  }

  conditional(type, depth) {
    const one = () => this.of(type, depth - 1);
    return this.random.weighted([
      [3, () => `(if ${this.Boolean(depth - 1)} then ${one()} else ${one()})`],
      [2, () => `(case when ${this.Boolean(depth - 1)} then ${one()} when ${this.Boolean(depth - 1)} then ${one()} else ${one()} end)`],
      [1, () => `(case ${this.Integer(0)} when ${this.Integer(0)} then ${one()} when ${this.Integer(0)} then ${one()} else ${one()} end)`],
      [2, () => `Coalesce(${one()}, ${one()}, ${one()})`],
      [2, () => `${this.random.pick(['First', 'Last'])}(${this.list(type, depth - 1)})`],
      [1, () => `${this.list(type, depth - 1)}[${this.random.pick(['0', '1', '5'])}]`],
      [1, () => `(Tuple { a: ${one()}, b: ${this.Integer(0)} }).a`],
    ])();
  }

  // --- booleans ------------------------------------------------------------------------------------------

  Boolean(depth) {
    if (depth <= 0) return this.leaf('Boolean');
    const random = this.random;
    return random.weighted([
      [8, () => `(${this.Boolean(depth - 1)} ${random.pick(['and', 'or', 'xor', 'implies'])} ${this.Boolean(depth - 1)})`],
      [2, () => `(not ${this.Boolean(depth - 1)})`],
      [12, () => this.comparison(depth)],
      [3, () => `(${this.of(random.pick(SCALARS), depth - 1)} is ${random.pick(['null', 'not null'])})`],
      [3, () => `(${this.Boolean(depth - 1)} is ${random.pick(['true', 'false', 'not true', 'not false', 'null'])})`],
      [12, () => this.timing(depth)],
      [10, () => this.intervalTest(depth)],
      [8, () => this.listTest(depth)],
      [4, () => this.stringTest(depth)],
      [4, () => this.typeTest(depth)],
      [2, () => `${random.pick(['AllTrue', 'AnyTrue'])}(${this.list('Boolean', depth - 1)})`],
      [1, () => this.leaf('Boolean')],
    ])();
  }

  comparison(depth) {
    const random = this.random;
    const type = random.pick(ORDERED);
    if (random.chance(0.1)) {
      const left = random.pick([...OTHER_QUANTITIES, ...LITERALS.Quantity]), right = random.pick(OTHER_QUANTITIES);
      return `(${left} ${random.pick(['=', '!=', '~', '<', '>='])} ${right})`;
    }
    const operators = ['=', '!=', '~', '!~', '<', '<=', '>', '>='];
    return random.chance(0.15) && type !== 'String'
      ? `(${this.of(type, depth - 1)} between ${this.of(type, depth - 2)} and ${this.of(type, depth - 2)})`
      : `(${this.of(type, depth - 1)} ${random.pick(operators)} ${this.of(type, depth - 2)})`;
  }

  timing(depth) {
    const random = this.random;
    const type = random.pick(['Date', 'DateTime', 'DateTime', 'Time']);
    const precision = random.pick(this.precisions(type));
    const left = this.of(type, depth - 2), right = this.of(type, depth - 2);
    return random.weighted([
      [3, () => `(${left} same ${precision} as ${right})`],
      [3, () => `(${left} same ${precision} or ${random.pick(['before', 'after'])} ${right})`],
      [3, () => `(${left} ${random.pick(['before', 'after', 'on or before', 'on or after'])} ${random.chance(0.5) ? precision + ' of ' : ''}${right})`],
      [2, () => `(${left} ${random.pick(['before', 'after'])} ${precision} of ${right})`],
      [2, () => `(${left} ${random.pick(['3', '1', '10'])} ${random.pick(type === 'Time' ? ['minutes', 'hours'] : ['days', 'months', 'years'])} ${random.pick(['or less', 'or more', ''])} ${random.pick(['before', 'after'])} ${right})`],
      [2, () => `(${left} within ${random.pick(['3', '40'])} ${random.pick(type === 'Time' ? ['minutes'] : ['days', 'months'])} of ${right})`],
      [3, () => `(${this.interval(type, depth - 2)} ${random.pick(['starts', 'ends'])} ${random.pick(['before', 'after'])} ${right})`],
    ])();
  }

  intervalTest(depth) {
    const random = this.random;
    const type = random.pick(POINTS);
    const left = this.interval(type, depth - 1), right = this.interval(type, depth - 1);
    const temporal = ['Date', 'DateTime', 'Time'].includes(type) && random.chance(0.35) ? random.pick(this.precisions(type)) + ' of ' : '';
    return random.weighted([
      [8, () => `(${left} ${random.pick(['overlaps', 'overlaps before', 'overlaps after', 'meets', 'meets before', 'meets after', 'before', 'after', 'included in', 'includes', 'during', 'properly includes', 'properly included in', 'starts', 'ends'])} ${temporal}${right})`],
      [3, () => `(${left} ${random.pick(['=', '!=', '~'])} ${right})`],
      [5, () => `(${this.of(type, depth - 2)} ${random.pick(['in', 'during', 'properly included in', 'before', 'after'])} ${temporal}${right})`],
      [3, () => `(${left} contains ${this.of(type, depth - 2)})`],
      [1, () => `(${left} is null)`],
    ])();
  }

  listTest(depth) {
    const random = this.random;
    const type = random.pick(SCALARS);
    const left = this.list(type, depth - 1), right = this.list(type, depth - 1);
    return random.weighted([
      [3, () => `exists (${left})`],
      [3, () => `(${this.of(type, depth - 2)} in ${right})`],
      [3, () => `(${left} contains ${this.of(type, depth - 2)})`],
      [5, () => `(${left} ${random.pick(['includes', 'included in', 'properly includes', 'properly included in', '=', '!=', '~'])} ${right})`],
      [1, () => `exists ((${left}) ${this.aliasWhere(type, depth)})`],
    ])();
  }

  aliasWhere(type, depth) {
    const name = this.name();
    return `${name} where ${name} ${this.random.pick(['=', '!=', '~'])} ${this.of(type, depth - 2)}`;
  }

  stringTest(depth) {
    const random = this.random;
    return random.pick([
      `StartsWith(${this.String(depth - 1)}, ${this.String(depth - 2)})`,
      `EndsWith(${this.String(depth - 1)}, ${this.String(depth - 2)})`,
      `Matches(${this.String(depth - 1)}, ${random.pick(["'[a-z]+'", "'.*a.*'", "'\\\\d{4}.*'", "''"])})`,
    ]);
  }

  typeTest(depth) {
    const random = this.random;
    const type = random.pick(SCALARS);
    return random.weighted([
      [3, () => `(${this.of(type, depth - 1)} is ${random.pick(SCALARS)})`],
      [4, () => `ConvertsTo${random.pick(SCALARS)}(${this.String(depth - 2)})`],
      [1, () => `ConvertsToString(${this.of(type, depth - 2)})`],
      [1, () => `ToBoolean(${random.pick(["'true'", "'F'", "'yes'", "'0'", "'maybe'", '1', '0', '1.0'])})`],
    ])();
  }

  // --- numbers -------------------------------------------------------------------------------------------

  Integer(depth) {
    if (depth <= 0) return this.leaf('Integer');
    const random = this.random;
    const temporal = random.pick(['Date', 'DateTime', 'DateTime', 'Time']);
    const precision = random.pick(this.precisions(temporal));
    return random.weighted([
      [2, () => this.leaf('Integer')],
      [8, () => `(${this.Integer(depth - 1)} ${random.pick(['+', '-', '*', 'div', 'mod'])} ${this.Integer(depth - 2)})`],
      [1, () => `-(${this.Integer(depth - 1)})`],
      [1, () => `Abs(${this.Integer(depth - 1)})`],
      [3, () => `${random.pick(['Ceiling', 'Floor', 'Truncate'])}(${this.Decimal(depth - 1)})`],
      [3, () => `Length(${random.chance(0.6) ? this.String(depth - 1) : this.list(random.pick(SCALARS), depth - 1)})`],
      [3, () => `Count(${this.list(random.pick(SCALARS), depth - 1)})`],
      [3, () => `${random.pick(['Sum', 'Min', 'Max', 'Product'])}(${this.list('Integer', depth - 1)})`],
      [1, () => `Mode(${this.list('Integer', depth - 1)})`],
      [2, () => `IndexOf(${this.list('Integer', depth - 1)}, ${this.Integer(0)})`],
      [2, () => random.pick([`PositionOf(${this.String(0)}, ${this.String(depth - 1)})`, `LastPositionOf(${this.String(0)}, ${this.String(depth - 1)})`])],
      [5, () => `(${precision} from ${this.of(temporal, depth - 1)})`],
      [5, () => `(${random.pick(['', 'difference in '])}${precision}s between ${this.of(temporal, depth - 1)} and ${this.of(temporal, depth - 2)})`],
      [1, () => `(duration in ${precision}s between ${this.of(temporal, depth - 2)} and ${this.of(temporal, depth - 2)})`],
      [2, () => `ToInteger(${random.pick(["'12'", "'-3'", "'abc'", 'true', "'2147483648'", this.String(0)])})`],
      [3, () => `(${random.pick(['start of', 'end of', 'width of'])} ${this.interval('Integer', depth - 1)})`],
      [1, () => `${random.pick(['predecessor of', 'successor of'])} ${this.Integer(0)}`],
      [1, () => `Precision(${this.of(random.pick(['Decimal', 'Date', 'DateTime', 'Time']), 0)})`],
      [2, () => { const name = this.name(); return `((${this.list('Integer', depth - 1)}) ${name} aggregate R starting ${random.pick(['0', '1'])}: R ${random.pick(['+', '*', '-'])} ${name})`; }],
      [1, () => `(point from Interval[${random.pick(['3, 3', '2, 2', '1, 1'])}])`],
      [1, () => `Size(${this.interval('Integer', depth - 1)})`],
      [1, () => `CalculateAgeInYearsAt(${this.Date(0)}, ${this.Date(0)})`],
    ])();
  }

  Decimal(depth) {
    if (depth <= 0) return this.leaf('Decimal');
    const random = this.random;
    return random.weighted([
      [2, () => this.leaf('Decimal')],
      [8, () => `(${this.Decimal(depth - 1)} ${random.pick(['+', '-', '*', '/', 'mod', 'div'])} ${random.chance(0.4) ? this.Integer(0) : this.Decimal(depth - 2)})`],
      [2, () => `Round(${this.Decimal(depth - 1)}${random.pick(['', ', 1', ', 2', ', 0'])})`],
      [1, () => `(${this.Integer(0)} / ${this.Integer(0)})`],
      [1, () => `Abs(${this.Decimal(depth - 1)})`],
      [1, () => `Ln(${this.Decimal(0)})`],
      [1, () => `Exp(${random.pick(['0.0', '1.0', '-1.0', '2.5', '(null as Decimal)'])})`],
      [1, () => `Log(${random.pick(['8.0', '100.0', '1.0', '0.0'])}, ${random.pick(['2.0', '10.0', '1.0'])})`],
      [2, () => `Power(${random.pick(['2.0', '2', '10', '1.5', '-3'])}, ${random.pick(['2', '3.0', '-2', '0.5', '0'])})`],
      [5, () => `${random.pick(['Sum', 'Avg', 'Min', 'Max', 'Median', 'StdDev', 'Variance', 'PopulationStdDev', 'PopulationVariance', 'Product', 'GeometricMean', 'Mode'])}(${this.list('Decimal', depth - 1)})`],
      [2, () => `ToDecimal(${random.pick(["'12.5'", "'-3'", "'abc'", '5', 'true', this.String(0)])})`],
      [2, () => `(${random.pick(['start of', 'end of', 'width of'])} ${this.interval('Decimal', depth - 1)})`],
      [1, () => `${random.pick(['predecessor of', 'successor of'])} ${this.Decimal(0)}`],
      [1, () => `${random.pick(['LowBoundary', 'HighBoundary'])}(${this.Decimal(0)}, ${random.pick(['2', '6', '8'])})`],
      [1, () => `(${this.Quantity(depth - 1)}).value`],
    ])();
  }

  Quantity(depth) {
    const random = this.random;
    if (depth <= 0) return random.chance(0.06) ? '(null as Quantity)' : random.pick(LITERALS.Quantity);
    return random.weighted([
      [3, () => this.leaf('Quantity')],
      [5, () => `(${this.Quantity(depth - 1)} ${random.pick(['+', '-'])} ${this.Quantity(depth - 2)})`],
      [3, () => `(${this.Quantity(depth - 1)} * ${random.pick(['2', '0.5', "2 'm'"])})`],
      [2, () => `(${this.Quantity(depth - 1)} / ${random.pick(['2', "2 'mg'", "4 'g'"])})`],
      [1, () => `-(${this.Quantity(depth - 1)})`],
      [1, () => `Abs(${this.Quantity(depth - 1)})`],
      [2, () => `(convert ${this.Quantity(depth - 1)} to ${random.pick(["'g'", "'mg'", "'cm'"])})`],
      [3, () => `${random.pick(['Sum', 'Min', 'Max', 'Avg', 'Median'])}(${this.list('Quantity', depth - 1)})`],
      [2, () => `ToQuantity(${random.pick(["'5 \\'mg\\''", "'4 days'", "'1.5'", "'abc'", '3', '2.5'])})`],
      [2, () => `(${random.pick(['start of', 'end of', 'width of'])} ${this.interval('Quantity', depth - 1)})`],
      [1, () => random.pick(OTHER_QUANTITIES.filter((one) => one.includes(' ')))],
      [1, () => `Quantity { value: ${this.Decimal(0)}, unit: 'mg' }`],
      [1, () => `(${random.pick(OTHER_QUANTITIES)} + ${random.pick(OTHER_QUANTITIES)})`],
    ])();
  }

  // --- texts ---------------------------------------------------------------------------------------------

  String(depth) {
    if (depth <= 0) return this.leaf('String');
    const random = this.random;
    return random.weighted([
      [2, () => this.leaf('String')],
      [4, () => `(${this.String(depth - 1)} ${random.pick(['+', '&'])} ${this.String(depth - 2)})`],
      [3, () => `Substring(${this.String(depth - 1)}, ${random.pick(['0', '1', '3', '-1', '100', '0, 2', '1, 3', '2, 0', '1, 100'])})`],
      [2, () => `${random.pick(['Upper', 'Lower'])}(${this.String(depth - 1)})`],
      [2, () => `Combine(${this.list('String', depth - 1)}${random.pick(['', ", ','", ", '; '"])})`],
      [2, () => `ReplaceMatches(${this.String(depth - 1)}, ${random.pick(["'[aeiou]', '*'", "'l+', 'L'", "'(.)(.)', '$2$1'"])})`],
      [5, () => `ToString(${this.of(random.pick(['Boolean', 'Integer', 'Decimal', 'Date', 'DateTime', 'Time', 'Quantity']), depth - 1)})`],
      [2, () => `${random.pick(['Min', 'Max'])}(${this.list('String', depth - 1)})`],
      [1, () => `${this.String(depth - 1)}[${random.pick(['0', '1', '50'])}]`],
      [1, () => `(${this.Quantity(0)}).unit`],
    ])();
  }

  // --- dates and times -----------------------------------------------------------------------------------

  Date(depth) {
    if (depth <= 0) return this.leaf('Date');
    const random = this.random;
    return random.weighted([
      [3, () => this.leaf('Date')],
      [6, () => `(${this.Date(depth - 1)} ${random.pick(['+', '-'])} ${random.pick(DAY_SPANS)})`],
      [2, () => `(date from ${this.DateTime(depth - 1)})`],
      [2, () => `ToDate(${random.pick(["'2012-03-04'", "'2012-03'", "'abc'", this.DateTime(0)])})`],
      [1, () => `Date(${random.pick(['2012', '2012, 3', '2012, 3, 4', '2020, 2, 29'])})`],
      [2, () => `(${random.pick(['start of', 'end of'])} ${this.interval('Date', depth - 1)})`],
      [1, () => `${random.pick(['predecessor of', 'successor of'])} ${this.Date(0)}`],
      [1, () => `${random.pick(['Min', 'Max'])}(${this.list('Date', depth - 1)})`],
      [1, () => `${random.pick(['LowBoundary', 'HighBoundary'])}(${this.Date(0)}, ${random.pick(['4', '6', '8'])})`],
    ])();
  }

  DateTime(depth) {
    if (depth <= 0) return this.leaf('DateTime');
    const random = this.random;
    return random.weighted([
      [3, () => this.leaf('DateTime')],
      [6, () => `(${this.DateTime(depth - 1)} ${random.pick(['+', '-'])} ${random.pick(TIME_SPANS)})`],
      [2, () => `ToDateTime(${random.pick(["'2012-03-04T10:15:30.000Z'", "'2012-03'", "'abc'", this.Date(0)])})`],
      [2, () => `(${random.pick(['start of', 'end of'])} ${this.interval('DateTime', depth - 1)})`],
      [1, () => `${random.pick(['predecessor of', 'successor of'])} ${this.DateTime(0)}`],
      [1, () => `${random.pick(['Min', 'Max'])}(${this.list('DateTime', depth - 1)})`],
      [1, () => `${random.pick(['LowBoundary', 'HighBoundary'])}(${this.DateTime(0)}, ${random.pick(['6', '10', '17'])})`],
    ])();
  }

  Time(depth) {
    if (depth <= 0) return this.leaf('Time');
    const random = this.random;
    return random.weighted([
      [3, () => this.leaf('Time')],
      [4, () => `(${this.Time(depth - 1)} ${random.pick(['+', '-'])} ${random.pick(['1 hour', '90 minutes', '45 seconds', '25 hours', '1 millisecond'])})`],
      [1, () => `ToTime(${random.pick(["'T12:30:00.000'", "'12:30'", "'25:00'", "'abc'"])})`],
      [1, () => `(time from ${this.DateTime(depth - 1)})`],
      [1, () => `(${random.pick(['start of', 'end of'])} ${this.interval('Time', depth - 1)})`],
      [1, () => `${random.pick(['predecessor of', 'successor of'])} ${this.Time(0)}`],
    ])();
  }

  // --- intervals, lists, tuples --------------------------------------------------------------------------

  interval(type, depth) {
    const random = this.random;
    if (depth <= 0 || random.chance(0.45)) return this.plainInterval(type);
    const temporal = ['Date', 'DateTime', 'Time'].includes(type);
    const other = () => this.interval(type, depth - 1);
    return random.weighted([
      [4, () => `(${other()} ${random.pick(['union', 'intersect', 'except'])} ${other()})`],
      [1, () => `First(collapse { ${other()}, ${other()} })`],
      [1, () => temporal ? this.plainInterval(type) : `(if ${this.Boolean(depth - 1)} then ${other()} else ${other()})`],
    ])();
  }

  plainInterval(type) {
    const random = this.random;
    if (random.chance(0.03)) return `(null as Interval<${type}>)`;
    const pairs = {
      Integer: ['1, 5', '3, 9', '5, 5', '6, 10', '-3, 2', '10, 20', '(null as Integer), 4', '2, (null as Integer)', '0, 100'],
      Decimal: ['1.0, 5.0', '0.5, 2.25', '2.5, 2.5', '5.0, 10.0', '-1.0, 0.0', '1.0, (null as Decimal)', '(null as Decimal), 3.5'],
      Date: ['@2012-01-01, @2012-12-31', '@2012-03-04, @2012-03-10', '@2012-03, @2012-05', '@2010, @2014', '@2012-06-01, (null as Date)', '(null as Date), @2013-01-01', '@2013-01-01, @2013-06-30'],
      DateTime: ['@2012-01-01T00:00:00.000, @2012-12-31T23:59:59.999', '@2012-03-04T10, @2012-03-04T18', '@2012-03T, @2012-06T', '@2012-03-04T10:15:30.000, (null as DateTime)', '(null as DateTime), @2012-06-01T00:00:00.000', '@2013-01-01T00:00:00.000, @2013-06-30T00:00:00.000'],
      Time: ['@T08:00:00.000, @T12:00:00.000', '@T10:30, @T11', '@T12:00:00.000, @T18:30:00.000', '@T09:00:00.000, (null as Time)'],
      Quantity: ["1 'mg', 5 'mg'", "3 'mg', 9 'mg'", "1 'mg', 0.01 'g'", "10 'mg', 20 'mg'", "5 'mg', (null as Quantity)"],
    };
    const pair = random.pick(pairs[type]);
    const point = /^(.*), \1$/.test(pair);
    const low = point ? '[' : random.pick(['[', '[', '(']), high = point ? ']' : random.pick([']', ']', ')']);
    return `Interval${low}${pair}${high}`;
  }

  // Mostly written out, since peers differ on what a query without it gives.
  all(name) {
    return this.random.chance(0.95) ? ` return all ${name}` : '';
  }

  list(type, depth) {
    const random = this.random;
    if (depth <= 0 || random.chance(0.4)) return this.plainList(type);
    const other = () => this.list(type, depth - 1);
    const name = this.name();
    const ordered = type !== 'Boolean';
    return random.weighted([
      [4, () => `(${other()} ${random.pick(['union', 'intersect', 'except'])} ${other()})`],
      [2, () => `(distinct ${other()})`],
      [2, () => `${random.pick(['Tail', 'Skip', 'Take'])}(${other()}`.replace(/^(Skip|Take).*$/s, (all) => `${all}, ${random.pick(['0', '1', '2', '10'])}`) + ')'],
      [1, () => `flatten { ${other()}, ${other()} }`],
      [3, () => `((${other()}) ${name} where ${name} ${ordered ? random.pick(['=', '<', '>=', '!=', '~']) : '='} ${this.of(type, depth - 1)}${this.all(name)})`],
      [2, () => ordered ? `((${other()}) ${name}${this.all(name)} sort ${random.pick(['asc', 'desc'])})` : other()],
      [1, () => ordered ? `((${other()}) ${name} return distinct ${name} sort desc)` : other()],
      [2, () => `((${other()}) ${name} return all ${name})`],
      [1, () => `(from (${other()}) A${name}, (${this.plainList('Integer')}) B${name} where B${name} > 1 return all A${name})`],
      [1, () => `((${other()}) ${name} let L${name}: ${this.of(type, 0)} where L${name} = ${name} return all L${name})`],
      [1, () => `((${other()}) ${name} with (${this.plainList(type)}) W${name} such that W${name} = ${name}${this.all(name)})`],
      [1, () => `((${other()}) ${name} without (${this.plainList(type)}) W${name} such that W${name} = ${name}${this.all(name)})`],
      [2, () => type === 'Integer' ? `(expand Interval[${random.pick(['1, 5', '0, 3', '2, 2'])}] per ${random.pick(['1', '2'])})`
        : type === 'Date' ? "(expand Interval[@2012-01-01, @2012-01-04] per day)" : other()],
      [1, () => type === 'String' ? `${random.pick([`Split(${this.String(0)}, ',')`, `Split(${this.String(0)}, ' ')`])}` : other()],
    ])();
  }

  plainList(type) {
    const count = this.random.pick([0, 1, 2, 3, 3, 4, 5]);
    if (count === 0) return this.random.chance(0.3) ? `(null as List<${type}>)` : `List<${type}>{ }`;
    const items = Array.from({ length: count }, () => this.leaf(type));
    return `{ ${items.join(', ')} }`;
  }

  Tuple(depth) {
    const random = this.random;
    const one = () => this.of(random.pick(SCALARS), depth - 2);
    return random.weighted([
      [3, () => `Tuple { a: ${one()}, b: ${one()}, c: ${this.list(random.pick(SCALARS), depth - 2)} }`],
      [1, () => `First(({ 1, 2 }) N return Tuple { n: N, d: N * 2 })`],
      [1, () => `(Tuple { a: ${this.Integer(1)}, b: ${this.String(1)} } = Tuple { a: ${this.Integer(1)}, b: ${this.String(1)} })`],
      [1, () => { const name = this.name(); return `((${this.list('Integer', depth - 1)}) ${name} return Tuple { v: ${name}, s: ToString(${name}) })`; }],
      [1, () => `((${this.list('Integer', depth - 1)}) T return Tuple { v: T } sort by v desc)`],
      [1, () => `(collapse { ${this.plainInterval('Integer')}, ${this.plainInterval('Integer')}, ${this.plainInterval('Integer')} })`],
      [1, () => `(expand { ${random.pick(['Interval[1, 4]', 'Interval[@2012-01-01, @2012-01-03]', 'Interval[1.0, 2.0]'])} } per ${random.pick(['1', 'day'])})`.replace('@2012-01-01, @2012-01-03] } per 1', '@2012-01-01, @2012-01-03] } per day').replace(/(\d(?:\.0)?)\] \} per day/, '$1] } per 1')],
    ])();
  }
}
