import { drillPasses } from './drill-passes.ts';

drillPasses('sfu-saturation');
