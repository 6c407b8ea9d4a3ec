/** What the webhook answered; answering twice fails. */
export class TestResponse {
  code = 0
  body: unknown
  answers = 0

  writeHead(code: number, headers: Record<string, string | number>): { end(body: string): unknown } {
    return {
      end: (body: string) => {
        this.answers += 1
        if (this.answers > 1) throw new Error('answered twice')
        if (headers['content-length'] !== Buffer.byteLength(body)) throw new Error('the length is wrong')
        this.code = code
        this.body = JSON.parse(body)
        return this
      }
    }
  }
}
