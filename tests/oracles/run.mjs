#!/usr/bin/env node
// Compares osteon's FHIRPath and CQL with other engines over generated expressions; README.md tells how.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseLiteral, same, show } from './canonical.mjs';
import { CqlExpressions } from './cql_expressions.mjs';
import { CqlPeer, ourCql } from './cql_peer.mjs';
import { FhirPathExpressions } from './fhirpath_expressions.mjs';
import { FhirPathPeer, ourFhirPath } from './fhirpath_peer.mjs';
import { askOsteon } from './osteon.mjs';
import { Elements, loadResources } from './patients.mjs';
import { Random } from './random.mjs';
import { judge, readVerdicts, tooOften } from './verdicts.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
const ROOT = resolve(HERE, '../..');
// What a peer says when it lacks something that the specification has.
const LACKING = /^Not implemented: |^translation: .*(not supported|not implemented)/i;

function readOptions() {
  const { values } = parseArgs({
    options: {
      osteon: { type: 'string', default: join(ROOT, 'build/osteon') },
      peers: { type: 'string', default: join(ROOT, 'build/oracles') },
      shared: { type: 'string', default: process.env.OSTEON_SHARED ?? join(ROOT, '../shared') },
      seed: { type: 'string', default: '1' },
      fhirpath: { type: 'string', default: '5000' },
      cql: { type: 'string', default: '1500' },
      report: { type: 'string', default: '' },
    },
  });
  return { ...values, seed: Number(values.seed), fhirpath: Number(values.fhirpath), cql: Number(values.cql) };
}

// How two answers {value, types?} | {error} relate: 'equal', 'peer error' (it lacks the feature) or 'differs'.
function relation(ours, theirs) {
  if (ours.error && theirs.error) return 'equal';
  if (theirs.error && LACKING.test(theirs.error)) return 'peer error';
  if (ours.error || theirs.error) return 'differs';
  return same(ours.value, theirs.value) && sameTypes(ours.types, theirs.types) ? 'equal' : 'differs';
}

// Only where the peer knows: it has one kind of number, loses types behind filters ("System.Object"), and calls
// elements without a type of their own by their base.
function sameTypes(ours, theirs) {
  const plain = (type) => /^System\.(Integer|Decimal)$/.test(type) ? 'number' : /^FHIR\.(\w+\.|(Backbone)?Element$)/.test(type) ? 'FHIR.Element' : type;
  return !ours || !theirs || ours.every((type, i) => theirs[i] === 'System.Object' || type === 'Tuple' || plain(type) === plain(theirs[i]));
}

function text(answer) {
  if (answer.error) return `error: ${answer.error}`;
  return show(answer.value) + (answer.types ? ` ${[...new Set(answer.types)].sort().join(' ')}` : '');
}

class Comparison {
  constructor(verdicts) {
    this.verdicts = verdicts;
    this.counts = { compared: 0, equal: 0, 'peer error': 0, judged: 0, unjudged: 0 };
    this.found = [];
  }

  add(language, expression, data, ours, theirs, secondOpinion) {
    this.counts.compared += 1;
    const how = relation(ours, theirs);
    if (how !== 'differs') {
      this.counts[how] += 1;
      return;
    }
    const second = secondOpinion?.() ?? '';
    const disagreement = { language, expression, data, ours: text(ours), theirs: text(theirs), second: opinionOf(ours, second), secondText: second };
    const verdict = judge(this.verdicts, disagreement);
    this.counts[verdict ? 'judged' : 'unjudged'] += 1;
    this.found.push({ ...disagreement, cause: verdict?.cause ?? null });
  }

  print(title) {
    const { compared, equal, judged, unjudged } = this.counts;
    for (const { expression, data, ours, theirs, secondText } of this.found.filter((one) => !one.cause).slice(0, 20)) {
      console.log(`unjudged: ${expression}${data ? `   on ${data}` : ''}\n    osteon: ${ours.slice(0, 300)}\n    peer:   ${theirs.slice(0, 300)}` +
        (secondText ? `\n    second: ${secondText.slice(0, 300)}` : ''));
    }
    console.log(`${title}: ${compared} compared, ${equal} equal, ${this.counts['peer error']} peer errors, ${judged} judged, ${unjudged} unjudged`);
  }
}

