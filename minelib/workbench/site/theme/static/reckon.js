// SPDX-License-Identifier: MIT
// Break-even and payback of the miner's choice, step by step as the library calculates them.
window.minelibReckon = ({ reckoned }, state, cell) => {
  const { machines, delays, prices, spread, tolerance, terms, says, digits, day, last } = reckoned;
  const [fee, overhead, uptime] = terms;
  const [rate, power, efficiency, paid] = machines[state.machine];
  const delay = delays[state.destination];
  const scale = (1 - fee[1]) / (24 * (1 + overhead[1]));
  const even = [-1, 0, 1].map((sign, k) => (prices[6] * (1 + sign * spread) * scale) / (efficiency[2 - k] * (1 - sign * tolerance)));
  // from the most favourable case to the least
  const cases = [1, 0, -1].map((sign, k) => {
    const [th, kwh] = [(rate / 1e3) * (1 + sign * tolerance), ((power * 24) / 1e3) * (1 - sign * tolerance) * (1 + overhead[k])];
    const margins = prices.map((price) => Math.max((price * (1 + sign * spread) * th * (1 - fee[k]) - kwh * state.tariff_usd_kwh) * uptime[2 - k], 0));
    const [cost, week] = [paid[k] * rate, margins.slice(0, 7).reduce((sum, each) => sum + each) / 7];
    let [earned, short] = [0, 0];
    for (const margin of margins.slice(6 + delay)) if ((earned += margin) < cost * (1 - 1e-12)) short += 1;
    const came = short < prices.length - 6 - delay ? delay + short + 1 : NaN;
    return { cost, earned, days: state.view === "hindsight" ? came : week > 0 ? delay + cost / week : Infinity };
  });
  const [lower, days, upper] = cases.map(({ days: each }) => (isFinite(each) ? cell(each, digits[2]) : isNaN(each) ? says.open : says.never));
  const [even_lower, best, even_upper] = even.map((each) => cell(each, digits[0]));
  const { cost, earned } = cases[1];
  const recovered = cell(Math.min(earned / cost, 1) * 100, digits[3]);
  const told = { day, last, delay, even: best, even_lower, even_upper, cost: cell(cost, digits[1]), lower, days, upper, recovered };
  return says[state.view].replace(/\{(\w+)\}/g, (_, name) => told[name]);
};
