import { drillPasses } from './drill-passes.ts';

drillPasses('scale-in-with-live-meetings');
