import { readCommand } from '../../../src/i18n/command'

describe('readCommand', () => {
  it.each([
    ['/new', 'new', ''],
    [' /NEW ', 'new', ''],
    ['/new what is up?', 'new', 'what is up?'],
    ['/new\nfirst\nsecond', 'new', 'first\nsecond'],
    ['/stop', 'stop', ''],
    ['/help', 'help', ''],
    ['/新会话', 'new', ''],
    ['／新对话 今天几号？', 'new', '今天几号？'],
    ['新会话', 'new', ''],
    ['/停止', 'stop', ''],
    ['停止', 'stop', ''],
    ['帮助', 'help', '']
  ])('%j is %s', (text, name, rest) => {
    expect(readCommand(text)).toEqual({ name, text: rest })
  })

  it.each([
    [''],
    ['new'],
    ['stop'],
    ['please /stop'],
    ['/stop it, please'],
    ['/help me'],
    ['/newer'],
    ['/etc/hosts'],
    ['/unknown'],
    ['停止服务怎么做'],
    ['/ new']
  ])('%j is an ordinary text', (text) => {
    expect(readCommand(text)).toBeNull()
  })
})
