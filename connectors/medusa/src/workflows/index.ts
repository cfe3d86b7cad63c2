// For the shop's own code.
export { priceCart, validateLandedCost } from './hooks';
export { refreshLandedCostWorkflow } from './refresh-landed-cost';
export type { TidewaiterOptions } from '../landed-cost/options';
