import { Injectable } from '@nestjs/common'
import { CardActionResponder, CardResponse } from '../lark'

/** No card of this plugin has a button yet: a click on a foreign or old card changes nothing. */
@Injectable()
export class ConversationCardActions extends CardActionResponder {
  async respond(): Promise<CardResponse> {
    return {}
  }
}
