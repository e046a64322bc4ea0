import { drillPasses } from './drill-passes.ts';

drillPasses('incident-opened');
