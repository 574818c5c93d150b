namespace Enclave.Worker.Engine;

/// <summary>A JavaScript engine: the seam behind which V8 stands.</summary>
internal interface IScriptEngine
{
    /// <summary>The engine's own version, for reports.</summary>
    string Version { get; }

    /// <summary>Isolates that wait ready.</summary>
    int Ready { get; }

    /// <summary>An isolate that never ran anything, with its own heap limit.</summary>
    IScriptIsolate Take(long memoryLimit);
}
