using Enclave.Streaming;

namespace Enclave.Runtime;

/// <summary>Handlers for sessions. Called on threads of the runtime, before the peer is notified. Exceptions are ignored.</summary>
public sealed record RuntimeEventHandlers
{
    /// <summary>A session opens: its id and its code.</summary>
    public Action<string, string>? OnExecute { get; init; }

    /// <summary>A script ran to its end.</summary>
    public Action<string, Final>? OnComplete { get; init; }

    /// <summary>A session failed, or was refused.</summary>
    public Action<string, ErrorInfo>? OnError { get; init; }

    /// <summary>A session was cancelled: its id and the reason.</summary>
    public Action<string, string>? OnCancel { get; init; }
}
