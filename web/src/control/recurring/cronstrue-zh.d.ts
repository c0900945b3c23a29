// The Chinese words of cronstrue come without types; to import them adds them to the library.
declare module "cronstrue/locales/zh_CN.js" {}
