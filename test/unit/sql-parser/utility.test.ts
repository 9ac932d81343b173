import { testArea } from './area-cases.ts';

testArea('utility.json');
