export { parseBlock } from './script/blocks.ts';
