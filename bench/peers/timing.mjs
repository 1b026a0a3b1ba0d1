// Microseconds of CPU time (user and system, all threads) of one call: the best of some rounds, when warm.
const ROUNDS = 5;
const ROUND_US = 60_000;

export function bestOf(call) {
  const spent = (since) => {
    const { user, system } = process.cpuUsage(since);
    return user + system;
  };
  for (const begin = process.cpuUsage(); spent(begin) < 2 * ROUND_US;) call();
  let best = Infinity;
  for (let round = 0; round < ROUNDS; round += 1) {
    const begin = process.cpuUsage();
    let calls = 0, used = 0;
    while (used < ROUND_US) {
      call();
      calls += 1;
      used = spent(begin);
    }
    best = Math.min(best, used / calls);
  }
  return best;
}
