using Enclave.Protocol.Messages;

namespace Enclave.Worker.Engine;

/// <summary>One isolate for one job. Used by one thread; only <see cref="Terminate"/> may come from another.</summary>
internal interface IScriptIsolate : IDisposable
{
    /// <summary>Runs a program until it has ended or waits for tools. Once per isolate.</summary>
    ScriptStep Run(in ExecuteMessage job);

    /// <summary>Moves the time of a run that has its own, in milliseconds since 1970. Any other keeps the machine's.</summary>
    void SetTime(long milliseconds);

    /// <summary>Answers a tool call with a value and goes on.</summary>
    ScriptStep Resolve(uint callId, ReadOnlySpan<byte> value);

    /// <summary>Answers a tool call with an error ([name, message, code or nil]) and goes on.</summary>
    ScriptStep Reject(uint callId, ReadOnlySpan<byte> error);

    /// <summary>Ends what runs so that the script cannot catch it. The first reason stays. Callable until the isolate is disposed.</summary>
    void Terminate(StopReason reason);
}
