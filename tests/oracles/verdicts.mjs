// Judgements of disagreements: verdicts.yaml, read and applied.
import { readFileSync } from 'node:fs';

const WHO = ['osteon', 'peer', 'unspecified'];

// [{cause, language, right, section, why, most, match, hits}], in the order of the file: the first that matches
// counts. most: how often of 1,000 comparisons; a cause met more often hides something new.
// match: {expression?, ours?, theirs?, second?}, regular expressions that must all be found in the texts.
export function readVerdicts(file, yaml) {
  const seen = new Set();
  return yaml.load(readFileSync(file, 'utf8')).map((entry) => {
    const problem = !entry.cause || seen.has(entry.cause) ? 'a cause of its own'
      : !['fhirpath', 'cql'].includes(entry.language) ? 'language: fhirpath or cql'
        : !WHO.includes(entry.right) ? `right: ${WHO.join(', ')}`
          : !entry.section || !entry.why || !entry.most ? 'section, why and most' : !entry.match || !Object.keys(entry.match).length ? 'match' : '';
    if (problem) throw new Error(`${file}: "${entry.cause}" needs ${problem}`);
    seen.add(entry.cause);
    const match = Object.entries(entry.match).map(([text, pattern]) => [text, new RegExp(pattern, 's')]);
    return { ...entry, match, hits: 0 };
  });
}

// The verdict on a disagreement {language, expression, ours, theirs, second}; null when nobody has judged it.
export function judge(verdicts, disagreement) {
  const found = verdicts.find((verdict) => verdict.language === disagreement.language &&
    verdict.match.every(([text, pattern]) => pattern.test(disagreement[text] ?? '')));
  if (found) found.hits += 1;
  return found ?? null;
}

// The causes that were met more often than they may be in so many comparisons of their language.
export function tooOften(verdicts, compared) {
  return verdicts.filter(({ language, most, hits }) => hits > Math.max(3, most * compared[language] / 1000));
}
