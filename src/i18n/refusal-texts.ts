/** Why a call of the webhook was refused, and what mends it. */
export const REFUSAL_TEXTS = {
  refusedNotConfigured: {
    'en-US': 'neither a Verification Token nor an Encrypt Key is set here, or the settings can not be used',
    'zh-Hans': '此处未设置 Verification Token 或 Encrypt Key，或设置无法使用'
  },
  refusedToken: {
    'en-US': 'its Verification Token is not the one that is set here; copy it from the console',
    'zh-Hans': 'Verification Token 与此处设置不一致，请从控制台复制'
  },
  refusedSignature: {
    'en-US': 'its signature does not fit the Encrypt Key that is set here; copy it from the console',
    'zh-Hans': '签名与此处设置的 Encrypt Key 不符，请从控制台复制'
  },
  refusedUnsigned: {
    'en-US': 'it was encrypted but not signed; if it was Lark, a proxy may drop headers',
    'zh-Hans': '请求已加密但没有签名；如果来自飞书，可能是代理丢失了请求头'
  },
  refusedTimestamp: {
    'en-US': 'it was signed too long ago, or in the future; set this server’s clock',
    'zh-Hans': '签名时间过早或在未来，请校准本服务器时钟'
  },
  refusedUndecryptable: {
    'en-US': 'it can not be decrypted with the Encrypt Key that is set here; copy it from the console',
    'zh-Hans': '无法用此处设置的 Encrypt Key 解密，请从控制台复制'
  },
  refusedPlain: {
    'en-US': 'it was not encrypted, but an Encrypt Key is set here; set it in the console too, or remove it here',
    'zh-Hans': '请求未加密，但此处设置了 Encrypt Key；请在控制台设置，或在此处移除'
  },
  refusedEncrypted: {
    'en-US': 'it was encrypted, but no Encrypt Key is set here; enter it',
    'zh-Hans': '请求已加密，但此处未设置 Encrypt Key，请填写'
  },
  refusedUnsignedCheck: {
    'en-US': 'it was an unsigned URL check, which only a Verification Token could confirm; enter it here',
    'zh-Hans': '这是未签名的地址验证，只能用 Verification Token 确认，请在此处填写'
  },
  refusedMode: {
    'en-US': 'this integration uses the long connection; change the mode here or in the console',
    'zh-Hans': '本集成使用长连接，请修改此处或控制台中的模式'
  },
  refusedApp: {
    'en-US': 'its event belongs to another app; check whose Webhook URL stands in that app’s console',
    'zh-Hans': '事件属于其他应用，请检查该应用控制台中填写的 Webhook 地址'
  },
  refusedMalformed: { 'en-US': 'it is no event of Lark', 'zh-Hans': '这不是飞书的事件' },
  refusedTooLarge: { 'en-US': 'it is larger than 1 MiB', 'zh-Hans': '请求体超过 1 MiB' },
  refusedUnavailable: {
    'en-US': 'it could not be stored just then; Lark delivers it again',
    'zh-Hans': '当时无法保存，飞书会重新推送'
  },
  refusedInternal: {
    'en-US': 'this server made a mistake; its log has the details',
    'zh-Hans': '本服务器出错，详情请见日志'
  }
} as const
