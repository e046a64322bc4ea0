import { drillPasses } from './drill-passes.ts';

drillPasses('service-crash-loop');