// "agrees" when the second opinion is our answer, "differs" when it is another, "error" when it is none.
function opinionOf(ours, second) {
  if (!second) return '';
  if (second.startsWith('error: ')) return ours.error ? 'agrees' : 'error';
  const parsed = parseLiteral(second);
  return !ours.error && parsed && same(ours.value, parsed) ? 'agrees' : 'differs';
}

function compareFhirPath(options, require, folder, comparison) {
  const random = new Random(options.seed);
  const peer = new FhirPathPeer(require);
  const resources = loadResources(options.shared, folder, random);
  const expressions = new FhirPathExpressions(random);
  const elements = new Map();
  const requests = Array.from({ length: options.fhirpath }, () => {
    const { file, resource } = random.pick(resources);
    if (!elements.has(file)) elements.set(file, new Elements(peer.model, resource));
    return { language: 'fhirpath', expression: expressions.make(elements.get(file)), data: file };
  });
  const answers = askOsteon(options.osteon, requests, folder);
  requests.forEach(({ expression, data }, i) => {
    const { resource } = resources.find((one) => one.file === data);
    const theirs = peer.answer(readFileSync(data, 'utf8'), expression);
    comparison.add('fhirpath', expression, `${resource.resourceType}/${resource.id}`, ourFhirPath(answers[i]), theirs);
  });
}

async function compareCql(options, folder, comparison) {
  const peer = await CqlPeer.load(options.peers, options.shared);
  const expressions = new CqlExpressions(new Random(options.seed));
  const requests = Array.from({ length: options.cql }, () => ({ language: 'cql', expression: expressions.make() }));
  const answers = askOsteon(options.osteon, requests, folder);
  for (const [i, { expression }] of requests.entries()) {
    comparison.add('cql', expression, '', ourCql(answers[i]), await peer.answer(expression), () => peer.opinion(expression));
  }
}

async function main() {
  const options = readOptions();
  const require = createRequire(join(resolve(options.peers), 'package.json'));
  const verdicts = readVerdicts(join(HERE, 'verdicts.yaml'), require('js-yaml'));
  const folder = mkdtempSync(join(tmpdir(), 'osteon-oracles-'));
  const fhirPath = new Comparison(verdicts), cql = new Comparison(verdicts);
  try {
    if (options.fhirpath) compareFhirPath(options, require, folder, fhirPath);
    if (options.cql) await compareCql(options, folder, cql);
  } finally {
    rmSync(folder, { recursive: true });
  }
  if (options.report) writeFileSync(options.report, JSON.stringify([...fhirPath.found, ...cql.found], null, 1));
  for (const { language, cause, right, hits } of verdicts) console.log(`${String(hits).padStart(5)}  ${language.padEnd(8)}  ${right.padEnd(11)}  ${cause}`);
  if (options.fhirpath) fhirPath.print('FHIRPath');
  if (options.cql) cql.print('CQL');
  const all = Object.keys(fhirPath.counts).map((key) => [key, fhirPath.counts[key] + cql.counts[key]]);
  const sum = Object.fromEntries(all);
  console.log(`${sum.compared} compared, ${sum.equal} equal, ${sum['peer error']} peer errors, ${sum.judged} judged, ${sum.unjudged} unjudged`);
  const often = tooOften(verdicts, { fhirpath: fhirPath.counts.compared, cql: cql.counts.compared });
  for (const { cause, hits } of often) console.log(`met too often to be that cause alone: ${cause} (${hits})`);
  process.exitCode = sum.unjudged || often.length ? 1 : 0;
}

// Dates without an offset are read in the zone of the process; osteon's is UTC by default.
process.env.TZ = 'UTC';
await main();
