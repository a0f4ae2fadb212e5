// Written by `npm run generate` from the folders of migrations.
/** The number of the last migration that this program knows. Each logged change has it. */
export const SCHEMA_NUMBER = 50
