import { testArea } from './area-cases.ts';

testArea('access.json');
