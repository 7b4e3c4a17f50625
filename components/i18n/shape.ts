/** The keys of the Chinese dictionary with any text: what the English one has to satisfy. */
export type Shape<T> = { [K in keyof T]: T[K] extends string ? string : Shape<T[K]> };
