/** Lets this process stand still, as far as its steady clock tells; `end` in the test that began it. */
export class SteadyTime {
  private passedMs = 0
  private readonly spy: jest.SpyInstance

  constructor() {
    const real = performance.now.bind(performance)
    this.spy = jest.spyOn(performance, 'now').mockImplementation(() => real() + this.passedMs)
  }

  pass(seconds: number): void {
    this.passedMs += seconds * 1000
  }

  end(): void {
    this.spy.mockRestore()
  }
}
