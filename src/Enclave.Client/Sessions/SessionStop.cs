namespace Enclave.Client.Sessions;

/// <summary>Why a session is no longer read.</summary>
/// <param name="Code">The code of its result.</param>
/// <param name="Message">The message of its result.</param>
/// <param name="Origin">The cause.</param>
internal sealed record SessionStop(string Code, string Message, SessionStopOrigin Origin);
