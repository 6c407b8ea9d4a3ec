/** What the webhook answered; answering twice fails. */
export class TestResponse {
  code = 0
  body: unknown
  answers = 0

  status(code: number): { json(body: object): unknown } {
    return {
      json: (body: object) => {
        this.answers += 1
        if (this.answers > 1) throw new Error('answered twice')
        this.code = code
        this.body = body
        return this
      }
    }
  }
}
