import { Component, type ReactNode } from 'react'

interface Props {
  readonly children: ReactNode
}

interface State {
  readonly error?: Error
}

/** Shows the code of what was thrown below it, or its message. */
export class ErrorBoundary extends Component<Props, State> {
  static getDerivedStateFromError(error: Error): State {
    return { error }
  }

  override readonly state: State = {}

  override render(): ReactNode {
    const { error } = this.state
    if (!error) return this.props.children
    return 'code' in error ? String(error.code) : error.message
  }
}
