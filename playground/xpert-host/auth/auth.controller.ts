import { Body, Controller, Get, Post, UnauthorizedException } from '@nestjs/common'
import { RequestContext } from '@xpert-ai/plugin-sdk'
import { Accounts } from '../accounts/accounts'
import { Public } from './auth.guard'

@Controller('auth')
export class AuthController {
  constructor(private readonly accounts: Accounts) {}

  @Public()
  @Post('login')
  async login(@Body() body: { email?: string; password?: string }) {
    const token = await this.accounts.login(body?.email ?? '', body?.password ?? '')
    if (!token) throw new UnauthorizedException()
    return { token }
  }

  @Get('me')
  me() {
    return RequestContext.currentUser()
  }
}
