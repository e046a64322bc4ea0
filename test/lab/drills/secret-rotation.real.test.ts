import { drillPasses } from './drill-passes.ts';

drillPasses('secret-rotation');
