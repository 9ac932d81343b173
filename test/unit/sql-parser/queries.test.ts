import { testArea } from './area-cases.ts';

testArea('queries.json');
