export { createLarkPlugin, LarkPlugin } from './lark.plugin'
