import { drillPasses } from './drill-passes.ts';

drillPasses('budget-exceeded');
