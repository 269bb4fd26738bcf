// The spans that opening_hours.js sees, for test_second_engine.py.
// In: {expressions, start, end}. Out, per expression: [start, end, unknown, comment][].
// Times are wall-clock times, sent as if they were UTC: in a zone with summer time it errs in the repeated hour.
process.env.TZ = "UTC";

const OpeningHours = require("opening_hours");

const sweden = { address: { country_code: "se", state: "" } };
const { expressions, start, end } = JSON.parse(require("fs").readFileSync(0, "utf8"));

const spans = (expression) =>
  new OpeningHours(expression, sweden)
    .getOpenIntervals(new Date(start), new Date(end))
    .map(([opens, closes, unknown, comment]) => [opens.toISOString(), closes.toISOString(), unknown, comment ?? null]);

console.log(JSON.stringify(Object.fromEntries(expressions.map((expression) => [expression, spans(expression)]))));
