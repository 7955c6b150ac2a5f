let moment = $state(new Date());
setInterval(() => (moment = new Date()), 15_000);

/** The present, to the quarter minute; whatever reads it is drawn again as time goes by. */
export function now(): Date {
  return moment;
}
