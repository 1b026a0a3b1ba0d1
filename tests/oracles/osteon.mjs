// Answers of "osteon eval --batch".
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// requests: [{language, expression, data?}]; the answers in the same order: {result, list?} or {error}.
export function askOsteon(program, requests, folder) {
  const input = join(folder, 'requests.ndjson');
  writeFileSync(input, requests.map((request, id) => JSON.stringify({ id, ...request }) + '\n').join(''));
  const descriptor = openSync(input, 'r');
  const run = spawnSync(program, ['eval', '--batch', '--clock', '2026-06-15T10:00:00Z'], {
    stdio: [descriptor, 'pipe', 'pipe'],
    maxBuffer: 1 << 30,
    timeout: 600_000,
  });
  closeSync(descriptor);
  const answers = run.stdout.toString().split('\n').filter((line) => line).map((line) => JSON.parse(line));
  if (answers.length !== requests.length) {
    const next = requests[answers.length];
    throw new Error(`osteon ended (${run.signal ?? run.status}) at: ${next.language} ${next.expression}\n${run.stderr}`);
  }
  return answers;
}
