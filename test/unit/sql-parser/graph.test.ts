import { testArea } from './area-cases.ts';

testArea('graph.json');
