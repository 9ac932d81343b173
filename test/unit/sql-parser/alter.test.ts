import { testArea } from './area-cases.ts';

testArea('alter.json');
