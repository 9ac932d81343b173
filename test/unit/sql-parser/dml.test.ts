import { testArea } from './area-cases.ts';

testArea('dml.json');
