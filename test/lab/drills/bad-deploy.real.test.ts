import { drillPasses } from './drill-passes.ts';

drillPasses('bad-deploy');
