namespace Enclave.Protocol.Frames;

/// <summary>The types of frames. The numbers are part of the wire format.</summary>
public enum FrameType : byte
{
    /// <summary>Host to worker, first: nonce, limits and lock.</summary>
    Hello = 1,

    /// <summary>Worker to host, in answer to <see cref="Hello"/>.</summary>
    Ready = 2,

    /// <summary>Host to worker: one job.</summary>
    Execute = 3,

    /// <summary>Worker to host: lines of the console.</summary>
    Console = 4,

    /// <summary>Worker to host: the script calls a tool.</summary>
    ToolCall = 5,

    /// <summary>Host to worker: the answer of a tool.</summary>
    ToolResult = 6,

    /// <summary>Worker to host: the last frame of a job.</summary>
    Result = 7,

    /// <summary>Host to worker: the job shall end.</summary>
    Cancel = 8,

    /// <summary>Host to worker, which has no job: it ends.</summary>
    Shutdown = 11,

    /// <summary>Host to worker: the job's time changes.</summary>
    Deadline = 12,

    /// <summary>Host to worker, after <see cref="Hello"/>: one library.</summary>
    Library = 13,

    /// <summary>Worker to host, in place of <see cref="Ready"/>: a library failed.</summary>
    LibraryFault = 14,

    /// <summary>Nursery to host: a worker has ended.</summary>
    Ended = 15,
}
