/** Routes dropped files where there may be any; what reads them lies in a bundle of its own, since there seldom are. */
import { mayHaveDropped } from '../../storage/light/dropped-mail.ts';
import { loadBundle } from './bundles.ts';

export function routeDroppedMail(home: string): void {
  if (!mayHaveDropped(home)) return;
  const { routeDropped } = loadBundle<{ routeDropped(home: string, nowMs: number): void }>('dropped');
  routeDropped(home, Date.now());
}
