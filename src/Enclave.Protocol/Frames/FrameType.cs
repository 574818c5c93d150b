namespace Enclave.Protocol.Frames;

/// <summary>The types of frames. The numbers are part of the wire format.</summary>
internal enum FrameType : byte
{
    Hello = 1,
    Ready = 2,
    Execute = 3,
    Console = 4,
    ToolCall = 5,
    ToolResult = 6,
    Result = 7,
    Cancel = 8,
    Ping = 9,
    Pong = 10,
    Shutdown = 11,
    Deadline = 12,
    Library = 13,
    LibraryFault = 14,
    Ended = 15,
}
