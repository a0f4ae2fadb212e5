import type { ComponentProps } from 'react'
import { TextField } from '../design/field.tsx'

type Props = Omit<ComponentProps<typeof TextField>, 'type'>

/** A password. It has no maximum length, because browsers would shorten a pasted password without a notice. */
export const PasswordField = ({ maxLength: _, ...rest }: Props) => <TextField type="password" {...rest} />
