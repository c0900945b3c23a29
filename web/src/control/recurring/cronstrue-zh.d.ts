// The Chinese words of cronstrue come without types; they are called like the English ones.
declare module "cronstrue/locales/zh_CN" {
  // biome-ignore lint/suspicious/noShadowRestrictedNames: the name is theirs
  export function toString(cron: string, options?: object): string;
}
