// Preloaded with NODE_OPTIONS=--require: the process lives COORD_TEST_DAYS_AGO days in the past, by all that it can ask
// for the time. Files get today's time all the same; `setBack` (kit/past.ts) mends that.
const shiftMs = Number(process.env.COORD_TEST_DAYS_AGO || 0) * 86_400_000;
const Now = Date;
class Shifted extends Now {
  constructor(...told) {
    if (told.length === 0) super(Now.now() - shiftMs);
    else super(...told);
  }
  static now() {
    return Now.now() - shiftMs;
  }
}
globalThis.Date = Shifted;
