// The arithmetic of a timeline: which days a bucket takes in, how a range of buckets reads as dates, where the labels of
// the axes stand. Pure; dates are strings as the API writes them.

const day_ms = 86_400_000;
const iso = ms => new Date(ms).toISOString().slice(0, 10);
const first_day = date => [date, `${date}-01`, `${date}-01-01`].find(d => d.length === 10);
const last_day = date => {
  if (date.length === 10) return date;
  if (date.length === 4) return `${date}-12-31`;
  const [year, month] = date.split('-').map(Number);
  return iso(Date.UTC(2000 + year % 400, month, 0)).replace(/^\d{4}/, date.slice(0, 4));
};

/// The dates from and to of the buckets first … last (indexes) of a timeline, within those that the search has already.
export function range_of({ unit, buckets }, first, last, { from = '', to = '' } = {}) {
  let [begin, end] = [buckets[first].date, buckets[last].date];
  if (unit === 'week') end = iso(Date.parse(`${end}T00:00Z`) + 6 * day_ms);
  // A bucket that the search's own dates cut is wider than what it counts.
  if (from && first_day(begin) < first_day(from)) begin = from;
  if (to && last_day(end) > last_day(to)) end = to;
  return { from: begin, to: end };
}

/// A round whole number at or a little above n, for the end of an axis.
export function round_up(n) {
  if (n <= 10) return Math.max(1, n);
  const power = 10 ** Math.floor(Math.log10(n)) / 10;
  return [10, 12, 15, 20, 25, 30, 40, 50, 60, 80, 100].map(step => step * power).find(value => value >= n);
}

/// The buckets that get a label, as indexes, so that labels are at least `room` buckets apart; at round dates where there are.
export function ticks({ unit, buckets }, room) {
  const all = buckets.map((_, i) => i);
  const apart = (list, least) => list.every((at, i) => i === 0 || at - list[i - 1] >= least);
  const number = i => unit === 'year' ? +buckets[i].date
    : unit === 'month' ? +buckets[i].date.slice(0, 4) * 12 + +buckets[i].date.slice(5, 7) - 1 : i;
  const steps = unit === 'month' ? [1, 2, 3, 6, 12, 24, 60, 120, 240] : unit === 'day' ? [1, 2, 7, 14, 28, 56]
    : [1, 2, 5, 10, 20, 50, 100, 200, 500];
  for (const step of steps) {
    const list = all.filter(i => number(i) % step === 0);
    if (list.length && apart(list, room) && (list.length > 1 || step === steps[0])) return list;
  }
  return buckets.length ? [0] : [];
}
