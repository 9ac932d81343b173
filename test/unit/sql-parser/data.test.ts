import { testArea } from './area-cases.ts';

testArea('data.json');
