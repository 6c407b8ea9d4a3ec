import { sniff } from '../../../src/lark'

describe('what a file is', () => {
  it.each<[string, string, string, string]>([
    ['\x89PNG\r\n\x1a\n', '', 'image/png', 'png'],
    ['\xff\xd8\xff\xe0', 'cat.png', 'image/jpeg', 'jpg'],
    ['GIF89a', '', 'image/gif', 'gif'],
    ['RIFF\0\0\0\0WEBP', '', 'image/webp', 'webp'],
    ['RIFF\0\0\0\0WAVE', '', 'audio/wav', 'wav'],
    ['\0\0\0\x20ftypisom', '', 'video/mp4', 'mp4'],
    ['\0\0\0\x20ftypM4A ', '', 'audio/mp4', 'm4a'],
    ['\0\0\0\x20ftyp3gp5', '', 'video/3gpp', '3gp'],
    ['\0\0\0\x20ftypheix', '', 'image/heic', 'heic'],
    ['\0\0\0\x20ftypmif1', '', 'image/heif', 'heif'],
    ['\0\0\0\x20ftypavif', '', 'image/avif', 'avif'],
    ['%PDF-1.7', 'x.txt', 'application/pdf', 'pdf'],
    ['PK\x03\x04', 'a.zip', 'application/zip', 'zip'],
    ['PK\x03\x04', 'a.docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'docx'],
    ['PK\x03\x04', 'a.exe', 'application/zip', 'zip'],
    ['\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', 'a.xls', 'application/vnd.ms-excel', 'xls'],
    ['MZ\x90\0\x03', 'cat.png', 'application/x-msdownload', 'exe'],
    ['BM\x36\0\0\0', '', 'image/bmp', 'bmp'],
    ['BMW prices', 'cars.csv', 'text/csv', 'csv'],
    ['MZ is a word', '', 'text/plain', 'txt'],
    ['words', '', 'text/plain', 'txt'],
    ['words', 'a.png', 'text/plain', 'png'],
    ['', 'a.md', 'text/markdown', 'md'],
    ['\0\x01\x02', 'a.bin2', 'application/octet-stream', 'bin2'],
    ['\0\x01\x02', 'noname', 'application/octet-stream', 'bin']
  ])('%j called %j is %s', (head, name, mimeType, extension) => {
    expect(sniff(Buffer.from(head, 'latin1'), name)).toEqual({ mimeType, extension })
  })

  it('knows a text that is cut in the middle of a character', () => {
    expect(sniff(Buffer.from('你好').subarray(0, 5), 'a.txt').mimeType).toBe('text/plain')
  })
})
