import { testArea } from './area-cases.ts';

testArea('ddl.json');
