// Runs in the page: the engine through objects, through the handle, and, where there is one, the same policy by hand, in
// turns.

/** How long one timing goes on at least, in milliseconds. */
const ROUND = 60;
/** How many timings each way gets; the median is reported. */
const ROUNDS = 15;

/** Each way is timed in turn, so that what slows the machine for a while slows all of them. */
function medians(ways) {
  const times = ways.map(() => []);
  for (let round = -1; round < ROUNDS; round += 1) {
    ways.forEach((way, index) => {
      const time = timed(way);
      // The first round warms up.
      if (round >= 0) times[index].push(time);
    });
  }
  return times.map((list) => list.sort((a, b) => a - b)[ROUNDS >> 1]);
}

/** Microseconds a call. */
function timed(way) {
  const started = performance.now();
  let calls = 0;
  let elapsed = 0;
  while (elapsed < ROUND) {
    for (let index = 0; index < 20; index += 1) way(calls + index);
    calls += 20;
    elapsed = performance.now() - started;
  }
  return (elapsed * 1000) / calls;
}

/** The figures of a decision that both sides compute. */
function figures({ eligibility, score, probability, grade, offers }) {
  const numbers = offers.map((offer) => [
    offer.term,
    offer.annual_rate,
    offer.amount,
    offer.limit,
    offer.instalment,
    offer.last_instalment,
    offer.interest,
    offer.total,
    offer.simple_rate,
    offer.compound_rate,
  ]);
  return JSON.stringify([eligibility, score, probability, grade, numbers]);
}

export async function bench(name) {
  const engine = await import("/pkg/index.mjs");
  const hand = await import(`/bench/${name}.mjs`);
  await engine.default();
  const bytes = new Uint8Array(await (await fetch(hand.policy ?? `/policies/${name}.policy`)).arrayBuffer());
  const policy = new engine.Policy(bytes);
  const { answers, request, as_of } = hand.applicant;

  const byObjects = (asked) => policy.assess(policy.summarise(answers, asked, as_of).summary);
  const { questions, products } = policy.describe();
  const applicant = new engine.Applicant(policy, as_of);
  questions.forEach(({ id, kind, options }, index) => {
    const answer = answers[id];
    if (answer === undefined) return;
    if (kind === "choice") applicant.set(index, options.indexOf(answer));
    else if (kind === "date") applicant.set(index, Date.parse(answer) / 86_400_000);
    else applicant.set(index, Number(answer));
  });
  const product = products.findIndex(({ id }) => id === request.product);
  const byHandle = (amount) => {
    applicant.request(product, request.term, amount);
    applicant.assess();
    return applicant.packed();
  };

  // A comparison of speed means something only between equal results.
  const { decision } = byObjects(request);
  const shown = figures(decision);
  byHandle(request.amount);
  for (const [way, found] of [
    ["handle", figures(applicant.decision().decision)],
    ["by hand", hand.assess ? figures(hand.assess(hand.applicant)) : shown],
  ]) {
    if (found !== shown) throw new Error(`${name}: ${way} differs\n  objects ${shown}\n  ${way} ${found}`);
  }

  // The amount changes at each call, as under a slider.
  const amount = (call) => request.amount + (call % 50) * 100;
  const [objects, handle, byHand] = medians([
    (call) => byObjects({ ...request, amount: amount(call) }),
    (call) => byHandle(amount(call)),
    ...(hand.assess ? [(call) => hand.assess({ answers, as_of, request: { ...request, amount: amount(call) } })] : []),
  ]);
  return { name, offers: decision.offers.length, objects, handle, byHand };
}
