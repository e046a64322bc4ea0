import { drillPasses } from './drill-passes.ts';

drillPasses('outage-response');
