namespace Enclave.Client.Sessions;

/// <summary>Why a session is not read further.</summary>
/// <param name="Code">The code of its result.</param>
/// <param name="Message">The message of its result.</param>
/// <param name="Origin">Who wanted it.</param>
internal sealed record SessionStop(string Code, string Message, SessionStopOrigin Origin);
