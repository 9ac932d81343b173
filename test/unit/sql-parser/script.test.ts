import { testArea } from './area-cases.ts';

testArea('script.json');
