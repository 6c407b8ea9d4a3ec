import type { Json } from './card-tree'

export interface CardProblem {
  code: number
  message: string
}

/** The first reason for which the platform would refuse this card. */
export function checkCard(card: Json): CardProblem | undefined {
  if (card.schema !== undefined && card.schema !== '2.0' && card.schema !== '1.0') {
    return { code: 200621, message: 'parse card json err, please check whether the card json is correct' }
  }
  return undefined
}
