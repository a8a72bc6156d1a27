export { findForeignDirt } from '../../../usecases/find-foreign-dirt.ts';
