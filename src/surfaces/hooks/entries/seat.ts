export { takeSeat as claimSeat } from '../../../storage/light/seat.ts';
