/** Of the integration's form and the Diagnosis tab. */
export const SETTINGS_LABELS = {
  feishuConsole: ['Developer Console (Feishu, China)', '开发者后台（飞书）'],
  larkConsole: ['Developer Console (Lark, international)', '开发者后台（Lark 国际版）'],
  diagnosis: ['Diagnosis', '诊断'],
  check: ['Check', '检查项'],
  verdict: ['Verdict', '结论'],
  cause: ['Cause', '原因'],
  link: ['Developer Console', '开发者后台'],
  checkAgain: ['Check again', '重新检查']
} as const
