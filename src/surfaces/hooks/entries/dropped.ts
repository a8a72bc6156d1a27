export { routeDropped } from '../../../usecases/route-dropped.ts';
