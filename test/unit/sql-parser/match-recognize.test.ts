import { testArea } from './area-cases.ts';

testArea('match-recognize.json');
