export { reportTrespass } from '../../../usecases/report-trespass.ts';
